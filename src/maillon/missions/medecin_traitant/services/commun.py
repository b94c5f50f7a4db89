"""What every service of the desk does: lock, move by the table, find an owner, compute the priority."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count

from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.patients.services import touch_patient
from maillon.regles.priorite import PoidsPriorite
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today
from maillon.socle.taches import enqueue

from ..enums import OUVERTS, Action, Etat
from ..models import ActionRefusee, Demande
from ..selectors import DESK, compute_effective, get_poids

LIEN_SUIVI = "medecin_traitant.suivi"
LIEN_REPONSE = "medecin_traitant.reponse"

JOURS_POUR_QUALIFIER = 2
JOURS_POUR_PROPOSER = 3
JOURS_REPONSE_MEDECIN = 5
JOURS_REPONSE_PATIENT = 7
JOURS_AVANT_RAPPEL = 2
JOURS_LIEN_SUIVI = 365


def lock(demande_id: UUID) -> Demande:
    """The request, locked until the transaction ends: every service that changes it comes through here first.

    Rows that point to it may still be written: whoever writes many of them would otherwise wait in another order.
    """
    return (
        Demande.objects.select_for_update(of=("self",), no_key=True)
        .select_related("cpts", "patient")
        .get(pk=demande_id)
    )


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def plan(demande: Demande, action: Action, on: date) -> None:
    """Say what comes next and when; the caller saves."""
    demande.prochaine_action, demande.prochaine_date = action, on


def move(demande: Demande, etat: Etat, **fields: Any) -> None:
    """Change the state by the table of transitions, with the fields that go with it, and save.

    Something happened for this person: the retention of the identity starts again.
    """
    demande.check_transition(etat)
    demande.etat = etat
    for name, value in fields.items():
        setattr(demande, name, value)
    demande.save()
    touch_patient(patient=demande.patient)


def choose_responsable(cpts_id: UUID, *, prefer: UUID | None = None) -> Membre:
    """Who follows a new request: `prefer` when a desk member files it, else the least loaded interlocuteur social,
    then a coordinator, then the secretary. ActionRefusee when the community has none of them."""
    if prefer is not None:
        own = Membre.objects.filter(pk=prefer, actif=True, roles__overlap=DESK).first()
        if own:
            return own
    membres = list_guichet(cpts_id)
    charges = dict(
        Demande.objects.filter(cpts_id=cpts_id, etat__in=OUVERTS, responsable__in=membres)
        .values_list("responsable")
        .annotate(nombre=Count("pk"))
    )
    return min(membres, key=lambda membre: (charges.get(membre.pk, 0), membre.pk))


def list_guichet(cpts_id: UUID) -> list[Membre]:
    """Who takes new requests: the interlocuteurs sociaux, else the coordinators, else the secretaries.

    ActionRefusee when the community has none of them.
    """
    for role in (Role.INTERLOCUTEUR_SOCIAL, Role.COORDINATION, Role.SECRETARIAT):
        membres = list(Membre.objects.filter(cpts_id=cpts_id, actif=True, roles__contains=[role.value]))
        if membres:
            return membres
    raise ActionRefusee(
        "Personne ne tient encore le guichet de cette communauté. Appelez-la : votre demande n’a pas été enregistrée."
    )


def set_priorite(demande: Demande, *, poids: PoidsPriorite | None = None) -> bool:
    """Compute the priority at today's date; says whether it changed. The caller saves.

    `poids`, read once, for whoever goes through many requests.
    """
    priorite = compute_effective(demande, poids=poids or get_poids(demande.cpts_id, on=today()))
    before = (demande.priorite_niveau, demande.priorite_score)
    demande.priorite_niveau, demande.priorite_score = priorite.niveau.value, priorite.score
    demande.priorite_lignes = [{"fait": ligne.fait.value, "points": ligne.points} for ligne in priorite.lignes]
    return before != (demande.priorite_niveau, demande.priorite_score)


def refresh_pilotage(cpts_id: UUID) -> None:
    """Have the figures of the contract computed again, once for however many acts."""
    enqueue("pilotage.rafraichir", cpts_id=cpts_id, once=f"pilotage.rafraichir:{cpts_id}")


def back_to_rank(demande: Demande) -> None:
    """Nobody is asked any more: the request comes back to its rank, to be proposed again today."""
    plan(demande, Action.PROPOSER, today())
    move(demande, Etat.QUALIFIEE)


def get_courriel_patient(demande: Demande) -> str:
    """The address that the patient or the carer gave; empty when there is none. Leaves a trace."""
    found = read_identites([demande.patient_id], quoi="courriel", pourquoi="prévenir le patient", by=SYSTEME)
    identite = found.get(demande.patient_id)
    return identite.courriel if identite else ""
