"""Groups: the list, a group with its people, and what one does with them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui import annonces
from maillon.socle.ui.composants import Fait
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_date

from .. import selectors, services
from ..enums import GenreGroupe
from ..forms import AjoutForm, DepartForm, GroupeForm
from ..listes import ListeDuGroupe, ListeGroupes
from ..models import Appartenance, Groupe, Personne
from ..permissions import GERER, VOIR


@acces(VOIR)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    groupes = selectors.list_groupes(for_acteur=request.acteur, on=today())
    if request.GET.get("fermes", "") != "oui":
        groupes = groupes.filter(ferme_le=None)
    contexte = {"fil": [("Communauté", ""), ("Groupes", "")], "gerer": request.acteur.can(GERER)}
    return afficher_liste(request, ListeGroupes, groupes, gabarit="personnes/groupes.html", contexte=contexte)


@acces(VOIR)
@require_safe
def fiche(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A group and its people today."""
    groupe = selectors.get_groupe(pk, for_acteur=request.acteur)
    return _show(request, groupe)


def _show(request: Requete, groupe: Groupe, form: AjoutForm | None = None) -> HttpResponse:
    gerer = request.acteur.can(GERER) and groupe.ferme_le is None
    rows = selectors.list_membres_of(groupe, on=today())
    contexte: dict[str, Any] = {
        "titre": groupe.nom,
        "sous_titre": groupe.objet,
        "fil": [
            ("Communauté", ""),
            ("Groupes", reverse("personnes_groupes", args=[request.cpts.slug])),
            (groupe.nom, ""),
        ],
        "groupe": groupe,
        "faits": _faits(groupe),
        "gerer": gerer,
        "peut_rouvrir": request.acteur.can(GERER) and groupe.ferme_le is not None,
        "a_venir": selectors.list_a_venir(groupe, on=today()),
    }
    if gerer:
        present = list(rows)
        sauf = {str(appartenance.personne_id) for appartenance in present}
        contexte |= {
            "presents": present,
            "form": form or AjoutForm(cpts_id=groupe.cpts_id, sauf=sauf),
            "form_depart": DepartForm(),
        }
    reponse = afficher_liste(request, ListeDuGroupe, rows, gabarit="personnes/groupe.html", contexte=contexte)
    if form is not None and form.errors:
        reponse.status_code = 422
    return reponse


def _faits(groupe: Groupe) -> list[Fait]:
    faits = [Fait("Genre", groupe.get_genre_display())]
    if groupe.mission:
        faits.append(Fait("Mission", groupe.get_mission_display()))
    if groupe.instance:
        faits.append(Fait("Composition", "suit les mandats de l’association"))
    if groupe.ferme_le:
        faits.append(Fait("Fermé le", format_date(groupe.ferme_le, jour=False)))
    return faits


def _save(request: Requete, form: GroupeForm, groupe: Groupe | None) -> Groupe | None:
    try:
        donnees = form.cleaned_data
        return services.save_groupe(
            groupe=groupe,
            cpts_id=request.cpts.pk,
            nom=donnees["nom"],
            genre=GenreGroupe(donnees["genre"]),
            mission=donnees["mission"],
            objet=donnees["objet"],
            by=request.acteur,
        )
    except ValidationError as refus:
        form.add_error("nom", refus.messages[0])
        return None


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: Requete, slug: str) -> HttpResponse:
    form = GroupeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (groupe := _save(request, form, None)):
        messages.success(request, f"Le groupe « {groupe} » est créé. Ajoutez ses membres.")
        return redirect("personnes_groupe", slug=slug, pk=groupe.pk)
    return _show_form(request, form, "Créer un groupe", reverse("personnes_groupes", args=[slug]))


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    groupe = selectors.get_groupe(pk, for_acteur=request.acteur)
    form = GroupeForm(request.POST or None, groupe=groupe)
    if request.method == "POST" and form.is_valid() and _save(request, form, groupe):
        messages.success(request, "Le groupe est corrigé.")
        return redirect("personnes_groupe", slug=slug, pk=pk)
    return _show_form(request, form, f"Modifier « {groupe} »", reverse("personnes_groupe", args=[slug, pk]))


