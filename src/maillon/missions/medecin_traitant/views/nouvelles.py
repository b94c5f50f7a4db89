"""After a placement: what the desk, the doctor and the person say of it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillon.socle.droits.permissions import acces, acces_lien
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today

from .. import services
from ..enums import Action, Declaration, Etat, Issue
from ..forms import NouvellesForm, RendezVousForm
from ..models import Demande
from ..permissions import GERER, REPONDRE
from ..selectors import get_demande
from .commun import attempt, back_to_fiche
from .fiches import show_fiche

GESTES = frozenset({"rdv", "declaree", "non_declaree", "oublier_declaration", "nouvelles", "finir", "reprendre"})


@acces(GERER, patients=True)
@require_POST
def suite(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """What the desk learns by telephone: first appointment, declaration, news; or the end of the follow-up."""
    demande = get_demande(demande_id, for_acteur=request.acteur)
    geste = request.POST.get("geste", "reprendre")  # « Annuler » posts nothing
    if geste == "rdv":
        form = RendezVousForm(request.POST)
        if not form.is_valid():
            return show_fiche(request, demande, status=422, rendez_vous_form=form)
        _note_rendez_vous(request, demande, form)
    elif geste == "nouvelles":
        bilan = NouvellesForm(request.POST, declaration=demande.issue == Issue.MEDECIN_TRAITANT, prefix="bilan")
        if not bilan.is_valid():
            return show_fiche(request, demande, status=422, nouvelles_form=bilan)
        attempt(
            request,
            lambda: _record(request, demande, bilan),
            done="Les nouvelles sont notées.",
        )
    elif geste in GESTES:
        _note_declaration_or_end(request, demande, geste)
    return back_to_fiche(request, demande)


def _note_declaration_or_end(request: Requete, demande: Demande, geste: str) -> None:
    acteur, pk = request.acteur, demande.pk
    here = reverse("medecin_traitant_suite", args=[request.cpts.slug, pk])
    declarations = {"declaree": Declaration.FAITE, "non_declaree": Declaration.NON_FAITE, "oublier_declaration": None}
    if geste in declarations:
        said = declarations[geste]
        attempt(
            request,
            lambda: services.record_declaration(demande_id=pk, declaration=said, by=acteur),
            done="La déclaration est notée." if said else "La déclaration n’est plus notée.",
        )
    elif geste == "finir":
        attempt(
            request,
            lambda: services.end_suivi(demande_id=pk, by=acteur),
            done="Le suivi est fini. Le médecin reste celui de la personne.",
            undo=here,
        )
    else:
        attempt(
            request, lambda: services.resume_suivi(demande_id=pk, by=acteur), done="Le suivi reprend où il en était."
        )


def _note_rendez_vous(request: Requete, demande: Demande, form: RendezVousForm) -> None:
    attempt(
        request,
        lambda: services.record_premier_rdv(
            demande_id=demande.pk, le=form.cleaned_data["premier_rdv_le"], by=request.acteur
        ),
        done="Le premier rendez-vous est noté.",
    )


@acces(REPONDRE, patients=True)
@require_POST
def suite_par_medecin(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """The doctor proposes the first appointment, or says that the declaration is made: own patients only."""
    demande = get_demande(demande_id, for_acteur=request.acteur)
    if demande.etat != Etat.PLACEE or demande.medecin is None or demande.medecin.rpps != request.acteur.rpps:
        raise Http404
    if request.POST.get("geste") == "declaree":
        attempt(
            request,
            lambda: services.declare_by_medecin(demande_id=demande.pk, by=request.acteur),
            done="Merci, c’est noté.",
        )
    else:
        form = RendezVousForm(request.POST)
        if form.is_valid():
            _note_rendez_vous(request, demande, form)
        else:
            messages.error(request, "Le rendez-vous n’est pas noté : donnez un jour.")
    return redirect("medecin_traitant_mes_patients", slug=slug)


@acces_lien(services.LIEN_NOUVELLES, patients=True)
@require_http_methods(["GET", "HEAD", "POST"])
def donner(request: Requete, jeton: str) -> HttpResponse:
    """The person says what became of it, without password: the day of the first appointment, or two answers."""
    demande = get_demande(request.lien.objet_id, for_acteur=request.acteur)
    attendues = demande.etat == Etat.PLACEE and demande.suivi_fini_le is None
    declaration = demande.issue == Issue.MEDECIN_TRAITANT
    rdv = RendezVousForm(initial={"premier_rdv_le": demande.premier_rdv_le})
    bilan = NouvellesForm(declaration=declaration, prefix="bilan")
    donnee = ""
    if request.method == "POST" and attendues:
        if request.POST.get("geste") == "rdv":
            rdv = RendezVousForm(request.POST)
            donnee = "rdv" if rdv.is_valid() and _note(request, demande, rdv) else ""
        else:
            bilan = NouvellesForm(request.POST, declaration=declaration, prefix="bilan")
            donnee = _answer(request, demande, bilan) if bilan.is_valid() else ""
    contexte = {
        "titre": "Votre nouveau médecin",
        "demande": demande,
        "medecin": demande.medecin,
        "attendues": attendues,
        "a_trois_mois": demande.prochaine_action == Action.BILAN,
        "rdv_form": rdv,
        "form": bilan,
        "donnee": donnee,
        "passe": demande.premier_rdv_le is not None and demande.premier_rdv_le <= today(),
    }
    status = 422 if rdv.errors or bilan.errors else 200
    return render(request, "medecin_traitant/nouvelles.html", contexte, status=status)


def _note(request: Requete, demande: Demande, form: RendezVousForm) -> bool:
    return bool(
        attempt(
            request,
            lambda: services.record_premier_rdv(
                demande_id=demande.pk, le=form.cleaned_data["premier_rdv_le"], by=request.acteur
            ),
        )
    )


def _record(request: Requete, demande: Demande, form: NouvellesForm) -> Demande:
    return services.record_bilan(
        demande_id=demande.pk, suivie=form.is_suivie, declaree=form.is_declaree, by=request.acteur
    )


def _answer(request: Requete, demande: Demande, form: NouvellesForm) -> str:
    """« bien » when all is well, « decider » when the desk will call."""
    result = attempt(request, lambda: _record(request, demande, form))
    if not result:
        return ""
    return "bien" if result.suivi_fini_le else "decider"
