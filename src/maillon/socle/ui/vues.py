"""A person keeps, renames, deletes the named views of a list, or has one open with it."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from maillon.socle.comptes import services
from maillon.socle.droits.permissions import acces_connecte

from .annonces import offer_undo
from .listes.vues import Vue, sign, unsign


def _back(contenu: dict[str, Any]) -> HttpResponse:
    return HttpResponseRedirect(Vue("", contenu["adresse"], False).opens(contenu["chemin"]))


@acces_connecte
@require_POST
def vues(request: HttpRequest) -> HttpResponse:
    """One gesture on the views of a list; the list and what it shows come signed from its page."""
    try:
        contenu = unsign(request.GET.get("remettre") or request.POST.get("jeton", ""))
    except signing.BadSignature:
        return HttpResponseBadRequest()
    geste, nom = request.POST.get("geste", ""), request.POST.get("nom", "")
    nom_propre = " ".join(nom.split())
    ancien = request.POST.get("ancien", "")
    sur: dict[str, Any] = {"compte_id": request.user.pk, "liste": contenu["liste"]}
    try:
        if "remettre" in request.GET:  # deleted a moment ago
            services.save_vue(**sur, nom=contenu["nom"], adresse=contenu["adresse"])
        elif geste == "garder":
            services.save_vue(**sur, nom=nom, adresse=contenu["adresse"], defaut="defaut" in request.POST)
            messages.success(
                request, f"La vue «\u00a0{nom_propre}\u00a0» est gardée\u00a0: elle est au-dessus de la liste."
            )
        elif geste == "renommer":
            services.rename_vue(**sur, ancien=ancien, nom=nom)
            messages.success(request, "La vue a un nouveau nom.")
        elif geste == "ouvrir":
            services.choose_vue(**sur, nom=ancien)
            messages.success(request, f"La liste s’ouvrira sur «\u00a0{ancien}\u00a0».")
        elif geste == "ne_plus_ouvrir":
            services.choose_vue(**sur, nom="")
            messages.success(request, "La liste s’ouvrira sans filtre.")
        elif geste == "supprimer":
            services.delete_vue(**sur, nom=ancien)
            remise = sign(**{**contenu, "nom": ancien})
            offer_undo(request, f"La vue «\u00a0{ancien}\u00a0» est supprimée.", f"{reverse('vues')}?remettre={remise}")
    except services.VueRefusee as refus:
        messages.error(request, str(refus))
    return _back(contenu)
