"""Medical assistants, IPA, delegation protocols, and the potential that they free."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.regles.protocoles import list_protocoles
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.listes import afficher_liste

from .. import services
from ..forms import RenfortForm, renfort_initial
from ..models import Renfort
from ..permissions import GERER
from ..selectors.offre import compute_potentiel, get_renfort, list_renforts
from ..selectors.recensement import list_recenses
from .commun import attempt
from .listes_places import ListeRenforts
from .onglets_places import build_fil, build_onglets_places

RENFORTS = "Renforts"


@acces(GERER)
@require_safe
def renforts(request: Requete, slug: str) -> HttpResponse:
    contexte = {
        "fil": build_fil(request, (RENFORTS, "")),
        "onglets": build_onglets_places(request, "medecin_traitant_renforts"),
        "potentiel": compute_potentiel(request.cpts.pk, on=today()),
        "protocoles": list_protocoles(on=today()),
    }
    return afficher_liste(
        request,
        ListeRenforts,
        list_renforts(request.acteur),
        gabarit="medecin_traitant/renforts.html",
        contexte=contexte,
    )


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def nouveau(request: Requete, slug: str) -> HttpResponse:
    return _edit(request, slug, None)


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def renfort(request: Requete, slug: str, renfort_id: UUID) -> HttpResponse:
    return _edit(request, slug, get_renfort(renfort_id, for_acteur=request.acteur))


def _edit(request: Requete, slug: str, found: Renfort | None) -> HttpResponse:
    cpts_id = request.cpts.pk
    medecins = list_recenses(cpts_id).order_by("nom_recherche")
    initial = renfort_initial(found) if found else {"depuis": today()}
    form = RenfortForm(request.POST or None, initial=initial, medecins=medecins)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            request,
            lambda: services.record_renfort(
                cpts_id=cpts_id,
                saisie=form.to_saisie(),
                medecins=list(form.cleaned_data["medecins"]),
                by=request.acteur,
                renfort_id=found.pk if found else None,
            ),
            done="Le renfort est enregistré.",
        )
        if saved:
            return redirect("medecin_traitant_renforts", slug=slug)
    liste = reverse("medecin_traitant_renforts", args=[slug])
    titre = str(found) if found else "Enregistrer un renfort"
    contexte = {
        "titre": titre,
        "fil": build_fil(request, (RENFORTS, liste), (titre, "")),
        "form": form,
        "annuler": liste,
        "renfort": found,
        "terminable": found is not None and (found.jusqu_au is None or found.jusqu_au > today()),
    }
    return render(request, "medecin_traitant/renfort.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def terminer(request: Requete, slug: str, renfort_id: UUID) -> HttpResponse:
    found = get_renfort(renfort_id, for_acteur=request.acteur)
    services.end_renfort(renfort_id=found.pk, by=request.acteur)
    undo = reverse("medecin_traitant_renfort_reprendre", args=[slug, found.pk])
    offer_undo(request, f"«\u00a0{found}\u00a0» est terminé.", undo)
    return redirect("medecin_traitant_renforts", slug=slug)


@acces(GERER)
@require_POST
def reprendre(request: Requete, slug: str, renfort_id: UUID) -> HttpResponse:
    found = get_renfort(renfort_id, for_acteur=request.acteur)
    services.resume_renfort(renfort_id=found.pk, by=request.acteur)
    return redirect("medecin_traitant_renforts", slug=slug)
