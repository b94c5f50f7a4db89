"""Duties that are over: were they held? Pay waits for it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import presentation, selectors, services
from ..permissions import GERER
from .commun import build_fil


@acces(GERER)
@require_http_methods(["GET", "POST"])
def constats(request: Requete, slug: str) -> HttpResponse:
    """Those of which nobody spoke, roster by roster, all confirmed in one touch; then the last ones said."""
    if request.method == "POST":
        chosen = selectors.list_a_constater(request.cpts.pk)
        wanted = request.POST.get("tableau", "")
        done = sum(
            services.record_constats(tableau_id=tableau.pk, garde_ids=None, by=request.acteur)
            for tableau, _ in chosen
            if not wanted or str(tableau.pk) == wanted
        )
        messages.success(request, f"C’est noté\u00a0: {done} gardes tenues." if done > 1 else "C’est noté.")
        return redirect("gardes_constats", slug=slug)
    contexte = {
        "titre": "Gardes passées",
        "fil": build_fil(request, None, "Gardes passées"),
        "groupes": selectors.list_a_constater(request.cpts.pk),
        "dites": [(garde, presentation.show_etat(garde)) for garde in selectors.list_constatees(request.cpts.pk)],
    }
    return render(request, "gardes/constats.html", contexte)
