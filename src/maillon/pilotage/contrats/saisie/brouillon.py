"""The content of a draft: plain JSON, changed by small functions that give a new content. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .colonnes import Colonne, find_entetes, guess_colonnes, read_mapping
from .lignes import CHAMPS, INDICATEURS_MAX, Lecture, read_lignes
from .tableau import Tableau

Contenu = dict[str, Any]
ETAPES = (
    ("termes", "Le contrat"),
    ("missions", "Les missions"),
    ("indicateurs", "Les indicateurs"),
    ("passe", "Ce qui s’est passé"),
    ("verifier", "Vérifier"),
)
TABLEAUX_MAX = 12


def get_lignes(contenu: Mapping[str, Any]) -> list[dict[str, str]]:
    """Rows of the indicators, as they were typed or pasted."""
    return [dict(ligne) for ligne in contenu.get("indicateurs", [])]


def set_lignes(contenu: Contenu, lignes: Iterable[Mapping[str, str]]) -> Contenu:
    """Rows typed in the form; each keeps its key, a new one receives one, empty ones go."""
    suite = int(contenu.get("suite", 0))
    gardees = []
    for ligne in lignes:
        champs = {nom: ligne.get(nom, "") for nom in (*CHAMPS, "cle", "lot", "propose")}
        if not any(champs[nom].strip() for nom in ("libelle", "paliers", "reference", "cible", "variation")):
            continue
        if not champs["cle"]:
            suite += 1
            champs["cle"] = f"i{suite}"
        gardees.append(champs)
    return contenu | {"indicateurs": gardees[:INDICATEURS_MAX], "suite": suite}


def add_tableau(contenu: Contenu, tableau: Tableau, *, mission: str) -> Contenu:
    """A table pasted: kept with the reading of its columns, its rows added to the others."""
    entetes = find_entetes(tableau)
    lot = str(1 + max((int(t["lot"]) for t in contenu.get("tableaux", [])), default=0))
    lu: Contenu = {"lot": lot, "tableau": tableau, "entetes": entetes, "mission": mission}
    lu["colonnes"] = [colonne.value for colonne in guess_colonnes(tableau, entetes)]
    gardes = [*contenu.get("tableaux", []), lu][-TABLEAUX_MAX:]
    return _read_lot(contenu | {"tableaux": gardes}, lu)


def remap_tableau(contenu: Contenu, lot: str, colonnes: Sequence[str]) -> Contenu:
    """A table read again by other columns: its rows replace those it gave, the others stay."""
    tableaux = [dict(t) for t in contenu.get("tableaux", [])]
    lu = next((t for t in tableaux if t["lot"] == lot), None)
    if lu is None:
        return contenu
    largeur = len(lu["tableau"][0])
    lu["colonnes"] = [colonne.value for colonne in read_mapping(colonnes, largeur)]
    restent = [ligne for ligne in get_lignes(contenu) if ligne.get("lot") != lot]
    return _read_lot(contenu | {"tableaux": tableaux, "indicateurs": restent}, lu)


def remove_tableau(contenu: Contenu, lot: str) -> Contenu:
    """A table taken away with the rows it gave."""
    return contenu | {
        "tableaux": [t for t in contenu.get("tableaux", []) if t["lot"] != lot],
        "indicateurs": [ligne for ligne in get_lignes(contenu) if ligne.get("lot") != lot],
    }


def _read_lot(contenu: Contenu, lu: dict[str, Any]) -> Contenu:
    lecture = read_tableau(lu)
    lu["ecartees"] = list(lecture.ecartees)
    nouvelles = [ligne.champs | {"lot": lu["lot"], "cle": ""} for ligne in lecture.lignes]
    deja = get_lignes(contenu)
    if len(deja) + len(nouvelles) > INDICATEURS_MAX:
        lu["ecartees"].append(f"Un contrat a {INDICATEURS_MAX} indicateurs au plus : les derniers ne sont pas repris.")
    return set_lignes(contenu, [*deja, *nouvelles])


def read_tableau(lu: Mapping[str, Any]) -> Lecture:
    """The rows of a table kept, by the columns chosen."""
    colonnes = [Colonne(valeur) for valeur in lu["colonnes"]]
    return read_lignes(lu["tableau"], colonnes, entetes=lu["entetes"], mission=lu["mission"])


def get_document(contenu: Mapping[str, Any], nom: str) -> dict[str, str] | None:
    document = contenu.get("documents", {}).get(nom)
    return dict(document) if document else None
