"""Asking for membership, admitting, ending."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.personnes.services import keep_professionnel
from maillon.communaute.structures.models import Structure
from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal
from maillon.socle.ui.typographie import format_date

from ..enums import TRANSITIONS, College, Etat
from ..models import Adhesion
from .refus import AdhesionRefusee

Adherent = Professionnel | Structure


@transaction.atomic
def request_adhesion(*, cpts_id: UUID, adherent: Adherent, by: Acteur, college: str | None = None) -> Adhesion:
    """Record that somebody asks to join. Raises AdhesionRefusee when a membership or a request is already open."""
    adhesion = _open(cpts_id, adherent, Etat.DEMANDEE, college=college, debut=None)
    journal.record("adhesions.demandee", adhesion, by=by, college=adhesion.college)
    return adhesion


@transaction.atomic
def admit(
    *, cpts_id: UUID, adherent: Adherent, by: Acteur, debut: date | None = None, college: str | None = None
) -> Adhesion:
    """Make a professional or a structure a member from `debut` (today by default), accepting the request if one waits.
    A professional becomes one of the people of the community.

    The college is guessed from the profession when it is not given. Raises AdhesionRefusee for somebody who already
    is a member, or was one at that date.
    """
    debut = debut or today()
    _refuse_overlap(cpts_id, adherent, debut)
    adhesion = (
        Adhesion.objects.select_for_update().filter(cpts_id=cpts_id, etat=Etat.DEMANDEE, **_key_of(adherent)).first()
    )
    if adhesion is None:
        adhesion = _open(cpts_id, adherent, Etat.ACTIVE, college=college, debut=debut)
    else:
        _move(adhesion, Etat.ACTIVE)
        adhesion.debut = debut
        adhesion.college = college or adhesion.college
        adhesion.save(update_fields=["etat", "debut", "college"])
    if isinstance(adherent, Professionnel):
        keep_professionnel(cpts_id=cpts_id, professionnel=adherent, by=by)
    journal.record("adhesions.admise", adhesion, by=by, debut=debut.isoformat(), college=adhesion.college)
    return adhesion


@transaction.atomic
def end_adhesion(*, adhesion: Adhesion, by: Acteur, fin: date | None = None) -> Adhesion:
    """End a membership, or refuse a request: `fin` (today by default) is the first day without it.

    Raises AdhesionRefusee when it has ended already, or would end before it began.
    """
    adhesion = Adhesion.objects.select_for_update(of=("self",)).get(pk=adhesion.pk)
    fin = fin or today()
    if adhesion.debut is not None and fin < adhesion.debut:
        raise AdhesionRefusee(f"L’adhésion a commencé le {_day(adhesion.debut)} : elle ne peut finir avant.")
    _move(adhesion, Etat.TERMINEE)
    adhesion.fin = fin
    adhesion.save(update_fields=["etat", "fin"])
    journal.record("adhesions.terminee", adhesion, by=by, fin=fin.isoformat())
    _tell_presence(adhesion)
    return adhesion


def _tell_presence(adhesion: Adhesion) -> None:
    """Those who follow when a professional is there hear that they left, or are back."""
    if adhesion.professionnel_id is not None:
        for suite in collect("suites_occupations"):
            suite.fait(adhesion.cpts_id, adhesion.professionnel_id)


@transaction.atomic
def resume_adhesion(*, adhesion: Adhesion, by: Acteur) -> Adhesion:
    """Undo an end: the membership runs on as if it had not ended. Raises AdhesionRefusee when the member came back
    since, or never was one."""
    adhesion = Adhesion.objects.select_for_update(of=("self",)).get(pk=adhesion.pk)
    if adhesion.etat != Etat.TERMINEE or adhesion.debut is None:
        raise AdhesionRefusee("Cette adhésion n’est pas terminée.")
    if (
        Adhesion.objects.filter(cpts_id=adhesion.cpts_id, **_key_of(adhesion.adherent))
        .exclude(etat=Etat.TERMINEE)
        .exists()
    ):
        raise AdhesionRefusee(f"{adhesion.adherent} a déjà une adhésion en cours.")
    adhesion.etat, adhesion.fin = Etat.ACTIVE, None
    adhesion.save(update_fields=["etat", "fin"])
    journal.record("adhesions.reprise", adhesion, by=by)
    _tell_presence(adhesion)
    return adhesion


@transaction.atomic
def change_college(*, adhesion: Adhesion, college: str, by: Acteur) -> Adhesion:
    """Move a member to another college; dues already asked keep their amount."""
    adhesion.college = college
    adhesion.save(update_fields=["college"])
    journal.record("adhesions.college", adhesion, by=by, college=college)
    return adhesion


def _move(adhesion: Adhesion, etat: Etat) -> None:
    if etat not in TRANSITIONS[Etat(adhesion.etat)]:
        raise AdhesionRefusee(f"Cette adhésion est déjà {adhesion.get_etat_display()}.")
    adhesion.etat = etat


def _open(cpts_id: UUID, adherent: Adherent, etat: Etat, *, college: str | None, debut: date | None) -> Adhesion:
    try:
        with transaction.atomic():
            return Adhesion.objects.create(
                cpts_id=cpts_id,
                etat=etat,
                debut=debut,
                college=college or guess_college(adherent),
                **_key_of(adherent),
            )
    except IntegrityError as error:
        if "adhesion_professionnel_ouverte" in str(error) or "adhesion_structure_ouverte" in str(error):
            raise AdhesionRefusee(f"{adherent} a déjà une adhésion en cours.") from error
        raise


def _refuse_overlap(cpts_id: UUID, adherent: Adherent, debut: date) -> None:
    for adhesion in Adhesion.objects.filter(cpts_id=cpts_id, debut__isnull=False, **_key_of(adherent)):
        if adhesion.fin is None:
            raise AdhesionRefusee(f"{adherent} est déjà membre depuis le {_day(adhesion.debut)}.")
        if adhesion.fin > debut:
            raise AdhesionRefusee(f"{adherent} était déjà membre à cette date, jusqu’au {_day(adhesion.fin)}.")


def _day(day: date | None) -> str:
    return format_date(day, jour=False)


def _key_of(adherent: Adherent) -> dict[str, Adherent]:
    return {"structure" if isinstance(adherent, Structure) else "professionnel": adherent}


def guess_college(adherent: Adherent) -> College:
    """The college of a structure, of a doctor, of another professional."""
    if isinstance(adherent, Structure):
        return College.STRUCTURES
    return College.MEDECINS if adherent.profession == Profession.MEDECIN else College.PROFESSIONNELS
