"""The places that doctors offer: say them, confirm them, stop, and keep who said what when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums_places import Dit
from ..models import ActionRefusee, Capacite, DeclarationPlaces, Demande, PlacesLieu
from .campagnes import find_voie, mark_answered
from .commun import refresh_pilotage

PLACES_MAX = 200


@transaction.atomic
def update_capacite(
    *,
    cpts_id: UUID,
    professionnel: Professionnel,
    places: int,
    accepte_ald: bool = True,
    accepte_enfants: bool = True,
    accepte_visites: bool = False,
    accepte_adultes: bool | None = None,
    places_prevues: int | None = None,
    prevues_des: date | None = None,
    secteur: str | None = None,
    langues: Sequence[str] | None = None,
    acces_pmr: bool | None = None,
    par_lieu: Mapping[UUID, int] | None = None,
    by: Acteur,
) -> Capacite:
    """Record how many new patients a médecin généraliste takes from now on, and which; counts restart at this moment.

    What is None is left as it was; `prevues_des` goes with `places_prevues`; `par_lieu` shares the places between the
    doctor's own places of work. Raises ActionRefusee for another profession, more than 200 places, places to come
    without a date, or a place of somebody else.
    """
    if not professionnel.is_medecin_generaliste:
        raise ActionRefusee("Seul un médecin généraliste peut offrir des places de médecin traitant.")
    if not 0 <= places <= PLACES_MAX or not 0 <= (places_prevues or 0) <= PLACES_MAX:
        raise ActionRefusee("Indiquez entre 0 et 200 places.")
    if places_prevues and prevues_des is None:
        raise ActionRefusee("Dites à partir de quel jour vous aurez ces places de plus.")
    capacite = _lock(cpts_id, professionnel)
    avant = _count_restantes(capacite)
    capacite.accepte_ald, capacite.accepte_enfants = accepte_ald, accepte_enfants
    capacite.accepte_visites = accepte_visites
    if places_prevues is not None:
        capacite.places_prevues, capacite.prevues_des = places_prevues, prevues_des if places_prevues else None
    said = {"accepte_adultes": accepte_adultes, "secteur": secteur, "acces_pmr": acces_pmr}
    for name, value in said.items():
        if value is not None:
            setattr(capacite, name, value)
    if langues is not None:
        capacite.langues = list(langues)
    _set_places(capacite, places)
    _share(capacite, par_lieu or {})
    _declare(capacite, Dit.PLACES, avant=avant, by=by)
    return capacite


@transaction.atomic
def confirm_capacite(*, cpts_id: UUID, professionnel: Professionnel, by: Acteur) -> Capacite:
    """« Rien n’a changé »: what was said still holds today. ActionRefusee when nothing was ever said, or when a day
    promised has passed."""
    capacite = Capacite.objects.select_for_update().filter(cpts_id=cpts_id, professionnel=professionnel).first()
    if capacite is None:
        raise ActionRefusee("Rien n’a encore été dit des places : indiquez un nombre.")
    if capacite.prevues_des and capacite.prevues_des <= today():
        raise ActionRefusee("Le jour des places à venir est passé : dites ce qu’il en est.")
    capacite.confirmee_le = now()
    capacite.save(update_fields=["confirmee_le"])
    _declare(capacite, Dit.CONFIRME, avant=_count_restantes(capacite), by=by)
    return capacite


@transaction.atomic
def stop_capacite(*, cpts_id: UUID, professionnel: Professionnel, by: Acteur, dit: Dit = Dit.ARRET) -> Capacite:
    """« Je ne prends plus »: no place now nor promised; kinds of patients are kept for another day."""
    if not professionnel.is_medecin_generaliste:
        raise ActionRefusee("Seul un médecin généraliste peut offrir des places de médecin traitant.")
    capacite = _lock(cpts_id, professionnel)
    avant = _count_restantes(capacite)
    capacite.places_prevues, capacite.prevues_des = 0, None
    _set_places(capacite, 0)
    capacite.par_lieu.update(places=0)
    _declare(capacite, dit, avant=avant, by=by)
    return capacite


@transaction.atomic
def resume_capacite(*, cpts_id: UUID, professionnel: Professionnel, by: Acteur) -> Capacite:
    """Undo « je ne prends plus »: what was left then is offered again, since when it was.

    Raises ActionRefusee when something else was said since.
    """
    capacite = _lock(cpts_id, professionnel)
    said = list(DeclarationPlaces.objects.filter(cpts_id=cpts_id, professionnel=professionnel).order_by("-le", "-id"))
    if not said or said[0].dit != Dit.ARRET:
        raise ActionRefusee("Il n’y a plus rien à annuler : vos places ont changé depuis.")
    before = said[1] if len(said) > 1 else None
    if before:
        capacite.places_prevues, capacite.prevues_des = before.places_prevues, before.prevues_des
    _set_places(capacite, said[0].avant or 0, since=_volunteer_since(said[1:]))
    _share(capacite, {})
    _declare(capacite, Dit.REPRISE, avant=0, by=by)
    return capacite


def give_place_back(demande: Demande, *, by: Acteur) -> None:
    """The doctor who had accepted this person no longer has them. Places said again since the acceptance were those
    left besides it: one more is free. Whoever stopped meanwhile offers none. The request is locked by the caller."""
    if demande.medecin_id is None or demande.acceptee_le is None:
        return
    own = Capacite.objects.filter(cpts_id=demande.cpts_id, professionnel=demande.medecin_id)
    said_again = own.filter(places__gt=0, places__lt=PLACES_MAX, maj_le__gt=demande.acceptee_le)
    if said_again.update(places=F("places") + 1):
        capacite = own.get()
        journal.record("medecin_traitant.place_rendue", capacite, by=by, places=capacite.places)


def _volunteer_since(said: Sequence[DeclarationPlaces]) -> datetime | None:
    since = None
    for declaration in said:
        if not declaration.places:
            break
        since = declaration.le
    return since


def _lock(cpts_id: UUID, professionnel: Professionnel) -> Capacite:
    capacite, _ = Capacite.objects.select_for_update().get_or_create(cpts_id=cpts_id, professionnel=professionnel)
    return capacite


def _count_restantes(capacite: Capacite) -> int:
    return Capacite.objects.with_restantes().values_list("restantes", flat=True).get(pk=capacite.pk)


def _set_places(capacite: Capacite, places: int, *, since: datetime | None = None) -> None:
    """Write the places; who offers some is a volunteer since the first day without interruption."""
    was_volunteer = capacite.volontaire_depuis is not None
    capacite.places = places
    capacite.maj_le = capacite.confirmee_le = now()
    if not places:
        capacite.volontaire_depuis = None
    elif not was_volunteer:
        capacite.volontaire_depuis = since or capacite.maj_le
    capacite.save()
    if was_volunteer != bool(places):
        refresh_pilotage(capacite.cpts_id)


def _share(capacite: Capacite, par_lieu: Mapping[UUID, int]) -> None:
    own = Activite.objects.filter(professionnel=capacite.professionnel_id, pk__in=par_lieu).count()
    if own != len(par_lieu) or (par_lieu and sum(par_lieu.values()) != capacite.places):
        raise ActionRefusee("Les places de chaque lieu doivent faire le total, dans vos propres lieux d’exercice.")
    capacite.par_lieu.all().delete()
    PlacesLieu.objects.bulk_create(
        PlacesLieu(cpts_id=capacite.cpts_id, capacite=capacite, activite_id=activite, places=places)
        for activite, places in par_lieu.items()
    )


def _declare(capacite: Capacite, dit: Dit, *, avant: int, by: Acteur) -> None:
    voie = find_voie(by, capacite.professionnel)
    DeclarationPlaces.objects.create(
        cpts_id=capacite.cpts_id,
        professionnel=capacite.professionnel,
        dit=dit,
        voie=voie,
        membre_id=by.membre_id,
        places=capacite.places,
        places_prevues=capacite.places_prevues,
        prevues_des=capacite.prevues_des,
        avant=avant,
    )
    journal.record("medecin_traitant.capacite", capacite, by=by, places=capacite.places, dit=dit.value, voie=voie.value)
    if by is not SYSTEME or dit == Dit.DEPART:
        mark_answered(cpts_id=capacite.cpts_id, professionnel=capacite.professionnel, voie=voie)
