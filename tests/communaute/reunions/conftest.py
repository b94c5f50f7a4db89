"""A community, its organiser, and meetings of its bodies."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from fabriques.droits import make_acteur, make_cpts, make_membre
from fabriques.personnes import AppartenanceFabrique, GroupeFabrique, PersonneFabrique
from fabriques.reunions import ParticipationFabrique, PointFabrique, ReunionFabrique
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.reunions import services
from maillon.communaute.reunions.enums import Presence, PreuvePresence
from maillon.communaute.reunions.models import Participation, Reunion
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now


@dataclass
class Maison:
    """The community under test; every method works inside it."""

    cpts: Cpts
    membre: Membre
    by: Acteur
    gens: list[Personne] = field(default_factory=list)

    def invite(self, reunion: Reunion, nombre: int, **champs: Any) -> list[Participation]:
        return [ParticipationFabrique(cpts=self.cpts, reunion=reunion, **champs) for _ in range(nombre)]

    def make_ca(self, administrateurs: int = 5) -> Reunion:
        """A board of a group, in preparation, in ten days, with one item on its agenda."""
        groupe: Groupe = GroupeFabrique(cpts=self.cpts, genre="instance")
        reunion: Reunion = ReunionFabrique(cpts=self.cpts, ca=True, groupe=groupe)
        for _ in range(administrateurs):
            personne = PersonneFabrique(cpts=self.cpts)
            AppartenanceFabrique(cpts=self.cpts, groupe=groupe, personne=personne)
            ParticipationFabrique(cpts=self.cpts, reunion=reunion, personne=personne)
        PointFabrique(cpts=self.cpts, reunion=reunion, rang=1, titre="Approbation des comptes")
        return reunion

    def convoke_ca(self, administrateurs: int = 5) -> tuple[Reunion, list[Participation]]:
        reunion = self.make_ca(administrateurs)
        services.convoke_reunion(reunion_id=reunion.pk, by=self.by)
        reunion.refresh_from_db()
        return reunion, list(reunion.participations.order_by("personne__nom", "pk"))

    def attend(self, *participations: Participation) -> None:
        """As the attendance list does."""
        for participation in participations:
            participation.presence, participation.preuve = Presence.PRESENT, PreuvePresence.SAISIE
            participation.present_le = now()
            participation.save()


@pytest.fixture
def maison(db: None) -> Iterator[Maison]:
    cpts = make_cpts(fictive=True)
    with use_cpts(cpts.pk):
        membre = make_membre(cpts, Role.COORDINATION)
        yield Maison(cpts, membre, make_acteur(membre))
