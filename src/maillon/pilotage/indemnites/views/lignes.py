"""One participation or one expense: its sheet, and the gestures of its course."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui import annonces

from .. import presentation
from ..enums import TRANSITIONS, Etat
from ..forms.declarations import DeclarationForm, FraisForm, MotifForm
from ..models import Approbation, Declaration, Frais
from ..permissions import APPROUVER, DECLARER, GERER, LIRE, SUIVRE, VERIFIER
from ..selectors.approbation import build_avertissements, get_ligne, list_miennes, list_traces, may_decide
from ..selectors.gens import find_employeur, get_personne
from ..services import approbation as services
from ..services.frais import correct_frais
from ..services.participations import correct
from .commun import REFUS


@acces(DECLARER)
@require_GET
def fiche(request: Requete, slug: str, genre: str, pk: UUID) -> HttpResponse:
    """What it is, where it stands, what may be done."""
    return _show_fiche(request, get_ligne(genre, pk, for_acteur=request.acteur))


def _is_mienne(request: Requete, ligne: Approbation) -> bool:
    return ligne.personne_id in list_miennes(request.acteur)


def _may_correct(request: Requete, ligne: Approbation) -> bool:
    """Its person, or whoever enters for others, before it is approved."""
    ouverte = Etat.DECLAREE in TRANSITIONS[Etat(ligne.etat)]
    return ouverte and (_is_mienne(request, ligne) or request.acteur.can(GERER))


def _show_fiche(request: Requete, ligne: Approbation, form: MotifForm | None = None) -> HttpResponse:
    slug, acteur = request.cpts.slug, request.acteur
    suit = acteur.can(SUIVRE)
    decide = may_decide(acteur, ligne)
    corrige = _may_correct(request, ligne)
    avertis = build_avertissements([ligne])[ligne.pk] if decide and isinstance(ligne, Declaration) else []
    genre = presentation.genre_of(ligne)
    accueil = ("Indemnités", reverse("indemnites:accueil", args=[slug]))
    contexte = {
        "titre": ligne.libelle,
        "sous_titre": presentation.say_calcul(ligne),
        "fil": [
            accueil if suit else ("Mes indemnités", reverse("indemnites:miennes", args=[slug])),
            ("Participation" if genre == "participations" else "Note de frais", ""),
        ],
        "ligne": ligne,
        "genre": genre,
        "etat": presentation.show_etat(ligne),
        "faits": presentation.build_faits(ligne, slug, lien_personne=acteur.can(LIRE)),
        "evenements": presentation.build_frise(list_traces(ligne)),
        "avertissements": avertis,
        "peut_verifier": decide and ligne.etat == Etat.DECLAREE,
        "peut_approuver": decide and ligne.etat == Etat.VERIFIEE,
        "peut_refuser": decide,
        "peut_corriger": corrige,
        "peut_retirer": corrige and Etat.ECARTEE in TRANSITIONS[Etat(ligne.etat)],
        "peut_reprendre": corrige and ligne.etat == Etat.ECARTEE,
        "peut_contrepasser": acteur.can(APPROUVER)
        and ligne.is_locked
        and not ligne.contrepasse_id
        and getattr(ligne, "contrepassee_par", None) is None
        and not _is_mienne(request, ligne),
        "form_motif": form or MotifForm(),
        "form": form,
        "inverse": getattr(ligne, "contrepassee_par", None),
    }
    return render(request, "indemnites/fiche.html", contexte, status=422 if form else 200)


def _act(
    request: Requete, ligne: Approbation, act: Callable[[Any], Any], dit: str, undo: str = "", suite: str = ""
) -> HttpResponse:
    """Do it, say it, and go on; what is refused is said on the sheet."""
    slug = request.cpts.slug
    try:
        act(ligne)
    except REFUS as refus:
        messages.error(request, str(refus))
        return redirect(presentation.url_of(ligne, slug))
    if undo:
        annonces.offer_undo(request, dit, presentation.url_of(ligne, slug, undo))
    else:
        messages.success(request, dit)
    return redirect(f"indemnites:{suite}", slug=slug) if suite else redirect(presentation.url_of(ligne, slug))


def _get_decidable(request: Requete, genre: str, pk: UUID) -> Approbation:
    """A row that this actor may check, approve or refuse, or 404 for one outside their missions."""
    ligne = get_ligne(genre, pk, for_acteur=request.acteur)
    if not request.acteur.can(LIRE) and ligne.mission not in request.acteur.missions:
        raise Http404
    return ligne


@acces(VERIFIER)
@require_POST
def verifier(request: Requete, slug: str, genre: str, pk: UUID) -> HttpResponse:
    """First step."""
    ligne = _get_decidable(request, genre, pk)
    return _act(
        request,
        ligne,
        lambda une: services.verify(ligne=une, by=request.acteur),
        f"« {ligne.libelle} » est vérifié : au bureau d’approuver.",
        undo="reprendre",
        suite="accueil",
    )


@acces(APPROUVER)
@require_POST
def approuver(request: Requete, slug: str, genre: str, pk: UUID) -> HttpResponse:
    """Second step: final."""
    ligne = _get_decidable(request, genre, pk)
    return _act(
        request,
        ligne,
        lambda une: services.approve(ligne=une, by=request.acteur),
        f"« {ligne.libelle} » est approuvé.",
        suite="accueil",
    )


@acces(SUIVRE)
@require_POST
def refuser(request: Requete, slug: str, genre: str, pk: UUID) -> HttpResponse:
    """No, and why."""
    ligne = _get_decidable(request, genre, pk)
    if not may_decide(request.acteur, ligne):
        messages.error(request, "Cette ligne n’attend pas votre décision.")
        return redirect(presentation.url_of(ligne, slug))
    form = MotifForm(request.POST)
    if not form.is_valid():
        return _show_fiche(request, ligne, form)
    motif = form.cleaned_data["motif"]
    return _act(
        request,
        ligne,
        lambda une: services.refuse(ligne=une, motif=motif, by=request.acteur),
        f"« {ligne.libelle} » est refusé ; la personne peut corriger.",
        undo="reprendre",
    )


@acces(APPROUVER)
@require_POST
def contrepasser(request: Requete, slug: str, genre: str, pk: UUID) -> HttpResponse:
    """Reverse what is approved."""
    ligne = _get_decidable(request, genre, pk)
    form = MotifForm(request.POST)
    if not form.is_valid():
        return _show_fiche(request, ligne, form)
    motif = form.cleaned_data["motif"]
    return _act(
        request,
        ligne,
        lambda une: services.reverse(ligne=une, motif=motif, by=request.acteur),
        f"« {ligne.libelle} » est contre-passé : une ligne du montant opposé est ajoutée.",
    )


@acces(DECLARER)
@require_POST
def retirer(request: Requete, slug: str, genre: str, pk: UUID) -> HttpResponse:
    """It is not asked for any more."""
    ligne = get_ligne(genre, pk, for_acteur=request.acteur)
    if not _may_correct(request, ligne):
        raise Http404
    return _act(
        request,
        ligne,
        lambda une: services.withdraw(ligne=une, by=request.acteur),
        f"« {ligne.libelle} » est écarté.",
        undo="reprendre",
        suite="miennes" if _is_mienne(request, ligne) else "accueil",
    )


@acces(DECLARER)
@require_POST
def reprendre(request: Requete, slug: str, genre: str, pk: UUID) -> HttpResponse:
    """Take back a withdrawal, a check or a refusal."""
    ligne = get_ligne(genre, pk, for_acteur=request.acteur)
    if not (_may_correct(request, ligne) or may_decide(request.acteur, ligne) or request.acteur.can(VERIFIER)):
        raise Http404
    return _act(
        request,
        ligne,
        lambda une: services.reopen(ligne=une, by=request.acteur),
        f"« {ligne.libelle} » revient au début.",
    )


@acces(DECLARER)
@require_http_methods(["GET", "POST"])
def corriger(request: Requete, slug: str, genre: str, pk: UUID) -> HttpResponse:
    """Change what is not approved: it starts again."""
    ligne = get_ligne(genre, pk, for_acteur=request.acteur)
    if not _may_correct(request, ligne):
        raise Http404
    form = _form_of(request, ligne)
    if request.method == "POST" and form.is_valid():
        try:
            if isinstance(ligne, Declaration):
                correct(declaration=ligne, donnees=form.read_donnees(), by=request.acteur)
            elif isinstance(ligne, Frais):
                correct_frais(frais=ligne, donnees=form.read_donnees(), by=request.acteur)
            messages.success(request, "C’est corrigé : la vérification recommence.")
            return redirect(presentation.url_of(ligne, slug))
        except REFUS as refus:
            form.add_error(None, str(refus))
    contexte = {
        "titre": f"Corriger « {ligne.libelle} »",
        "fil": [(ligne.libelle, presentation.url_of(ligne, slug)), ("Corriger", "")],
        "form": form,
        "envoyer": "Enregistrer",
        "annuler": presentation.url_of(ligne, slug),
    }
    return render(request, "indemnites/formulaire.html", contexte, status=422 if form.errors else 200)


def _form_of(request: Requete, ligne: Approbation) -> Any:
    if isinstance(ligne, Frais):
        return FraisForm(request.POST or None, request.FILES or None, cpts_id=request.cpts.pk, ligne=ligne)
    assert isinstance(ligne, Declaration)
    personne = get_personne(request.cpts.pk, ligne.personne_id)
    salariee = personne is not None and find_employeur(personne) is not None
    form = DeclarationForm(request.POST or None, cpts_id=request.cpts.pk, ligne=ligne, salariee=salariee)
    if ligne.source != "saisie":
        form.fields["le"].disabled = True
        form.fields["le"].help_text = "Le jour vient de la feuille de présence."
    return form
