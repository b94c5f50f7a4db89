"""The life of an appointment: moved, cancelled, honoured or missed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.listes import afficher_liste

from .. import services
from ..enums import EtatRendezVous, MotifAnnulation
from ..forms.rendez_vous import AnnulerForm
from ..models import ActionRefusee, CreneauPris, RendezVous
from ..permissions import GERER
from ..selectors.plages import get_rendez_vous_recu, is_recu
from ..selectors.recherche import get_creneau, list_suivants
from ..selectors.rendez_vous import get_rendez_vous, list_donnes, list_rendez_vous, read_identite
from .commun import (
    A_APPELER,
    attempt,
    group_creneaux,
    list_faits,
    name_creneau,
    pastille_rendez_vous,
    read_uuid,
)
from .cotes import Cote, on_side
from .listes import ListeDonnes, ListeMesRendezVous, ListeRendezVous
from .portes import for_members


@on_side
def show_rendez_vous(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """One appointment. Who comes is shown to whoever may read it, with a trace; to the others it is not."""
    found = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    if found.etat == EtatRendezVous.RETENU:
        return redirect(cote.url("confirmer", found.pk))
    identite = None
    if not cote.is_regulation:
        identite = read_identite(found, quoi="identite", pourquoi="rendez-vous", by=cote.acteur)
    recu = is_recu(found, by=cote.acteur)
    is_coming = found.etat == EtatRendezVous.CONFIRME and found.creneau.debut > now()
    contexte = {
        "titre": "Rendez-vous",
        "rendez_vous": found,
        "etat": pastille_rendez_vous(found),
        "faits": list_faits(found.creneau),
        "identite": identite,
        "a_venir": is_coming,
        "constatable": recu
        and found.etat == EtatRendezVous.CONFIRME
        and found.creneau.debut <= now() + services.AVANCE,
        "a_noter_ailleurs": not recu and found.etat == EtatRendezVous.CONFIRME and found.creneau.debut <= now(),
        "annulable": found.etat == EtatRendezVous.CONFIRME,
        "annuler_form": AnnulerForm(),
        "ailleurs": "" if cote.is_regulation or cote.is_here(found.creneau) else found.creneau.cpts.nom,
        "adresses": {nom: cote.url(nom, found.pk) for nom in ("annuler", "deplacer")},
        "constate": cote.url("constater", found.pk) if recu else "",
        "recherche": cote.url("recherche"),
        "suite": found.remplace_par if hasattr(found, "remplace_par") else None,
        "suite_url": cote.url("rendez_vous", found.remplace_par.pk) if hasattr(found, "remplace_par") else "",
        "demande_url": cote.url("demande", found.demande_id) if found.demande_id else "",
    }
    return render(request, "soins_non_programmes/rendez_vous.html", contexte)


@on_side
def cancel_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """With a reason; the slot is offered again, unless the professional cannot. Undone while nobody took it."""
    found = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    form = AnnulerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez pourquoi ce rendez-vous est annulé.")
        return redirect(cote.url("rendez_vous", found.pk))
    motif = form.cleaned_data["motif"]
    cancelled = attempt(
        request,
        lambda: services.cancel(
            rendez_vous=found, motif=motif, by=cote.acteur, rouvrir=motif != MotifAnnulation.PROFESSIONNEL
        ),
    )
    if cancelled is not None:
        offer_undo(request, say_annule(cancelled), cote.url("retablir", found.pk))
    return _after(request, cote, found)


def _after(request: Requete, cote: Cote, rendez_vous: RendezVous) -> HttpResponse:
    """Back to the list of those to tell when one came from there, to the appointment otherwise."""
    if request.POST.get("retour") == "a_prevenir" and not cote.is_regulation:
        return redirect(cote.url("a_prevenir"))
    return redirect(cote.url("rendez_vous", rendez_vous.pk))


def say_annule(rendez_vous: RendezVous) -> str:
    """Whether the person knows, or must be called."""
    fait = "Le rendez-vous est annulé."
    if rendez_vous.motif_annulation == MotifAnnulation.PATIENT:
        return fait
    if services.is_prevenue(rendez_vous, annule=True):
        return f"{fait} La personne en est prévenue."
    return f"{fait} {A_APPELER}"


@on_side
def restore_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """The cancellation was a mistake."""
    found = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    attempt(
        request,
        lambda: services.undo_cancel(rendez_vous=found, by=cote.acteur),
        done="Le rendez-vous est rétabli.",
    )
    return redirect(cote.url("rendez_vous", found.pk))


@on_side
def move_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """The same person on another slot of the same community."""
    found = get_rendez_vous(rendez_vous_id, for_acteur=cote.acteur)
    if request.method == "POST":
        vers = get_creneau(read_uuid(request.POST.get("creneau", "")), for_acteur=cote.acteur)
        try:
            moved = services.move(rendez_vous=found, vers=vers.pk, by=cote.acteur)
        except CreneauPris as refus:
            messages.error(request, str(refus))
            return _show_move(request, cote, found, status=409)
        except ActionRefusee as refus:
            messages.error(request, str(refus))
            return _show_move(request, cote, found, status=422)
        dit = "La personne en est prévenue." if services.is_prevenue(moved) else A_APPELER
        messages.success(request, f"Rendez-vous déplacé\u00a0: {name_creneau(moved.creneau)}. {dit}")
        return _after(request, cote, moved)
    return _show_move(request, cote, found)


def _show_move(request: Requete, cote: Cote, found: RendezVous, *, status: int = 200) -> HttpResponse:
    suivants = [
        c for c in list_suivants(found.creneau, for_acteur=cote.acteur, limite=40) if c.cpts_id == found.cpts_id
    ]
    contexte = {
        "titre": "Déplacer le rendez-vous",
        "sous_titre": name_creneau(found.creneau),
        "suivants": group_creneaux(suivants),
        "retour": cote.url("rendez_vous", found.pk),
        "deplacer": cote.url("deplacer", found.pk),
    }
    return render(request, "soins_non_programmes/deplacer.html", contexte, status=status)


@on_side
def record_page(request: Requete, cote: Cote, rendez_vous_id: UUID) -> HttpResponse:
    """One touch, undone for some seconds."""
    found = get_rendez_vous_recu(rendez_vous_id, for_acteur=cote.acteur)
    geste = request.POST.get("geste", "annuler")
    if geste in ("honore", "absent"):
        attempt(
            request,
            lambda: services.record_venue(rendez_vous=found, honore=geste == "honore", by=cote.acteur),
            done="La personne est venue\u00a0: c’est noté." if geste == "honore" else "Son absence est notée.",
            undo=cote.url("constater", found.pk),
        )
    else:
        attempt(
            request,
            lambda: services.undo_venue(rendez_vous=found, by=cote.acteur),
            done="Le rendez-vous est de nouveau à constater.",
        )
    return redirect(cote.url("rendez_vous", found.pk))


def show_liste(request: Requete, slug: str) -> HttpResponse:
    """Appointments that this person may see."""
    liste = ListeRendezVous if request.acteur.can(GERER) else ListeMesRendezVous
    return afficher_liste(request, liste, list_rendez_vous(for_acteur=request.acteur))


def show_donnes(request: Requete) -> HttpResponse:
    """What this regulator gave over the last month."""
    return afficher_liste(request, ListeDonnes, list_donnes(for_acteur=request.acteur))


rendez_vous = for_members(show_rendez_vous)
annuler = for_members(cancel_page, require_POST)
retablir = for_members(restore_page, require_POST)
deplacer = for_members(move_page, require_http_methods(["GET", "HEAD", "POST"]))
constater = for_members(record_page, require_POST)
liste = for_members(show_liste)
