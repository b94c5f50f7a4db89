"""Wishes: asked by mail with a personal link, said in a minute, reminded once."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from maillon.socle.courriels.services import cancel_for
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import Choix, EtatTableau
from ..models import ActionRefusee, Participant, Tableau, Voeu
from ..notifications import DemandeVoeux, RappelVoeux, absolute
from ..permissions import GERER
from .commun import lock_tableau

LIEN_VOEUX = "gardes.voeux"
RAPPEL_AVANT = timedelta(days=3)
FERMES = "Les vœux de ce tableau sont clos\u00a0: appelez la coordination pour dire ce qui a changé."


@transaction.atomic
def open_voeux(*, tableau_id: UUID, voeux_avant: date, by: Acteur) -> int:
    """Ask everybody's wishes by mail until a day; returns how many mails left. Raises ActionRefusee without anybody to
    ask, or for a day gone."""
    tableau = lock_tableau(tableau_id)
    if not tableau.participants.exists():
        raise ActionRefusee("Personne n’est encore dans ce tableau\u00a0: ajoutez d’abord des professionnels.")
    if voeux_avant < today():
        raise ActionRefusee("Choisissez un jour à venir pour la réponse.")
    tableau.move_to(EtatTableau.VOEUX)
    tableau.voeux_avant = voeux_avant
    tableau.save(update_fields=["etat", "voeux_avant"])
    silent = list(tableau.participants.filter(repondu_le=None).select_related("personne"))
    sent = sum(_write(tableau, participant, DemandeVoeux, f"{now():%Y-%m-%d}") for participant in silent)
    tableau.participants.filter(pk__in=[p.pk for p in silent]).update(demande_le=now())
    journal.record("gardes.voeux_demandes", tableau, by=by, nombre=len(silent), avant=voeux_avant.isoformat())
    return sent


def _write(tableau: Tableau, participant: Participant, courriel: type[DemandeVoeux], occasion: str) -> int:
    jeton = create_lien(
        but=LIEN_VOEUX, cpts_id=tableau.cpts_id, objet_id=participant.pk, expire_le=find_fin_voeux(tableau)
    )
    message = courriel(tableau, participant, lien=absolute("gardes_lien_voeux", jeton=jeton))
    return int(message.queue(to=participant.personne.courriel, occasion=occasion) is not None)


def find_fin_voeux(tableau: Tableau) -> datetime:
    """The night after the last day to answer."""
    assert tableau.voeux_avant is not None
    return datetime.combine(tableau.voeux_avant + timedelta(days=1), time(), ZoneInfo(tableau.cpts.fuseau))


@transaction.atomic
def remind_voeux(*, tableau_id: UUID, by: Acteur) -> int:
    """Write again to those who said nothing; returns how many."""
    tableau = lock_tableau(tableau_id)
    if tableau.etat != EtatTableau.VOEUX or tableau.voeux_avant is None:
        raise ActionRefusee("Les vœux ne sont pas ouverts\u00a0: il n’y a personne à relancer.")
    silent = list(tableau.participants.filter(repondu_le=None).select_related("personne"))
    sent = sum(_write(tableau, participant, RappelVoeux, f"{now():%Y-%m-%d}") for participant in silent)
    tableau.participants.filter(pk__in=[p.pk for p in silent]).update(relance_le=now())
    journal.record("gardes.voeux_relances", tableau, by=by, nombre=len(silent))
    return sent


def remind_due(*, cpts_id: UUID) -> int:
    """Remind once, three days before the last day, those who said nothing."""
    near = Tableau.objects.filter(
        cpts_id=cpts_id,
        etat=EtatTableau.VOEUX,
        voeux_avant__lte=today() + RAPPEL_AVANT,
        voeux_avant__gte=today(),
        participants__repondu_le=None,
        participants__relance_le=None,
    )
    return sum(remind_voeux(tableau_id=pk, by=SYSTEME) for pk in near.values_list("pk", flat=True).distinct())


@transaction.atomic
def save_voeux(
    *, participant_id: UUID, choix: Mapping[date, Choix], nom_public: bool | None = None, by: Acteur
) -> Participant:
    """Replace what a participant says of the days of the roster; the last word counts. Who builds the roster may still
    note it after the wishes are closed, until it is published. Raises ActionRefusee when it is too late."""
    tableau = lock_tableau(Participant.objects.values_list("tableau", flat=True).get(pk=participant_id))
    participant = Participant.objects.select_related("personne").get(pk=participant_id)
    if not is_voeux_ouverts(tableau, by):
        raise ActionRefusee(FERMES)
    participant.voeux.all().delete()
    Voeu.objects.bulk_create(
        Voeu(cpts_id=tableau.cpts_id, participant=participant, jour=jour, choix=dit)
        for jour, dit in choix.items()
        if tableau.debut <= jour <= tableau.fin
    )
    participant.repondu_le = now()
    if nom_public is not None:
        participant.nom_public = nom_public
    participant.save(update_fields=["repondu_le", "nom_public"])
    journal.record("gardes.voeux_dits", participant, by=by, jours=len(choix))
    return participant


def is_voeux_ouverts(tableau: Tableau, by: Acteur) -> bool:
    """Whether this actor may still say wishes: until their last day; who builds the roster, until it is published."""
    if by.can(GERER) and tableau.is_en_construction:
        return True
    return tableau.etat == EtatTableau.VOEUX and not (tableau.voeux_avant and tableau.voeux_avant < today())


@transaction.atomic
def close_voeux(*, tableau_id: UUID, by: Acteur) -> Tableau:
    """No more wishes: the roster is to be built. Reminders that wait are cancelled."""
    tableau = lock_tableau(tableau_id)
    tableau.move_to(EtatTableau.CALCUL)
    tableau.save(update_fields=["etat"])
    for pk in tableau.participants.values_list("pk", flat=True):
        cancel_for(cpts_id=tableau.cpts_id, objet_id=pk)
    journal.record("gardes.voeux_clos", tableau, by=by)
    return tableau
