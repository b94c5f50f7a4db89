"""The CPAM's table: sent once, its cells linked to figures, filled in every pack."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.selectors import get_contrat
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse

from .. import selectors, services
from ..forms import CorrespondancesForm, TableauForm
from ..matiere import list_chiffres_of
from ..models import ModeleTableau
from ..permissions import PREPARER


def _get_contrat(request: Requete) -> Contrat:
    contrat = get_contrat(request.cpts.pk)
    if contrat is None:
        raise Http404
    return contrat


def _render(
    request: Requete, modele: ModeleTableau | None, contexte: dict[str, Any], status: int = 200
) -> HttpResponse:
    base = {
        "titre": "Tableau de la CPAM",
        "fil": [
            ("Dossiers", reverse("dossiers:dossiers", args=[request.cpts.slug])),
            ("Tableau de la CPAM", ""),
        ],
        "modele": modele,
        "liees": len(modele.correspondances) if modele else 0,
        "places": len(modele.places) if modele else 0,
    }
    return render(request, "dossiers/tableau.html", base | contexte, status=status)


@acces(PREPARER)
@require_http_methods(["GET", "HEAD", "POST"])
def tableau(request: Requete, slug: str) -> HttpResponse:
    """Send the table, or see what goes where."""
    contrat = _get_contrat(request)
    chiffres = list_chiffres_of(contrat)
    if request.method == "POST":
        form = TableauForm(request.POST, request.FILES)
        if form.is_valid():
            piece = form.piece
            try:
                depose = services.store_modele(
                    contrat=contrat, nom=piece.nom, contenu=piece.contenu, chiffres=chiffres, by=request.acteur
                )
                liees, places = len(depose.correspondances), len(depose.places)
                messages.success(request, f"Tableau lu : {liees} cellules sur {places} ont trouvé leur chiffre.")
                return redirect("dossiers:tableau", slug=slug)
            except FichierRefuse as refus:
                form.add_error("fichier", str(refus))
        return _render(request, selectors.find_modele(contrat), {"form_tableau": form}, status=422)
    modele = selectors.find_modele(contrat)
    liens = CorrespondancesForm(modele=modele, chiffres=chiffres) if modele else None
    return _render(request, modele, {"form_tableau": TableauForm(), "liens": liens})


@acces(PREPARER)
@require_POST
def relier(request: Requete, slug: str) -> HttpResponse:
    """Say which figure goes in which cell."""
    contrat = _get_contrat(request)
    modele = selectors.find_modele(contrat)
    if modele is None:
        raise Http404
    chiffres = list_chiffres_of(contrat)
    form = CorrespondancesForm(request.POST, modele=modele, chiffres=chiffres)
    if form.is_valid():
        try:
            services.link_places(
                modele=modele, correspondances=form.correspondances, chiffres=chiffres, by=request.acteur
            )
            messages.success(request, "C’est noté : le prochain dossier remplira le tableau ainsi.")
            return redirect("dossiers:tableau", slug=slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _render(request, modele, {"form_tableau": TableauForm(), "liens": form}, status=422)


@acces(PREPARER)
@require_POST
def retirer(request: Requete, slug: str) -> HttpResponse:
    """Fill this table no more."""
    modele = selectors.find_modele(_get_contrat(request))
    if modele is not None:
        services.remove_modele(modele=modele, by=request.acteur)
        messages.success(request, "Le tableau est retiré : les prochains dossiers se feront sans lui.")
    return redirect("dossiers:dossiers", slug=slug)
