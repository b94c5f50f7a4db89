"""The census: what each doctor said, how fresh it is, where the places are, how they changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from maillon.communaute.adhesions.enums import Etat as EtatAdhesion
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.territoire.selectors import get_codes_by_cpts
from maillon.socle.horloge import now, today

from ..enums_places import DEPARTS, Fraicheur
from ..models import Capacite, DeclarationPlaces, Mouvement, PlacesLieu

HISTOIRE = 20


def list_recenses(cpts_id: UUID) -> QuerySet[Any]:
    """Médecins généralistes who are members or have said something, with what they offer (None: unsaid).

    `fraicheur` says whether it still counts: what was said long ago, or was promised for a day gone by, is to be
    confirmed.
    """
    capacite = Capacite.objects.with_restantes().filter(cpts=cpts_id, professionnel=OuterRef("pk"))
    stale = now() - timedelta(days=settings.MAILLON_FRAICHEUR_PLACES_JOURS)
    dite = Capacite.objects.filter(cpts=cpts_id, professionnel=OuterRef("pk")).annotate(
        dite=Greatest("maj_le", Coalesce("confirmee_le", "maj_le"))
    )
    fields = (
        "accepte_ald",
        "accepte_enfants",
        "accepte_visites",
        "accepte_adultes",
        "places_prevues",
        "prevues_des",
        "secteur",
        "langues",
        "acces_pmr",
        "places",
    )
    return (
        Professionnel.objects.medecins_generalistes()
        .annotate(
            restantes=Subquery(capacite.values("restantes")),
            membre=Exists(_members(cpts_id)),
            dite_le=Subquery(dite.values("dite")),
            **{nom: Subquery(capacite.values(nom)) for nom in fields},
        )
        .filter(Q(membre=True) | Q(dite_le__isnull=False))
        .annotate(
            fraicheur=Case(
                When(dite_le=None, then=Value(Fraicheur.JAMAIS)),
                When(Q(dite_le__lt=stale) | Q(prevues_des__lte=today()), then=Value(Fraicheur.A_CONFIRMER)),
                default=Value(Fraicheur.FRAICHE),
                output_field=CharField(),
            )
        )
    )


def _members(cpts_id: UUID) -> QuerySet[Adhesion]:
    return Adhesion.objects.filter(cpts=cpts_id, professionnel=OuterRef("pk"), etat=EtatAdhesion.ACTIVE)


def list_a_interroger(cpts_id: UUID, *, avec_non_membres: bool) -> QuerySet[Professionnel]:
    """Whom a campaign asks: generalists who are members and, if wanted, those who work in the territory without being
    one; never who has left."""
    medecins = Professionnel.objects.medecins_generalistes()
    left = Mouvement.objects.filter(
        cpts=cpts_id, professionnel=OuterRef("pk"), genre__in=DEPARTS, annule_le=None, applique_le__isnull=False
    )
    wanted = Q(Exists(_members(cpts_id)))
    if avec_non_membres:
        codes = get_codes_by_cpts([cpts_id], on=today()).get(cpts_id, [])
        wanted |= Q(
            Exists(Activite.objects.filter(professionnel=OuterRef("pk"), commune__in=codes)), absent_depuis=None
        )
    return medecins.filter(wanted).exclude(Exists(left)).order_by("nom_recherche", "pk")


def list_lieux(professionnel: Professionnel) -> list[tuple[UUID, str]]:
    """Where a doctor works, as a form names it: one line a place."""
    activites = professionnel.activites.select_related("commune", "structure").order_by("id")
    return [(a.pk, ", ".join(filter(None, [_structure(a) or a.adresse, a.commune.nom]))) for a in activites]


def _structure(activite: Activite) -> str:
    return activite.structure.nom if activite.structure else ""


def get_places_par_lieu(capacite: Capacite) -> dict[UUID, int]:
    return dict(capacite.par_lieu.values_list("activite_id", "places"))


def list_declarations(*, cpts_id: UUID, professionnel_id: UUID) -> list[DeclarationPlaces]:
    """What was said of a doctor's places, latest first."""
    rows = DeclarationPlaces.objects.filter(cpts_id=cpts_id, professionnel_id=professionnel_id)
    return list(rows.select_related("membre__compte").order_by("-le", "-id")[:HISTOIRE])


@dataclass(frozen=True, slots=True)
class Recensement:
    """The census in figures, without any name."""

    medecins: int
    ont_dit: int
    offrent: int
    places: int
    prevues: int
    a_confirmer: int
    jamais: int


