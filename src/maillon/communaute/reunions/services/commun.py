"""What every service of meetings does: lock, move by the table, say what the database refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now

from ..enums import TRANSITIONS, Etat, Reponse
from ..models import ActionRefusee, Participation, Reunion

LIEN_INVITATION = "reunions.invitation"
LIEN_SONDAGE = "reunions.sondage"
JOURS_APRES = timedelta(days=2)
JOURS_SONDAGE = timedelta(days=60)

# The sentence for each thing that the database refuses.
REFUS = {
    "pouvoir_un_par_mandant": "Cette personne a déjà donné pouvoir : retirez d’abord le premier.",
    "pouvoir_entre_votants": "Un pouvoir va d’une personne qui a une voix à une autre qui en a une.",
    "pouvoir_d_un_absent": "Cette personne est présente : elle vote elle-même.",
    "pouvoir_sans_relais": "Un pouvoir ne se transmet pas : l’une de ces deux personnes a déjà donné ou reçu pouvoir.",
    "pouvoir_limite": "Cette personne porte déjà autant de pouvoirs que les statuts le permettent. Choisissez-en "
    "une autre.",
    "voix_une_par_votant": "Cette voix est déjà exprimée.",
    "voix_vote_ouvert": "Ce vote n’est pas ouvert.",
    "voix_d_un_votant": "Vote une personne présente qui a une voix, pour elle et pour ceux qui lui ont donné pouvoir.",
    "resolution_voix_existantes": "Il y a plus de voix comptées que de personnes présentes ou représentées. "
    "Recomptez, ou relevez les présences qui manquent.",
    "creneau_unique": "Ce créneau est déjà proposé.",
    "participation_unique": "Cette personne est déjà sur la liste de la réunion.",
}


@contextmanager
def refuse_in_french() -> Iterator[None]:
    """A savepoint in which a refusal of the database becomes ActionRefusee, with its sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        contrainte = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if contrainte not in REFUS:
            raise
        raise ActionRefusee(REFUS[contrainte]) from error


def lock(reunion_id: UUID) -> Reunion:
    """The meeting, locked until the transaction ends: every service that changes it comes through here first."""
    return (
        Reunion.objects.select_for_update(of=("self",), no_key=True).select_related("cpts", "groupe").get(pk=reunion_id)
    )


def check_modifiable(reunion: Reunion) -> None:
    """Raise ActionRefusee when the meeting is held or cancelled."""
    if reunion.etat not in (Etat.PREPARATION, Etat.CONVOQUEE):
        raise ActionRefusee(f"Cette réunion est {reunion.get_etat_display()} : elle ne change plus.")


def check_transition(reunion: Reunion, etat: Etat) -> None:
    """Raise ActionRefusee when the table of transitions does not lead there."""
    if etat not in TRANSITIONS[Etat(reunion.etat)]:
        raise ActionRefusee(f"Cette réunion est {reunion.get_etat_display()} : elle ne peut pas être {etat.label}.")


def take_back_reponses(reunion: Reunion) -> None:
    """What people said of another day holds no more: everybody is asked again."""
    reunion.participations.update(reponse=Reponse.ATTENDUE, repondu_le=None, relancee_le=None)


def create_lien_invitation(participation: Participation, reunion: Reunion) -> str:
    """The personal link of an invitation: answer, give proxy, read, vote; until two days after the meeting."""
    fin: datetime = reunion.fin or now() + JOURS_SONDAGE
    return create_lien(
        but=LIEN_INVITATION,
        cpts_id=reunion.cpts_id,
        objet_id=participation.pk,
        expire_le=max(fin, now()) + JOURS_APRES,
    )


def create_lien_sondage(participation: Participation) -> str:
    """The personal link of a poll: say when one can come."""
    return create_lien(
        but=LIEN_SONDAGE,
        cpts_id=participation.cpts_id,
        objet_id=participation.pk,
        expire_le=now() + JOURS_SONDAGE,
    )
