"""The person's own link: when, where, and no longer coming."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from maillon.socle.droits.permissions import acces_lien
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now

from .. import services
from ..enums import EtatRendezVous, MotifAnnulation
from ..models import ActionRefusee
from ..selectors.rendez_vous import get_rendez_vous
from .commun import list_faits


@acces_lien(services.LIEN_RENDEZ_VOUS, patients=True)
@require_http_methods(["GET", "HEAD", "POST"])
def rendez_vous(request: Requete, jeton: str) -> HttpResponse:
    """Nothing says who reads it; GET changes nothing."""
    found = get_rendez_vous(request.lien.objet_id, for_acteur=request.acteur)
    with timezone.override(ZoneInfo(found.creneau.cpts.fuseau)):
        status = 200
        if request.method == "POST":
            try:
                if found.creneau.debut <= now():
                    raise ActionRefusee("L’heure de ce rendez-vous est venue\u00a0: il ne s’annule plus ici.")
                services.cancel(rendez_vous=found, motif=MotifAnnulation.PATIENT, by=request.acteur)
            except ActionRefusee as refus:
                messages.error(request, str(refus))
                status = 422
            found = get_rendez_vous(found.pk, for_acteur=request.acteur)
        contexte = {
            "titre": "Votre rendez-vous",
            "faits": list_faits(found.creneau),
            "annule": found.etat == EtatRendezVous.ANNULE,
            "annulable": found.etat == EtatRendezVous.CONFIRME and found.creneau.debut > now(),
            "telephone": found.creneau.lieu.telephone or found.creneau.cpts.telephone,
        }
        return render(request, "soins_non_programmes/lien_rendez_vous.html", contexte, status=status)
