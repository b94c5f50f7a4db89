"""Proposals to doctors: send, accept (the first one wins), decline."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import ACTIVES, Action, Etat, EtatProposition, MotifRefus, MotifRetrait
from ..models import ActionRefusee, Capacite, Demande, Proposition
from ..notifications import DemandeAvancee, DemandeProposee, MedecinTrouve, absolute
from ..selectors import get_courriel_medecin
from .commun import (
    JOURS_REPONSE_MEDECIN,
    JOURS_REPONSE_PATIENT,
    LIEN_PROPOSITION,
    LIEN_REPONSE,
    back_to_rank,
    fold,
    get_courriel_patient,
    in_days,
    lock,
    move,
    plan,
    withdraw,
)

DEJA = {
    EtatProposition.ACCEPTEE: "Vous avez déjà accepté ce patient.",
    EtatProposition.REFUSEE: "Vous avez déjà refusé cette proposition.",
    EtatProposition.EXPIREE: "Le délai de réponse est passé : la demande est proposée à d’autres.",
    EtatProposition.RETIREE: "Cette proposition n’attend plus de réponse. Merci d’avoir répondu.",
}


@transaction.atomic
def propose_demande(*, demande_id: UUID, professionnel_ids: Sequence[UUID], by: Acteur) -> list[Proposition]:
    """Propose a qualified request to one or several doctors who have a place, for five days.

    Raises ActionRefusee, and proposes to nobody, when a doctor has no place left, has it already, or declined it.
    """
    demande = lock(demande_id)
    if demande.etat not in (Etat.QUALIFIEE, Etat.PROPOSEE):
        raise ActionRefusee(
            f"La demande {demande.reference} est « {demande.get_etat_display()} » : elle ne peut pas être proposée."
        )
    professionnels = list(Professionnel.objects.filter(pk__in=set(professionnel_ids)).order_by("pk"))
    if not professionnels or len(professionnels) != len(set(professionnel_ids)):
        raise ActionRefusee("Choisissez au moins un médecin de la liste.")
    _check_medecins(demande, professionnels)
    sent = [_send(demande, professionnel, by=by) for professionnel in professionnels]
    plan(demande, Action.ATTENDRE_MEDECIN, in_days(JOURS_REPONSE_MEDECIN))
    if demande.etat == Etat.QUALIFIEE:
        move(demande, Etat.PROPOSEE)
    else:
        demande.save()
    return sent


def _check_medecins(demande: Demande, professionnels: Sequence[Professionnel]) -> None:
    restantes = dict(
        Capacite.objects.filter(cpts=demande.cpts_id, professionnel__in=professionnels)
        .with_restantes()
        .values_list("professionnel", "restantes")
    )
    seen = dict(
        demande.propositions.filter(
            professionnel__in=professionnels, etat__in=[*ACTIVES, EtatProposition.REFUSEE]
        ).values_list("professionnel", "etat")
    )
    for professionnel in professionnels:
        if professionnel.pk in seen:
            said = "l’a refusée" if seen[professionnel.pk] == EtatProposition.REFUSEE else "l’a déjà"
            raise ActionRefusee(f"{professionnel} {said} : la demande {demande.reference} n’a été proposée à personne.")
        if not restantes.get(professionnel.pk):
            raise ActionRefusee(
                f"{professionnel} n’a plus de place : la demande {demande.reference} n’a été proposée à personne."
            )


def _send(demande: Demande, professionnel: Professionnel, *, by: Acteur) -> Proposition:
    sent_at = now()
    proposition = Proposition.objects.create(
        cpts_id=demande.cpts_id,
        demande=demande,
        professionnel=professionnel,
        envoyee_le=sent_at,
        expire_le=sent_at + timedelta(days=JOURS_REPONSE_MEDECIN),
    )
    jeton = create_lien_proposition(proposition)
    DemandeProposee(
        cpts=demande.cpts,
        objet_id=proposition.pk,
        lien=absolute("lien_proposition", jeton=jeton),
        avant_le=proposition.expire_le,
    ).queue(to=get_courriel_medecin(professionnel, cpts_id=demande.cpts_id))
    journal.record(
        "medecin_traitant.proposee", demande, by=by, proposition=str(proposition.pk), medecin=str(professionnel.pk)
    )
    return proposition


def create_lien_proposition(proposition: Proposition) -> str:
    """The doctor's link: accept or decline without account, until the deadline."""
    return create_lien(
        but=LIEN_PROPOSITION,
        cpts_id=proposition.cpts_id,
        objet_id=proposition.pk,
        expire_le=proposition.expire_le,
    )