def _show_form(request: Requete, form: Any, titre: str, retour: str) -> HttpResponse:
    fil = [("Communauté", ""), ("Groupes", reverse("personnes_groupes", args=[request.cpts.slug])), (titre, "")]
    contexte = {"titre": titre, "fil": fil, "form": form, "retour": retour}
    return render(request, "personnes/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def fermer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    groupe = selectors.get_groupe(pk, for_acteur=request.acteur)
    if groupe.ferme_le is None:
        services.close_groupe(groupe=groupe, by=request.acteur)
        annonces.offer_undo(request, f"« {groupe} » est fermé.", reverse("personnes_groupe_rouvrir", args=[slug, pk]))
    return redirect("personnes_groupe", slug=slug, pk=pk)


@acces(GERER)
@require_POST
def rouvrir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    groupe = selectors.get_groupe(pk, for_acteur=request.acteur)
    try:
        services.reopen_groupe(groupe=groupe, by=request.acteur)
        messages.success(request, f"« {groupe} » est rouvert.")
    except ValidationError as refus:
        messages.error(request, refus.messages[0])
    return redirect("personnes_groupe", slug=slug, pk=pk)


@acces(GERER)
@require_POST
def composer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Put people in a group."""
    groupe = selectors.get_groupe(pk, for_acteur=request.acteur)
    form = AjoutForm(request.POST, cpts_id=groupe.cpts_id, sauf=set())
    if not form.is_valid():
        return _show(request, groupe, form)
    people = Personne.objects.filter(cpts_id=groupe.cpts_id, pk__in=form.cleaned_data["personnes"])
    for personne in people:
        services.join_groupe(
            groupe=groupe,
            personne=personne,
            depuis=form.cleaned_data["depuis"],
            responsable=form.cleaned_data["responsable"],
            by=request.acteur,
        )
    messages.success(request, f"{compter(len(people), 'personne ajoutée', 'personnes ajoutées')} à « {groupe} ».")
    return redirect("personnes_groupe", slug=slug, pk=pk)


def _act(request: Requete, pk: UUID, appartenance_id: UUID, act: Callable[[Appartenance], None]) -> HttpResponse:
    groupe = selectors.get_groupe(pk, for_acteur=request.acteur)
    act(selectors.get_appartenance(groupe, appartenance_id))
    return redirect("personnes_groupe", slug=request.cpts.slug, pk=pk)


@acces(GERER)
@require_POST
def retirer(request: Requete, slug: str, pk: UUID, appartenance_id: UUID) -> HttpResponse:
    """Take somebody out of a group, from today or from the day given."""
    form = DepartForm(request.POST)
    le = form.cleaned_data["le"] if form.is_valid() else today()

    def act(appartenance: Appartenance) -> None:
        services.leave_groupe(appartenance=appartenance, on=le, by=request.acteur)
        undo = reverse("personnes_groupe_remettre", args=[slug, pk, appartenance_id])
        annonces.offer_undo(request, f"{appartenance.personne} quitte le groupe.", undo)

    return _act(request, pk, appartenance_id, act)


@acces(GERER)
@require_POST
def remettre(request: Requete, slug: str, pk: UUID, appartenance_id: UUID) -> HttpResponse:
    return _act(request, pk, appartenance_id, lambda a: services.rejoin_groupe(appartenance=a, by=request.acteur))


@acces(GERER)
@require_POST
def responsable(request: Requete, slug: str, pk: UUID, appartenance_id: UUID) -> HttpResponse:
    oui = request.POST.get("oui") == "1"
    return _act(
        request,
        pk,
        appartenance_id,
        lambda a: services.name_responsable(appartenance=a, responsable=oui, by=request.acteur),
    )
