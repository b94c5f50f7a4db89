"""Which columns of a waiting list are read, and which are never kept: free texts, where diagnoses are written, and
social security numbers."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from maillon.regles.catalogue import fold
from maillon.socle.fichiers.entetes import find_doubles, propose_champs
from maillon.socle.fichiers.tableaux import Cellule, Tableau, write_cell

from ..enums import ChampAttente
from ..nir import contains_nir

C = ChampAttente
# Titles met in the spreadsheets of desks, folded.
INDICES: dict[ChampAttente, tuple[str, ...]] = {
    C.PROCHE_TELEPHONE: ("telephone du proche", "tel proche", "telephone proche", "tel aidant", "telephone aidant"),
    C.PROCHE_NOM: ("proche", "aidant", "nom du proche", "nom proche", "personne a contacter", "contact"),
    C.NOM_COMPLET: (
        "nom et prenom",
        "nom prenom",
        "prenom nom",
        "prenom et nom",
        "noms prenoms",
        "patient",
        "identite",
    ),
    C.PRENOM: ("prenom", "prenoms"),
    C.NOM: ("nom", "nom de famille", "nom usuel", "nom de naissance", "nom patient", "nom du patient"),
    C.NAISSANCE: ("date de naissance", "naissance", "annee de naissance", "ddn", "ne le", "nee le", "ne e le"),
    C.AGE: ("age",),
    C.TELEPHONE: ("telephone", "tel", "portable", "mobile", "n de telephone", "numero de telephone", "telephone 1"),
    C.COURRIEL: ("courriel", "mail", "e mail", "email", "adresse mail", "adresse e mail", "adresse electronique"),
    C.CODE_POSTAL: ("code postal", "cp"),
    C.COMMUNE: ("commune", "ville", "localite", "commune de residence"),
    C.ADRESSE: ("adresse", "rue", "voie"),
    C.DEMANDEE_LE: (
        "date de demande",
        "date de la demande",
        "date demande",
        "demande le",
        "date d appel",
        "date appel",
    ),
    C.LANGUE: ("langue", "langue parlee"),
    C.ALD: ("ald", "affection de longue duree"),
    C.C2S: ("c2s", "css", "cmu", "cmu c", "complementaire sante solidaire"),
    C.AME: ("ame", "aide medicale de l etat"),
    C.NE_PEUT_SE_DEPLACER: ("visite a domicile", "visites a domicile", "vad", "ne se deplace pas", "domicile"),
    C.GROSSESSE: ("grossesse", "enceinte"),
    C.SORTIE_HOPITAL: ("sortie hopital", "sortie d hopital", "sortie d hospitalisation"),
    C.ISOLEMENT: ("isolement", "isole", "isolee", "personne isolee", "vit seul"),
    C.ACCES_PMR: ("pmr", "fauteuil", "fauteuil roulant", "acces pmr", "accessibilite"),
}
OUI_NON = frozenset(
    {C.ALD, C.C2S, C.AME, C.NE_PEUT_SE_DEPLACER, C.GROSSESSE, C.SORTIE_HOPITAL, C.ISOLEMENT, C.ACCES_PMR}
)
TITRE_NIR = re.compile(r"\b(nir|ins|securite sociale|secu|ss|immatriculation|matricule)\b")
TITRE_LIBRE = re.compile(
    r"(observation|commentaire|remarque|\bnotes?\b|motif|pathologie|diagnostic|antecedent|traitement|maladie|medical"
    r"|medicament|histoire|precision|sante|situation|suivi|divers|autre info|information)"
)
TITRE_NUMERO = re.compile(r"\+?(?:\d[\s.\-]?){9,}")
LONGUEUR_LIBRE = 40  # characters: beyond, on average, a column is prose
OUI = frozenset({"oui", "o", "x", "1", "vrai", "true", "yes", "ok"})
NON = frozenset({"non", "n", "0", "faux", "false", "no", "nc"})
DOUTE = "?"
NIR_ECARTE = "\u2298"  # what stands in place of a number that was not kept

RAISON_NIR = "numéro de sécurité sociale : nous n’avons pas le droit de le garder"
RAISON_LIBRE = "texte libre : il peut contenir un diagnostic"


@dataclass(frozen=True, slots=True)
class ListeNettoyee:
    """What is kept of a table, and the titles left out with their reason."""

    tableau: Tableau
    ecartees: tuple[tuple[str, str], ...]


def propose_colonnes(entetes: Sequence[str]) -> dict[str, ChampAttente]:
    """For each title that is recognised, what its column holds."""
    exacts = {indice for indices in INDICES.values() for indice in indices}
    lisibles = [titre for titre in entetes if fold(titre) in exacts or not TITRE_LIBRE.search(fold(titre))]
    proposees = propose_champs([titre for titre in lisibles if not TITRE_NIR.search(fold(titre))], INDICES)
    champs = set(proposees.values())
    drop = {C.NOM_COMPLET} if C.NOM in champs and C.PRENOM in champs else set()
    drop |= {C.AGE} if C.NAISSANCE in champs else set()
    return {titre: champ for titre, champ in proposees.items() if champ not in drop}


def is_sans_titres(entetes: Sequence[str]) -> bool:
    """Whether the first row is a person rather than titles: a telephone, an address of mail or a NIR stands in it.

    Titles are kept in clear; a list that can be used has a telephone in each row.
    """
    return any("@" in titre or contains_nir(titre) or TITRE_NUMERO.fullmatch(titre.strip()) for titre in entetes)


def clean_liste(tableau: Tableau, connues: Mapping[str, str]) -> ListeNettoyee:
    """The table without the columns that must not be kept, and without a single social security number.

    `connues` says what each title holds, when it was said before or guessed: such a column stays, its cells cut to
    what it may say.
    """
    kept: list[int] = []
    ecartees: list[tuple[str, str]] = []
    for rang, titre in enumerate(tableau.entetes):
        raison = _find_raison(titre, [ligne.cellules[rang] for ligne in tableau.lignes], connues.get(titre, ""))
        if raison:
            ecartees.append((titre, raison))
        else:
            kept.append(rang)
    champs = [connues.get(tableau.entetes[rang], "") for rang in kept]
    lignes = tuple(
        type(ligne)(
            ligne.numero,
            tuple(_clean_cell(ligne.cellules[rang], champ) for rang, champ in zip(kept, champs, strict=True)),
        )
        for ligne in tableau.lignes
    )
    entetes = tuple(tableau.entetes[rang] for rang in kept)
    return ListeNettoyee(Tableau(entetes, lignes, tableau.feuille, tableau.feuilles), tuple(ecartees))


def _find_raison(titre: str, cellules: Sequence[Cellule], champ: str) -> str:
    if TITRE_NIR.search(fold(titre)):
        return RAISON_NIR
    if champ:
        return ""
    textes = [write_cell(cellule) for cellule in cellules if cellule is not None]
    if any(contains_nir(texte) for texte in textes):
        return RAISON_NIR
    long = bool(textes) and sum(map(len, textes)) > LONGUEUR_LIBRE * len(textes)
    return RAISON_LIBRE if TITRE_LIBRE.search(fold(titre)) or long else ""


def _clean_cell(cellule: Cellule, champ: str) -> Cellule:
    if cellule is None or isinstance(cellule, date):
        return cellule
    if champ in OUI_NON:
        return read_oui_non(cellule)
    texte = write_cell(cellule)
    # Two telephone numbers side by side have as many digits as a NIR: each is looked at alone.
    morceaux = re.split(r"[/;,]| ou ", texte) if champ in (C.TELEPHONE, C.PROCHE_TELEPHONE) else [texte]
    return NIR_ECARTE if any(map(contains_nir, morceaux)) else cellule


def read_oui_non(cellule: Cellule) -> str | None:
    """« oui », « non », nothing, or `DOUTE` for anything else: what else was written is not kept."""
    texte = fold(write_cell(cellule))
    if not texte:
        return None
    return "oui" if texte in OUI else "non" if texte in NON else DOUTE


def find_manque(colonnes: Mapping[str, str]) -> str:
    """Why this mapping cannot be read, in a sentence; an empty text when it can."""
    choisis = {champ for champ in colonnes.values() if champ}
    if doubles := find_doubles(colonnes.values()):
        labels = ", ".join(ChampAttente(champ).label for champ in doubles)
        return f"Deux colonnes ne peuvent pas dire la même chose : {labels}."
    if not {C.NOM, C.NOM_COMPLET} & choisis:
        return "Dites quelle colonne porte le nom : sans lui, personne ne peut être rappelé."
    if C.NOM in choisis and C.NOM_COMPLET in choisis:
        return "Le nom est dit deux fois : gardez la colonne du nom, ou celle du nom et du prénom ensemble."
    if not {C.TELEPHONE, C.PROCHE_TELEPHONE} & choisis:
        return "Dites quelle colonne porte le téléphone : chaque personne doit être rappelée pour donner son accord."
    if not {C.COMMUNE, C.CODE_POSTAL} & choisis:
        return "Dites quelle colonne porte la commune ou le code postal : un médecin se cherche près de chez soi."
    return ""


def write_liste(tableau: Tableau) -> str:
    """A table as one text, to be encrypted."""
    lignes = [[ligne.numero, *(_pack(cellule) for cellule in ligne.cellules)] for ligne in tableau.lignes]
    return json.dumps(
        {"entetes": tableau.entetes, "feuille": tableau.feuille, "feuilles": tableau.feuilles, "lignes": lignes},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read_liste(texte: str) -> tuple[tuple[str, ...], list[tuple[int, list[Cellule]]]]:
    """Titles and numbered rows of a text that `write_liste` made."""
    lu = json.loads(texte)
    return tuple(lu["entetes"]), [(numero, [_unpack(c) for c in cellules]) for numero, *cellules in lu["lignes"]]


def _pack(cellule: Cellule) -> Any:
    if isinstance(cellule, date):
        return {"j": cellule.isoformat()}
    return {"n": str(cellule)} if isinstance(cellule, Decimal) else cellule


def _unpack(brut: Any) -> Cellule:
    if isinstance(brut, dict):
        return date.fromisoformat(brut["j"]) if "j" in brut else Decimal(brut["n"])
    return brut
