"""The partners as a list and as a map, and adding one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from maillon.communaute.structures.models import Structure
from maillon.communaute.territoire.selectors import get_zones
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.cartes import Zone, build_carte
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_nombre

from .. import selectors, services
from ..forms import RechercheForm, StructureForm
from ..listes import ListePartenaires, build_onglets
from ..permissions import GERER, VOIR


@acces(VOIR)
@require_safe
def partenaires(request: Requete, slug: str) -> HttpResponse:
    """The partners of today, or those of before."""
    termines = request.GET.get("termines") == "oui"
    rows = selectors.list_partenariats(request.cpts.pk, on=today(), termines=termines)
    contexte = {
        "fil": [("Communauté", ""), ("Partenaires", "")],
        "onglets": build_onglets(request, "termines" if termines else "cours"),
        "modifiable": request.acteur.can(GERER),
    }
    return afficher_liste(request, ListePartenaires, rows, gabarit="partenaires/partenaires.html", contexte=contexte)


@acces(VOIR)
@require_safe
def carte(request: Requete, slug: str) -> HttpResponse:
    """How many partners each commune has."""
    cpts_id = request.cpts.pk
    nombres = selectors.count_by_commune(cpts_id, on=today())
    codes = list(dict.fromkeys([*selectors.get_territoire_codes(cpts_id, on=today()), *nombres]))
    adresse = reverse("partenaires:partenaires", args=[slug])
    zones = [
        Zone(
            zone.id,
            zone.nom,
            zone.rings,
            valeur=float(nombres.get(zone.id, 0)),
            url=f"{adresse}?commune={zone.id}" if nombres.get(zone.id) else "",
        )
        for zone in get_zones(codes)
    ]
    avec = sum(bool(zone.valeur) for zone in zones)
    dessin = (
        build_carte(
            zones,
            titre=f"{compter(sum(nombres.values()), 'partenaire', 'partenaires')} dans "
            f"{compter(avec, 'commune', 'communes')}",
            libelle_zone="Commune",
            libelle_valeur="Partenaires",
            write=format_nombre,
            bornes=[0.0, 1.0, 3.0, 6.0, max(7.0, *(zone.valeur or 0.0 for zone in zones))],
        )
        if zones
        else None
    )
    contexte = {
        "titre": "Partenaires",
        "fil": [("Partenaires", adresse), ("Sur la carte", "")],
        "onglets": build_onglets(request, "carte"),
        "carte": dessin,
        "modifiable": request.acteur.can(GERER),
    }
    return render(request, "partenaires/carte.html", contexte)


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: Requete, slug: str) -> HttpResponse:
    """Find a structure in the national file and make it a partner."""
    if request.method == "POST":
        return _add(request, slug)
    form = RechercheForm(request.GET if "q" in request.GET else None)
    resultats: list[tuple[Structure, bool]] = []
    if form.is_bound and form.is_valid():
        lu = form.cleaned_data
        resultats = selectors.search_nationales(lu["q"], lu["type"], request.cpts.pk)
    contexte = {
        "titre": "Ajouter un partenaire",
        "fil": [("Partenaires", reverse("partenaires:partenaires", args=[slug])), ("Ajouter", "")],
        "form": form,
        "cherche": form.is_bound,
        "resultats": resultats,
        "complets": len(resultats) < selectors.RESULTATS_MAX,
    }
    return render(request, "partenaires/ajouter.html", contexte)


def _add(request: Requete, slug: str) -> HttpResponse:
    try:
        structure = Structure.objects.get(pk=UUID(request.POST.get("structure", "")))
    except (ValueError, Structure.DoesNotExist):
        raise Http404 from None
    try:
        services.add_partenaire(cpts_id=request.cpts.pk, structure=structure, by=request.acteur)
    except services.PartenaireRefuse as refus:
        messages.error(request, str(refus))
        return redirect("partenaires:ajouter", slug=slug)
    annuler = reverse("partenaires:terminer", args=[slug, structure.pk])
    offer_undo(request, f"{structure} est partenaire de la communauté.", annuler)
    return redirect("partenaires:partenaire", slug=slug, structure_id=structure.pk)


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def creer(request: Requete, slug: str) -> HttpResponse:
    """Enter a structure that the national file does not have."""
    form: Any = StructureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        partenariat = services.create_partenaire(cpts_id=request.cpts.pk, donnees=form.donnees, by=request.acteur)
        messages.success(request, f"{partenariat.structure} est partenaire de la communauté.")
        return redirect("partenaires:partenaire", slug=slug, structure_id=partenariat.structure_id)
    contexte = {
        "titre": "Saisir un partenaire",
        "fil": [("Partenaires", reverse("partenaires:partenaires", args=[slug])), ("Saisir", "")],
        "form": form,
        "semblables": form.semblables,
        "annuler": reverse("partenaires:ajouter", args=[slug]),
    }
    return render(request, "partenaires/creer.html", contexte, status=422 if form.errors else 200)
