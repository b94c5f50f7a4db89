"""What time does to calls of every kind: deadlines passed, next waves, reminders sent once."""

from uuid import UUID

from django.db import transaction

from maillon.socle.declarations import FaitSollicitation
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import now

from ..enums import EtatSollicitation
from ..models import Appel, Sollicitation
from ..selectors import find_courriels
from .commun import advance, fold, take_appel, take_sollicitation, write


def expire(*, cpts_id: UUID, by: Acteur = SYSTEME) -> int:
    """Solicitations whose deadline passed expire, and the next waves leave. Returns how many expired.

    Objects are locked in one order, as by whoever touches many.
    """
    overdue = Sollicitation.objects.filter(cpts_id=cpts_id, etat=EtatSollicitation.ENVOYEE, expire_le__lte=now())
    appels = Appel.objects.filter(pk__in=overdue.values("appel")).order_by("genre", "objet_id")
    return sum(_expire(pk, by=by) for pk in list(appels.values_list("pk", flat=True)))


@transaction.atomic
def _expire(appel_id: UUID, *, by: Acteur) -> int:
    prise = take_appel(appel_id, by=by)
    moment = now()
    overdue = [row for row in prise.rows(EtatSollicitation.ENVOYEE) if row.expire_le and row.expire_le <= moment]
    for row in overdue:
        row.etat = EtatSollicitation.EXPIREE
        row.save(update_fields=["etat"])
        fold(row)
        prise.tell(FaitSollicitation.EXPIREE, row)
    if overdue:
        advance(prise)
    return len(overdue)


def remind(*, cpts_id: UUID, by: Acteur = SYSTEME) -> int:
    """Remind once those whose deadline comes near; returns how many reminders were sent."""
    moment = now()
    near = Sollicitation.objects.filter(
        cpts_id=cpts_id,
        etat=EtatSollicitation.ENVOYEE,
        rappelee_le=None,
        a_rappeler_le__lte=moment,
        expire_le__gt=moment,
    ).order_by("appel__genre", "appel__objet_id", "pk")
    return sum(_remind(pk, by=by) for pk in list(near.values_list("pk", flat=True)))


@transaction.atomic
def _remind(sollicitation_id: UUID, *, by: Acteur) -> int:
    prise, sollicitation = take_sollicitation(sollicitation_id, by=by)
    if sollicitation.etat != EtatSollicitation.ENVOYEE or sollicitation.rappelee_le:
        return 0
    sollicitation.rappelee_le = now()
    sollicitation.save(update_fields=["rappelee_le"])
    courriels = find_courriels([sollicitation.professionnel_id], cpts_id=sollicitation.cpts_id)
    write(prise, sollicitation, prise.genre.rappel, courriels.get(sollicitation.professionnel_id, ""))
    prise.tell(FaitSollicitation.RAPPELEE, sollicitation)
    return 1
