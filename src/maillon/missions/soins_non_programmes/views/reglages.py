"""What the community decides of its unscheduled care."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from maillon.regles.horaires import load_heures
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import services
from ..forms.plages import ReglagesForm
from ..models import ActionRefusee
from ..permissions import GERER, REGLER
from ..selectors.reglages import get_reglages, get_today
from .gestes_creneaux import attempt


@acces(REGLER)
@require_http_methods(["GET", "HEAD", "POST"])
def reglages(request: Requete, slug: str) -> HttpResponse:
    """Hours promised, holidays, hours of the PDSA, delays."""
    cpts = request.cpts
    form = ReglagesForm(request.POST or None, instance=get_reglages(cpts.pk))
    if request.method == "POST" and form.is_valid():
        try:
            services.save_reglages(cpts=cpts, reglages=form.save(commit=False), by=request.acteur)
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            attempt(request, lambda: True, done="Les réglages sont enregistrés.")
            return redirect("soins_reglages", slug=slug)
    contexte = {
        "titre": "Réglages des soins non programmés",
        "fil": [
            ("Créneaux", reverse("soins_plages", args=[slug]) if request.acteur.can(GERER) else ""),
            ("Réglages", ""),
        ],
        "form": form,
        "heures": load_heures(on=get_today(cpts)),
    }
    return render(request, "soins_non_programmes/reglages.html", contexte, status=422 if form.errors else 200)
