"""One line of an assignment: why this doctor, who else, and the desk's decision."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.composants import Fait

from .. import presentation_repartition as presentation
from .. import services
from ..enums_repartition import Decision, EtatRepartition
from ..forms import ChangerForm
from ..models import LigneRepartition, Repartition
from ..permissions import GERER
from ..selectors import tranche_age
from ..selectors.alternatives import Alternative, Ecarte, list_alternatives, name_medecins
from ..selectors.repartitions import get_ligne, get_repartition
from .commun import attempt
from .listes import pastille_priorite
from .listes_repartition import say_besoins, say_medecin
from .onglets import FIL

ECARTES_MONTRES = 30


def _get(request: Requete, repartition_id: UUID, ligne_id: UUID) -> tuple[Repartition, LigneRepartition]:
    run = get_repartition(repartition_id, for_acteur=request.acteur)
    return run, get_ligne(ligne_id, repartition=run)


@acces(GERER, patients=True)
@require_safe
def ligne(request: Requete, slug: str, repartition_id: UUID, ligne_id: UUID) -> HttpResponse:
    """Nobody's name is read here: the sheet of the request, one link away, does it with its trace."""
    run, objet = _get(request, repartition_id, ligne_id)
    a_revoir = run.etat == EtatRepartition.A_REVOIR
    alternatives: list[Alternative] = []
    ecartes: list[Ecarte] = []
    if a_revoir:
        alternatives, ecartes = list_alternatives(objet, run)
    suivants = Professionnel.objects.in_bulk(objet.suivants) if objet.suivants else {}
    address = reverse("medecin_traitant_repartition", args=[slug, run.pk])
    contexte = {
        "titre": objet.demande.reference,
        "fil": [
            (FIL, reverse("medecin_traitant_liste", args=[slug])),
            (presentation.name_repartition(run), address),
            (objet.demande.reference, ""),
        ],
        "repartition": run,
        "ligne": objet,
        "pastille": presentation.show_decision(objet),
        "pastille_priorite": pastille_priorite(objet.demande),
        "medecin": say_medecin(objet),
        "raisons": name_medecins(objet.explication.get("raisons", [])) if objet.decision != Decision.CHANGER else [],
        "faits": _faits(objet),
        "suivants": [suivants[pk] for pk in objet.suivants if pk in suivants],
        "a_revoir": a_revoir,
        "alternatives": alternatives,
        "choisissable": any(a.libres and not a.actuel for a in alternatives),
        "ecartes": ecartes[:ECARTES_MONTRES],
        "de_plus": max(0, len(ecartes) - ECARTES_MONTRES),
    }
    return render(request, "medecin_traitant/repartition_ligne.html", contexte)


def _faits(objet: LigneRepartition) -> list[Fait]:
    demande = objet.demande
    faits = [
        Fait("Rang", objet.rang),
        Fait("Âge", tranche_age(demande)),
        Fait("Commune", demande.patient.commune.nom),
        Fait("Besoins", say_besoins(objet) or "rien de particulier"),
    ]
    if objet.avant_id and objet.avant_id != objet.professionnel_id:
        faits.append(Fait("Au calcul précédent", str(objet.avant)))
    if objet.saut:
        faits.append(Fait("Non envoyée", objet.get_saut_display()))
    return faits


def _back(request: Requete, objet: LigneRepartition) -> HttpResponse:
    return redirect(
        "medecin_traitant_repartition_ligne",
        slug=request.cpts.slug,
        repartition_id=objet.repartition_id,
        ligne_id=objet.pk,
    )


def _undo(request: Requete, objet: LigneRepartition, texte: str) -> None:
    slug = request.cpts.slug
    offer_undo(
        request,
        texte,
        reverse("medecin_traitant_repartition_remettre", args=[slug, objet.repartition_id, objet.pk]),
    )


@acces(GERER, patients=True)
@require_POST
def decider(request: Requete, slug: str, repartition_id: UUID, ligne_id: UUID) -> HttpResponse:
    """Keep, take out, or choose another doctor."""
    run, objet = _get(request, repartition_id, ligne_id)
    decision, by = request.POST.get("decision"), request.acteur
    if decision == Decision.GARDER:
        if attempt(request, lambda: services.keep_ligne(ligne_id=objet.pk, by=by)):
            _undo(request, objet, "Gardé : un nouveau calcul n’y touchera pas.")
    elif decision == Decision.RETIRER:
        if attempt(request, lambda: services.remove_ligne(ligne_id=objet.pk, by=by)):
            _undo(request, objet, "Demande retirée de l’envoi. Elle garde son rang.")
    elif decision == Decision.CHANGER:
        _change(request, run, objet)
    else:
        messages.error(request, "Choisissez de garder, de retirer ou de changer le médecin.")
    return _back(request, objet)


def _change(request: Requete, run: Repartition, objet: LigneRepartition) -> None:
    alternatives = {str(a.professionnel.pk): a for a in list_alternatives(objet, run)[0] if a.libres and not a.actuel}
    form = ChangerForm(request.POST, choix=[(cle, str(a.professionnel)) for cle, a in alternatives.items()])
    if not form.is_valid():
        messages.error(request, " ".join(str(refus) for refus in form.errors["medecin"]))
        return
    chosen = alternatives[form.cleaned_data["medecin"]]
    if attempt(
        request,
        lambda: services.change_ligne(
            ligne_id=objet.pk,
            professionnel_id=chosen.professionnel.pk,
            minutes=chosen.minutes,
            by=request.acteur,
        ),
    ):
        _undo(request, objet, f"{chosen.professionnel} sera sollicité.")


@acces(GERER, patients=True)
@require_POST
def remettre(request: Requete, slug: str, repartition_id: UUID, ligne_id: UUID) -> HttpResponse:
    """Come back to what the computation found."""
    _, objet = _get(request, repartition_id, ligne_id)
    attempt(
        request,
        lambda: services.restore_ligne(ligne_id=objet.pk, by=request.acteur),
        done="C’est remis comme le calcul l’avait trouvé.",
    )
    return _back(request, objet)
