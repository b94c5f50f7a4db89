"""Openings: published, made into slots ahead, withdrawn by the day or altogether, and given back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.regles.erreurs import ErreurRegle
from maillon.regles.horaires import Moment, check_regle, classify, expand, list_jours
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import EtatCreneau, Feries, Horaire, Origine
from ..models import ActionRefusee, LieuConsultation, Plage, Reglages
from ..ouvertures import to_ouverture
from ..selectors.indisponibles import find_indisponibles, is_busy
from ..selectors.reglages import find_midnight, get_reglages, get_today, list_feries
from .creneaux import AVANCE, insert_creneaux
from .suites_rendez_vous import refresh_pilotage
from .verrous import lock_professionnels

# How far ahead an opening may start.
HORIZON = timedelta(days=366)
PDSA_REFUSEE = (
    "Ces heures sont celles de la permanence des soins (le soir, le samedi dès midi, dimanches et jours fériés)\u00a0: "
    "votre communauté a décidé de ne pas y ouvrir de créneaux. Choisissez d’autres heures."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """What a person says of an opening."""

    lieu: LieuConsultation
    jour: date
    de: time
    a: time
    duree: int
    audiences: Sequence[str]
    modalite: str
    regle: str = ""
    jusque: date | None = None
    feries: str = Feries.COMMUNAUTE
    reservable: bool = True
    partages: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Bilan:
    """What became of the moments of an opening: made (of which busy, of which outside the mission's hours), already
    held by other slots, refused because of the PDSA."""

    faits: int = 0
    occupes: int = 0
    hors_aci: int = 0
    deja: int = 0
    refuses: int = 0


@transaction.atomic
def open_plage(
    *, cpts: Cpts, professionnel: Professionnel, saisie: Saisie, origine: Origine | str, by: Acteur
) -> tuple[Plage, Bilan]:
    """Publish an opening and make its slots of the weeks ahead.

    Raises ActionRefusee with what to change: hours, repetition, a past day, hours of the PDSA where they are refused.
    """
    plage = _build(cpts, professionnel, saisie, origine, by)
    reglages = get_reglages(cpts.pk)
    lock_professionnels([professionnel.pk])
    debut, fin = _ahead(cpts, plage)
    try:
        found = classify_moments(plage, cpts, reglages, debut, fin)
    except ErreurRegle as erreur:
        raise ActionRefusee(str(erreur)) from erreur
    if not found:
        _check_suite(plage, reglages)
    if found and reglages.pdsa_refusee and all(horaire == Horaire.PDSA for _, horaire in found):
        raise ActionRefusee(PDSA_REFUSEE, "de")
    if found and all(horaire == Horaire.PDSA for _, horaire in found):
        plage.horaire = Horaire.PDSA
    plage.save(force_insert=True)
    bilan = make_moments(plage, cpts, reglages, found)
    plage.faite_jusque = fin
    plage.save(update_fields=["faite_jusque"])
    details = {field.name: getattr(bilan, field.name) for field in fields(bilan)}
    journal.record("soins.plage_ouverte", plage, by=by, origine=str(origine), **details)
    refresh_pilotage(cpts.pk)
    return plage, bilan


def check_jours(cpts: Cpts, saisie: Saisie) -> None:
    """ActionRefusee for days gone by, or so far ahead that the year is a slip."""
    aujourd_hui = get_today(cpts)
    if max(saisie.jour, saisie.jusque or saisie.jour) < aujourd_hui:
        raise ActionRefusee("Ce jour est passé\u00a0: choisissez un jour à venir.", "jour")
    if saisie.jour > aujourd_hui + HORIZON:
        raise ActionRefusee("Ce jour est dans plus d’un an. Vérifiez l’année.", "jour")


def _check_suite(plage: Plage, reglages: Reglages) -> None:
    """ActionRefusee for an opening that gives no slot now when it never will."""
    depart = max(plage.jour, get_today(plage.cpts))
    ouverture = to_ouverture(plage, reglages)
    if plage.regle and expand(ouverture, depart, depart + HORIZON, (), plage.cpts.fuseau):
        return
    if plage.regle and not list_jours(ouverture, depart, depart + HORIZON, ()):
        raise ActionRefusee("Aucun de ces jours ne tombe entre ces dates\u00a0: changez-les.", "jusque")
    raise ActionRefusee("Aucun créneau ne tient dans ces heures\u00a0: allongez-les, ou changez de jour.", "a")


def _build(cpts: Cpts, professionnel: Professionnel, saisie: Saisie, origine: Origine | str, by: Acteur) -> Plage:
    values = {field.name: getattr(saisie, field.name) for field in fields(saisie)}
    plage = Plage(cpts=cpts, professionnel=professionnel, origine=origine, ouverte_par_id=by.membre_id, **values)
    if saisie.lieu.cpts_id != cpts.pk or saisie.lieu.professionnel_id != professionnel.pk:
        raise ActionRefusee("Choisissez un lieu de ce professionnel.")
    check_jours(cpts, saisie)
    try:
        check_regle(saisie.regle)
        plage.validate_constraints()
    except ErreurRegle as erreur:
        raise ActionRefusee(str(erreur)) from erreur
    except ValidationError as erreur:
        raise ActionRefusee(" ".join(erreur.messages)) from erreur
    return plage


def _ahead(cpts: Cpts, plage: Plage) -> tuple[date, date]:
    """The days that are still to be made of an opening: six weeks, and the day itself of one made once."""
    aujourd_hui = get_today(cpts)
    fin = aujourd_hui + AVANCE if plage.regle else max(aujourd_hui + AVANCE, plage.jour + timedelta(days=1))
    return max(plage.faite_jusque or aujourd_hui, aujourd_hui), fin


def classify_moments(
    plage: Plage, cpts: Cpts, reglages: Reglages, debut: date, fin: date, only: Collection[date] | None = None
) -> list[tuple[Moment, Horaire]]:
    """The moments ahead of an opening over [debut, fin[, with what their hours are; `only` on some days."""
    feries = list_feries(cpts, debut, fin)
    moments = expand(to_ouverture(plage, reglages), debut, fin, feries, cpts.fuseau)
    found = []
    for moment in moments:
        day = moment.debut.astimezone(find_midnight(debut, cpts).tzinfo).date()
        if moment.debut > now() and (only is None or day in only):
            found.append((moment, Horaire(classify(moment, feries, cpts.fuseau).value)))
    return found


def make_moments(plage: Plage, cpts: Cpts, reglages: Reglages, found: Sequence[tuple[Moment, Horaire]]) -> Bilan:
    """Write the slots of these moments: free, or busy when the professional is elsewhere then."""
    kept = [(m, h) for m, h in found if h == Horaire.MISSION or not reglages.pdsa_refusee]
    if not kept:
        return Bilan(refuses=len(found))
    busy = find_indisponibles(cpts, [plage.professionnel_id], kept[0][0].debut, kept[-1][0].fin)
    elsewhere = busy.get(plage.professionnel_id, [])
    rows = [(m, h, EtatCreneau.OCCUPE if is_busy(m, elsewhere) else EtatCreneau.LIBRE) for m, h in kept]
    made = insert_creneaux(plage, rows)
    return Bilan(
        faits=made,
        occupes=sum(etat == EtatCreneau.OCCUPE for *_, etat in rows),
        hors_aci=sum(horaire == Horaire.PDSA for _, horaire, _ in rows),
        deja=len(rows) - made,
        refuses=len(found) - len(kept),
    )


def list_a_faire(cpts: Cpts) -> list[Plage]:
    """The openings whose slots are not made far enough ahead."""
    aujourd_hui = get_today(cpts)
    rows = Plage.objects.actives().filter(cpts_id=cpts.pk)
    late = rows.filter(Q(faite_jusque=None) | Q(faite_jusque__lt=aujourd_hui + AVANCE))
    alive = late.filter(Q(jusque=None) | Q(jusque__gte=aujourd_hui)).exclude(regle="", jour__lt=aujourd_hui)
    # One gesture's places are made when they are said, never again.
    return list(
        alive.exclude(origine=Origine.EXPRES)
        .select_related("professionnel", "lieu__commune")
        .order_by("professionnel_id", "pk")
    )


@transaction.atomic
def fill_plages(*, cpts: Cpts) -> int:
    """Make the slots of the weeks ahead, one statement an opening; returns how many. Running twice makes none."""
    plages = list_a_faire(cpts)
    lock_professionnels({plage.professionnel_id for plage in plages})
    reglages, made = get_reglages(cpts.pk), 0
    for plage in plages:
        debut, fin = _ahead(cpts, plage)
        made += make_moments(plage, cpts, reglages, classify_moments(plage, cpts, reglages, debut, fin)).faits
        plage.faite_jusque = fin
    Plage.objects.bulk_update(plages, ["faite_jusque"])
    if made:
        refresh_pilotage(cpts.pk)
    return made
