"""How to write to professionals, and who may not be asked now."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.personnes.models import Personne
from maillon.socle.comptes.models import Compte
from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today

from ..models import Absence


def get_professionnel(acteur: Acteur) -> Professionnel | None:
    """The directory's professional of this account, known by the RPPS number."""
    return Professionnel.objects.filter(rpps=acteur.rpps).first() if acteur.rpps else None


def find_courriels(professionnel_ids: Collection[UUID], *, cpts_id: UUID) -> dict[UUID, str]:
    """Where to write to each: the account's address, else the place of work's; absent when none is known. Two queries.

    Only an account that is a member of this community counts: the number of an account is the word of the community
    that invited it, and another one's word does not open this one's solicitations.
    """
    found: dict[UUID, str] = {}
    places = Activite.objects.filter(professionnel__in=professionnel_ids).exclude(courriel="").order_by("id")
    for professionnel_id, courriel in places.values_list("professionnel_id", "courriel"):
        found.setdefault(professionnel_id, courriel)
    numbers = dict(Professionnel.objects.filter(pk__in=professionnel_ids).values_list("rpps", "pk"))
    members = Compte.objects.filter(
        rpps__in=numbers, is_active=True, membres__cpts=cpts_id, membres__actif=True
    ).values_list("rpps", "email")
    return found | {numbers[rpps]: email for rpps, email in members if rpps}


def list_absents(professionnel_ids: Collection[UUID], *, cpts_id: UUID, on: date) -> set[UUID]:
    """Those who said that they are away that day."""
    absences = Absence.objects.filter(cpts_id=cpts_id, professionnel__in=professionnel_ids, periode__contains=on)
    return set(absences.values_list("professionnel_id", flat=True))


def list_occupes(professionnel_ids: Collection[UUID], *, debut: datetime, fin: datetime) -> set[UUID]:
    """Those whose calendars are busy without a break over [debut, fin[: they could not answer. Who is on duty is there
    to be asked."""
    people = dict(
        Personne.objects.filter(professionnel__in=professionnel_ids, fusionnee_dans=None).values_list(
            "pk", "professionnel_id"
        )
    )
    busy: dict[UUID, timedelta] = {}
    for source in collect("occupations"):
        for occupation in source.occupations(list(people), debut, fin):
            if occupation.de_garde:
                continue
            length = min(occupation.fin, fin) - max(occupation.debut, debut)
            busy[occupation.personne_id] = busy.get(occupation.personne_id, timedelta(0)) + length
    return {professionnel for pk, length in busy.items() if length >= fin - debut and (professionnel := people[pk])}


def list_absences(professionnel: Professionnel, *, cpts_id: UUID) -> list[Absence]:
    """Own absences under way or to come, the next first."""
    return list(
        Absence.objects.filter(cpts_id=cpts_id, professionnel=professionnel, periode__endswith__gt=today()).order_by(
            "periode"
        )
    )
