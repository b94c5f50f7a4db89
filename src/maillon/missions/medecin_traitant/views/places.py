"""The places that doctors offer, as the desk keeps them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.listes import afficher_liste

from .. import services
from ..forms import PlacesForm
from ..permissions import GERER
from ..selectors import (
    get_capacite,
    list_medecins,
)
from .commun import attempt, places_initial
from .listes import ListePlaces
from .onglets import FIL, build_onglets


@acces(GERER)
@require_safe
def places(request: Requete, slug: str) -> HttpResponse:
    """The census: every member doctor, what they offer, since when."""
    medecins = list_medecins(request.cpts.pk)
    contexte = {"onglets": build_onglets(request, "medecin_traitant_places")}
    return afficher_liste(request, ListePlaces, medecins, gabarit="medecin_traitant/liste.html", contexte=contexte)


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def places_medecin(request: Requete, slug: str, professionnel_id: UUID) -> HttpResponse:
    """What a doctor said on the telephone."""
    cpts = request.cpts
    medecin: Professionnel | None = list_medecins(cpts.pk).filter(pk=professionnel_id).first()
    if medecin is None:
        raise Http404
    capacite = get_capacite(cpts_id=cpts.pk, professionnel=medecin)
    form = PlacesForm(request.POST or None, initial=places_initial(capacite))
    if request.method == "POST" and form.is_valid():
        acteur = request.acteur
        saved = attempt(
            request,
            lambda: services.update_capacite(cpts_id=cpts.pk, professionnel=medecin, **form.cleaned_data, by=acteur),
            done=f"Les places de {medecin} sont à jour.",
        )
        if saved:
            return redirect("medecin_traitant_places", slug=slug)
    liste_places = reverse("medecin_traitant_places", args=[slug])
    contexte = {
        "titre": str(medecin),
        "form": form,
        "annuler": liste_places,
        "fil": [
            (FIL, reverse("medecin_traitant_liste", args=[slug])),
            ("Places des médecins", liste_places),
            (str(medecin), ""),
        ],
    }
    return render(request, "medecin_traitant/places_medecin.html", contexte, status=422 if form.errors else 200)
