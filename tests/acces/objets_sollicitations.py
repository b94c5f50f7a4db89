"""Solicitations, absences and signed links, for the access matrix."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from acces.objets import _guichet, lien, objet
from fabriques.medecin_traitant import make_demande, make_medecin
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.services import declare_absence
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today


def _medecin(cpts: Cpts, membre: Membre | None) -> Professionnel:
    """A doctor who is this member."""
    medecin = make_medecin(_guichet(cpts))
    if membre:
        membre.compte.rpps = medecin.rpps
        membre.compte.save()
    return medecin


@objet("sollicitations:repondre", "sollicitations:annuler_refus", "sollicitations:revenir")
def _sollicitation(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    demande = make_demande(_guichet(cpts), etat="proposee", medecins=[_medecin(cpts, membre)])
    return {"sollicitation_id": demande.sollicitations.get().pk}


@objet(
    "medecin_traitant_retirer_sollicitation",
    "medecin_traitant_repondre_pour_medecin",
    "medecin_traitant_annuler_reponse_medecin",
)
def _sollicitation_du_guichet(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    found = make_demande(_guichet(cpts), etat="proposee").sollicitations.select_related("appel").get()
    return {"demande_id": found.appel.objet_id, "sollicitation_id": found.pk}


@objet("medecin_traitant_avancer_vague")
def _appel(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    found = make_demande(_guichet(cpts), etat="proposee").sollicitations.select_related("appel").get()
    return {"demande_id": found.appel.objet_id, "appel_id": found.appel_id}


@objet("sollicitations:absence_retirer")
def _absence(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    day = today() + timedelta(days=9)
    absence = declare_absence(cpts_id=cpts.pk, professionnel=_medecin(cpts, membre), du=day, au=day, by=SYSTEME)
    return {"absence_id": absence.pk}


@lien("sollicitations.repondre")
def _lien(cpts: Cpts) -> UUID:
    return make_demande(_guichet(cpts), etat="proposee").sollicitations.get().pk
