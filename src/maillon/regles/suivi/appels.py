"""Calls made to a person: when to call again, and from when on closing may be proposed to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.suivi.parametres import load_baremes


class Issue(StrEnum):
    """How a call ended."""

    JOINT = "joint"
    REPONDEUR = "repondeur"
    SANS_REPONSE = "sans_reponse"
    FAUX_NUMERO = "faux_numero"
    RAPPELER = "rappeler"


@dataclass(frozen=True, slots=True)
class Appel:
    """One call: its day and how it ended."""

    le: date
    issue: Issue

    @property
    def is_vain(self) -> bool:
        """Whether nobody was reached; a person who asks to be called later was reached."""
        return self.issue in (Issue.REPONDEUR, Issue.SANS_REPONSE, Issue.FAUX_NUMERO)


@dataclass(frozen=True, slots=True)
class BilanAppels:
    """The calls made in vain since somebody was last reached; `cloture_possible` proposes, it never decides."""

    vains: int
    depuis: date | None
    cloture_possible: bool
    phrase: str


def compute_rappel(issue: Issue, *, on: date, choisi: date | None = None) -> date:
    """The day of the next call, or of what follows when the person was reached (the same day).

    `choisi` is the day that the person asked for: required for « rappeler », and only then.
    """
    if issue is Issue.RAPPELER:
        if choisi is None or choisi < on:
            raise SaisieInvalide("Donnez le jour où rappeler : aujourd’hui ou un jour à venir.")
        return choisi
    if issue is Issue.JOINT:
        return on
    return on + timedelta(days=int(load_baremes()["appels"].at(on).get(issue.value).nombre))


def assess_appels(appels: Sequence[Appel], *, on: date) -> BilanAppels:
    """What the calls say at `on`: so many in vain, over so many days, may make a person « injoignable »."""
    vains: list[Appel] = []
    for appel in sorted(appels, key=lambda a: a.le):
        vains = [*vains, appel] if appel.is_vain else []
    if not vains:
        return BilanAppels(0, None, cloture_possible=False, phrase="")
    version = load_baremes()["appels"].at(on)
    depuis = vains[0].le
    jours = (on - depuis).days
    assez = len(vains) >= version.get("appels_vains").nombre and jours >= version.get("jours_vains").nombre
    combien = "Un appel sans joindre la personne" if len(vains) == 1 else f"{len(vains)} appels sans joindre personne"
    duree = "aujourd’hui" if jours == 0 else "en 1 jour" if jours == 1 else f"en {jours} jours"
    suite = " : vous pouvez clore « injoignable », ou essayer encore" if assez else ""
    return BilanAppels(len(vains), depuis, cloture_possible=assez, phrase=f"{combien}, {duree}{suite}.")
