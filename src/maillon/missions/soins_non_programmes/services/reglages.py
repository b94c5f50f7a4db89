"""The community decides how its unscheduled care works; the weeks ahead follow."""

from datetime import timedelta

from django.db import transaction

from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import Feries
from ..models import Creneau, Plage, Reglages
from ..selectors.reglages import find_midnight, get_reglages, get_today, list_feries
from .creneaux import AVANCE
from .plages import classify_moments, make_moments
from .retraits import withdraw_rows
from .verrous import lock_professionnels


@transaction.atomic
def save_reglages(*, cpts: Cpts, reglages: Reglages, by: Acteur) -> Reglages:
    """Write the community's settings; the weeks ahead follow when holidays open or close."""
    avant = get_reglages(cpts.pk)
    reglages.save()
    journal.record("soins.reglages", reglages, by=by)
    if avant.ouvert_les_feries != reglages.ouvert_les_feries:
        apply_feries(cpts=cpts, reglages=reglages)
    return reglages


def apply_feries(*, cpts: Cpts, reglages: Reglages) -> None:
    """Public holidays of the weeks ahead become open, or close, for the openings that do as the community decided."""
    debut = get_today(cpts)
    feries = list(list_feries(cpts, debut, debut + AVANCE))
    own = Plage.objects.actives().filter(cpts_id=cpts.pk, feries=Feries.COMMUNAUTE)
    plages = list(own.select_related("professionnel", "lieu__commune").order_by("professionnel_id", "pk"))
    lock_professionnels({plage.professionnel_id for plage in plages})
    if not reglages.ouvert_les_feries:
        for jour in feries:
            start, end = find_midnight(jour, cpts), find_midnight(jour + timedelta(days=1), cpts)
            rows = Creneau.objects.filter(plage__in=plages, debut__gte=max(start, now()), debut__lt=end)
            withdraw_rows(rows, now())
        return
    for plage in plages:
        if plage.faite_jusque:
            found = classify_moments(plage, cpts, reglages, debut, plage.faite_jusque, only=feries)
            make_moments(plage, cpts, reglages, found)
