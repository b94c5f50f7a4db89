"""What an acceptance opens, the link and the identity, and shuts when somebody else receives the person."""

from django.conf import settings
from django.urls import reverse

from maillon.communaute.patients.models import RelationSoin
from maillon.communaute.patients.services import close_relation
from maillon.communaute.sollicitations.selectors import find_courriels
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import revoke_liens
from maillon.socle.horloge import now

from ..models import DemandeSoin, RendezVous
from ..notifications import AcceptationFinie

LIEN_HEURE = "soins.heure"
MOTIF_RELATION = "soins non programmés"


def end_acceptance(demande: DemandeSoin, by: Acteur) -> None:
    """The request ends otherwise than with who accepted it: they are told not to wait. The caller saves the request."""
    professionnel = demande.accepte_par
    if professionnel is not None and professionnel.rpps != by.rpps:
        adresse = find_courriels([professionnel.pk], cpts_id=demande.cpts_id).get(professionnel.pk)
        if adresse:
            lien = settings.MAILLON_ADRESSE + reverse("sollicitations:liste", args=[demande.cpts.slug])
            AcceptationFinie(cpts=demande.cpts, objet_id=demande.pk, lien=lien).queue(
                to=adresse, occasion=f"{professionnel.pk}:{now():%Y%m%d%H%M%S}"
            )
    forget_acceptance(demande, by)


def forget_acceptance(demande: DemandeSoin, by: Acteur) -> None:
    """Nobody has it any more: the link closes, and the identity that the acceptance alone had opened, unless this
    professional receives, or received, the person. The caller saves the request."""
    revoke_liens(but=LIEN_HEURE, objet_id=demande.pk)
    professionnel, demande.accepte_par = demande.accepte_par, None
    if professionnel is None:
        return
    patient = demande.patient
    opened = RelationSoin.objects.filter(patient=patient, rpps=professionnel.rpps, jusque=None, motif=MOTIF_RELATION)
    received = RendezVous.objects.pris().filter(patient=patient, creneau__professionnel=professionnel)
    if opened.exists() and not received.exists():
        close_relation(patient=patient, rpps=professionnel.rpps, by=by)
