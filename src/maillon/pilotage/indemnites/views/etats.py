"""Statements: of a month, of a year; attestation; sums of the year for the DAS2; a person's own account."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from maillon.communaute.personnes.models import Personne
from maillon.regles import indemnites as regles
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import format_euros

from .. import etats
from ..forms.paiements import CompteForm
from ..listes_paiements import ListeDas2
from ..models import CompteBancaire
from ..permissions import DECLARER, LIRE, PAYER
from ..selectors import etats as selectors
from ..selectors.annees import compute_compte
from ..selectors.gens import get_personne, list_employeurs
from ..selectors.paiements import get_compte
from ..services.comptes import keep_compte
from .commun import build_onglets, find_annee
from .miennes import find_moi, keep_moi
from .paiements import show_form

GENRES = ("releve", "recapitulatif", "attestation")


def _find_mois(request: Requete) -> date:
    """The month asked for (`?mois=2026-10`), else the last whole one."""
    brut = request.GET.get("mois", "")
    courant = today().replace(day=1)
    if not brut:
        return date(courant.year - (courant.month == 1), (courant.month - 2) % 12 + 1, 1)
    try:
        mois = date.fromisoformat(f"{brut}-01")
    except ValueError:
        raise Http404 from None
    if not date(2022, 1, 1) <= mois <= courant:
        raise Http404
    return mois


def _write(request: Requete, personne: Personne, genre: str) -> HttpResponse:
    commun: dict[str, Any] = {"communaute": request.cpts.nom, "le": now()}
    if genre == "releve":
        mois = _find_mois(request)
        suivant = date(mois.year + mois.month // 12, mois.month % 12 + 1, 1)
        releve = selectors.read_releve(personne, mois, suivant)
        pdf = etats.write_releve(personne, mois, releve, compute_compte(personne.pk, mois.year), **commun)
        quand = f"{mois:%Y-%m}"
    else:
        annee = find_annee(request)
        debut, fin, quand = date(annee, 1, 1), date(annee + 1, 1, 1), str(annee)
        if genre == "recapitulatif":
            pdf = etats.write_recapitulatif(personne, annee, selectors.read_releve(personne, debut, fin), **commun)
        else:
            pdf = etats.write_attestation(
                personne, annee, selectors.read_participations(personne, debut, fin), **commun
            )
    journal.record("indemnites.etat", personne, by=request.acteur, genre=genre, periode=quand)
    reponse = HttpResponse(pdf, content_type="application/pdf")
    reponse["Content-Disposition"] = f'attachment; filename="{slugify(genre)}-{quand}.pdf"'
    return reponse


@acces(DECLARER)
@require_GET
def mien(request: Requete, slug: str, genre: str) -> HttpResponse:
    """My statement, recap or attestation."""
    moi = find_moi(request)
    if moi is None or genre not in GENRES:
        raise Http404
    return _write(request, moi, genre)


@acces(LIRE)
@require_GET
def de_personne(request: Requete, slug: str, pk: UUID, genre: str) -> HttpResponse:
    """The same, of somebody."""
    personne = get_personne(request.cpts.pk, pk)
    if personne is None or genre not in GENRES:
        raise Http404
    return _write(request, personne, genre)


@acces(PAYER)
@require_safe
def das2(request: Requete, slug: str) -> HttpResponse:
    """Who was paid above the threshold in a year: it prepares the declaration, and does not send it."""
    annee = find_annee(request)
    seuil = regles.get_seuil_das2(annee)
    contexte = {
        "onglets": build_onglets(request, "das2"),
        "sous_titre": f"Année civile {annee}, seuil de {format_euros(seuil.montant)}"
        + (" (à confirmer)" if seuil.a_confirmer else ""),
        "seuil": seuil,
    }
    rows = selectors.list_das2(request.cpts.pk, annee, seuil=seuil.montant)
    return afficher_liste(request, ListeDas2, rows, gabarit="indemnites/das2.html", contexte=contexte)


@sensitive_post_parameters("iban")
@acces(DECLARER)
@require_http_methods(["GET", "POST"])
def mon_compte(request: Requete, slug: str) -> HttpResponse:
    """The account on which I am paid."""
    moi = find_moi(request)
    return _enter_compte(
        request,
        titre="Mon compte bancaire",
        titulaire=request.acteur.nom,
        actuel=get_compte(request.cpts.pk, personne_id=moi.pk) if moi else None,
        keep=lambda valeurs: keep_compte(personne=moi or keep_moi(request), **valeurs),
        done="Votre compte est enregistré : les prochains virements y arriveront.",
        page=reverse("indemnites:miennes", args=[slug]),
    )


@sensitive_post_parameters("iban")
@acces(PAYER)
@require_http_methods(["GET", "POST"])
def compte_personne(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The account of somebody who cannot enter it."""
    personne = get_personne(request.cpts.pk, pk)
    if personne is None:
        raise Http404
    return _enter_compte(
        request,
        titre=f"Compte bancaire de {personne}",
        titulaire=str(personne),
        actuel=get_compte(request.cpts.pk, personne_id=pk),
        keep=lambda valeurs: keep_compte(personne=personne, **valeurs),
        done="Le compte est enregistré.",
        page=reverse("indemnites:personne", args=[slug, pk]),
    )


@sensitive_post_parameters("iban")
@acces(PAYER)
@require_http_methods(["GET", "POST"])
def compte_employeur(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The account on which an employer is reimbursed."""
    structure = list_employeurs(request.cpts.pk).filter(pk=pk).first()
    if structure is None:
        raise Http404
    return _enter_compte(
        request,
        titre=f"Compte bancaire de {structure}",
        titulaire=str(structure)[:70],
        actuel=get_compte(request.cpts.pk, structure_id=pk),
        keep=lambda valeurs: keep_compte(structure=structure, **valeurs),
        done="Le compte est enregistré.",
        page=reverse("indemnites:tarifs", args=[slug]),
    )


def _enter_compte(
    request: Requete,
    *,
    titre: str,
    titulaire: str,
    actuel: CompteBancaire | None,
    keep: Callable[[dict[str, Any]], object],
    done: str,
    page: str,
) -> HttpResponse:
    form = CompteForm(request.POST or None, initial={"titulaire": titulaire})
    if form.is_valid():
        keep({"cpts_id": request.cpts.pk, "by": request.acteur, **form.cleaned_data})
        messages.success(request, done)
        return redirect(page)
    dit = f"Actuel : {actuel}" if actuel else "Aucun IBAN enregistré."
    return show_form(request, form, titre, "Enregistrer", page, sous_titre=dit)
