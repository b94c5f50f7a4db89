"""Dues of one member: payments and receipts."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal
from maillon.socle.ui import annonces
from maillon.socle.ui.composants import Evenement, Fait, Vide
from maillon.socle.ui.typographie import format_date, format_euros

from .. import selectors, services
from ..enums import EtatCotisation, ModePaiement
from ..forms.cotisations import ExemptionForm, ReglementForm
from ..listes_gestion import show_cotisation
from ..models import Cotisation, Reglement
from ..permissions import COTISATIONS as TENIR
from ..permissions import MON_ADHESION
from ..relances import describe_palier, find_prochain
from .commun import COTISATIONS, attempt, build_fil
from .publiques import serve_recu


@acces(TENIR)
@require_safe
def fiche(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The dues of one member for one year."""
    return _show(request, selectors.get_cotisation(pk, for_acteur=request.acteur))


def _show(request: Requete, cotisation: Cotisation, status: int = 200, **formulaires: Any) -> HttpResponse:
    found, adherent = cotisation.campagne, cotisation.adhesion.adherent
    reglement = selectors.get_reglement(cotisation)
    contexte = {
        "titre": str(adherent),
        "sous_titre": str(found),
        "fil": [*build_fil(request, COTISATIONS), (str(adherent), "")],
        "cotisation": cotisation,
        "etat": show_cotisation(cotisation),
        "faits": _faits(cotisation, reglement),
        "evenements": _build_frise(cotisation),
        "reglement": reglement,
        "due": cotisation.etat == EtatCotisation.DUE,
        "exemptee": cotisation.etat == EtatCotisation.EXEMPTEE,
        "form_regler": ReglementForm(),
        "form_exempter": ExemptionForm(),
        "adhesion_id": cotisation.adhesion_id,
    }
    return render(request, "adhesions/cotisation.html", contexte | formulaires, status=status)


def _faits(cotisation: Cotisation, reglement: Reglement | None) -> list[Fait]:
    found = cotisation.campagne
    colleges = selectors.get_colleges(cotisation.cpts_id)
    adresse = selectors.find_adresses([cotisation.adhesion])[cotisation.adhesion_id]
    faits = [
        Fait("Montant", format_euros(cotisation.montant), note=colleges.get(cotisation.college, "")),
        Fait("À payer avant le", format_date(found.echeance, jour=False)),
        Fait("Rappels et reçu à", adresse or "aucun courriel : rien ne peut partir"),
    ]
    if reglement is not None:
        mode = reglement.get_mode_display()
        faits.append(Fait("Payée le", format_date(reglement.recu_le, jour=False), note=f"par {mode}"))
        faits.append(Fait("Reçu", f"n° {reglement.reference}"))
    elif cotisation.motif:
        faits.append(Fait("Exemptée", cotisation.motif))
    elif found.close_le is None and (prochain := find_prochain(found.echeance, found.paliers, on=today())):
        faits.append(Fait("Prochain rappel", format_date(prochain, jour=False)))
    return faits


def _build_frise(cotisation: Cotisation) -> list[Evenement]:
    """Asked, reminded, paid, cancelled: the latest first."""
    events = [Evenement(cotisation.campagne.ouverte_le, "Campagne ouverte", icone="flag")]
    for relance in cotisation.relances.all():
        events.append(Evenement(relance.le, f"Rappel envoyé ({describe_palier(relance.palier)})", icone="mail"))
    for reglement in cotisation.reglements.all():
        titre = f"Payée par {reglement.get_mode_display()}, reçu n° {reglement.reference}"
        events.append(Evenement(reglement.recu_le, titre, ton="bien"))
        if reglement.annule_le:
            events.append(
                Evenement(reglement.annule_le, f"Paiement annulé, reçu n° {reglement.reference}", ton="alerte")
            )
    return sorted(events, key=lambda e: e.quand.isoformat(), reverse=True)


def _back(request: Requete, pk: UUID) -> HttpResponse:
    return redirect("adhesions_cotisation", slug=request.cpts.slug, pk=pk)


