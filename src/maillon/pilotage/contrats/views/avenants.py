"""Entering an avenant."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from maillon.regles.erreurs import DefinitionContradictoire, ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse

from .. import regles, services
from ..enums import EtatContrat
from ..forms_avenants import AvenantForm
from ..models import Contrat
from ..permissions import MODIFIER
from ..termes import list_termes
from .versements import with_contrat


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
@with_contrat
def nouvel_avenant(request: Requete, contrat: Contrat) -> HttpResponse:
    """Change the terms from a date: refused whole, with the numbers that disagree."""
    slug = request.cpts.slug
    if contrat.etat != EtatContrat.ACTIF:
        messages.error(
            request, f"Le contrat est {contrat.get_etat_display()} : seul un contrat en vigueur a des avenants."
        )
        return redirect("pilotage:contrat", slug=slug)
    termes = list_termes(contrat, list(contrat.missions.all()), contrat.avenants.prefetch_related("missions"))[-1]
    fin = contrat.periode.upper - timedelta(days=1)
    indicateurs = [
        i for i in contrat.indicateurs.prefetch_related("paliers") if regles.is_in_force(i, max(termes.depuis, fin))
    ]
    form = AvenantForm(request.POST or None, request.FILES or None, termes=termes, indicateurs=indicateurs)
    if request.method == "POST" and form.is_valid():
        try:
            avenant = services.sign_avenant(contrat=contrat, donnees=form.donnees, by=request.acteur)
            messages.success(
                request, f"L’avenant n° {avenant.numero} est enregistré, à effet du {avenant.effet_le:%d/%m/%Y}."
            )
            return redirect("pilotage:contrat", slug=slug)
        except DefinitionContradictoire as refus:
            for probleme in refus.problemes:
                form.add_error(None, probleme)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    return render(
        request,
        "pilotage/avenant.html",
        {
            "titre": "Enregistrer un avenant",
            "fil": [
                ("L’année", reverse("pilotage:annee", args=[slug])),
                ("Le contrat", reverse("pilotage:contrat", args=[slug])),
                ("Nouvel avenant", ""),
            ],
            "form": form,
            "termes": termes,
        },
        status=422 if form.errors else 200,
    )
