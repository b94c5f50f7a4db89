"""The call round: who must still agree, one call after the other."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.patients.selectors import read_identites
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Fait
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import format_date

from .. import services
from ..enums import MoyenAccord
from ..forms import AccordForm, RappelForm, build_faits
from ..models import Demande
from ..permissions import GERER
from ..selectors import attente as selectors
from ..selectors import get_demande
from .commun import attempt, notice_contexte
from .listes_entrees import build_recontacts
from .onglets import FIL, build_onglets

JOURS_RAPPEL = 2


@acces(GERER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def recontacts(request: Requete, slug: str) -> HttpResponse:
    """Who of the lists taken over must still be called."""
    rows = selectors.list_a_recontacter(for_acteur=request.acteur)
    contexte = {
        "onglets": build_onglets(request, "medecin_traitant_recontacts"),
        "tournee": selectors.compute_tournee(rows),
    }
    gabarit = "medecin_traitant/recontacts.html"
    return afficher_liste(request, build_recontacts(request), rows, gabarit=gabarit, contexte=contexte)


def _get(request: Requete, demande_id: UUID) -> Demande:
    return get_demande(demande_id, for_acteur=request.acteur)


def _show(
    request: Requete, demande: Demande, accord: AccordForm, rappel: RappelForm, *, status: int = 200
) -> HttpResponse:
    identites = read_identites([demande.patient_id], quoi="identite", pourquoi="appel pour l’accord", by=request.acteur)
    liste = reverse("medecin_traitant_recontacts", args=[request.cpts.slug])
    annee = demande.patient.annee_naissance
    contexte = {
        "titre": demande.reference,
        "titre_onglet": f"Appel {demande.reference}",
        "demande": demande,
        "identite": identites.get(demande.patient_id),
        "faits": [
            Fait("Demande faite", format_date(demande.deposee_le, jour=False)),
            Fait("Commune", demande.patient.commune.nom),
            *([Fait("Année de naissance", str(annee))] if annee else []),
        ],
        "accord_form": accord,
        "rappel_form": rappel,
        "retour": liste,
        "fil": [
            (FIL, reverse("medecin_traitant_liste", args=[request.cpts.slug])),
            ("À recontacter", liste),
            (demande.reference, ""),
        ],
        **notice_contexte(),
    }
    return render(request, "medecin_traitant/recontact.html", contexte, status=status)


@acces(GERER, patients=True)
@require_safe
def recontact(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """One person to call: the number, what to say, and the three possible answers."""
    demande = _get(request, demande_id)
    if not demande.attend_accord:
        return redirect("medecin_traitant_fiche", slug=slug, demande_id=demande_id)
    besoins = AccordForm.of_demande(demande).initial
    rappel = RappelForm(initial={"le": today() + timedelta(days=JOURS_RAPPEL)})
    return _show(request, demande, AccordForm(initial=besoins), rappel)


@acces(GERER, patients=True)
@sensitive_post_parameters()
@require_POST
def accorder(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """The person agrees: recorded, qualified as it is heard, and the code to read out."""
    demande = _get(request, demande_id)
    form = AccordForm(request.POST)
    if not form.is_valid():
        return _show(request, demande, form, RappelForm(), status=422)

    def agree() -> services.AccordRecueilli:
        accord = services.record_accord(
            demande_id=demande.pk,
            moyen=MoyenAccord(form.cleaned_data["moyen"]),
            notice_version=NOTICE_VERSION,
            by=request.acteur,
        )
        services.qualify_demande(demande_id=demande.pk, faits=build_faits(form.cleaned_data), by=request.acteur)
        return accord

    accord = attempt(request, agree)
    if accord:
        texte = f"Accord enregistré pour {demande.reference}. Code de suivi à donner : {accord.code_suivi}"
        messages.success(request, texte, extra_tags="reste")
    return _next(request)


@acces(GERER, patients=True)
@require_POST
def refuser(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """The person does not agree: closed and forgotten at once."""
    demande = _get(request, demande_id)
    attempt(
        request,
        lambda: services.refuse_accord(demande_id=demande.pk, by=request.acteur),
        done=f"La demande {demande.reference} est close et l’identité effacée.",
    )
    return _next(request)


@acces(GERER, patients=True)
@require_POST
def plus_tard(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """Nobody answered: another day."""
    demande = _get(request, demande_id)
    form = RappelForm(request.POST)
    if not form.is_valid():
        return _show(request, demande, AccordForm(), form, status=422)
    jour = form.cleaned_data["le"]
    attempt(
        request,
        lambda: services.plan_rappel(demande_id=demande.pk, le=jour, by=request.acteur),
        done=f"{demande.reference} : à rappeler le {format_date(jour)}.",
    )
    return _next(request)


def _next(request: Requete) -> HttpResponse:
    """The next person to call, else the list."""
    suivante = selectors.list_a_recontacter(for_acteur=request.acteur).first()
    if suivante is None or not suivante.is_due:
        return redirect("medecin_traitant_recontacts", slug=request.cpts.slug)
    return redirect("medecin_traitant_recontact", slug=request.cpts.slug, demande_id=suivante.pk)
