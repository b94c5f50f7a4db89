"""The page of a partner: facts, contacts, professionals; what the community changes of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.models import Partenariat, Structure
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.composants import Fait, Pastille
from maillon.socle.ui.typographie import format_date

from .. import selectors, services
from ..forms import ContactForm, FicheForm
from ..listes import ETATS
from ..models import FicheStructure
from ..permissions import CONVENTIONS, GERER, VOIR


def build_fil(slug: str, structure: Structure, titre: str = "") -> list[tuple[str, str]]:
    page = reverse("partenaires:partenaire", args=[slug, structure.pk])
    suite = [(structure.nom, page), (titre, "")] if titre else [(structure.nom, "")]
    return [("Partenaires", reverse("partenaires:partenaires", args=[slug])), *suite]


@acces(VOIR)
@require_safe
def partenaire(request: Requete, slug: str, structure_id: UUID) -> HttpResponse:
    """Everything about one partner."""
    acteur, cpts_id = request.acteur, request.cpts.pk
    structure = selectors.get_structure(structure_id, for_acteur=acteur)
    partenariat = selectors.get_partenariat(structure, cpts_id)
    fiche = selectors.get_fiche(structure, cpts_id)
    conventions = selectors.group_conventions([structure.pk], for_acteur=acteur).get(structure.pk, [])
    termine = partenariat.jusqu_a is not None
    contexte = {
        "titre": structure.nom,
        "sous_titre": capfirst(structure.get_type_display()),
        "fil": build_fil(slug, structure),
        "structure": structure,
        "fiche": fiche,
        "pastille": Pastille("partenariat terminé") if termine else Pastille("partenaire", "bien"),
        "termine": termine,
        "faits": _build_faits(structure, partenariat, fiche),
        "contacts": selectors.list_contacts([structure.pk], for_acteur=acteur).get(structure.pk, []),
        "conventions": [(c, ETATS[c.etat(today())], c.terme(today())) for c in conventions],
        "sections": selectors.list_sections(structure, slug, for_acteur=acteur),
        "professionnels": selectors.list_professionnels(structure),
        "modifiable": acteur.can(GERER),
        "lit_conventions": acteur.can(CONVENTIONS),
        "jour": today(),
    }
    return render(request, "partenaires/partenaire.html", contexte)


def _build_faits(structure: Structure, partenariat: Partenariat, fiche: FicheStructure | None) -> list[Fait]:
    faits = [Fait("Commune", f"{structure.code_postal} {structure.commune}".strip())] if structure.commune else []
    for fait in selectors.compare_faits(structure, fiche):
        if fait.valeur:
            note = f"le fichier national dit : {fait.national}" if fait.national else ""
            faits.append(Fait(fait.libelle, fait.valeur, note))
    if fiche is not None and fiche.site:
        faits.append(Fait("Site", fiche.site, url=fiche.site))
    if structure.finess:
        faits.append(Fait("Numéro FINESS", structure.finess))
    periode = f"depuis le {format_date(partenariat.depuis, jour=False)}"
    if partenariat.jusqu_a:
        periode = f"du {format_date(partenariat.depuis, jour=False)} au {format_date(partenariat.jusqu_a, jour=False)}"
    return [*faits, Fait("Partenaire", periode, partenariat.objet)]


def _render_form(request: Requete, structure: Structure, form: Any, titre: str) -> HttpResponse:
    contexte = {
        "titre": titre,
        "fil": build_fil(request.cpts.slug, structure, titre),
        "form": form,
        "annuler": reverse("partenaires:partenaire", args=[request.cpts.slug, structure.pk]),
    }
    return render(request, "partenaires/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: Requete, slug: str, structure_id: UUID) -> HttpResponse:
    """What the community knows better than the national file."""
    structure = selectors.get_structure(structure_id, for_acteur=request.acteur)
    partenariat = selectors.get_partenariat(structure, request.cpts.pk)
    fiche = selectors.get_fiche(structure, request.cpts.pk)
    donnees = request.POST if request.method == "POST" else None
    form = FicheForm(donnees, instance=fiche, structure=structure, partenariat=partenariat)
    if request.method == "POST" and form.is_valid():
        services.keep_fiche(
            partenariat=partenariat, objet=form.cleaned_data["objet"], valeurs=form.valeurs, by=request.acteur
        )
        messages.success(request, f"La fiche de {structure} est à jour.")
        return redirect("partenaires:partenaire", slug=slug, structure_id=structure.pk)
    return _render_form(request, structure, form, "Compléter la fiche")


@acces(GERER)
@require_POST
def terminer(request: Requete, slug: str, structure_id: UUID) -> HttpResponse:
    """End the partnership."""
    structure = selectors.get_structure(structure_id, for_acteur=request.acteur)
    try:
        services.end_partenariat(partenariat=selectors.get_partenariat(structure, request.cpts.pk), by=request.acteur)
        annuler = reverse("partenaires:reprendre", args=[slug, structure.pk])
        offer_undo(request, f"Le partenariat avec {structure} a pris fin.", annuler)
    except services.PartenaireRefuse as refus:
        messages.error(request, str(refus))
    return redirect("partenaires:partenaire", slug=slug, structure_id=structure.pk)


@acces(GERER)
@require_POST
def reprendre(request: Requete, slug: str, structure_id: UUID) -> HttpResponse:
    """Take back the end of the partnership."""
    structure = selectors.get_structure(structure_id, for_acteur=request.acteur)
    try:
        services.resume_partenariat(
            partenariat=selectors.get_partenariat(structure, request.cpts.pk), by=request.acteur
        )
        messages.success(request, f"{structure} est de nouveau partenaire.")
    except services.PartenaireRefuse as refus:
        messages.error(request, str(refus))
    return redirect("partenaires:partenaire", slug=slug, structure_id=structure.pk)


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter_contact(request: Requete, slug: str, structure_id: UUID) -> HttpResponse:
    """Add somebody to call."""
    structure = selectors.get_structure(structure_id, for_acteur=request.acteur)
    return _edit_contact(request, structure, None, "Ajouter un contact")


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier_contact(request: Requete, slug: str, structure_id: UUID, personne_id: UUID) -> HttpResponse:
    """Change what is known of a contact."""
    structure = selectors.get_structure(structure_id, for_acteur=request.acteur)
    personne = selectors.get_contact(personne_id, structure, for_acteur=request.acteur)
    return _edit_contact(request, structure, personne, "Modifier le contact")


def _edit_contact(request: Requete, structure: Structure, personne: Personne | None, titre: str) -> HttpResponse:
    form = ContactForm(request.POST if request.method == "POST" else None, instance=personne)
    if request.method == "POST" and form.is_valid():
        kept = services.keep_contact(
            cpts_id=request.cpts.pk,
            structure=structure,
            personne=personne,
            valeurs={champ: form.cleaned_data[champ] for champ in form.Meta.fields},
            by=request.acteur,
        )
        messages.success(request, f"{kept} est un contact de {structure}.")
        return redirect("partenaires:partenaire", slug=request.cpts.slug, structure_id=structure.pk)
    return _render_form(request, structure, form, titre)


@acces(GERER)
@require_POST
def retirer_contact(request: Requete, slug: str, structure_id: UUID, personne_id: UUID) -> HttpResponse:
    """Say that a contact has left."""
    structure = selectors.get_structure(structure_id, for_acteur=request.acteur)
    personne = selectors.get_contact(personne_id, structure, for_acteur=request.acteur)
    services.leave_contact(personne=personne, partie=True, by=request.acteur)
    annuler = reverse("partenaires:remettre_contact", args=[slug, structure.pk, personne.pk])
    offer_undo(request, f"{personne} n’est plus un contact de {structure}.", annuler)
    return redirect("partenaires:partenaire", slug=slug, structure_id=structure.pk)


@acces(GERER)
@require_POST
def remettre_contact(request: Requete, slug: str, structure_id: UUID, personne_id: UUID) -> HttpResponse:
    """Take it back."""
    structure = selectors.get_structure(structure_id, for_acteur=request.acteur)
    personne = selectors.get_contact(personne_id, structure, for_acteur=request.acteur)
    services.leave_contact(personne=personne, partie=False, by=request.acteur)
    messages.success(request, f"{personne} est de nouveau un contact de {structure}.")
    return redirect("partenaires:partenaire", slug=slug, structure_id=structure.pk)
