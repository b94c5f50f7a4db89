"""One row of the form as an indicator: what is not written is deduced and shown, what disagrees is said. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.text import slugify

from maillon.regles.aci.formats import format_nombre
from maillon.regles.aci.indicateurs import validate_indicateur
from maillon.socle.declarations import IndicateurDeclare

from ..donnees import DonneesIndicateur, DonneesPalier
from ..enums import CodeMission, Nature, SensIndicateur
from ..regles import find_sens as find_sens_nature
from ..regles import indicateur_of_donnees
from . import paliers as p
from .nombres import Illisible, fold, read_nombre

CERTIFICATEUR = "Assurance Maladie"
_TAUX = re.compile(r"\btaux\b|%|\bpourcentage\b|\bpart des?\b|\bproportion\b")
_STOCK = re.compile(r"\bsans (medecin traitant|mt)\b|\bstock\b|\brestants?\b")
_DELAI = re.compile(r"\bdelai\b")
_UNITES = (
    "patient", "médecin", "soirée", "réunion", "participant", "créneau", "rendez-vous", "orientation", "action",
    "stagiaire", "maître de stage", "tuteur", "protocole", "formation", "atelier", "consultation", "jour",
    "professionnel",
)  # fmt: skip
LIBELLES = {
    "libelle": "Intitulé", "mission": "Mission", "reference": "Valeur de départ", "paliers": "Paliers",
    "variation": "Évolution demandée", "cible": "Cible",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class IndicateurLu:
    """A row read. `erreurs` go by field (« » for the whole); `donnees` is None as long as there are some."""

    donnees: DonneesIndicateur | None
    erreurs: Mapping[str, str]
    deduits: Mapping[str, str]
    maximum: Decimal = Decimal(0)


def read_ligne(champs: Mapping[str, str]) -> IndicateurLu:
    """A row as it was typed or pasted. Never raises."""
    erreurs: dict[str, str] = {}
    nombres = {nom: _nombre(champs.get(nom, ""), nom, erreurs) for nom in ("reference", "variation", "cible")}
    lus: list[p.PalierLu] = []
    try:
        lus = p.read_paliers(champs.get("paliers", ""))
    except Illisible as refus:
        erreurs["paliers"] = str(refus)
    if not champs.get("libelle", "").strip():
        erreurs["libelle"] = "Donnez l’intitulé de l’indicateur."
    if champs.get("mission") not in CodeMission.values:
        erreurs["mission"] = "Choisissez la mission de cet indicateur."
    if not lus and "paliers" not in erreurs:
        erreurs["paliers"] = "Donnez au moins un palier, par exemple « 303 → 203 : 5 000 € »."
    reference = _find_reference(nombres["reference"], lus)
    nature, sens, unite = _deduce(champs, lus, reference)
    deduits = {"nature": nature.value, "sens": sens.value, "unite": unite}
    if reference is not None and nombres["reference"] is None:
        deduits["reference"] = f"{reference:f}"
    if erreurs:
        return IndicateurLu(None, erreurs, deduits)
    try:
        regles = p.settle_paliers(lus, sens=sens, reference=reference)
    except Illisible as refus:
        return IndicateurLu(None, {"paliers": _sentence(str(refus))}, deduits)
    donnees = _build(champs, nature, sens, unite, reference, nombres, _order(regles, nature, sens))
    contradictions = list_contradictions(donnees)
    if contradictions:
        return IndicateurLu(None, {"": " ".join(contradictions)}, deduits, _maximum(regles))
    return IndicateurLu(donnees, {}, deduits, _maximum(regles))


def _nombre(texte: str, nom: str, erreurs: dict[str, str]) -> Decimal | None:
    try:
        return read_nombre(texte, nom=LIBELLES[nom].lower())
    except Illisible as refus:
        erreurs[nom] = str(refus)
        return None


def _find_reference(donnee: Decimal | None, lus: Sequence[p.PalierLu]) -> Decimal | None:
    """The baseline given, that of « 303 → 203 », or the top of a first range going down: « 219–101 »."""
    if donnee is not None:
        return donnee
    departs = [lu.depart for lu in lus if lu.depart is not None]
    if departs:
        return departs[0]
    premier = lus[0] if lus else None
    if premier is not None and premier.sens == p.BAISSE and premier.bas != premier.haut:
        return premier.haut
    return None


def _deduce(
    champs: Mapping[str, str], lus: Sequence[p.PalierLu], reference: Decimal | None
) -> tuple[Nature, SensIndicateur, str]:
    """Nature, direction and unit: what the person chose, else what the words and the tiers say."""
    mots = fold(f"{champs.get('libelle', '')} {champs.get('unite', '')}")
    choisi = champs.get("sens", "")
    dit = SensIndicateur(choisi) if choisi in SensIndicateur.values else p.find_sens(lus, reference)
    nature = champs.get("nature", "")
    deduite = Nature(nature) if nature in Nature.values else _deduce_nature(mots, lus, dit, reference)
    sens = dit or (p.BAISSE if deduite == Nature.STOCK_BAISSE or _DELAI.search(mots) else p.HAUSSE)
    if deduite == Nature.STOCK_BAISSE and choisi not in SensIndicateur.values:
        sens = p.BAISSE
    unite = champs.get("unite", "").strip() or ("%" if deduite == Nature.TAUX else _find_unite(mots))
    return deduite, sens, unite


def _deduce_nature(
    mots: str, lus: Sequence[p.PalierLu], sens: SensIndicateur | None, reference: Decimal | None
) -> Nature:
    if any(lu.pour_cent for lu in lus) or _TAUX.search(mots):
        return Nature.TAUX
    if lus and all(lu.is_livrable for lu in lus):
        return Nature.LIVRABLE
    if sens == p.BAISSE:
        en_plusieurs = len(lus) > 1 and not _DELAI.search(mots)
        return Nature.STOCK_BAISSE if en_plusieurs else Nature.SEUIL
    if _STOCK.search(mots) and sens is None:
        return Nature.STOCK_BAISSE
    if reference is not None:
        return Nature.SEUIL
    seul = len(lus) == 1 and lus[0].bas is not None and lus[0].bas <= 3
    return Nature.LIVRABLE if seul else Nature.COMPTE


def _find_unite(mots: str) -> str:
    return next((unite for unite in _UNITES if re.search(rf"\b{fold(unite)}s?x?\b", mots)), "")


def _order(regles: Sequence[DonneesPalier], nature: Nature, sens: SensIndicateur) -> list[DonneesPalier]:
    """From the easiest to the hardest."""
    return sorted(regles, key=lambda palier: palier.seuil, reverse=sens == p.BAISSE or nature == Nature.STOCK_BAISSE)


def _build(
    champs: Mapping[str, str], nature: Nature, sens: SensIndicateur, unite: str, reference: Decimal | None,
    nombres: Mapping[str, Decimal | None], regles: list[DonneesPalier],
) -> DonneesIndicateur:  # fmt: skip
    libelle = " ".join(champs["libelle"].split())
    return DonneesIndicateur(
        mission=champs["mission"],
        code=slugify(libelle)[:50].strip("-") or "indicateur",
        libelle=libelle[:200],
        nature=nature,
        paliers=regles,
        unite=unite[:60],
        sens=sens,
        reference=reference,
        variation=nombres["variation"],
        cible=nombres["cible"],
        code_declare=champs.get("declare", "")[:80],
        definition=champs.get("definition", "").strip()[:2000],
        certificateur=(champs.get("certificateur", "").strip() or CERTIFICATEUR)[:120],
        preuve_demandee=champs.get("preuve", "").strip()[:120],
    )


def list_contradictions(donnees: DonneesIndicateur) -> list[str]:
    """What disagrees in one indicator, each a sentence with the numbers."""
    prefixe = "Indicateur « x » :"
    problemes = validate_indicateur(replace(indicateur_of_donnees(donnees), code="x"))
    problemes += tuple(_list_trop_grands(donnees))
    return [_sentence(probleme.removeprefix(prefixe).strip()) for probleme in problemes]


def _list_trop_grands(donnees: DonneesIndicateur) -> Iterable[str]:
    """What the database's columns cannot hold."""
    for palier in donnees.paliers:
        if palier.montant >= Decimal(10) ** 9 or palier.seuil >= Decimal(10) ** 9:
            yield "un nombre dépasse le milliard."
        elif palier.seuil != round(palier.seuil, 4):
            yield f"le seuil {format_nombre(palier.seuil)} a plus de quatre décimales."
    for nombre in (donnees.reference, donnees.variation, donnees.cible):
        if nombre is not None and (abs(nombre) >= Decimal(10) ** 9 or nombre != round(nombre, 4)):
            yield "un nombre dépasse le milliard ou a plus de quatre décimales."


