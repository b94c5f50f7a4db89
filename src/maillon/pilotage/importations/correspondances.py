"""Reading a table through a mapping, and proposing one from the titles. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from maillon.regles.catalogue import find_modele, fold

from .lecture import Cellule, ImportRefuse, Tableau, write_cell

LIBELLES_MAX = 200
RESSEMBLANCE = 0.82
# Short forms met in files, for the catalogue to recognise them.
ABREGES = {"mt": "medecin traitant"}
INDICES = {
    "indicateur": ("indicateur", "libelle indicateur", "libelle", "intitule"),
    "valeur": ("valeur", "resultat", "taux", "nombre", "effectif"),
    "date": ("date", "periode", "mois", "trimestre", "semestre", "annee", "au"),
    "territoire": ("cpts", "territoire", "communaute", "finess", "structure"),
}


@dataclass(frozen=True, slots=True)
class Colonnes:
    """Titles of the columns to read; without `indicateur`, each other column is one."""

    indicateur: str = ""
    valeur: str = ""
    date: str = ""
    territoire: str = ""
    garde: str = ""

    def missing(self, tableau: Tableau) -> list[str]:
        """Titles that this file does not have."""
        return [n for n in (self.indicateur, self.valeur, self.date, self.territoire) if n and n not in tableau.entetes]


@dataclass(frozen=True, slots=True)
class Donnee:
    """One figure of the file: its row, its label, its cells."""

    numero: int
    libelle: str
    valeur: Cellule
    le: Cellule | date


def propose_colonnes(tableau: Tableau, *, nom_cpts: str) -> Colonnes:
    """The columns that titles point to, and the territory whose name is that of the community."""
    trouves: dict[str, str] = {}
    for champ, indices in INDICES.items():
        for titre in tableau.entetes:
            if titre not in trouves.values() and any(_begins(fold(titre), indice) for indice in indices):
                trouves[champ] = titre
                break
    if "indicateur" not in trouves:
        trouves.pop("valeur", None)
    territoire = trouves.get("territoire", "")
    return Colonnes(
        indicateur=trouves.get("indicateur", ""),
        valeur=trouves.get("valeur", "") if "indicateur" in trouves else "",
        date=trouves.get("date", ""),
        territoire=territoire,
        garde=_propose_territoire(list_territoires(tableau, territoire), nom_cpts),
    )


def _begins(titre: str, indice: str) -> bool:
    return titre == indice or titre.startswith(f"{indice} ")


def _propose_territoire(valeurs: Sequence[str], nom_cpts: str) -> str:
    mots = set(fold(nom_cpts).split()) - {"cpts", "de", "du", "la", "le", "les"}
    candidats = [v for v in valeurs if mots and mots <= set(fold(v).split())]
    return candidats[0] if candidats else ""


def list_territoires(tableau: Tableau, titre: str) -> list[str]:
    """Distinct values of the territory's column, the first ones of a very long list."""
    rang = tableau.column(titre)
    if rang is None:
        return []
    distincts = {write_cell(ligne.cellules[rang]) for ligne in tableau.lignes} - {""}
    return sorted(distincts)[:LIBELLES_MAX]


def extract(tableau: Tableau, colonnes: Colonnes, *, date_fixe: date | None = None) -> Iterator[Donnee]:
    """The figures of the territory kept, row by row. Raises ImportRefuse when a column of the mapping lacks."""
    if absentes := colonnes.missing(tableau):
        noms = ", ".join(f"« {nom} »" for nom in absentes)
        raise ImportRefuse(f"Ce fichier n’a pas la colonne {noms}. Revoyez les colonnes, ou déposez le bon fichier.")
    jour, territoire = tableau.column(colonnes.date), tableau.column(colonnes.territoire)
    libelle, valeur = tableau.column(colonnes.indicateur), tableau.column(colonnes.valeur)
    mesures = [r for r, titre in enumerate(tableau.entetes) if r not in (jour, territoire)]
    garde = fold(colonnes.garde)
    for ligne in tableau.lignes:
        if territoire is not None and fold(write_cell(ligne.cellules[territoire])) != garde:
            continue
        le = ligne.cellules[jour] if jour is not None else date_fixe
        if libelle is not None and valeur is not None:
            yield Donnee(ligne.numero, write_cell(ligne.cellules[libelle]), ligne.cellules[valeur], le)
        elif libelle is None:
            for rang in mesures:
                yield Donnee(ligne.numero, tableau.entetes[rang], ligne.cellules[rang], le)


def list_libelles(donnees: Iterable[Donnee]) -> list[str]:
    """Distinct labels in the order of the file. Raises ImportRefuse when they are too many to be indicators."""
    vus: dict[str, str] = {}
    for donnee in donnees:
        if donnee.libelle:
            vus.setdefault(fold(donnee.libelle), donnee.libelle)
        if len(vus) > LIBELLES_MAX:
            raise ImportRefuse(
                f"La colonne choisie a plus de {LIBELLES_MAX} libellés différents : ce n’est pas celle des indicateurs."
            )
    return list(vus.values())


def propose_indicateur(libelle: str, indicateurs: Mapping[str, tuple[str, str]], gardes: Mapping[str, str]) -> str:
    """The code of the contract's indicator that a label names: kept, equal, alike, or known by the catalogue; or "".

    `indicateurs` gives the label and the mission of each code.
    """
    nu = fold(libelle)
    if nu in gardes:
        return gardes[nu] if gardes[nu] in indicateurs else ""
    for code, (nom, _) in indicateurs.items():
        if nu in (fold(code), fold(nom)):
            return code
    notes = {code: SequenceMatcher(None, nu, fold(nom)).ratio() for code, (nom, _) in indicateurs.items()}
    meilleur = max(notes, key=lambda code: notes[code], default="")
    if meilleur and notes[meilleur] >= RESSEMBLANCE:
        return meilleur
    modele = find_modele(" ".join(ABREGES.get(mot, mot) for mot in nu.split()))
    memes = [
        code
        for code, (nom, mission) in indicateurs.items()
        if modele is not None and find_modele(nom, mission=mission) is modele
    ]
    return memes[0] if len(memes) == 1 else ""
