"""What the community has told the SAS, and what the SAS sees of it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now
from maillon.socle.ui.composants import Fait
from maillon.socle.ui.listes import afficher_liste

from .. import services
from ..listes import ListeEnvois, ListeRegulateurs
from ..models import EnvoiSas
from ..permissions import SUIVRE
from ..selectors import count_visibles, get_finess, list_envois, list_regulateurs

SOUS_TITRE = (
    "Le service d’accès aux soins (SAS) lit vos créneaux libres, et Maillon lui dit ce que deviennent les rendez-vous "
    "que ses régulateurs ont donnés. Aucun nom de patient ne part."
)
REGULATEURS = (
    "Le SAS ouvre et ferme ces comptes. Un régulateur voit les créneaux que les professionnels montrent au centre 15 "
    "ou à tout le monde, et les rendez-vous qu’il a donnés\u00a0; jamais ceux des autres, ni aucun nom de patient."
)


@acces(SUIVRE)
@require_safe
def envois(request: Requete, slug: str) -> HttpResponse:
    """Every booking told to the SAS, with its state."""
    rows = list_envois(cpts_id=request.cpts.pk)
    finess = get_finess(request.cpts.pk)
    faits = [
        Fait(
            "Créneaux libres que le SAS peut voir",
            count_visibles(cpts_id=request.cpts.pk, moment=now()),
            "sous 72 heures",
        ),
        Fait("Numéro FINESS de la communauté", finess or "à enregistrer"),
        Fait("Rendez-vous transmis au SAS", "oui" if settings.MAILLON_SAS_URL else "non, l’adresse du SAS manque"),
    ]
    contexte = {"sous_titre": SOUS_TITRE, "faits": faits, "finess": finess, "lecture": bool(settings.MAILLON_SAS_CN)}
    return afficher_liste(request, ListeEnvois, rows, gabarit="api/envois.html", contexte=contexte)


@acces(SUIVRE)
@require_safe
def regulateurs(request: Requete, slug: str) -> HttpResponse:
    """Who may see and book the slots from the centre 15; the SAS decides."""
    return afficher_liste(
        request, ListeRegulateurs, list_regulateurs(cpts=request.cpts), contexte={"sous_titre": REGULATEURS}
    )


@acces(SUIVRE)
@require_POST
def renvoyer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Tell the SAS again of a booking that it refused or may not have received."""
    envoi = get_object_or_404(EnvoiSas, pk=pk, cpts_id=request.cpts.pk)
    if services.resend(envoi=envoi, by=request.acteur):
        messages.success(request, "Le rendez-vous repart vers le SAS.")
    else:
        messages.info(request, "Ce rendez-vous n’est plus à renvoyer.")
    return redirect("sas_envois", slug=slug)
