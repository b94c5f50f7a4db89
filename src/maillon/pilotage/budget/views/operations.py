"""Operations: the list, one sheet, and what may be done with each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.pilotage.contrats.selectors import get_contrat
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today
from maillon.socle.ui import annonces
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_euros

from .. import selectors, services
from ..enums import EtatOperation
from ..fiches import build_faits, build_frise
from ..forms import ContrepassationForm, OperationForm, PaiementForm, PieceForm, RefusForm
from ..listes import ListeOperations, show_etat
from ..models import LigneBudget, Operation
from ..permissions import APPROUVER, ECRIRE, LIRE_MISSION


@acces(LIRE_MISSION)
@require_GET
def liste(request: Requete, slug: str) -> HttpResponse:
    """The operations, filtered and exported as shown."""
    return afficher_liste(
        request,
        ListeOperations,
        selectors.list_operations(request.cpts.pk, for_acteur=request.acteur)
        .select_related("action")
        .by_proximite(today()),
        gabarit="budget/operations.html",
        contexte={
            "fil": [("Budget", reverse("budget:accueil", args=[slug])), ("Opérations", "")],
            "ecrire": request.acteur.can(ECRIRE),
        },
    )


def _lignes(request: Requete) -> Any:
    contrat = get_contrat(request.cpts.pk)
    return LigneBudget.objects.filter(contrat=contrat) if contrat else LigneBudget.objects.none()


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def nouvelle(request: Requete, slug: str) -> HttpResponse:
    """Commit a spending, or announce an income."""
    depart = {nom: request.GET.get(nom, "") for nom in ("poste", "action")}
    champs = {"lignes": _lignes(request), "actions": selectors.list_actions(request.acteur)}
    form = OperationForm(request.POST or None, request.FILES or None, initial=depart, **champs)
    if request.method == "POST" and form.is_valid():
        try:
            operation = services.create_operation(
                cpts_id=request.cpts.pk, donnees=form.read_donnees(), piece=form.read_piece(), by=request.acteur
            )
            suite = " Elle attend l’accord du bureau." if operation.attend_accord else ""
            messages.success(request, f"L’opération {operation.reference} est engagée.{suite}")
            return redirect("budget:operation", slug=slug, pk=operation.pk)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    return _show_form(request, form, "Saisir une opération", reverse("budget:operations", args=[slug]))


def _show_form(request: Requete, form: Any, titre: str, retour: str) -> HttpResponse:
    slug = request.cpts.slug
    return render(
        request,
        "budget/formulaire.html",
        {
            "titre": titre,
            "fil": [
                ("Budget", reverse("budget:accueil", args=[slug])),
                ("Opérations", reverse("budget:operations", args=[slug])),
                (titre, ""),
            ],
            "form": form,
            "retour": retour,
        },
        status=422 if form.errors else 200,
    )


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def modifier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Correct an operation still committed."""
    operation = selectors.get_operation(pk, for_acteur=request.acteur)
    champs = {"lignes": _lignes(request), "actions": selectors.list_actions(request.acteur)}
    form = OperationForm(request.POST or None, operation=operation, **champs)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_operation(operation=operation, donnees=form.read_donnees(), by=request.acteur)
            messages.success(request, "L’opération est corrigée.")
            return redirect("budget:operation", slug=slug, pk=pk)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _show_form(request, form, f"Modifier {operation}", reverse("budget:operation", args=[slug, pk]))


