"""A community, who builds its rosters, and nurses with an account."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from fabriques.annuaire import ProfessionnelFabrique
from fabriques.droits import make_acteur, make_cpts, make_membre
from fabriques.gardes import make_garde, make_participant, make_poste, make_tableau
from maillon.communaute.gardes.enums import EtatGarde, EtatTableau
from maillon.communaute.gardes.models import Garde, Participant, Poste, Tableau
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today


@dataclass
class Maison:
    """The community under test; every method works inside it."""

    cpts: Cpts
    membre: Membre
    by: Acteur
    lundi: date = field(default_factory=lambda: today() + timedelta(days=14 - today().weekday()))

    def make_tableau(self, etat: EtatTableau = EtatTableau.CALCUL, **champs: object) -> Tableau:
        """Four weeks from a Monday."""
        return make_tableau(self.cpts, etat=etat, debut=self.lundi, **champs)

    def make_postes(self, tableau: Tableau, nombre: int) -> list[Poste]:
        """That many afternoons from Monday on."""
        return [make_poste(tableau, tableau.debut + timedelta(days=rang)) for rang in range(nombre)]

    def make_gens(self, tableau: Tableau, nombre: int) -> list[Participant]:
        return [make_participant(tableau) for _ in range(nombre)]

    def make_soignant(self, tableau: Tableau) -> tuple[Participant, Acteur]:
        """A nurse with an account, in the roster."""
        pro = ProfessionnelFabrique()
        membre = make_membre(self.cpts, Role.PROFESSIONNEL, rpps=pro.rpps)
        return make_participant(tableau, professionnel=pro), make_acteur(membre)

    def give(self, poste: Poste, participant: Participant, etat: EtatGarde = EtatGarde.PUBLIEE) -> Garde:
        return make_garde(poste, participant, etat=etat)


@pytest.fixture
def maison(db: None) -> Iterator[Maison]:
    cpts = make_cpts(fictive=True, telephone="0477000000", courriel="cpts@example.org")
    with use_cpts(cpts.pk):
        membre = make_membre(cpts, Role.COORDINATION)
        yield Maison(cpts, membre, make_acteur(membre))
