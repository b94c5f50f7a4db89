"""« 3 places cet après-midi »: in one touch, by the morning's link, or by the desk on the telephone."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from maillon.communaute.annuaire.models import Professionnel
from maillon.regles.horaires import Moment, classify, find_bornes, spread
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import TENUS, DemiJournee, Feries, Horaire, Origine
from ..models import ActionRefusee, Creneau, Habitude, Plage
from ..selectors.indisponibles import find_indisponibles
from ..selectors.reglages import get_reglages, get_today, get_zone, list_feries
from .creneaux import AVANCE
from .lieux import take_lieux
from .plages import PDSA_REFUSEE, Bilan, make_moments
from .suites_rendez_vous import refresh_pilotage
from .verrous import lock_professionnels

PLACES_MAX = 12
PAS = timedelta(minutes=5)
MATIN = (time(8), time(13))


@transaction.atomic
def take_habitude(*, cpts_id: UUID, professionnel: Professionnel, by: Acteur) -> Habitude:
    """How this professional opens places; the first time, at their first place known, for twenty minutes each.

    Raises ActionRefusee when no place is known."""
    known = (
        Habitude.objects.filter(cpts_id=cpts_id, professionnel=professionnel).select_related("lieu__commune").first()
    )
    if known is not None and known.lieu.ferme_le is None:
        return known
    lieux = take_lieux(cpts_id=cpts_id, professionnel=professionnel, by=by)
    if not lieux:
        raise ActionRefusee("Dites d’abord où ce professionnel reçoit\u00a0: ajoutez un lieu.")
    if known is not None:
        known.lieu = lieux[0]
        known.save(update_fields=["lieu"])
        return known
    return Habitude.objects.create(cpts_id=cpts_id, professionnel=professionnel, lieu=lieux[0])


@transaction.atomic
def save_habitude(*, habitude: Habitude, by: Acteur) -> Habitude:
    """Where, how long, for whom, and whether to ask in the morning."""
    habitude.save()
    journal.record("soins.habitude", habitude, by=by, matin=habitude.matin)
    return habitude


@transaction.atomic
def open_places(
    *,
    cpts: Cpts,
    professionnel: Professionnel,
    places: int,
    quand: DemiJournee | str,
    origine: Origine | str,
    by: Acteur,
    jour: date | None = None,
) -> tuple[Plage, Bilan]:
    """Some places over half a day (today unless `jour`), evenly, around what is already taken.

    Raises ActionRefusee when nothing fits, or the hours are refused. With less room than asked, fewer are made: the
    result says how many.
    """
    if not 1 <= places <= PLACES_MAX:
        raise ActionRefusee(f"Proposez d’une à {PLACES_MAX} places.")
    habitude = take_habitude(cpts_id=cpts.pk, professionnel=professionnel, by=by)
    lock_professionnels([professionnel.pk])
    jour = jour or get_today(cpts)
    bornes = _find_window(cpts, jour, DemiJournee(quand))
    pris = _find_pris(cpts, professionnel.pk, bornes)
    moments = spread(bornes, places, habitude.duree, pris) if bornes.duree >= timedelta(minutes=habitude.duree) else []
    feries = list_feries(cpts, jour, jour + timedelta(days=1))
    found = [(moment, Horaire(classify(moment, feries, cpts.fuseau).value)) for moment in moments]
    if not found:
        raise ActionRefusee(
            "Plus de place dans cette demi-journée\u00a0: tout est pris ou passé. Choisissez un autre moment."
        )
    reglages = get_reglages(cpts.pk)
    if reglages.pdsa_refusee and all(horaire == Horaire.PDSA for _, horaire in found):
        raise ActionRefusee(PDSA_REFUSEE)
    plage = _write(cpts, habitude, jour, bornes, origine, by, found[0][1])
    bilan = make_moments(plage, cpts, reglages, found)
    journal.record("soins.places_ouvertes", plage, by=by, origine=str(origine), demandees=places, faites=bilan.faits)
    refresh_pilotage(cpts.pk)
    return plage, bilan


def _find_window(cpts: Cpts, jour: date, quand: DemiJournee) -> Moment:
    """What is left of this half-day, from the next five minutes on."""
    reglages = get_reglages(cpts.pk)
    de, a = MATIN if quand == DemiJournee.MATIN else (reglages.promis_de, reglages.promis_a)
    bornes = find_bornes(jour, de, a, cpts.fuseau)
    depart = now().replace(second=0, microsecond=0) + PAS
    depart += timedelta(minutes=-depart.minute % 5)
    return Moment(min(max(bornes.debut, depart), bornes.fin), bornes.fin)


def _find_pris(cpts: Cpts, professionnel_id: UUID, bornes: Moment) -> list[Moment]:
    held = Creneau.objects.filter(
        professionnel=professionnel_id, etat__in=TENUS, debut__lt=bornes.fin, fin__gt=bornes.debut
    )
    busy = find_indisponibles(cpts, [professionnel_id], bornes.debut, bornes.fin).get(professionnel_id, [])
    return [*(Moment(debut, fin) for debut, fin in held.values_list("debut", "fin")), *busy]


def _write(
    cpts: Cpts,
    habitude: Habitude,
    jour: date,
    bornes: Moment,
    origine: Origine | str,
    by: Acteur,
    horaire: Horaire,
) -> Plage:
    zone = get_zone(cpts)
    return Plage.objects.create(
        cpts=cpts,
        professionnel=habitude.professionnel,
        lieu=habitude.lieu,
        jour=jour,
        de=_hour(bornes.debut.astimezone(zone)),
        a=_hour(bornes.fin.astimezone(zone)),
        duree=habitude.duree,
        modalite=habitude.modalite,
        audiences=habitude.audiences,
        feries=Feries.OUVERT,
        horaire=horaire,
        origine=origine,
        ouverte_par_id=by.membre_id,
        faite_jusque=get_today(cpts) + AVANCE,
    )


def _hour(moment: datetime) -> time:
    return moment.time().replace(tzinfo=None)
