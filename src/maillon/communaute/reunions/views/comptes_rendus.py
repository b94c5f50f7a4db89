"""The minutes: read by whoever was invited, written by the organisers, approved by two people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.horloge import now, today

from ..documents.pdf import write_pdf
from ..documents.word import write_word
from ..enums import Etat, EtatCompteRendu, Qualite
from ..forms.comptes_rendus import CompteRenduForm, DecisionForm, PointForm, TacheForm
from ..models import CompteRendu, PointOrdreDuJour, Reunion
from ..permissions import GERER, VOIR
from ..selectors.comptes_rendus import find_compte_rendu, find_qualites, find_version, list_points, list_versions
from ..selectors.decisions import list_decisions, list_suites, list_taches
from ..selectors.presences import list_documents
from ..selectors.reunions import get_reunion
from ..services import comptes_rendus as services
from .commun_presences import attempt, build_cadre, serve_pdf


def list_gens(reunion: Reunion) -> Any:
    """Who may preside, hold the pen or take a task: those on the list of the meeting."""
    return Personne.objects.filter(participations__reunion=reunion)


@acces(VOIR)
@require_safe
def compte_rendu(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The minutes as they stand, and what is to be done with them."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    return render_compte_rendu(request, reunion)


def render_compte_rendu(request: Requete, reunion: Reunion, *, status: int = 200, **formulaires: Any) -> HttpResponse:
    """The page, with the form that was refused in place of its own."""
    trouve, gere = find_compte_rendu(reunion), request.acteur.can(GERER)
    contexte = build_cadre(request, reunion, "compte_rendu") | {
        "compte_rendu": trouve,
        "gere": gere,
        "tenue": reunion.etat == Etat.TENUE,
        "suites": list_suites(reunion),
        "decisions": list_decisions(reunion),
        "taches": list_taches(reunion),
        "aujourd_hui": today(),
        "ouvert": next(iter(formulaires), ""),
    }
    if trouve is not None:
        contexte |= _build_texte(request, trouve, gere)
    if gere:
        contexte |= {
            "form_decision": DecisionForm(points=PointOrdreDuJour.objects.filter(reunion=reunion)),
            "form_tache": TacheForm(gens=list_gens(reunion)),
        }
    return render(request, "reunions/compte_rendu.html", contexte | formulaires, status=status)


def _build_texte(request: Requete, trouve: CompteRendu, gere: bool) -> dict[str, Any]:
    """What this person reads: organisers the text under way, others the version approved last."""
    personne = get_personne_of(request.acteur)
    version = find_version(trouve)
    qualites = find_qualites(trouve, personne.pk if personne else None)
    vue = None
    if version is not None and trouve.etat != EtatCompteRendu.REDACTION and (gere or qualites or _is_valide(trouve)):
        vue = services.show_version(version)
    elif gere:
        vue = services.show_brouillon(trouve)
    return {
        "vue": vue,
        "valide": _is_valide(trouve),
        "soumis": trouve.etat == EtatCompteRendu.SOUMIS,
        "redaction": trouve.etat == EtatCompteRendu.REDACTION,
        "qualites": [(qualite.value, qualite.label) for qualite in qualites],
        "versions": list_versions(trouve) if gere else [],
        "documents": [
            document for document in list_documents(trouve.reunion) if document.genre.startswith("compte_rendu")
        ]
        if _is_valide(trouve)
        else [],
    }


def _is_valide(trouve: CompteRendu) -> bool:
    return trouve.etat == EtatCompteRendu.VALIDE


@acces(GERER)
@require_http_methods(["GET", "POST"])
def ecrire(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Type the minutes, item by item."""
    reunion = get_reunion(pk, for_acteur=request.acteur)
    trouve = find_compte_rendu(reunion)
    if trouve is None:
        trouve = attempt(request, lambda: services.begin_compte_rendu(reunion=reunion, by=request.acteur))
    if trouve is None or trouve.etat != EtatCompteRendu.REDACTION:
        return redirect("reunions:compte_rendu", slug=slug, pk=pk)
    form = CompteRenduForm(
        request.POST if request.method == "POST" else None,
        compte_rendu=trouve,
        points=list_points(trouve),
        gens=list_gens(reunion),
    )
    if request.method == "POST" and form.is_valid():
        ecrit = attempt(
            request,
            lambda: services.write_compte_rendu(
                compte_rendu=trouve,
                introduction=form.cleaned_data["introduction"],
                president=form.cleaned_data["president"],
                secretaire=form.cleaned_data["secretaire"],
                textes=form.textes,
                by=request.acteur,
            ),
            done="Le compte rendu est enregistré.",
        )
        if ecrit and request.POST.get("suite") != "rester":
            return redirect("reunions:compte_rendu", slug=slug, pk=pk)
    contexte = build_cadre(request, reunion, "compte_rendu") | {
        "form": form,
        "form_point": PointForm(),
        "retour": reverse("reunions:compte_rendu", args=[slug, pk]),
    }
    return render(request, "reunions/compte_rendu_ecrire.html", contexte, status=422 if form.errors else 200)