@acces(LIRE_MISSION)
@require_GET
def fiche(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One operation: its state, its next step, its document."""
    return _show_fiche(request, selectors.get_operation(pk, for_acteur=request.acteur))


def _show_fiche(request: Requete, operation: Operation, status: int = 200, **formulaires: Any) -> HttpResponse:
    slug = request.cpts.slug
    ecrire = request.acteur.can(ECRIRE)
    engagee, payee = operation.etat == EtatOperation.ENGAGEE, operation.etat == EtatOperation.PAYEE
    contexte = {
        "titre": operation.libelle,
        "sous_titre": f"{operation.reference} · {format_euros(operation.signe)}",
        "fil": [
            ("Budget", reverse("budget:accueil", args=[slug])),
            ("Opérations", reverse("budget:operations", args=[slug])),
            (operation.reference, ""),
        ],
        "operation": operation,
        "etat": show_etat(operation),
        "faits": build_faits(operation, slug),
        "evenements": build_frise(operation, slug),
        "inverse": getattr(operation, "contrepassee_par", None),
        "peut_modifier": ecrire and engagee,
        "peut_payer": ecrire and engagee and not operation.attend_accord,
        "peut_annuler": ecrire and engagee,
        "peut_retablir": ecrire and operation.etat == EtatOperation.ANNULEE,
        "peut_contrepasser": ecrire
        and payee
        and not operation.contrepasse_id
        and not hasattr(operation, "contrepassee_par"),
        "peut_joindre": ecrire and not (payee and operation.piece_id) and operation.etat != EtatOperation.ANNULEE,
        "peut_approuver": request.acteur.can(APPROUVER) and operation.attend_accord,
        "form_paiement": PaiementForm(jour=min(operation.le, today())),
        "form_contrepassation": ContrepassationForm(),
        "form_piece": PieceForm(),
        "form_refus": RefusForm(),
    }
    return render(request, "budget/operation.html", contexte | formulaires, status=status)


def _act(
    request: Requete, pk: UUID, act: Callable[[Operation], str], form: Any = None, nom: str = "", undo: str = ""
) -> HttpResponse:
    """Do it and come back to the sheet; what is refused is said there."""
    operation = selectors.get_operation(pk, for_acteur=request.acteur)
    slug = request.cpts.slug
    if form is None or form.is_valid():
        try:
            texte = act(operation)
            if undo:
                annonces.offer_undo(request, texte, reverse(undo, args=[slug, pk]))
            else:
                messages.success(request, texte)
            return redirect("budget:operation", slug=slug, pk=pk)
        except (ErreurRegle, FichierRefuse) as refus:
            if form is None:
                messages.error(request, str(refus))
                return redirect("budget:operation", slug=slug, pk=pk)
            form.add_error(None, str(refus))
    return _show_fiche(request, operation, status=422, **{nom: form, "form": form})


@acces(ECRIRE)
@require_POST
def payer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The money has moved."""
    form = PaiementForm(request.POST)

    def act(operation: Operation) -> str:
        services.pay_operation(operation=operation, le=form.cleaned_data["le"], by=request.acteur)
        return f"L’opération {operation.reference} est payée."

    return _act(request, pk, act, form, "form_paiement")


@acces(ECRIRE)
@require_POST
def annuler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Give up a commitment; it can be taken back."""

    def act(operation: Operation) -> str:
        services.cancel_operation(operation=operation, by=request.acteur)
        return f"L’opération {operation.reference} est annulée."

    return _act(request, pk, act, undo="budget:operation_retablir")


@acces(ECRIRE)
@require_POST
def retablir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Take back what was cancelled."""

    def act(operation: Operation) -> str:
        services.restore_operation(operation=operation, by=request.acteur)
        return f"L’opération {operation.reference} est de nouveau engagée."

    return _act(request, pk, act)


@acces(ECRIRE)
@require_POST
def contrepasser(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Reverse a paid operation."""
    form = ContrepassationForm(request.POST)

    def act(operation: Operation) -> str:
        inverse = services.reverse_operation(operation=operation, le=form.cleaned_data["le"], by=request.acteur)
        return f"L’opération {operation.reference} est contre-passée par {inverse.reference}."

    return _act(request, pk, act, form, "form_contrepassation")


@acces(ECRIRE)
@require_POST
def joindre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Join the invoice."""
    form = PieceForm(request.POST, request.FILES)

    def act(operation: Operation) -> str:
        piece = form.read_piece()
        assert piece is not None
        services.attach_piece(operation=operation, piece=piece, by=request.acteur)
        return "La pièce est jointe."

    return _act(request, pk, act, form, "form_piece")


@acces(APPROUVER)
@require_POST
def approuver(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The bureau agrees."""

    def act(operation: Operation) -> str:
        siennes = services.approve_operation(operation=operation, by=request.acteur)
        if len(siennes) > 1:
            return f"{compter(len(siennes), 'échéance approuvée', 'échéances approuvées')}."
        return f"La dépense {operation.reference} est approuvée."

    return _act(request, pk, act)


@acces(APPROUVER)
@require_POST
def refuser(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The bureau disagrees."""
    form = RefusForm(request.POST)

    def act(operation: Operation) -> str:
        services.refuse_operation(operation=operation, motif=form.cleaned_data["motif"], by=request.acteur)
        return f"La dépense {operation.reference} est refusée."

    return _act(request, pk, act, form, "form_refus")
