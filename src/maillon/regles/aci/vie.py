"""The life of a contract in its file: avenants, receipts, evaluations, crises, start-up aid, termination."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles.aci.champs import (
    read_date,
    read_decimal,
    read_integer,
    read_list,
    read_mapping,
    read_optional,
    read_text,
)
from maillon.regles.aci.echeancier import Activation, AideDemarrage, Evaluation
from maillon.regles.aci.recus import Recu
from maillon.regles.aci.resiliation import ENSEMBLE, FONCTIONNEMENT
from maillon.regles.aci.termes import Avenant
from maillon.regles.aci.types import Mission, MontantsContrat, MontantsMission
from maillon.regles.aci.versements import POSTE_AIDE
from maillon.regles.erreurs import SaisieInvalide

CLES_VIE = {"avenants", "recus", "evaluations", "activations", "aide_demarrage", "resiliation"}
_CLES_MONTANTS = {"source", "plafond", "fonctionnement", "missions"}
_CLES_MONTANTS_MISSION = {"fixe", "variable", "fixe_suivantes", "activation"}
_CLES_AVENANT = {"effet", "objet", "date_bareme", "population", "taille", "missions", "montants"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vie:
    """What happens to a contract after its signature."""

    avenants: tuple[Avenant, ...] = ()
    recus: tuple[Recu, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    activations: tuple[Activation, ...] = ()
    aide: AideDemarrage | None = None
    resiliation: date | None = None


def read_vie(brut: Mapping[str, object]) -> Vie:
    """The part of a contract file that tells its life; every key is optional."""
    return Vie(
        avenants=tuple(_read_avenant(a, n) for n, a in enumerate(read_list(brut, "avenants"), start=1)),
        recus=tuple(_read_recu(r, n) for n, r in enumerate(read_list(brut, "recus"), start=1)),
        evaluations=tuple(_read_evaluation(e, n) for n, e in enumerate(read_list(brut, "evaluations"), start=1)),
        activations=tuple(_read_activation(a, n) for n, a in enumerate(read_list(brut, "activations"), start=1)),
        aide=_read_aide(brut["aide_demarrage"]) if "aide_demarrage" in brut else None,
        resiliation=read_optional(brut, "resiliation", read_date),
    )


def _read_avenant(brut: object, numero: int) -> Avenant:
    nom = f"avenant n° {numero}"
    contenu = read_mapping(brut, nom, _CLES_AVENANT)
    _require(contenu, nom, "effet")
    missions, demarrages = read_missions(contenu.get("missions"), f"{nom}, missions")
    return Avenant(
        effet=read_date(contenu["effet"], f"{nom}, effet"),
        population=read_optional(contenu, "population", read_integer),
        taille=read_optional(contenu, "taille", read_integer),
        missions=missions,
        demarrages=demarrages,
        montants=read_montants(contenu["montants"], f"{nom}, montants") if "montants" in contenu else None,
        on=read_optional(contenu, "date_bareme", read_date),
    )


def read_missions(brut: object, nom: str) -> tuple[tuple[Mission, ...] | None, dict[Mission, date]]:
    """Missions as a list of codes, or a mapping of codes to a start date (or nothing: when it enters the contract)."""
    if brut is None:
        return None, {}
    if isinstance(brut, list):
        return tuple(Mission.read(str(code)) for code in brut), {}
    contenu = read_mapping(brut, nom, None)
    missions = tuple(Mission.read(code) for code in contenu)
    departs = {Mission(code): read_date(jour, f"{nom}.{code}") for code, jour in contenu.items() if jour is not None}
    return missions, departs


def read_montants(brut: object, nom: str) -> MontantsContrat:
    """The contract's own amounts."""
    contenu = read_mapping(brut, nom, _CLES_MONTANTS)
    missions = {}
    for code, parts in read_mapping(contenu.get("missions", {}), f"{nom}.missions", None).items():
        cle = f"{nom}.missions.{code}"
        lues = read_mapping(parts, cle, _CLES_MONTANTS_MISSION)
        missions[Mission.read(code)] = MontantsMission(
            **{part: read_decimal(valeur, f"{cle}.{part}") for part, valeur in lues.items()}
        )
    return MontantsContrat(
        source=read_text(contenu.get("source", "contrat signé"), f"{nom}.source"),
        plafond=read_optional(contenu, "plafond", read_decimal),
        fonctionnement=read_optional(contenu, "fonctionnement", read_decimal),
        missions=missions,
    )


def _read_recu(brut: object, numero: int) -> Recu:
    nom = f"versement reçu n° {numero}"
    contenu = read_mapping(brut, nom, {"date", "montant", "annee", "poste"})
    _require(contenu, nom, "date", "montant", "annee")
    poste = read_text(contenu.get("poste", ENSEMBLE), f"{nom}, poste")
    if poste not in (ENSEMBLE, FONCTIONNEMENT, POSTE_AIDE):
        Mission.read(poste)
    return Recu(
        date=read_date(contenu["date"], f"{nom}, date"),
        montant=read_decimal(contenu["montant"], f"{nom}, montant"),
        annee=read_integer(contenu["annee"], f"{nom}, annee"),
        poste=poste,
    )


def _read_evaluation(brut: object, numero: int) -> Evaluation:
    nom = f"évaluation n° {numero}"
    contenu = read_mapping(brut, nom, {"annee", "date", "montants"})
    _require(contenu, nom, "annee")
    lus = read_mapping(contenu.get("montants", {}), f"{nom}, montants", None)
    montants = {Mission.read(code): read_decimal(v, f"{nom}, montants.{code}") for code, v in lus.items()}
    return Evaluation(
        annee=read_integer(contenu["annee"], f"{nom}, annee"),
        le=read_optional(contenu, "date", read_date),
        montants=montants,
    )


def _read_activation(brut: object, numero: int) -> Activation:
    nom = f"activation n° {numero}"
    contenu = read_mapping(brut, nom, {"date", "montant"})
    _require(contenu, nom, "date")
    return Activation(
        le=read_date(contenu["date"], f"{nom}, date"), montant=read_optional(contenu, "montant", read_decimal)
    )


def _read_aide(brut: object) -> AideDemarrage:
    contenu = read_mapping(brut, "aide_demarrage", {"date", "montant"})
    return AideDemarrage(
        le=read_optional(contenu, "date", read_date), montant=read_optional(contenu, "montant", read_decimal)
    )


def _require(contenu: Mapping[str, object], nom: str, *cles: str) -> None:
    for cle in cles:
        if cle not in contenu:
            article = "L’" if nom[0] in "aé" else "Le "
            raise SaisieInvalide(f"{article}{nom} n’a pas de « {cle} ».")


def sum_recus(recus: Iterable[Recu], annee: int, le: date) -> dict[str, Decimal] | None:
    """Euros received by poste for a year until ``le``, as a termination takes them; ``None`` when nothing is said."""
    sommes: dict[str, Decimal] = {}
    for recu in recus:
        if recu.annee == annee and recu.date <= le:
            sommes[recu.poste] = sommes.get(recu.poste, Decimal("0.00")) + recu.montant
    return sommes or None
