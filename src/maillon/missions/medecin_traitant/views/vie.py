"""The life of a request, from its sheet or the day's list: calls, tasks, priority, équipe traitante."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from maillon.regles.priorite import Niveau
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.typographie import format_date

from .. import services
from ..enums import IssueAppel, MotifPriorite, Personne, Quoi, RoleEquipe
from ..forms import AppelForm, EquipierForm, PrioriteForm, TacheForm
from ..permissions import GERER
from ..selectors import get_appel, get_demande, get_equipier, get_tache, list_equipables, list_responsables
from .commun import attempt, back_to_fiche
from .fiches import show_fiche


@acces(GERER, patients=True)
@require_POST
def appeler(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """One touch says how the call ended; the next date follows."""
    demande = get_demande(demande_id, for_acteur=request.acteur)
    form = AppelForm(request.POST)
    if not form.is_valid():
        return show_fiche(request, demande, status=422, appel_form=form)
    donnees = form.cleaned_data
    appel = attempt(
        request,
        lambda: services.record_appel(
            demande_id=demande.pk,
            issue=IssueAppel(donnees["issue"]),
            vers=Personne(donnees["vers"] or Personne.PATIENT),
            rappeler_le=donnees["rappeler_le"],
            by=request.acteur,
        ),
    )
    if appel:
        quand = f" À rappeler {format_date(appel.rappeler_le)}." if appel.rappeler_le else ""
        undo = reverse("medecin_traitant_annuler_appel", args=[slug, demande.pk, appel.pk])
        attempt(
            request, lambda: True, done=f"{demande.reference} : {appel.get_issue_display().lower()}.{quand}", undo=undo
        )
        if appel.issue == IssueAppel.JOINT:  # something was said: the sheet is where it is written
            return back_to_fiche(request, demande, fiche=True)
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def annuler_appel(request: Requete, slug: str, demande_id: UUID, appel_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    appel = get_appel(appel_id, demande=demande)
    attempt(
        request,
        lambda: services.cancel_appel(appel_id=appel.pk, by=request.acteur),
        done="L’appel est retiré, la date prévue avant lui est rendue.",
    )
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@sensitive_post_parameters()
@require_POST
def noter_tache(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    form = TacheForm(request.POST, membres=list_responsables(demande.cpts_id), prefix="t")
    if not form.is_valid():
        return show_fiche(request, demande, status=422, tache_form=form)
    donnees = form.cleaned_data
    attempt(
        request,
        lambda: services.add_tache(
            demande_id=demande.pk,
            quoi=Quoi(donnees["quoi"]),
            echeance=donnees["echeance"],
            responsable_id=UUID(donnees["responsable"]),
            precision=donnees["precision"],
            by=request.acteur,
        ),
        done="La tâche est notée.",
    )
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def finir_tache(request: Requete, slug: str, demande_id: UUID, tache_id: UUID) -> HttpResponse:
    """Done, taken away, or to be done again."""
    demande = get_demande(demande_id, for_acteur=request.acteur)
    tache = get_tache(tache_id, demande=demande)
    geste = request.POST.get("geste", "reprendre")  # « Annuler » posts nothing
    if geste == "reprendre":
        attempt(
            request,
            lambda: services.resume_tache(tache_id=tache.pk, by=request.acteur),
            done="La tâche est de nouveau à faire.",
        )
    elif tache.quoi == Quoi.REVOIR_EQUIPE and geste == "faite":
        _review(request, demande.pk)
    else:
        attempt(
            request,
            lambda: services.end_tache(tache_id=tache.pk, faite=geste == "faite", by=request.acteur),
            done="C’est fait." if geste == "faite" else "La tâche est retirée.",
            undo=reverse("medecin_traitant_finir_tache", args=[slug, demande.pk, tache.pk]),
        )
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@sensitive_post_parameters()
@require_POST
def decider_priorite(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    form = PrioriteForm(request.POST, prefix="p")
    if not form.is_valid():
        return show_fiche(request, demande, status=422, priorite_form=form)
    donnees = form.cleaned_data
    attempt(
        request,
        lambda: services.force_priorite(
            demande_id=demande.pk,
            niveau=Niveau(donnees["niveau"]),
            motif=MotifPriorite(donnees["motif"]),
            jusque=donnees["jusque"],
            precision=donnees["precision"],
            by=request.acteur,
        ),
        done=f"Priorité {donnees['niveau']} jusqu’au {format_date(donnees['jusque'], jour=False)}.",
        undo=reverse("medecin_traitant_rendre_priorite", args=[slug, demande.pk]),
    )
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def rendre_priorite(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.release_priorite(demande_id=demande.pk, by=request.acteur),
        done="La priorité est de nouveau celle du calcul.",
    )
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def ajouter_equipier(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    form = EquipierForm(request.POST, professionnels=list(list_equipables(demande.cpts_id)), prefix="e")
    if not form.is_valid():
        return show_fiche(request, demande, status=422, equipier_form=form)
    attempt(
        request,
        lambda: services.add_equipier(
            demande_id=demande.pk,
            professionnel_id=UUID(form.cleaned_data["professionnel"]),
            role=RoleEquipe(form.cleaned_data["role"]),
            by=request.acteur,
        ),
        done="Le professionnel est dans l’équipe traitante. La recherche d’un médecin continue.",
    )
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def retirer_equipier(request: Requete, slug: str, demande_id: UUID, equipier_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    equipier = get_equipier(equipier_id, demande=demande)
    attempt(
        request,
        lambda: services.end_equipier(equipier_id=equipier.pk, by=request.acteur),
        done="Le professionnel n’est plus dans l’équipe traitante : l’identité lui est fermée.",
    )
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def revoir_equipe(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    _review(request, demande.pk)
    return back_to_fiche(request, demande)


def _review(request: Requete, demande_id: UUID) -> None:
    prochaine = attempt(request, lambda: services.review_equipe(demande_id=demande_id, by=request.acteur))
    if prochaine:
        attempt(request, lambda: True, done=f"L’équipe traitante est revue. Prochaine revue {format_date(prochaine)}.")
