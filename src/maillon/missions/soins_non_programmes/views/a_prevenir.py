"""« À prévenir »: people whose appointment falls, until each has another one, is told, or is received all the same."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.typographie import accorder, compter

from .. import services
from ..permissions import OUVRIR
from ..selectors.chutes import list_a_prevenir
from ..selectors.plages import find_professionnel, get_rendez_vous_recu
from .commun import attempt

VIDE = Vide(
    "Personne à prévenir",
    "Quand un professionnel s’absente ou retire des créneaux où quelqu’un a rendez-vous, ces personnes paraissent ici, "
    "avec leur téléphone et d’autres créneaux à leur offrir.",
    icone="circle-check",
)


@acces(OUVRIR, patients=True)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """By professional: who, when, at which number, what may be offered."""
    groupes = list_a_prevenir(request.cpts.pk, by=request.acteur)
    contexte = {
        "titre": "À prévenir",
        "groupes": groupes,
        "nombre": sum(len(groupe.lignes) for groupe in groupes),
        "vide": VIDE,
    }
    return render(request, "soins_non_programmes/a_prevenir.html", contexte)


@acces(OUVRIR, patients=True)
@require_POST
def noter(request: Requete, slug: str, rendez_vous_id: UUID) -> HttpResponse:
    """The person is told, or received all the same; « annuler » takes it back."""
    found = get_rendez_vous_recu(rendez_vous_id, for_acteur=request.acteur)
    fait = request.GET.get("geste") != "annuler"
    adresse = reverse("soins_prevenu", args=[slug, found.pk])
    attempt(
        request,
        lambda: services.note_prevenu(rendez_vous=found, by=request.acteur, fait=fait),
        done="C’est noté." if fait else "La personne est de nouveau à prévenir.",
        undo=f"{adresse}?geste=annuler" if fait else "",
    )
    return redirect("soins_a_prevenir", slug=slug)


@acces(OUVRIR, patients=True)
@require_POST
def annuler_tous(request: Requete, slug: str, professionnel_id: UUID) -> HttpResponse:
    """All those of one professional that fall: each person is told by message, those who cannot be stay in the list."""
    professionnel = find_professionnel(professionnel_id, for_acteur=request.acteur)
    fait = attempt(
        request,
        lambda: services.cancel_chutes(cpts_id=request.cpts.pk, professionnel_id=professionnel.pk, by=request.acteur),
    )
    if fait:
        attempt(request, lambda: True, done=say_annulations(fait))
    return redirect("soins_a_prevenir", slug=slug)


def say_annulations(fait: services.Annulations) -> str:
    """What was cancelled, and who is still to be called."""
    if not fait.faites:
        return "Plus aucun rendez-vous à annuler."
    phrase = f"{compter(fait.faites, 'rendez-vous', 'rendez-vous')} {accorder(fait.faites, 'annulé')}."
    if fait.a_appeler:
        reste = compter(fait.a_appeler, "personne reste à appeler", "personnes restent à appeler")
        return f"{phrase} {reste}\u00a0: elles n’ont laissé ni portable ni adresse électronique."
    return f"{phrase} Un message part à chaque personne."
