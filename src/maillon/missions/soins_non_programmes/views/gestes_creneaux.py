"""What the pages of openings share: run a service, say what became of it, go back where the person was."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.typographie import accorder, compter

from .. import services
from ..forms.plages import parse_jour
from ..models import ActionRefusee


def attempt(request: Requete, action: Callable[[], Any], *, done: str = "", undo: str = "") -> Any:
    """Run a service; its refusal becomes a message and None, its success the message `done` and its result."""
    try:
        result = action()
    except ActionRefusee as refus:
        messages.error(request, str(refus))
        return None
    if done and undo:
        offer_undo(request, done, undo)
    elif done:
        messages.success(request, done)
    return result if result is not None else True


def read_moment(request: Requete) -> datetime:
    """The moment of the gesture to undo; 404 when it is not one."""
    try:
        moment = datetime.fromisoformat(request.GET.get("moment", ""))
    except ValueError as erreur:
        raise Http404 from erreur
    if moment.tzinfo is None:
        raise Http404
    return moment


def is_own(request: Requete, professionnel: Professionnel) -> bool:
    return bool(request.acteur.rpps) and request.acteur.rpps == professionnel.rpps


def back_to_semaine(request: Requete, professionnel: Professionnel) -> HttpResponse:
    """The week where the person was: theirs, or that of the professional whom the desk looks at."""
    jour = parse_jour(request.POST.get("jour", ""))
    suite = f"?jour={jour}" if jour else ""
    if is_own(request, professionnel):
        reponse = redirect("soins_mes_creneaux", slug=request.cpts.slug)
    else:
        reponse = redirect("soins_semaine", slug=request.cpts.slug, professionnel_id=professionnel.pk)
    reponse["Location"] += suite
    return reponse


def describe_bilan(bilan: services.Bilan) -> str:
    """« 6 créneaux ouverts, dont 1 hors ACI ; 2 déjà pris »."""
    libres = bilan.faits - bilan.occupes
    phrase = f"{compter(max(libres, 0), 'créneau', 'créneaux')} {accorder(libres, 'ouvert')}"
    if bilan.hors_aci:
        phrase += f", dont {bilan.hors_aci} hors ACI (permanence des soins)"
    if bilan.occupes:
        phrase += f"\u00a0; {compter(bilan.occupes, 'créneau', 'créneaux')} en attente, votre agenda est pris"
    if bilan.deja:
        phrase += f"\u00a0; {compter(bilan.deja, 'horaire')} déjà {accorder(bilan.deja, 'pris')}"
    if bilan.refuses:
        refuses = f"{compter(bilan.refuses, 'créneau', 'créneaux')} {accorder(bilan.refuses, 'refusé')}"
        phrase += f"\u00a0; {refuses} (permanence des soins)"
    return phrase + "."


def say_gardes(retrait: services.Retrait) -> str:
    """« 2 rendez-vous y étaient donnés : ces personnes sont à prévenir. » And who is booking at this very moment."""
    nombre = len(retrait.donnes)
    phrases = []
    if nombre == 1:
        phrases.append("Un rendez-vous y était donné\u00a0: la personne est à prévenir.")
    elif nombre:
        donnes = compter(nombre, "rendez-vous", "rendez-vous")
        phrases.append(f"{donnes} y étaient donnés\u00a0: ces personnes sont à prévenir.")
    if retenus := len(retrait.gardes) - nombre:
        suite = (
            "s’il est donné quand même, la personne paraîtra"
            if retenus == 1
            else "s’ils sont donnés quand même, ces personnes paraîtront"
        )
        en_cours = compter(retenus, "créneau", "créneaux")
        phrases.append(f"{en_cours} en cours de réservation\u00a0: {suite} dans «\u00a0À prévenir\u00a0».")
    return " ".join(phrases)
