"""The points of priority: what they are, what others would change, and their adoption by the bureau."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today

from .. import services
from ..forms import PoidsForm
from ..permissions import ADOPTER_POIDS, GERER
from ..selectors import get_poids, list_poids, preview_poids
from .commun import attempt
from .onglets import build_onglets


@acces(ADOPTER_POIDS)
@require_http_methods(["GET", "HEAD", "POST"])
def poids(request: Requete, slug: str) -> HttpResponse:
    """A first post shows what would change, a second one adopts."""
    cpts_id = request.cpts.pk
    courants = get_poids(cpts_id, on=today())
    form = PoidsForm(request.POST or None, initial=PoidsForm.read_initial(courants))
    apercu = None
    if request.method == "POST" and form.is_valid():
        voulus = form.cleaned_data["poids"]
        if request.POST.get("geste") == "adopter":
            adoptes = attempt(
                request,
                lambda: services.adopt_poids(
                    cpts_id=cpts_id, poids=voulus, decision=form.cleaned_data["decision"], by=request.acteur
                ),
                done="Les points sont adoptés. La liste est recalculée.",
            )
            if adoptes:
                return redirect("medecin_traitant_poids", slug=slug)
        apercu = preview_poids(cpts_id, voulus)
    contexte: dict[str, Any] = {
        "titre": "Points de priorité",
        "onglets": build_onglets(request, "medecin_traitant_liste") if request.acteur.can(GERER) else [],
        "form": form,
        "courants": courants,
        "adoptions": list_poids(cpts_id),
        "apercu": apercu,
        "voit_demandes": request.acteur.can(GERER),
        "retour": reverse("medecin_traitant_totaux", args=[slug]),
    }
    return render(request, "medecin_traitant/poids.html", contexte, status=422 if form.errors else 200)