def lock_proposition(proposition_id: UUID) -> tuple[Demande, Proposition]:
    """The request first, then its proposal: every writer takes them in this order."""
    demande_id = Proposition.objects.values_list("demande", flat=True).get(pk=proposition_id)
    demande = lock(demande_id)
    proposition = (
        Proposition.objects.select_for_update(of=("self",)).select_related("professionnel").get(pk=proposition_id)
    )
    return demande, proposition


def _check_ouverte(proposition: Proposition) -> None:
    if proposition.etat != EtatProposition.ENVOYEE:
        raise ActionRefusee(DEJA[EtatProposition(proposition.etat)])
    if proposition.expire_le <= now():
        raise ActionRefusee(DEJA[EtatProposition.EXPIREE])


@transaction.atomic
def accept_proposition(*, proposition_id: UUID, by: Acteur) -> Proposition:
    """The doctor takes the patient: reserved for them until the patient's own yes; other proposals are taken back.

    The first acceptance wins, by the lock on the request and by a unique constraint behind it. Accepting twice is
    accepting once. Raises ActionRefusee when it is too late.
    """
    demande, proposition = lock_proposition(proposition_id)
    if proposition.etat == EtatProposition.ACCEPTEE:
        return proposition
    _check_ouverte(proposition)
    others = list(demande.propositions.filter(etat=EtatProposition.ENVOYEE).exclude(pk=proposition.pk))
    _reserve(proposition)
    withdraw(others, MotifRetrait.AUTRE_MEDECIN)
    fold(proposition)
    courriel = get_courriel_patient(demande)
    if courriel:
        plan(demande, Action.ATTENDRE_PATIENT, in_days(JOURS_REPONSE_PATIENT))
    else:  # nobody else would tell them
        plan(demande, Action.RAPPELER_PATIENT, today())
    move(demande, Etat.ACCEPTEE, medecin=proposition.professionnel, acceptee_le=now(), rappel_patient_le=None)
    journal.record("medecin_traitant.acceptee", demande, by=by, proposition=str(proposition.pk), retirees=len(others))
    MedecinTrouve(
        cpts=demande.cpts,
        objet_id=proposition.pk,
        lien=absolute("reponse", jeton=create_lien_reponse(proposition)),
        avant_le=now() + timedelta(days=JOURS_REPONSE_PATIENT),
    ).queue(to=courriel)
    notify_responsable(demande, occasion=f"acceptee:{proposition.pk}")
    return proposition


def _reserve(proposition: Proposition) -> None:
    proposition.etat = EtatProposition.ACCEPTEE
    proposition.repondue_le = now()
    try:
        with transaction.atomic():
            proposition.save(update_fields=["etat", "repondue_le"])
    except IntegrityError as error:
        raise ActionRefusee(DEJA[EtatProposition.RETIREE]) from error


def create_lien_reponse(proposition: Proposition) -> str:
    """The patient's link to say yes or no to the doctor who accepted; lives as long as the desk waits."""
    return create_lien(
        but=LIEN_REPONSE,
        cpts_id=proposition.cpts_id,
        objet_id=proposition.pk,
        expire_le=now() + timedelta(days=3 * JOURS_REPONSE_PATIENT),
    )


@transaction.atomic
def decline_proposition(*, proposition_id: UUID, motif: MotifRefus, by: Acteur) -> Proposition:
    """The doctor declines, with a reason. Without another proposal waiting, the request comes back to its rank.

    Declining twice is declining once. Raises ActionRefusee when it is too late.
    """
    demande, proposition = lock_proposition(proposition_id)
    if proposition.etat == EtatProposition.REFUSEE:
        return proposition
    _check_ouverte(proposition)
    proposition.etat, proposition.motif_refus, proposition.repondue_le = EtatProposition.REFUSEE, motif, now()
    proposition.save(update_fields=["etat", "motif_refus", "repondue_le"])
    fold(proposition)
    journal.record("medecin_traitant.refusee", demande, by=by, proposition=str(proposition.pk), motif=str(motif))
    if back_to_rank(demande):
        notify_responsable(demande, occasion=f"refusee:{proposition.pk}")
    return proposition


def notify_responsable(demande: Demande, *, occasion: str) -> None:
    """Tell who follows the request that it moved."""
    if demande.responsable is None:
        return
    DemandeAvancee(
        cpts=demande.cpts,
        objet_id=demande.pk,
        lien=absolute("fiche", slug=demande.cpts.slug, demande_id=demande.pk),
    ).queue(to=demande.responsable.compte.email, occasion=occasion)
