"""The week of a professional: what comes first, what is folded away."""

from datetime import date, timedelta

from maillon.missions.soins_non_programmes.enums import EtatRendezVous
from maillon.missions.soins_non_programmes.models import Creneau, RendezVous
from maillon.missions.soins_non_programmes.selectors.semaine import Jour, Ligne, Semaine, Visite

LUNDI = date(2026, 11, 16)


def make_jour(rang: int, *etats: EtatRendezVous, passe: bool = True) -> Jour:
    visites = [Visite(RendezVous(etat=etat), None, passe) for etat in etats]
    return Jour(LUNDI + timedelta(days=rang), lignes=[Ligne(Creneau(), visites, passe)])


def test_days_gone_by_are_folded_once_everything_is_said():
    dit = make_jour(0, EtatRendezVous.HONORE, EtatRendezVous.ABSENT)
    a_dire = make_jour(1, EtatRendezVous.HONORE, EtatRendezVous.CONFIRME)
    aujourd_hui, demain = Jour(LUNDI + timedelta(days=2)), make_jour(3, EtatRendezVous.CONFIRME, passe=False)
    semaine = Semaine(LUNDI, [dit, a_dire, aujourd_hui, demain], aujourd_hui.jour)
    assert semaine.passes == [dit]
    assert semaine.montres == [a_dire, aujourd_hui, demain]


def test_another_week_is_shown_whole():
    jours = [make_jour(0, EtatRendezVous.HONORE), make_jour(4, EtatRendezVous.HONORE)]
    semaine = Semaine(LUNDI, jours, LUNDI + timedelta(days=9))
    assert semaine.montres == jours
    assert semaine.passes == []
