"""Doctors for one request: those that the sheet offers, and those that a line of an assignment may change to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from maillon.communaute.annuaire.models import Professionnel
from maillon.regles.appariement import load_reglages, rank
from maillon.socle.horloge import today

from ..models import LigneRepartition, Repartition
from .appariement import read_offre, read_patients, with_limite
from .repartitions import count_retenues

CLE = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


@dataclass(frozen=True, slots=True)
class Alternative:
    """A doctor who suits the request of a line; `ecart` is in minutes beside the doctor of the line."""

    professionnel: Professionnel
    minutes: int
    ecart: int | None
    libres: int
    recus: int
    raisons: tuple[str, ...]
    actuel: bool

    @property
    def gagne(self) -> int:
        """Minutes spared beside the doctor of the line."""
        return -(self.ecart or 0)


@dataclass(frozen=True, slots=True)
class Ecarte:
    """A doctor who does not suit it, and why."""

    professionnel: Professionnel
    raisons: tuple[str, ...]


def list_alternatives(ligne: LigneRepartition, repartition: Repartition) -> tuple[list[Alternative], list[Ecarte]]:
    """Doctors for the request of a line, nearest first, with the places that this run leaves them; and who was left
    aside. Constant queries."""
    reglages = with_limite(load_reglages(on=today()), repartition.parametres["minutes_max"])
    offre = read_offre(ligne.cpts_id, reglages=reglages)
    (patient,) = read_patients([ligne.demande], offre=offre, reglages=reglages)
    classement = rank(patient, offre.medecins, on=today(), reglages=reglages)
    places: Mapping[str, int] = repartition.chiffres.get("places_par_medecin", {})
    taken = count_retenues(repartition)
    people = Professionnel.objects.in_bulk([UUID(medecin.cle) for medecin in offre.medecins])
    found = []
    for candidat in classement.candidats:
        medecin = people[UUID(candidat.medecin)]
        actuel = medecin.pk == ligne.professionnel_id
        found.append(
            Alternative(
                professionnel=medecin,
                minutes=candidat.trajet.minutes,
                ecart=None if ligne.minutes is None or actuel else candidat.trajet.minutes - ligne.minutes,
                libres=max(0, places.get(candidat.medecin, 0) - taken.get(medecin.pk, 0) + actuel),
                recus=taken.get(medecin.pk, 0),
                raisons=candidat.raisons,
                actuel=actuel,
            )
        )
    aside = [Ecarte(people[UUID(exclu.medecin)], exclu.raisons) for exclu in classement.exclus]
    return found, aside


def name_medecins(phrases: Iterable[str]) -> list[str]:
    """The same sentences with doctors by name: the lines keep keys only. One query."""
    phrases = list(phrases)
    keys = {UUID(cle) for phrase in phrases for cle in CLE.findall(phrase)}
    people = Professionnel.objects.in_bulk(keys) if keys else {}

    def name(found: re.Match[str]) -> str:
        medecin = people.get(UUID(found.group()))
        return str(medecin) if medecin else "un autre médecin"

    return [CLE.sub(name, phrase) for phrase in phrases]


def name_retours(retours: Mapping[str, list[str]]) -> list[tuple[Professionnel, list[str]]]:
    """What refusals taught a run, by doctor and by name. One query."""
    people = Professionnel.objects.in_bulk([UUID(cle) for cle in retours])
    named = [(people[UUID(cle)], phrases) for cle, phrases in retours.items() if UUID(cle) in people]
    return sorted(named, key=lambda retour: retour[0].nom_recherche)