@acces(GERER)
@require_POST
def ajouter_point(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """An item that came up in the meeting."""
    trouve = _get(request, pk)
    form = PointForm(request.POST)
    if form.is_valid():
        titre = form.cleaned_data["titre"]
        attempt(request, lambda: services.add_point(compte_rendu=trouve, titre=titre, by=request.acteur))
    else:
        messages.error(request, "Donnez le titre du point à ajouter.")
    return redirect("reunions:compte_rendu_ecrire", slug=slug, pk=pk)


@acces(GERER)
@require_POST
def soumettre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Ask for the two approvals."""
    trouve = _get(request, pk)
    attempt(
        request,
        lambda: services.submit_compte_rendu(compte_rendu=trouve, by=request.acteur),
        done="Le compte rendu est soumis à son président et à son secrétaire de séance : un courriel les prévient.",
    )
    return redirect("reunions:compte_rendu", slug=slug, pk=pk)


@acces(VOIR)
@require_POST
def approuver(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One of the two approves."""
    trouve, personne = _get(request, pk), get_personne_of(request.acteur)
    qualite = request.POST.get("qualite", "")
    if personne is not None and qualite in Qualite.values:
        attempt(
            request,
            lambda: services.approve_compte_rendu(
                compte_rendu=trouve, qualite=Qualite(qualite), personne=personne, by=request.acteur
            ),
            done="Votre approbation est enregistrée.",
        )
    return redirect("reunions:compte_rendu", slug=slug, pk=pk)


@acces(GERER)
@require_POST
def reprendre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Write again what was submitted or approved."""
    trouve = _get(request, pk)
    attempt(
        request,
        lambda: services.reopen_compte_rendu(compte_rendu=trouve, by=request.acteur),
        done="La rédaction reprend. La version précédente reste dans l’histoire du compte rendu.",
    )
    return redirect("reunions:compte_rendu", slug=slug, pk=pk)


@acces(GERER)
@require_safe
def projet(request: Requete, slug: str, pk: UUID, genre: str) -> HttpResponse:
    """The draft, to read on paper or in Word; marked as such."""
    trouve = _get(request, pk)
    vue, moment = services.show_brouillon(trouve), now()
    nom = f"projet-compte-rendu-{timezone.localtime(trouve.reunion.debut):%Y-%m-%d}"
    if genre == "pdf":
        return serve_pdf(write_pdf("compte_rendu", vue, le=moment), f"{nom}.pdf")
    if genre != "docx":
        raise Http404
    reponse = HttpResponse(write_word(vue, le=moment), content_type=TypeFichier.DOCX.value)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.docx"'
    return reponse


def _get(request: Requete, pk: UUID) -> CompteRendu:
    trouve = find_compte_rendu(get_reunion(pk, for_acteur=request.acteur))
    if trouve is None:
        raise Http404
    return trouve
