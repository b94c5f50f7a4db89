"""Contract file (YAML or JSON) of the commands: strict reading, French refusals. Schema: docs/algorithmes/aci.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from maillon.regles.aci.indicateurs import Genre, Indicateur, Palier, Sens
from maillon.regles.aci.types import Mission, MontantsContrat, MontantsMission
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.lecture import load_json, load_yaml

E = TypeVar("E", bound=StrEnum)

_CLES = {
    "cpts", "signature", "date_bareme", "population", "taille", "annee_contrat", "missions", "montants",
    "indicateurs", "enveloppes", "constatees", "prevues", "evaluee",
}  # fmt: skip
_CLES_MONTANTS = {"source", "plafond", "fonctionnement", "missions"}
_CLES_MONTANTS_MISSION = {"fixe", "variable", "fixe_suivantes", "activation"}
_CLES_INDICATEUR = {
    "code", "libelle", "mission", "genre", "paliers", "unite", "unite_pluriel", "initial", "variation", "cible",
    "sens", "certificateur", "source",
}  # fmt: skip
_CLES_PALIER = {"seuil", "montant", "libelle"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrat:
    """A contract as its file tells it. ``missions`` is ``None`` when the file does not list them (all of them)."""

    signature: date
    cpts: str = ""
    date_bareme: date | None = None
    population: int | None = None
    taille: int | None = None
    annee_contrat: int = 1
    missions: tuple[Mission, ...] | None = None
    demarrages: Mapping[Mission, date] = field(default_factory=dict)
    montants: MontantsContrat | None = None
    indicateurs: tuple[Indicateur, ...] = ()
    enveloppes: Mapping[Mission, Decimal] = field(default_factory=dict)
    constatees: Mapping[str, Decimal] = field(default_factory=dict)
    prevues: Mapping[str, Decimal] = field(default_factory=dict)
    evaluee: bool = False


def parse_contrat(texte: str, *, is_json: bool = False) -> Contrat:
    """Contract from the text of its file.

    Raises ``LectureImpossible`` for bad syntax and ``SaisieInvalide``, naming the key, for a bad content.
    """
    brut = _mapping(load_json(texte) if is_json else load_yaml(texte), "le contrat", _CLES)
    if "signature" not in brut:
        raise SaisieInvalide("Le contrat ne donne pas sa date de signature : ajoutez « signature: AAAA-MM-JJ ».")
    missions, demarrages = _read_missions(brut.get("missions"))
    montants = _read_montants(brut["montants"]) if "montants" in brut else None
    indicateurs = tuple(_read_indicateur(i, n) for n, i in enumerate(_list(brut, "indicateurs"), start=1))
    for indicateur in indicateurs:
        if missions is not None and indicateur.mission not in missions:
            raise SaisieInvalide(
                f"L’indicateur « {indicateur.code} » est de la mission « {indicateur.mission} », "
                "qui n’est pas au contrat."
            )
    return Contrat(
        signature=_date(brut["signature"], "signature"),
        cpts=_text(brut.get("cpts", ""), "cpts"),
        date_bareme=_optional(brut, "date_bareme", _date),
        population=_optional(brut, "population", _integer),
        taille=_optional(brut, "taille", _integer),
        annee_contrat=_integer(brut.get("annee_contrat", 1), "annee_contrat"),
        missions=missions,
        demarrages=demarrages,
        montants=montants,
        indicateurs=indicateurs,
        enveloppes=_read_enveloppes(brut.get("enveloppes", {}), montants),
        constatees=_read_valeurs(brut.get("constatees", {}), "constatees"),
        prevues=_read_valeurs(brut.get("prevues", {}), "prevues"),
        evaluee=_boolean(brut.get("evaluee", False), "evaluee"),
    )


def _read_missions(brut: object) -> tuple[tuple[Mission, ...] | None, dict[Mission, date]]:
    """Missions as a list of codes, or a mapping of codes to a start date (or nothing: at signature)."""
    if brut is None:
        return None, {}
    if isinstance(brut, list):
        return tuple(Mission.read(str(code)) for code in brut), {}
    contenu = _mapping(brut, "missions", None)
    missions = tuple(Mission.read(code) for code in contenu)
    departs = {Mission(code): _date(jour, f"missions.{code}") for code, jour in contenu.items() if jour is not None}
    return missions, departs


def _read_montants(brut: object) -> MontantsContrat:
    contenu = _mapping(brut, "montants", _CLES_MONTANTS)
    missions = {}
    for code, parts in _mapping(contenu.get("missions", {}), "montants.missions", None).items():
        nom = f"montants.missions.{code}"
        lues = _mapping(parts, nom, _CLES_MONTANTS_MISSION)
        missions[Mission.read(code)] = MontantsMission(
            **{cle: _decimal(valeur, f"{nom}.{cle}") for cle, valeur in lues.items()}
        )
    return MontantsContrat(
        source=_text(contenu.get("source", "contrat signé"), "montants.source"),
        plafond=_optional(contenu, "plafond", _decimal),
        fonctionnement=_optional(contenu, "fonctionnement", _decimal),
        missions=missions,
    )


def _read_enveloppes(brut: object, montants: MontantsContrat | None) -> dict[Mission, Decimal]:
    """Envelopes written in the file, else the variable amounts of the contract; the scale is never presumed here."""
    propres = montants.missions if montants else {}
    enveloppes = {mission: parts.variable for mission, parts in propres.items() if parts.variable is not None}
    for code, valeur in _mapping(brut, "enveloppes", None).items():
        enveloppes[Mission.read(code)] = _decimal(valeur, f"enveloppes.{code}")
    return enveloppes


def _read_valeurs(brut: object, nom: str) -> dict[str, Decimal]:
    return {code: _decimal(valeur, f"{nom}.{code}") for code, valeur in _mapping(brut, nom, None).items()}


def _read_indicateur(brut: object, numero: int) -> Indicateur:
    nom = f"indicateur n° {numero}"
    contenu = _mapping(brut, nom, _CLES_INDICATEUR)
    for cle in ("code", "libelle", "mission", "genre", "paliers"):
        if cle not in contenu:
            raise SaisieInvalide(f"L’{nom} n’a pas de « {cle} ».")
    return Indicateur(
        code=_text(contenu["code"], f"{nom}, code"),
        libelle=_text(contenu["libelle"], f"{nom}, libelle"),
        mission=Mission.read(str(contenu["mission"])),
        genre=_choice(Genre, contenu["genre"], f"{nom}, genre"),
        paliers=tuple(_read_palier(p, f"{nom}, palier") for p in _list(contenu, "paliers")),
        unite=_text(contenu.get("unite", ""), f"{nom}, unite"),
        unite_pluriel=_text(contenu.get("unite_pluriel", ""), f"{nom}, unite_pluriel"),
        initial=_optional(contenu, "initial", _decimal),
        variation=_optional(contenu, "variation", _decimal),
        cible=_optional(contenu, "cible", _decimal),
        sens=_choice(Sens, contenu["sens"], f"{nom}, sens") if "sens" in contenu else None,
        certificateur=_text(contenu.get("certificateur", ""), f"{nom}, certificateur"),
        source=_text(contenu.get("source", "annexe du contrat"), f"{nom}, source"),
    )


def _read_palier(brut: object, nom: str) -> Palier:
    contenu = _mapping(brut, nom, _CLES_PALIER)
    if not {"seuil", "montant"} <= contenu.keys():
        raise SaisieInvalide(f"Un palier de l’{nom.removesuffix(', palier')} doit donner « seuil » et « montant ».")
    return Palier(
        seuil=_decimal(contenu["seuil"], f"{nom}, seuil"),
        montant=_decimal(contenu["montant"], f"{nom}, montant"),
        libelle=_text(contenu.get("libelle", ""), f"{nom}, libelle"),
    )


def _refus(nom: str, valeur: object, attendu: str) -> SaisieInvalide:
    ecrit = str(valeur)
    court = ecrit if len(ecrit) <= 40 else f"{ecrit[:40]}…"
    return SaisieInvalide(f"« {nom} » vaut « {court} » : il faut {attendu}.")


def _mapping(brut: object, nom: str, cles: Iterable[str] | None) -> dict[str, object]:
    if not isinstance(brut, dict):
        raise _refus(nom, brut, "un ensemble de clés et de valeurs")
    contenu = {str(cle): valeur for cle, valeur in brut.items()}
    connues = sorted(cles) if cles is not None else sorted(contenu)
    for cle in contenu:
        if cle not in connues:
            raise SaisieInvalide(
                f"La clé « {cle} » est inconnue dans « {nom} ». Clés possibles : {', '.join(connues)}."
            )
    return contenu


def _list(contenu: Mapping[str, object], cle: str) -> list[object]:
    valeur = contenu.get(cle, [])
    if not isinstance(valeur, list):
        raise _refus(cle, valeur, "une liste")
    return valeur


T = TypeVar("T")


def _optional(contenu: Mapping[str, object], cle: str, read: Callable[[object, str], T]) -> T | None:
    return read(contenu[cle], cle) if cle in contenu else None


def _text(valeur: object, nom: str) -> str:
    if not isinstance(valeur, str):
        raise _refus(nom, valeur, "un texte")
    return valeur.strip()


def _boolean(valeur: object, nom: str) -> bool:
    if not isinstance(valeur, bool):
        raise _refus(nom, valeur, "oui ou non (true ou false)")
    return valeur


def _integer(valeur: object, nom: str) -> int:
    if isinstance(valeur, bool) or not isinstance(valeur, int):
        raise _refus(nom, valeur, "un nombre entier")
    return valeur


def _decimal(valeur: object, nom: str) -> Decimal:
    if isinstance(valeur, bool) or not isinstance(valeur, int | Decimal):
        raise _refus(nom, valeur, "un nombre")
    return Decimal(valeur)


def _date(valeur: object, nom: str) -> date:
    if type(valeur) is date:
        return valeur
    if isinstance(valeur, str):
        return parse_date(valeur, nom)
    raise _refus(nom, valeur, "une date AAAA-MM-JJ")


def parse_date(texte: str, nom: str) -> date:
    """Date from AAAA-MM-JJ; ``SaisieInvalide`` naming ``nom`` for another writing or an impossible day."""
    try:
        # fromisoformat also reads 2023-W51-5 and 20231222, which nobody writes by hand.
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", texte):
            raise ValueError
        return date.fromisoformat(texte)
    except ValueError:
        raise _refus(nom, texte, "une date qui existe, écrite AAAA-MM-JJ") from None


def _choice(enum: type[E], valeur: object, nom: str) -> E:
    try:
        return enum(str(valeur))
    except ValueError:
        raise _refus(nom, valeur, f"un de ces mots ({', '.join(enum)})") from None
