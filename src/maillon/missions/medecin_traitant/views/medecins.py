"""The doctor, telephone first: accept or decline in one touch, meet new patients."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from maillon.communaute.patients.selectors import read_identites
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now

from .. import services
from ..enums import Etat, EtatProposition, MotifRefus
from ..models import Demande, Proposition, PropositionQuerySet
from ..permissions import REPONDRE
from ..selectors import get_capacite, get_professionnel, get_proposition, list_attendues, view_as_medecin
from .commun import attempt

RECENTES = 20


def _mine(request: Requete) -> PropositionQuerySet:
    # A doctor of the desk reads the desk's pages for others' proposals; here, own ones only.
    acteur = request.acteur
    return Proposition.objects.visible_to(acteur).filter(professionnel__rpps=acteur.rpps or "")


@acces(REPONDRE, patients=True)
@require_safe
def mes_propositions(request: Requete, slug: str) -> HttpResponse:
    """What waits for my answer, my places, my latest answers."""
    own = _mine(request)
    medecin = get_professionnel(request.acteur)
    generaliste = medecin is not None and medecin.is_medecin_generaliste
    capacite = get_capacite(cpts_id=request.cpts.pk, professionnel=medecin) if medecin else None
    contexte = {
        "titre": "Mes propositions",
        "attendues": list_attendues(for_acteur=request.acteur, moment=now()),
        "motifs": MotifRefus.choices,
        "generaliste": generaliste,
        "capacite": capacite,
        "recentes": list(own.exclude(etat=EtatProposition.ENVOYEE).order_by("-envoyee_le")[:RECENTES]),
    }
    return render(request, "medecin_traitant/mes_propositions.html", contexte)


@acces(REPONDRE, patients=True)
@require_POST
def repondre(request: Requete, slug: str, proposition_id: UUID) -> HttpResponse:
    """One touch: accept, or decline with the reason touched."""
    acteur = request.acteur
    proposition = get_proposition(proposition_id, for_acteur=acteur)
    if proposition.professionnel.rpps != acteur.rpps:
        raise Http404
    motif = request.POST.get("motif", "")
    if request.POST.get("geste") == "accepter":
        attempt(
            request,
            lambda: services.accept_proposition(proposition_id=proposition.pk, by=acteur),
            done="Merci. La personne est prévenue ; vous aurez ses coordonnées dès qu’elle aura dit oui.",
        )
    elif motif in MotifRefus.values:
        attempt(
            request,
            lambda: services.decline_proposition(proposition_id=proposition.pk, motif=MotifRefus(motif), by=acteur),
            done="C’est noté. La demande est proposée à d’autres.",
        )
    return redirect("medecin_traitant_mes_propositions", slug=slug)


@acces(REPONDRE, patients=True)
@require_safe
def mes_patients(request: Requete, slug: str) -> HttpResponse:
    """Patients who said yes: their identity, by the care relation, with a trace of each reading."""
    acteur = request.acteur
    placed = list(
        Demande.objects.visible_to(acteur)
        .filter(etat=Etat.PLACEE, medecin__rpps=acteur.rpps or "")
        .select_related("patient__commune")
        .order_by("-placee_le")[:50]
    )
    identites = read_identites(
        [demande.patient_id for demande in placed], quoi="identite", pourquoi="nouveaux patients", by=acteur
    )
    contexte = {
        "titre": "Mes nouveaux patients",
        "patients": [
            (demande, identites[demande.patient_id], view_as_medecin(demande))
            for demande in placed
            if demande.patient_id in identites
        ],
    }
    return render(request, "medecin_traitant/mes_patients.html", contexte)