def compute_recensement(cpts_id: UUID) -> Recensement:
    """Totals of the census: one query."""
    rows = list(list_recenses(cpts_id).values_list("restantes", "places_prevues", "fraicheur"))
    return Recensement(
        medecins=len(rows),
        ont_dit=sum(restantes is not None for restantes, _, _ in rows),
        offrent=sum(bool(restantes) for restantes, _, _ in rows),
        places=sum(restantes or 0 for restantes, _, _ in rows),
        prevues=sum(prevues or 0 for _, prevues, _ in rows),
        a_confirmer=sum(fraicheur == Fraicheur.A_CONFIRMER for _, _, fraicheur in rows),
        jamais=sum(fraicheur == Fraicheur.JAMAIS for _, _, fraicheur in rows),
    )


def split_restantes(restantes: int, parts: Sequence[int]) -> list[int]:
    """Share what is left between places of work as the doctor shared what was offered (largest remainders)."""
    total = sum(parts)
    if not total:
        return [restantes, *[0] * (len(parts) - 1)] if parts else []
    shares = [restantes * part // total for part in parts]
    rest = restantes - sum(shares)
    order = sorted(range(len(parts)), key=lambda rang: (-(restantes * parts[rang] % total), rang))
    for rang in order[:rest]:
        shares[rang] += 1
    return shares


@dataclass(slots=True)
class PlacesCommune:
    """What is offered in a commune, and by how many doctors."""

    places: int = 0
    medecins: int = 0


def count_by_commune(cpts_id: UUID) -> dict[str, PlacesCommune]:
    """Places left by commune of work; a doctor who did not share them counts at the first place. Three queries."""
    capacites = list(Capacite.objects.with_restantes().filter(cpts_id=cpts_id, restantes__gt=0))
    shared: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for capacite_id, commune, places in PlacesLieu.objects.filter(capacite__in=capacites).values_list(
        "capacite_id", "activite__commune_id", "places"
    ):
        shared[capacite_id].append((commune, places))
    first: dict[UUID, str] = {}
    activites = Activite.objects.filter(professionnel__in=[c.professionnel_id for c in capacites]).order_by("id")
    for professionnel_id, commune in activites.values_list("professionnel_id", "commune_id"):
        first.setdefault(professionnel_id, commune)
    found: dict[str, PlacesCommune] = defaultdict(PlacesCommune)
    for capacite in capacites:
        here = shared.get(capacite.pk) or [(c, 1) for c in [first.get(capacite.professionnel_id)] if c]
        for (commune, _), places in zip(
            here, split_restantes(capacite.restantes, [part for _, part in here]), strict=True
        ):
            if places:
                found[commune].places += places
                found[commune].medecins += 1
    return dict(found)


def count_by_month(cpts_id: UUID, *, months: int = 12) -> list[tuple[datetime, int, int]]:
    """At each month's end, and today: places said, and the doctors who offered some. One query."""
    moments = _ends_of_months(months)
    rows = list(
        DeclarationPlaces.objects.filter(cpts_id=cpts_id)
        .order_by("le", "id")
        .values_list("le", "professionnel_id", "places")
    )
    said: dict[UUID, int] = {}
    result, rang = [], 0
    for moment in moments:
        while rang < len(rows) and rows[rang][0] <= moment:
            said[rows[rang][1]] = rows[rang][2]
            rang += 1
        result.append((moment, sum(said.values()), sum(bool(places) for places in said.values())))
    return result


def _ends_of_months(months: int) -> list[datetime]:
    moment = timezone.localtime(now())
    ends = [moment]
    for _ in range(months - 1):
        moment = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0) - timedelta(microseconds=1)
        ends.append(moment)
    return ends[::-1]


def list_communes_places(cpts_id: UUID) -> list[tuple[str, str]]:
    """The communes where doctors of the census work, for a filter."""
    rows = Activite.objects.filter(professionnel__in=list_recenses(cpts_id).values("pk"))
    return list(
        rows.order_by("commune__nom_recherche").values_list("commune_id", "commune__nom").distinct()  # one a commune
    )


def describe_lieux(professionnel_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The communes where each doctor works, in one query."""
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = Activite.objects.filter(professionnel__in=professionnel_ids).order_by("id")
    for professionnel_id, nom in rows.values_list("professionnel_id", "commune__nom"):
        if nom not in found[professionnel_id]:
            found[professionnel_id].append(nom)
    return {key: ", ".join(noms) for key, noms in found.items()}
