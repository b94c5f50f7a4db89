"""The shared calendar, feeds, and when people are busy elsewhere."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.selectors import find_place, get_personne_of, people_of_groupe
from maillon.socle.declarations import EntreeAgenda, PorteeAgenda, SourceAgenda, collect
from maillon.socle.declarations import Occupation as Occupe
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today

from .models import AgendaExterne, Flux, Occupation
from .permissions import TOUS_GROUPES

PASSE = timedelta(days=90)
AVENIR = timedelta(days=400)


def list_sources() -> list[SourceAgenda]:
    """What apps put in calendars."""
    return list(collect("agenda"))


def list_entrees(
    portee: PorteeAgenda, debut: datetime, fin: datetime, *, genre: str = "", mission: str = ""
) -> list[EntreeAgenda]:
    """What the apps declare over [debut, fin[, whole days first, then by hour; constant queries."""
    entrees = [
        entree
        for source in list_sources()
        if genre in ("", source.genre)
        for entree in source.entrees(portee, debut, fin)
        if mission in ("", entree.mission)
    ]
    return sorted(entrees, key=lambda e: (_day(e), isinstance(e.debut, datetime), str(e.debut), e.titre))


def _day(entree: EntreeAgenda) -> str:
    return str(entree.debut)[:10]


def list_groupes(acteur: Acteur) -> list[Groupe]:
    """The groups whose calendar this person reads: theirs, or all for those who keep them."""
    assert acteur.cpts_id is not None
    groupes = Groupe.objects.filter(cpts_id=acteur.cpts_id, ferme_le=None)
    if acteur.can(TOUS_GROUPES):
        return list(groupes)
    return list(groupes.filter(pk__in=find_place(acteur).groupes))


def get_groupe(pk: UUID, *, for_acteur: Acteur) -> Groupe:
    """One of those, or 404."""
    groupe = next((groupe for groupe in list_groupes(for_acteur) if groupe.pk == pk), None)
    if groupe is None:
        raise Http404
    return groupe


def list_flux(personne: Personne | None) -> list[Flux]:
    """The open feeds that a person holds."""
    if personne is None:
        return []
    return list(Flux.objects.filter(pour=personne, revoque_le=None).select_related("personne", "groupe"))


def get_flux(pk: UUID, *, for_acteur: Acteur) -> Flux:
    """An open feed of this person, or 404."""
    personne = get_personne_of(for_acteur)
    flux = Flux.objects.filter(pk=pk, pour=personne, revoque_le=None).first() if personne else None
    if flux is None:
        raise Http404
    return flux


def find_flux_lu(pk: UUID) -> Flux | None:
    """The feed behind a link, while whoever holds it is still of the community and, for a group, still in it."""
    flux = Flux.objects.select_related("personne", "groupe", "pour__membre").filter(pk=pk, revoque_le=None).first()
    if flux is None or flux.pour.partie_le is not None or flux.pour.fusionnee_dans_id is not None:
        return None
    membre = flux.pour.membre
    if membre is not None and not membre.actif:
        return None
    if flux.groupe is None:
        return flux
    if flux.groupe.ferme_le is not None:
        return None
    est_du_groupe = people_of_groupe(flux.groupe, on=today()).filter(pk=flux.pour_id).exists()
    keeps_all = membre is not None and bool(TOUS_GROUPES.roles & frozenset(membre.roles))
    return flux if est_du_groupe or keeps_all else None


def list_entrees_flux(flux: Flux) -> list[EntreeAgenda]:
    """What a feed shows: from three months ago to a year ahead."""
    portee = PorteeAgenda(cpts_id=flux.cpts_id, personne_id=flux.personne_id, groupe_id=flux.groupe_id)
    return list_entrees(portee, now() - PASSE, now() + AVENIR)


def list_externes(personne: Personne | None) -> QuerySet[AgendaExterne]:
    """The calendars that a person has linked."""
    return AgendaExterne.objects.filter(personne=personne) if personne else AgendaExterne.objects.none()


def get_externe(pk: UUID, *, for_acteur: Acteur) -> AgendaExterne:
    """A calendar that this person has linked, or 404: nobody else opens it."""
    agenda = list_externes(get_personne_of(for_acteur)).filter(pk=pk).first()
    if agenda is None:
        raise Http404
    return agenda


def find_occupations(personne_ids: Collection[UUID], debut: datetime, fin: datetime) -> list[Occupe]:
    """When these people are busy elsewhere over [debut, fin[: by person then time, merged over their calendars; one
    query."""
    rows = Occupation.objects.filter(Q(debut__lt=fin, fin__gt=debut), personne__in=personne_ids)
    par_personne = rows.order_by("personne", "debut").values_list("personne_id", "debut", "fin")
    return list(_merge(Occupe(personne, max(de, debut), min(a, fin)) for personne, de, a in par_personne))


def _merge(occupations: Iterable[Occupe]) -> list[Occupe]:
    fondues: list[Occupe] = []
    for o in occupations:
        if fondues and fondues[-1].personne_id == o.personne_id and o.debut <= fondues[-1].fin:
            fondues[-1] = Occupe(o.personne_id, fondues[-1].debut, max(fondues[-1].fin, o.fin))
        else:
            fondues.append(o)
    return fondues


@dataclass(frozen=True, slots=True)
class Externe:
    """A linked calendar as its owner sees it."""

    agenda: AgendaExterne
    hote: str
    moments: int


def show_externes(personne: Personne | None) -> list[Externe]:
    """Each with the number of busy times kept ahead; two queries."""
    agendas = list(list_externes(personne))
    avenir = Occupation.objects.filter(agenda__in=agendas, fin__gt=now()).values_list("agenda_id", flat=True)
    comptes = list(avenir)
    return [Externe(agenda, agenda.hote, comptes.count(agenda.pk)) for agenda in agendas]