@acces(TENIR)
@require_POST
def regler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    cotisation = selectors.get_cotisation(pk, for_acteur=request.acteur)
    form = ReglementForm(request.POST)
    if not form.is_valid():
        return _show(request, cotisation, 422, form_regler=form)
    mode, recu_le = ModePaiement(form.cleaned_data["mode"]), form.cleaned_data["recu_le"]
    if attempt(
        request,
        lambda: services.record_reglement(cotisation=cotisation, recu_le=recu_le, mode=mode, by=request.acteur),
    ):
        undo = reverse("adhesions_cotisation_annuler", args=[slug, pk])
        annonces.offer_undo(request, "Le paiement est enregistré, le reçu part par courriel.", undo)
    return _back(request, pk)


@acces(TENIR)
@require_POST
def annuler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A payment recorded by mistake."""
    cotisation = selectors.get_cotisation(pk, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.cancel_reglement(cotisation=cotisation, by=request.acteur),
        done="Le paiement est annulé. Son numéro de reçu ne resservira pas.",
    )
    return _back(request, pk)


@acces(TENIR)
@require_POST
def exempter(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    cotisation = selectors.get_cotisation(pk, for_acteur=request.acteur)
    form = ExemptionForm(request.POST)
    if not form.is_valid():
        return _show(request, cotisation, 422, form_exempter=form)
    motif = form.cleaned_data["motif"]
    if attempt(request, lambda: services.exempt_cotisation(cotisation=cotisation, motif=motif, by=request.acteur)):
        undo = reverse("adhesions_cotisation_redemander", args=[slug, pk])
        annonces.offer_undo(request, "Ce membre ne doit rien cette année.", undo)
    return _back(request, pk)


@acces(TENIR)
@require_POST
def redemander(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    cotisation = selectors.get_cotisation(pk, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.require_cotisation(cotisation=cotisation, by=request.acteur),
        done="La cotisation est de nouveau à payer.",
    )
    return _back(request, pk)


@acces(MON_ADHESION)
@require_safe
def recu(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The receipt in PDF: for those who keep the dues, and for the member."""
    row = Reglement.objects.filter(pk=pk, cpts=request.cpts).select_related(
        "cotisation__campagne", "cotisation__adhesion"
    )
    reglement = row.first()
    if reglement is None or not (request.acteur.can(TENIR) or _is_mine(request, reglement)):
        raise Http404
    journal.record("adhesions.recu_ouvert", reglement, by=request.acteur)
    return serve_recu(request, reglement)


def _is_mine(request: Requete, reglement: Reglement) -> bool:
    personne = get_personne_of(request.acteur)
    if personne is None:
        return False
    adhesion = reglement.cotisation.adhesion
    if adhesion.professionnel_id is not None:
        return adhesion.professionnel_id == personne.professionnel_id
    return adhesion.rattachements.filter(personne=personne, representant=True, jusqu_a=None).exists()


@acces(MON_ADHESION)
@require_safe
def mienne(request: Requete, slug: str) -> HttpResponse:
    """One's own membership, dues and receipts."""
    personne = get_personne_of(request.acteur)
    adhesions = list(selectors.adhesions_of(personne).exclude(debut=None)) if personne else []
    dues = selectors.list_dues_of(personne) if personne else []
    colleges = selectors.get_colleges(request.cpts.pk)
    contexte = {
        "titre": "Mon adhésion",
        "fil": [("Communauté", ""), ("Mon adhésion", "")],
        "personne": personne,
        "adhesions": [(adhesion, colleges.get(adhesion.college, adhesion.college)) for adhesion in adhesions],
        "dues": [(cotisation, show_cotisation(cotisation)) for cotisation in dues],
        "vide": Vide(
            "Vous n’êtes pas membre à titre personnel",
            "Votre compte donne accès à Maillon sans adhésion. Pour adhérer, déposez une candidature.",
            "Déposer une candidature",
            reverse("adhesions_adherer", args=[slug]),
            icone="certificate",
        ),
    }
    return render(request, "adhesions/mienne.html", contexte)
