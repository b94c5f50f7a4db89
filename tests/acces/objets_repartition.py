"""Assignments of the waiting list, for the access matrix."""

from typing import Any

from acces.objets import _guichet as guichet_of
from acces.objets import canari, objet
from fabriques.medecin_traitant import make_demande, make_medecin
from fabriques.repartition import make_repartition
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import Repartition
from maillon.missions.medecin_traitant.services import abandon_repartition
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre


def _launch(cpts: Cpts, mot: str = "Durand") -> Repartition:
    """One living run a community: the one before is given up."""
    guichet = guichet_of(cpts)
    for living in Repartition.objects.vivantes().filter(cpts=cpts):
        abandon_repartition(repartition_id=living.pk, by=SYSTEME)
    make_medecin(guichet, nom=mot)
    make_demande(guichet, etat=Etat.QUALIFIEE, nom=mot)
    return make_repartition(guichet)


@objet(
    "medecin_traitant_repartition",
    "medecin_traitant_repartition_avancement",
    "medecin_traitant_repartition_medecins",
    "medecin_traitant_repartition_carte",
    "medecin_traitant_repartition_recalculer",
    "medecin_traitant_repartition_envoyer",
    "medecin_traitant_repartition_abandonner",
)
def _repartition(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"repartition_id": _launch(cpts).pk}


@objet(
    "medecin_traitant_repartition_ligne",
    "medecin_traitant_repartition_decider",
    "medecin_traitant_repartition_remettre",
)
def _ligne(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    repartition = _launch(cpts)
    ligne = repartition.lignes.first()
    assert ligne is not None
    return {"repartition_id": repartition.pk, "ligne_id": ligne.pk}


@canari
def _nommes(cpts: Cpts, mot: str) -> None:
    _launch(cpts, mot)
