"""The census of places, campaigns, helps, departures and arrivals, for the access matrix."""

from typing import Any
from uuid import UUID

from acces.objets import _guichet, canari, lien, objet
from fabriques.medecin_traitant import make_medecin
from fabriques.recensement import make_campagne, make_depart, make_renfort
from maillon.missions.medecin_traitant.models import CampagneRecensement
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre


def _campagne(cpts: Cpts) -> CampagneRecensement:
    running = CampagneRecensement.objects.filter(cpts=cpts, close_le=None).first()
    if running:
        return running
    guichet = _guichet(cpts)
    make_medecin(guichet)
    return make_campagne(guichet)


@objet("medecin_traitant_places_reprendre")
def _medecin(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"professionnel_id": make_medecin(_guichet(cpts)).pk}


@objet("medecin_traitant_campagne", "medecin_traitant_campagne_avancement", "medecin_traitant_campagne_clore")
def _une_campagne(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"campagne_id": _campagne(cpts).pk}


@objet("medecin_traitant_destinataire", "medecin_traitant_campagne_appel")
def _destinataire(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    campagne = _campagne(cpts)
    return {"campagne_id": campagne.pk, "destinataire_id": campagne.destinataires.first().pk}


@objet(
    "medecin_traitant_renfort",
    "medecin_traitant_renfort_terminer",
    "medecin_traitant_renfort_reprendre",
)
def _renfort(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"renfort_id": make_renfort(_guichet(cpts)).pk}


@objet(
    "medecin_traitant_mouvement",
    "medecin_traitant_mouvement_annuler",
    "medecin_traitant_mouvement_remettre",
)
def _mouvement(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"mouvement_id": make_depart(_guichet(cpts)).pk}


@lien("medecin_traitant.places")
def _lien(cpts: Cpts) -> UUID:
    return _campagne(cpts).destinataires.first().pk


@canari
def _canaris(cpts: Cpts, mot: str) -> None:
    guichet = _guichet(cpts)
    medecin = make_medecin(guichet, nom=mot)
    make_campagne(guichet, titre=mot)
    make_renfort(guichet, intitule=mot, source=mot, numero=mot, medecins=[medecin])
    make_depart(guichet, medecin, source=mot)
