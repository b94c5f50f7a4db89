"""Slots: made in bulk, turned busy and back by the calendars kept elsewhere, withdrawn and given back.

Whoever calls what writes slots here holds the lock of their professional.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from maillon.regles.horaires import Moment
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.identifiants import new_id
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums import EtatCreneau, Horaire
from ..models import ActionRefusee, Creneau, Plage
from ..selectors.indisponibles import find_indisponibles, is_busy
from .verrous import lock_creneau, lock_professionnels

# Slots are made this far ahead.
AVANCE = timedelta(days=42)

_INSERT = """
INSERT INTO soins_non_programmes_creneau
    (id, cpts_id, plage_id, professionnel_id, lieu_id, debut, fin, etat, profession, specialite, commune, zone,
     modalite, audiences, reservable, horaire, partages, ouvert_le)
SELECT i, %s, %s, %s, %s, d, f, e, %s, %s, %s, %s, %s, %s::varchar[], %s, h, %s::uuid[], %s
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[]) AS u (i, d, f, e, h)
ON CONFLICT DO NOTHING
"""


def insert_creneaux(plage: Plage, moments: Sequence[tuple[Moment, Horaire, EtatCreneau]]) -> int:
    """The slots of an opening at these moments, in one statement; a moment already held by another slot of the
    professional, here or in another community, is left to it. Returns how many were made."""
    if not moments:
        return 0
    professionnel, commune = plage.professionnel, plage.lieu.commune
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                plage.cpts_id, plage.pk, professionnel.pk, plage.lieu_id,
                professionnel.profession, next(iter(professionnel.savoir_faire), ""), commune.pk, commune.departement,
                plage.modalite, list(plage.audiences), plage.reservable, list(plage.partages), now(),
                [new_id() for _ in moments], [m.debut for m, _, _ in moments], [m.fin for m, _, _ in moments],
                [etat.value for _, _, etat in moments], [horaire.value for _, horaire, _ in moments],
            ],
        )  # fmt: skip
        return cursor.rowcount


def set_etat(creneau_ids: Collection[UUID], etat: EtatCreneau, *, retire_le: datetime | None = None) -> list[UUID]:
    """Give these locked slots a state, at once when nothing else holds their time, otherwise those that can; returns
    which changed."""
    rows = Creneau.objects.filter(pk__in=creneau_ids)
    try:
        with transaction.atomic():
            rows.update(etat=etat, retire_le=retire_le)
            return list(creneau_ids)
    except IntegrityError:
        if len(creneau_ids) == 1:
            return []
    return [pk for creneau_id in creneau_ids for pk in set_etat([creneau_id], etat, retire_le=retire_le)]


@transaction.atomic
def refresh_occupations(*, cpts: Cpts, professionnel_ids: Collection[UUID] | None = None) -> tuple[int, int]:
    """Free slots at busy times are taken out, those whose time is free again come back; what is held or booked stays.

    Returns how many went and came back. For all the professionals who have slots ahead unless some are named.
    """
    ahead = Creneau.objects.filter(cpts_id=cpts.pk, debut__gt=now(), etat__in=(EtatCreneau.LIBRE, EtatCreneau.OCCUPE))
    if professionnel_ids is None:
        professionnel_ids = list(ahead.order_by().values_list("professionnel_id", flat=True).distinct())
    lock_professionnels(professionnel_ids)
    last = ahead.order_by("-debut").values_list("fin", flat=True).first() or now()
    busy = find_indisponibles(cpts, professionnel_ids, now(), max(last, now() + AVANCE))
    vers: dict[EtatCreneau, list[UUID]] = {EtatCreneau.OCCUPE: [], EtatCreneau.LIBRE: []}
    rows = ahead.filter(professionnel__in=professionnel_ids)
    for pk, pro, debut, fin, etat in rows.values_list("pk", "professionnel_id", "debut", "fin", "etat"):
        voulu = EtatCreneau.OCCUPE if is_busy(Moment(debut, fin), busy.get(pro, ())) else EtatCreneau.LIBRE
        if voulu != etat:
            vers[voulu].append(pk)
    taken = set_etat(vers[EtatCreneau.OCCUPE], EtatCreneau.OCCUPE)
    back = set_etat(vers[EtatCreneau.LIBRE], EtatCreneau.LIBRE)
    return len(taken), len(back)


def follow_occupations(cpts_id: UUID, professionnel_id: UUID) -> None:
    """The busy times of a professional changed: their slots are looked at again, soon."""
    if Creneau.objects.filter(cpts_id=cpts_id, professionnel=professionnel_id, debut__gt=now()).exists():
        enqueue(
            "soins.occupations",
            cpts_id=cpts_id,
            once=f"soins.occupations:{cpts_id}:{professionnel_id}",
            professionnel_id=str(professionnel_id),
        )


@transaction.atomic
def withdraw_creneau(*, creneau_id: UUID, by: Acteur) -> Creneau:
    """Nobody is received then after all. Raises ActionRefusee for a slot that is held or booked: its appointment is
    cancelled or moved first, so that the person is told."""
    creneau = lock_creneau(creneau_id)
    if creneau.etat == EtatCreneau.RETIRE:
        return creneau
    if creneau.etat not in (EtatCreneau.LIBRE, EtatCreneau.OCCUPE):
        raise ActionRefusee("Quelqu’un a ce créneau\u00a0: annulez ou déplacez d’abord son rendez-vous.")
    creneau.etat, creneau.retire_le = EtatCreneau.RETIRE, now()
    creneau.save(update_fields=["etat", "retire_le"])
    journal.record("soins.creneau_retire", creneau, by=by)
    return creneau


@transaction.atomic
def restore_creneau(*, creneau_id: UUID, by: Acteur) -> Creneau:
    """The slot is offered again. Raises ActionRefusee once its hour has come or another slot has its time."""
    creneau = lock_creneau(creneau_id)
    if creneau.etat != EtatCreneau.RETIRE:
        return creneau
    if creneau.debut <= now():
        raise ActionRefusee("L’heure de ce créneau est passée.")
    if not set_etat([creneau.pk], EtatCreneau.LIBRE):
        raise ActionRefusee("Un autre créneau a été ouvert à cette heure.")
    journal.record("soins.creneau_rouvert", creneau, by=by)
    creneau.refresh_from_db()
    return creneau
