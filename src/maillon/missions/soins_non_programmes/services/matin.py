"""« Combien de places aujourd’hui ? », mailed in the morning with a signed link to who wants it."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maillon.communaute.sollicitations.selectors import find_courriels
from maillon.regles.horaires import Moment
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now

from ..courriel_matin import PlacesDuJour, absolute
from ..models import Habitude
from ..selectors.indisponibles import find_indisponibles, is_busy
from ..selectors.reglages import find_midnight, get_reglages, get_today, get_zone, list_feries

LIEN_PLACES = "soins.places"
# Between these hours of the community's clock; a worker that was down all morning asks nothing any more.
HEURES = range(7, 10)


@transaction.atomic
def ask_matin(*, cpts: Cpts) -> int:
    """Write to those who want it, once a day; returns how many. Neither on their other days, nor on a holiday when the
    community closes, nor to somebody away all day."""
    if now().astimezone(get_zone(cpts)).hour not in HEURES:
        return 0
    jour = get_today(cpts)
    if list_feries(cpts, jour, jour + timedelta(days=1)) and not get_reglages(cpts.pk).ouvert_les_feries:
        return 0
    rows = Habitude.objects.filter(cpts_id=cpts.pk, matin=True, jours__contains=[jour.weekday()])
    habitudes = list(rows.exclude(demande_le=jour).select_for_update(of=("self",), skip_locked=True))
    pros = [habitude.professionnel_id for habitude in habitudes]
    courriels = find_courriels(pros, cpts_id=cpts.pk)
    absents = _find_absents(cpts, pros)
    asked = 0
    for habitude in habitudes:
        adresse = courriels.get(habitude.professionnel_id)
        if adresse and habitude.professionnel_id not in absents:
            send_lien(cpts=cpts, habitude=habitude, adresse=adresse)
            asked += 1
        habitude.demande_le = jour
    Habitude.objects.bulk_update(habitudes, ["demande_le"])
    return asked


def _find_absents(cpts: Cpts, professionnel_ids: list[UUID]) -> set[UUID]:
    """Those away, or busy, at noon and at four in the afternoon: they have nothing to offer."""
    midnight = find_midnight(get_today(cpts), cpts)
    busy = find_indisponibles(cpts, professionnel_ids, midnight, midnight + timedelta(days=1))
    moments = [midnight + timedelta(hours=12), midnight + timedelta(hours=16)]
    return {
        pro for pro, times in busy.items() if all(is_busy(Moment(m, m + timedelta(minutes=1)), times) for m in moments)
    }


def send_lien(*, cpts: Cpts, habitude: Habitude, adresse: str) -> None:
    """A link of the day: it closes at midnight, and the one of the day before with it."""
    revoke_liens(but=LIEN_PLACES, objet_id=habitude.pk)
    jour = get_today(cpts)
    minuit = find_midnight(jour + timedelta(days=1), cpts)
    jeton = create_lien(but=LIEN_PLACES, cpts_id=cpts.pk, objet_id=habitude.pk, expire_le=minuit)
    courriel = PlacesDuJour(cpts=cpts, objet_id=habitude.pk, lien=absolute("lien_places", jeton=jeton))
    courriel.queue(to=adresse, occasion=jour.isoformat())
