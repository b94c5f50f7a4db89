"""Keeping the totals of past days (docs/decisions/0030-totaux-du-jour.md)."""

from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min

from maillon.socle.horloge import today
from maillon.socle.ui.typographie import local_day

from ..enums import GenreJour
from ..models import Demande, JourGuichet
from ..selectors.jours import MOMENTS, UN_JOUR, Jour, compute_jours, list_plages

LOT = 500


@transaction.atomic
def keep_jours(*, cpts_id: UUID) -> int:
    """Keep the totals of the past days that are not kept, those that counted nothing included; how many were missing.

    Every write of a request shares the lock that this takes alone: a request changed meanwhile waits, then forgets
    its day. To be called first in its transaction, which holds no other lock.
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(hashtext('medecin_traitant_jour'), hashtext(%s))", [str(cpts_id)])
    return sum(_keep(cpts_id, genre) for genre in GenreJour)


def _keep(cpts_id: UUID, genre: GenreJour) -> int:
    premier = Demande.objects.filter(cpts_id=cpts_id).aggregate(le=Min(MOMENTS[genre]))["le"]
    if premier is None:
        return 0
    debut, fin = local_day(premier), today()
    gardes = JourGuichet.objects.filter(cpts_id=cpts_id, genre=genre, jour__gte=debut, jour__lt=fin)
    plages = list_plages(debut, fin, set(gardes.values_list("jour", flat=True)))
    comptes = {jour.jour: jour for jour in compute_jours(cpts_id, genre, plages)}
    voulus = [a + UN_JOUR * n for a, b in plages for n in range((b - a).days)]
    JourGuichet.objects.bulk_create(
        [_write(cpts_id, genre, comptes.get(jour) or Jour(jour, {})) for jour in voulus], batch_size=LOT
    )
    return len(voulus)


def _write(cpts_id: UUID, genre: GenreJour, jour: Jour) -> JourGuichet:
    return JourGuichet(cpts_id=cpts_id, genre=genre, jour=jour.jour, chiffres=jour.chiffres, delais=jour.delais)
