"""The desk: its lists, and a new request by telephone."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.listes import afficher_liste

from .. import services
from ..enums import OUVERTS, TERMINES, Accord, Etat
from ..forms import GuichetForm, label_commune
from ..permissions import ADOPTER_POIDS, GERER
from ..selectors import (
    list_communes,
    list_demandes,
)
from ..selectors.entrees import find_connues, list_medecins_choix
from .commun import file_from_form, notice_contexte
from .listes import build_liste
from .onglets import FIL, build_onglets


def _show_liste(request: Requete, etats: tuple[Etat, ...]) -> HttpResponse:
    demandes = list_demandes(for_acteur=request.acteur).filter(etat__in=etats)
    if etats == TERMINES:  # a rank says nothing any more, and hundreds of thousands would be sorted to show thirty
        demandes = demandes.order_by("-deposee_le", "-pk")
    if etats == OUVERTS:  # those who must still agree have their own list
        demandes = demandes.filter(accord=Accord.RECUEILLI)
    here = "medecin_traitant_liste" if etats == OUVERTS else "medecin_traitant_terminees"
    contexte = {
        "onglets": build_onglets(request, here),
        "par_lot": etats == OUVERTS,
        "adopte_poids": request.acteur.can(ADOPTER_POIDS),
    }
    return afficher_liste(
        request, build_liste(request, etats), demandes, gabarit="medecin_traitant/liste.html", contexte=contexte
    )


@acces(GERER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def liste(request: Requete, slug: str) -> HttpResponse:
    """Open requests, first in rank first."""
    return _show_liste(request, OUVERTS)


@acces(GERER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def liste_terminees(request: Requete, slug: str) -> HttpResponse:
    return _show_liste(request, TERMINES)


@acces(GERER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: Requete, slug: str) -> HttpResponse:
    """A request by telephone on one page, qualified as it is heard."""
    communes = list_communes(request.cpts.pk)
    form = GuichetForm(request.POST or None, communes=communes, medecins=list_medecins_choix(request.cpts.pk))
    if request.method == "POST" and form.is_valid():
        depot = file_from_form(request, form.cleaned_data, guichet=True)
        if depot:
            return redirect("medecin_traitant_fiche", slug=slug, demande_id=depot.demande.pk)
    contexte = {
        "titre": "Nouvelle demande au téléphone",
        "form": form,
        "communes": [label_commune(commune) for commune in communes],
        "guichet": True,
        **notice_contexte(),
        "cle": services.read_cle(request.POST.get("cle", "")),
        "retour": reverse("medecin_traitant_liste", args=[slug]),
        "fil": [(FIL, reverse("medecin_traitant_liste", args=[slug])), ("Nouvelle demande", "")],
    }
    return render(request, "medecin_traitant/nouvelle.html", contexte, status=422 if form.errors else 200)


@acces(GERER, patients=True)
@sensitive_post_parameters()
@require_POST
def connues(request: Requete, slug: str) -> HttpResponse:
    """While the person speaks: the open requests under the number or the name typed. Nothing is blocked."""
    found = find_connues(
        telephone=request.POST.get("telephone", "")[:25],
        nom=request.POST.get("nom", "")[:80],
        prenom=request.POST.get("prenom", "")[:80],
        by=request.acteur,
    )
    return render(request, "medecin_traitant/_connues.html", {"connues": found})
