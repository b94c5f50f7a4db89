"""Applications: the list, one application, the decisions of a meeting, the invitations."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.annuaire.selectors import search_professionnels
from maillon.communaute.structures.selectors import search_structures
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui import annonces
from maillon.socle.ui.composants import Fait, Vide
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_date, format_telephone

from .. import selectors, services
from ..enums import DECIDEES, EtatCandidature, Organe, Origine
from ..forms.candidatures import DecisionForm, IdentiteForm, RefusForm, build_acceptation, read_adherent
from ..listes_gestion import ListeCandidatures, show_candidature
from ..models import Candidature
from ..permissions import GERER_ADHESIONS
from ..services import AdhesionRefusee, Decision, guess_college
from .commun import CANDIDATURES, attempt, build_fil

PROPOSES = 8


@acces(GERER_ADHESIONS)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """Every application and invitation, the latest first."""
    rows = selectors.list_candidatures(for_acteur=request.acteur)
    contexte = {
        "fil": [("Communauté", ""), ("Candidatures", "")],
        "a_decider": selectors.list_a_decider(for_acteur=request.acteur).count(),
        "formulaire": request.build_absolute_uri(reverse("adhesions_adherer", args=[slug])),
    }
    return afficher_liste(request, ListeCandidatures, rows, gabarit="adhesions/candidatures.html", contexte=contexte)


@acces(GERER_ADHESIONS)
@require_safe
def fiche(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """What was typed, what the directory says, and the decision."""
    return _show(request, selectors.get_candidature(pk, for_acteur=request.acteur))


def _show(request: Requete, candidature: Candidature, status: int = 200, **formulaires: Any) -> HttpResponse:
    cpts_id, deposee = candidature.cpts_id, candidature.etat == EtatCandidature.DEPOSEE
    adherent = candidature.structure if candidature.structure_nom else candidature.adherent
    verification = selectors.check_candidature(candidature)
    texte = request.GET.get("q", "").strip()[:100]
    contexte = {
        "titre": str(candidature),
        "fil": build_fil(request, CANDIDATURES, str(candidature)),
        "candidature": candidature,
        "etat": show_candidature(candidature),
        "faits": _faits(candidature),
        "remarques": verification.remarques if deposee else [],
        "adherent": adherent,
        "deposee": deposee,
        "invitee": candidature.etat == EtatCandidature.INVITEE,
        "decidee": candidature.etat in DECIDEES,
        "peut_rouvrir": candidature.etat == EtatCandidature.RETIREE and candidature.origine == Origine.FORMULAIRE,
        "texte": texte,
        "professionnels": list(search_professionnels(texte)[:PROPOSES]) if texte else verification.proposes,
        "structures": _find_structures(candidature, texte),
        "form_identite": IdentiteForm(initial={"q": texte}),
    }
    if deposee and adherent is not None:
        colleges = selectors.get_choix_colleges(cpts_id)
        contexte |= {
            "form_accepter": build_acceptation(candidature, colleges, guess_college(adherent)),
            "form_refuser": RefusForm(),
        }
    elif deposee:
        contexte["form_refuser"] = RefusForm()
    return render(request, "adhesions/candidature.html", contexte | formulaires, status=status)


def _find_structures(candidature: Candidature, texte: str) -> list[Any]:
    sought = texte or candidature.structure_nom
    return list(search_structures(sought).filter(cpts=None)[:PROPOSES]) if sought and candidature.structure_nom else []


def _faits(candidature: Candidature) -> list[Fait]:
    lines = [
        ("Profession", candidature.profession),
        ("Numéro RPPS", candidature.rpps),
        ("Lieu d’exercice", candidature.lieu),
        ("Au nom de", candidature.structure_nom),
        ("Courriel", candidature.courriel),
        ("Téléphone", format_telephone(candidature.telephone)),
        ("Ce qui l’intéresse", candidature.souhait),
        ("Reçue", f"{candidature.get_origine_display()}, le {format_date(candidature.deposee_le, jour=False)}"),
    ]
    if candidature.decidee_le:
        decision = f"{candidature.get_organe_display()}, le {format_date(candidature.decidee_le, jour=False)}"
        lines += [("Décision", decision), ("Motif", candidature.motif)]
    return [Fait(libelle, valeur) for libelle, valeur in lines if valeur]


def _decision(form: DecisionForm) -> Decision:
    return Decision(organe=Organe(form.cleaned_data["organe"]), le=form.cleaned_data["le"])


def _offer_undo(request: Requete, texte: str, pk: UUID) -> None:
    annonces.offer_undo(request, texte, reverse("adhesions_candidature_annuler", args=[request.cpts.slug, pk]))


@acces(GERER_ADHESIONS)
@require_POST
def accepter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    candidature = selectors.get_candidature(pk, for_acteur=request.acteur)
    form = build_acceptation(candidature, selectors.get_choix_colleges(candidature.cpts_id), "")
    form = type(form)(request.POST, colleges=selectors.get_choix_colleges(candidature.cpts_id))
    if not form.is_valid():
        return _show(request, candidature, 422, form_accepter=form)
    if attempt(
        request,
        lambda: services.accept_candidature(
            candidature=candidature,
            decision=_decision(form),
            college=form.cleaned_data["college"],
            by=request.acteur,
        ),
    ):
        _offer_undo(request, f"{candidature} est membre et reçoit la nouvelle par courriel.", pk)
    return redirect("adhesions_candidature", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_POST
def refuser(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    candidature = selectors.get_candidature(pk, for_acteur=request.acteur)
    form = RefusForm(request.POST)
    if not form.is_valid():
        return _show(request, candidature, 422, form_refuser=form)
    if attempt(
        request,
        lambda: services.refuse_candidature(
            candidature=candidature, decision=_decision(form), motif=form.cleaned_data["motif"], by=request.acteur
        ),
    ):
        _offer_undo(request, f"La candidature de {candidature} est refusée.", pk)
    return redirect("adhesions_candidature", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_POST
def annuler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Undo a decision while nothing followed."""
    candidature = selectors.get_candidature(pk, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.undo_decision(candidature=candidature, by=request.acteur),
        done=f"La candidature de {candidature} attend de nouveau une décision.",
    )
    return redirect("adhesions_candidature", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_POST
def retirer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Leave an application without a decision."""
    candidature = selectors.get_candidature(pk, for_acteur=request.acteur)
    if attempt(request, lambda: services.drop_candidature(candidature=candidature, by=request.acteur)):
        if candidature.origine == Origine.FORMULAIRE:
            _offer_undo(request, f"La candidature de {candidature} est classée sans suite.", pk)
        else:
            messages.success(request, "L’invitation est retirée et son lien fermé.")
    return redirect("adhesions_candidature", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_POST
def identifier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Say who an application comes from."""
    candidature = selectors.get_candidature(pk, for_acteur=request.acteur)
    adherent = read_adherent(request.POST.get("adherent", ""))
    if adherent is not None:
        attempt(
            request,
            lambda: services.identify_candidature(candidature=candidature, adherent=adherent, by=request.acteur),
            done=f"La candidature est rapprochée de l’annuaire : {adherent}.",
        )
    return redirect("adhesions_candidature", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_POST
def relancer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Send an invitation again."""
    candidature = selectors.get_candidature(pk, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.resend_invitation(candidature=candidature, by=request.acteur),
        done=f"L’invitation repart à {candidature.courriel}. L’ancien lien ne vaut plus.",
    )
    return redirect("adhesions_candidature", slug=slug, pk=pk)


@acces(GERER_ADHESIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def decider(request: Requete, slug: str) -> HttpResponse:
    """A meeting decides of all that waits: one date, one body, an answer for each."""
    waiting = list(selectors.list_a_decider(for_acteur=request.acteur))
    form = DecisionForm(request.POST or None)
    erreurs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            accepted, refused = _decide_all(request, waiting, _decision(form))
        except AdhesionRefusee as refus:
            erreurs.append(str(refus))
        else:
            messages.success(
                request,
                f"{compter(accepted, 'candidature acceptée', 'candidatures acceptées')}, "
                f"{compter(refused, 'refusée', 'refusées')}. Chacun reçoit un courriel.",
            )
            return redirect("adhesions_candidatures", slug=slug)
    contexte = {
        "titre": "Décider des candidatures",
        "fil": build_fil(request, CANDIDATURES, "Décider"),
        "form": form,
        "erreurs": erreurs,
        "lignes": [
            (c, request.POST.get(f"choix-{c.pk}", ""), request.POST.get(f"motif-{c.pk}", ""), _is_known(c))
            for c in waiting
        ],
        "vide": Vide("Aucune candidature n’attend", "Elles arriveront ici dès leur dépôt.", icone="inbox"),
    }
    status = 422 if form.errors or erreurs else 200
    return render(request, "adhesions/decider.html", contexte, status=status)


def _is_known(candidature: Candidature) -> bool:
    return bool(candidature.structure_id if candidature.structure_nom else candidature.professionnel_id)


@transaction.atomic
def _decide_all(request: Requete, waiting: list[Candidature], decision: Decision) -> tuple[int, int]:
    """All the answers of a meeting, or none. Raises AdhesionRefusee, naming who, at the first that cannot be."""
    accepted = refused = 0
    for candidature in waiting:
        choix = request.POST.get(f"choix-{candidature.pk}")
        if choix == "oui":
            services.accept_candidature(candidature=candidature, decision=decision, by=request.acteur)
            accepted += 1
        elif choix == "non":
            motif = request.POST.get(f"motif-{candidature.pk}", "").strip()[:300]
            if not motif:
                raise AdhesionRefusee(f"Dites pourquoi la candidature de {candidature} est refusée : elle le lira.")
            services.refuse_candidature(candidature=candidature, decision=decision, motif=motif, by=request.acteur)
            refused += 1
    if not accepted and not refused:
        raise AdhesionRefusee("Aucune réponse n’est cochée.")
    return accepted, refused
