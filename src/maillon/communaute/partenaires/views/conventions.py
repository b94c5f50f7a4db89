"""The conventions signed with partners."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.structures.models import Structure
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.listes import afficher_liste

from .. import selectors, services
from ..forms import ConventionForm
from ..listes import ListeConventions, build_onglets
from ..models import Convention
from ..permissions import CONVENTIONS, GERER
from .fiches import build_fil


@acces(CONVENTIONS)
@require_safe
def conventions(request: Requete, slug: str) -> HttpResponse:
    """Every convention of the community, the last signed first."""
    contexte = {
        "fil": [("Partenaires", reverse("partenaires:partenaires", args=[slug])), ("Conventions", "")],
        "onglets": build_onglets(request, "conventions"),
    }
    rows = selectors.list_conventions(request.acteur)
    return afficher_liste(request, ListeConventions, rows, gabarit="partenaires/partenaires.html", contexte=contexte)


def _get(request: Requete, structure_id: UUID, pk: UUID) -> tuple[Structure, Convention]:
    structure = selectors.get_structure(structure_id, for_acteur=request.acteur)
    convention = selectors.get_convention(pk, for_acteur=request.acteur)
    if convention.structure_id != structure.pk:
        raise Http404
    return structure, convention


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: Requete, slug: str, structure_id: UUID) -> HttpResponse:
    """Record a convention."""
    structure = selectors.get_structure(structure_id, for_acteur=request.acteur)
    return _edit(request, structure, None, "Ajouter une convention")


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: Requete, slug: str, structure_id: UUID, pk: UUID) -> HttpResponse:
    """Change a convention."""
    structure, convention = _get(request, structure_id, pk)
    return _edit(request, structure, convention, "Modifier la convention")


def _edit(request: Requete, structure: Structure, convention: Convention | None, titre: str) -> HttpResponse:
    posted = request.method == "POST"
    form = ConventionForm(request.POST if posted else None, request.FILES if posted else None, convention=convention)
    page = reverse("partenaires:partenaire", args=[request.cpts.slug, structure.pk])
    if posted and form.is_valid():
        try:
            services.keep_convention(
                cpts_id=request.cpts.pk,
                structure=structure,
                valeurs=form.valeurs,
                document=form.piece,
                convention=convention,
                by=request.acteur,
            )
            messages.success(request, f"La convention avec {structure} est enregistrée.")
            return redirect(f"{page}#conventions")
        except FichierRefuse as refus:
            form.add_error("document", str(refus))
    contexte = {"titre": titre, "fil": build_fil(request.cpts.slug, structure, titre), "form": form, "annuler": page}
    return render(request, "partenaires/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def resilier(request: Requete, slug: str, structure_id: UUID, pk: UUID) -> HttpResponse:
    """Terminate a convention today."""
    structure, convention = _get(request, structure_id, pk)
    try:
        services.end_convention(convention=convention, le=today(), by=request.acteur)
        annuler = reverse("partenaires:retablir", args=[slug, structure.pk, pk])
        offer_undo(request, f"La convention avec {structure} est résiliée.", annuler)
    except services.PartenaireRefuse as refus:
        messages.error(request, str(refus))
    return redirect("partenaires:partenaire", slug=slug, structure_id=structure.pk)


@acces(GERER)
@require_POST
def retablir(request: Requete, slug: str, structure_id: UUID, pk: UUID) -> HttpResponse:
    """Take the termination back."""
    structure, convention = _get(request, structure_id, pk)
    services.end_convention(convention=convention, le=None, by=request.acteur)
    messages.success(request, f"La convention avec {structure} est de nouveau en vigueur.")
    return redirect("partenaires:partenaire", slug=slug, structure_id=structure.pk)
