"""The JSON format of a problem and of a plan, version 1 (docs/algorithmes/gardes.md). Refusals name the place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from maillon.regles.erreurs import LectureImpossible, SaisieInvalide
from maillon.regles.gardes.plan import Niveau, Objectif, Plan
from maillon.regles.gardes.types import (
    Affectation,
    Ailleurs,
    Genre,
    Indisponibilite,
    Limites,
    Personne,
    Poste,
    Probleme,
    Sens,
    Souhait,
)
from maillon.regles.lecture import load_json

FORMAT_PROBLEME = "maillon-gardes-probleme/1"
FORMAT_PLAN = "maillon-gardes-plan/1"
_LIMITES = ("semaine", "mois", "periode", "consecutifs", "week_ends")
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")


class _Objet:
    """One JSON object being read: every key is taken once, and what is left is refused."""

    def __init__(self, brut: object, lieu: str) -> None:
        if not isinstance(brut, dict):
            raise LectureImpossible(f"{lieu} : un objet entre accolades est attendu.")
        self.reste, self.lieu = dict(brut), lieu

    def refuse(self, phrase: str) -> LectureImpossible:
        return LectureImpossible(f"{self.lieu} : {phrase}")

    def take(self, cle: str, *types: type, defaut: object = ..., attendu: str = "un texte") -> object:
        valeur = self.reste.pop(cle, defaut)
        if valeur is ...:
            raise self.refuse(f"« {cle} » manque.")
        if valeur is not defaut and ((isinstance(valeur, bool) and bool not in types) or not isinstance(valeur, types)):
            raise self.refuse(f"« {cle} » doit être {attendu}.")
        return valeur

    def text(self, cle: str, defaut: object = ...) -> str:
        return str(self.take(cle, str, defaut=defaut))

    def entier(self, cle: str, defaut: object = ...) -> int:
        valeur = self.take(cle, int, defaut=defaut, attendu="un nombre entier")
        return valeur if isinstance(valeur, int) else 0

    def optionnel(self, cle: str) -> int | None:
        valeur = self.take(cle, int, type(None), defaut=None, attendu="un nombre entier")
        return valeur if isinstance(valeur, int) else None

    def choix(self, cle: str, enum: type[_E]) -> _E:
        texte = self.text(cle)
        if texte not in list(enum):
            raise self.refuse(f"« {cle} » vaut {', '.join(enum)}, pas « {texte} ».")
        return enum(texte)

    def liste(self, cle: str, read: Callable[[_Objet], _T], *, obligatoire: bool = False) -> tuple[_T, ...]:
        brut = self.take(cle, list, defaut=... if obligatoire else None, attendu="une liste") or []
        lus = []
        for rang, element in enumerate(brut if isinstance(brut, list) else [], start=1):
            objet = _Objet(element, f"{cle}, n° {rang}")
            try:
                lus.append(read(objet))
            except SaisieInvalide as erreur:
                raise objet.refuse(str(erreur)) from erreur
            objet.end()
        return tuple(lus)

    def end(self) -> None:
        for cle in self.reste:
            raise self.refuse(f"« {cle} » n’est pas connu.")


def read_probleme(texte: str) -> Probleme:
    """A problem from its JSON text; ``ErreurRegle`` with the place and what is expected there."""
    objet = _Objet(load_json(texte), "Le problème")
    _check_format(objet, FORMAT_PROBLEME)
    fuseau = objet.text("fuseau", "Europe/Paris")
    zone = _read_zone(fuseau)
    communes = _read_limites(objet, Limites())
    probleme = Probleme(
        personnes=objet.liste("personnes", lambda o: _read_personne(o, communes), obligatoire=True),
        postes=objet.liste("postes", lambda o: _read_poste(o, zone), obligatoire=True),
        indisponibilites=objet.liste("indisponibilites", lambda o: _read_indisponibilite(o, zone)),
        souhaits=objet.liste("souhaits", _read_souhait),
        fixees=objet.liste("fixees", _read_affectation),
        commencees=objet.liste("commencees", _read_affectation),
        interdites=objet.liste("interdites", _read_affectation),
        ailleurs=objet.liste("ailleurs", lambda o: _read_ailleurs(o, zone)),
        fuseau=fuseau,
        graine=objet.entier("graine", 1),
    )
    objet.end()
    return probleme


def read_plan(texte: str, probleme: Probleme) -> Plan:
    """The assignments and levels of a plan; what explains it is left aside, for it is computed again."""
    objet = _Objet(load_json(texte), "Le plan")
    _check_format(objet, FORMAT_PLAN)
    affectations = objet.liste("affectations", _read_affectation, obligatoire=True)
    niveaux = objet.liste("niveaux", _read_niveau)
    probleme.check_affectations(affectations, "Une affectation")
    return Plan(affectations=affectations, niveaux=niveaux)


def _check_format(objet: _Objet, attendu: str) -> None:
    lu = objet.text("format")
    if lu != attendu:
        raise objet.refuse(f"« format » doit être « {attendu} », pas « {lu} ».")


def _read_zone(fuseau: str) -> ZoneInfo:
    try:
        return ZoneInfo(fuseau)
    except (KeyError, ValueError, OSError):
        raise SaisieInvalide(f"Le fuseau « {fuseau} » n’existe pas.") from None


def _read_limites(objet: _Objet, communes: Limites) -> Limites:
    """The limits of an object, each one missing being that of everybody; null takes a limit away."""
    brut = objet.take("limites", dict, defaut=None, attendu="un objet entre accolades")
    if brut is None:
        return communes
    lues = _Objet(brut, f"{objet.lieu}, limites")
    valeurs = {cle: lues.optionnel(cle) if cle in lues.reste else getattr(communes, cle) for cle in _LIMITES}
    heures = lues.entier("ecart_heures", communes.ecart_heures)
    lues.end()
    return Limites(**valeurs, ecart_heures=heures)


def _read_personne(objet: _Objet, communes: Limites) -> Personne:
    brut = objet.take("credits", dict, type(None), defaut=None, attendu="un objet entre accolades")
    credits = None
    if brut is not None:
        lus = _Objet(brut, f"{objet.lieu}, credits")
        credits = {genre: lus.entier(genre.value, 0) for genre in Genre}
        lus.end()
    return Personne(
        cle=objet.text("cle"),
        profession=objet.text("profession"),
        quotite=objet.entier("quotite", 100),
        credits=credits,
        limites=_read_limites(objet, communes),
        nom=objet.text("nom", ""),
    )


def _read_poste(objet: _Objet, zone: ZoneInfo) -> Poste:
    return Poste(
        cle=objet.text("cle"),
        profession=objet.text("profession"),
        debut=_read_instant(objet, "debut", zone),
        fin=_read_instant(objet, "fin", zone),
        genre=objet.choix("genre", Genre),
        besoin=objet.entier("besoin", 1),
        importance=objet.entier("importance", 1),
        charge=objet.entier("charge", 1),
        obligatoire=objet.take("obligatoire", bool, defaut=False, attendu="true ou false") is True,
        nom=objet.text("nom", ""),
    )


def _read_instant(objet: _Objet, cle: str, zone: ZoneInfo) -> datetime:
    """An hour of the place unless the text says its offset."""
    texte = objet.text(cle)
    try:
        instant = datetime.fromisoformat(texte)
    except ValueError:
        raise objet.refuse(f"« {cle} » attend AAAA-MM-JJTHH:MM, pas « {texte} ».") from None
    return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant


def _read_indisponibilite(objet: _Objet, zone: ZoneInfo) -> Indisponibilite:
    """By hours (``debut``, ``fin``) or by whole days (``du``, ``au``, both included)."""
    du, au = _read_jour(objet, "du"), _read_jour(objet, "au")
    bornes: dict[str, datetime | None] = {
        "debut": None if du is None else datetime.combine(du, time(), zone),
        "fin": None if au is None else datetime.combine(au + timedelta(days=1), time(), zone),
    }
    for cle, jour in (("debut", du), ("fin", au)):
        if cle in objet.reste:
            if jour is not None:
                raise objet.refuse("donnez « du » et « au », ou « debut » et « fin », pas les deux.")
            bornes[cle] = _read_instant(objet, cle, zone)
    return Indisponibilite(personne=objet.text("personne"), motif=objet.text("motif", ""), **bornes)


def _read_ailleurs(objet: _Objet, zone: ZoneInfo) -> Ailleurs:
    return Ailleurs(
        personne=objet.text("personne"),
        debut=_read_instant(objet, "debut", zone),
        fin=_read_instant(objet, "fin", zone),
        tableau=objet.text("tableau", ""),
    )


def _read_jour(objet: _Objet, cle: str) -> date | None:
    texte = objet.text(cle, "")
    try:
        return date.fromisoformat(texte) if texte else None
    except ValueError:
        raise objet.refuse(f"« {cle} » attend une date AAAA-MM-JJ, pas « {texte} ».") from None


def _read_souhait(objet: _Objet) -> Souhait:
    return Souhait(
        personne=objet.text("personne"),
        sens=objet.choix("sens", Sens),
        poids=objet.entier("poids", 1),
        poste=objet.text("poste", "") or None,
        jour=_read_jour(objet, "jour"),
        jour_semaine=objet.optionnel("jour_semaine"),
    )


def _read_affectation(objet: _Objet) -> Affectation:
    return Affectation(poste=objet.text("poste"), personne=objet.text("personne"))


def _read_niveau(objet: _Objet) -> Niveau:
    for cle in ("prouve", "ecart"):
        objet.reste.pop(cle, None)
    return Niveau(objet.choix("objectif", Objectif), objet.entier("valeur"), objet.entier("borne"))