def unique_codes(indicateurs: Iterable[DonneesIndicateur]) -> list[DonneesIndicateur]:
    """The same with distinct codes: a name met twice gets a number."""
    vus: dict[str, int] = {}
    uniques = []
    for donnees in indicateurs:
        vus[donnees.code] = rang = vus.get(donnees.code, 0) + 1
        code = donnees.code if rang == 1 else f"{donnees.code}-{rang}"
        uniques.append(replace(donnees, code=code, sens=find_sens_nature(donnees)))
    return uniques


# What Maillon computes ---------------------------------------------------------------------------------------------

_MOTS_VIDES = {
    "de", "des", "du", "la", "le", "les", "l", "d", "a", "au", "aux", "et", "en", "pour", "par", "un", "une", "sans",
    "avec", "sur", "nombre", "taux", "qui", "ete", "dans", "medecin", "traitant", "patients", "patient", "ans", "plus",
    "trouve",
}  # fmt: skip
_SYNONYMES = {
    "ald": "ald",
    "c2s": "c2s",
    "cmu": "c2s",
    "70": "70",
    "16": "16",
    "delai": "delai",
    "delais": "delai",
    "volontaires": "volontaires",
}


def propose_declare(mission: str, libelle: str, declares: Iterable[IndicateurDeclare]) -> str:
    """The code of the figure that Maillon computes for these words, when exactly one fits best; else « »."""
    declares = list(declares)
    mots = _words(libelle)
    notes = sorted(((_score(mots, _words(d.libelle)), d.code) for d in declares if d.mission == mission), reverse=True)
    if not notes or notes[0][0] <= 0:
        return _propose_rattache(libelle, declares)
    return "" if len(notes) > 1 and notes[1][0] == notes[0][0] else notes[0][1]


def _propose_rattache(libelle: str, declares: Iterable[IndicateurDeclare]) -> str:
    """The figure of any mission whose longest words stand in the label, when one does."""
    plie = fold(libelle)
    trouves = [
        (len(mot), d.code)
        for d in declares
        for mot in d.mots
        if not d.mission
        and re.search(r"s?\s+".join(rf"\b{re.escape(partie)}" for partie in mot.split()) + r"s?\b", plie)
    ]
    return max(trouves, default=(0, ""))[1]


def _score(mots: set[str], autres: set[str]) -> float:
    """Words shared, less the distinctive words that only one side has; one common word among others says nothing."""
    communs = mots & autres
    if 2 * len(communs) <= min(len(mots), len(autres)):
        return 0
    distinctifs = (mots ^ autres) & set(_SYNONYMES.values())
    return len(communs) - len(distinctifs)


def _words(texte: str) -> set[str]:
    return {_SYNONYMES.get(mot, mot) for mot in fold(texte).split()} - _MOTS_VIDES


def _maximum(paliers: Sequence[DonneesPalier]) -> Decimal:
    return max((palier.montant for palier in paliers), default=Decimal(0))


def _sentence(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
