"""What follows a patient's yes: a first appointment, the declaration, news after three months."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from maillon.regles.parametres import Reference
from maillon.regles.suivi.parametres import load_baremes


class Etape(StrEnum):
    """What is still to be learnt of a placement."""

    PREMIER_RDV = "premier_rdv"
    DECLARATION = "declaration"
    BILAN = "bilan"
    FINI = "fini"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaitsSuite:
    """What is known of a placement. `declaration_attendue` is false for a médecin de suivi (AME: no declaration)."""

    placee_le: date
    premier_rdv_le: date | None = None
    declaration_attendue: bool = True
    declaration_connue: bool = False
    bilan_connu: bool = False


@dataclass(frozen=True, slots=True)
class DelaisSuites:
    """The delays in force, in days (`revue_equipe` in months), with where they come from."""

    premier_rdv: int
    declaration: int
    apres_rdv: int
    bilan: int
    relance: int
    revue_equipe: int
    reference: Reference
    a_confirmer: bool


def load_delais(*, on: date) -> DelaisSuites:
    """The delays in force at `on`; ``ParametreAbsent`` before the first."""
    version = load_baremes()["suites"].at(on)
    noms = ("premier_rdv", "declaration", "apres_rdv", "bilan", "relance", "revue_equipe")
    return DelaisSuites(
        **{nom: int(version.get(nom).nombre) for nom in noms},
        reference=version.reference,
        a_confirmer=version.get("bilan").statut.a_confirmer,
    )


def compute_etape(faits: FaitsSuite, *, on: date) -> tuple[Etape, date | None]:
    """What to learn next and from which day on, never a day before `on`; (FINI, None) when all is known.

    News after three months are asked even when the rest is unknown, and end the follow-up: a person who is followed,
    or who is not, says more than a date.
    """
    delais = load_delais(on=on)
    bilan_le = faits.placee_le + timedelta(days=delais.bilan)
    if faits.bilan_connu:
        return Etape.FINI, None
    if faits.premier_rdv_le is None:
        candidat = Etape.PREMIER_RDV, faits.placee_le + timedelta(days=delais.premier_rdv)
    elif faits.declaration_attendue and not faits.declaration_connue:
        apres = faits.premier_rdv_le + timedelta(days=delais.apres_rdv)
        candidat = Etape.DECLARATION, max(apres, faits.placee_le + timedelta(days=delais.declaration))
    else:
        candidat = Etape.BILAN, bilan_le
    etape, jour = candidat
    if etape is not Etape.BILAN and max(jour, on) >= bilan_le:
        etape, jour = Etape.BILAN, bilan_le
    return etape, max(jour, on)


def compute_revue(on: date) -> date:
    """The day of the next review of an équipe traitante: so many months after `on`, the last day of a short month."""
    mois = on.month - 1 + load_delais(on=on).revue_equipe
    annee, mois = on.year + mois // 12, mois % 12 + 1
    return date(annee, mois, min(on.day, monthrange(annee, mois)[1]))
