"""Free slots, as who seeks one reads them: one indexed query on the zone, the profession and the moment, grouped by
professional and place."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import Http404

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.territoire.models import Commune, TerritoireCommune
from maillon.regles.appariement import Lieu
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now, today

from ..enums import Quand, Tri
from ..models import Creneau, CreneauQuerySet, LieuConsultation, Plage
from .trajets import measure_minutes, middle_of

CRENEAUX_MAX = 600
PAR_PROFESSIONNEL = 6
# The columns of the index `creneau_libre_zone`: a search reads no other.
MONTRES = ("id", "cpts", "professionnel", "lieu", "debut", "fin", "commune", "modalite", "reservable")
# And what the list of the next ones shows.
SUIVANTS = (
    "cpts_id",
    "debut",
    "fin",
    "modalite",
    "lieu__commune__nom",
    "professionnel__civilite",
    "professionnel__prenom",
    "professionnel__nom",
)
JOURS = {Quand.AUJOURD_HUI: 1, Quand.DEMAIN: 2, Quand.SEMAINE: 7}


@dataclass(frozen=True, slots=True)
class Filtres:
    """What is sought. `commune` is a code, empty for anywhere."""

    profession: str
    commune: str = ""
    modalite: str = ""
    quand: Quand = Quand.AUJOURD_HUI
    tri: Tri = Tri.TOT


@dataclass(frozen=True, slots=True)
class Offre:
    """The slots of one professional at one place, the earliest first; `autres` are not shown."""

    professionnel: Professionnel
    lieu: LieuConsultation
    cpts: Cpts
    creneaux: tuple[Creneau, ...]
    autres: int
    minutes: int | None

    @property
    def telephone(self) -> str:
        return self.lieu.telephone or self.cpts.telephone


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """The answer to a search. `plus_tard` is the next slot when none is in the days asked."""

    offres: tuple[Offre, ...]
    nombre: int
    plus_tard: datetime | None = None

    @property
    def par_commune(self) -> dict[str, int]:
        """Slots by commune of the place."""
        found: dict[str, int] = {}
        for offre in self.offres:
            found[offre.lieu.commune_id] = found.get(offre.lieu.commune_id, 0) + len(offre.creneaux) + offre.autres
        return found


def zones_of(codes: Iterable[str]) -> set[str]:
    """The départements of these communes: the first part of the key of the slots' index."""
    return {code[:3] if code.startswith(("97", "98")) else code[:2] for code in codes}


def beyond(zones: Collection[str]) -> Q:
    """Places outside these départements, as ranges of codes of communes, which an index answers."""
    seuils = sorted(zones)
    limites = ["", *(zone.ljust(5, "9") for zone in seuils)]
    found = Q(commune_id__gt=limites[-1])
    for apres, zone in zip(limites, seuils, strict=False):
        found |= Q(commune_id__gt=apres, commune_id__lt=zone.ljust(5, "0"))
    return found


def find_zones(communes: Collection[Commune], *, for_acteur: Acteur) -> set[str]:
    """The départements where this person may find a slot: of these communes; of the places of their communities, for
    some receive next door; of the openings that another community shows to a member's. One query, which reads no place
    of the départements already known: a région has hundreds of thousands."""
    zones = zones_of([commune.pk for commune in communes])
    is_agent = for_acteur.genre is Genre.AGENT
    own = list(for_acteur.cpts_regulees) if is_agent else [for_acteur.cpts_id]
    rows = LieuConsultation.objects.filter(beyond(zones), cpts_id__in=own, ferme_le=None)
    codes = rows.order_by().values_list("commune_id", flat=True).distinct()
    if not is_agent:
        partagees = Plage.objects.exclude(partages=[]).filter(retiree_le=None, partages__contains=own)
        codes = codes.union(partagees.order_by().values_list("lieu__commune_id", flat=True))
    return zones | zones_of(codes)


def list_communes(cpts_ids: Collection[UUID]) -> list[Commune]:
    """The communes of these communities today, by name. One query."""
    composition = TerritoireCommune.objects.filter(cpts_id__in=list(cpts_ids), territoire__periode__contains=today())
    return list(Commune.objects.filter(pk__in=composition.values("commune")))


def window(quand: Quand, fuseau: str) -> tuple[datetime, datetime]:
    """From now (or tomorrow's midnight) to the end of the days asked, by the clock of the community."""
    zone, moment = ZoneInfo(fuseau), now()
    midnight = datetime.combine(moment.astimezone(zone).date(), time.min, tzinfo=zone)
    start = midnight + timedelta(days=1) if quand is Quand.DEMAIN else moment
    return start, midnight + timedelta(days=JOURS[quand])


def list_libres(filtres: Filtres, *, for_acteur: Acteur, zones: Collection[str]) -> CreneauQuerySet:
    """Free slots of a profession in these départements that this person may be shown, the earliest first."""
    rows = Creneau.objects.visible_to(for_acteur).libres()
    rows = rows.filter(zone__in=sorted(zones), profession=filtres.profession)
    if filtres.modalite:
        rows = rows.filter(modalite=filtres.modalite)
    return rows.order_by("debut")


def read_libres(rows: CreneauQuerySet, start: datetime, end: datetime, limite: int = CRENEAUX_MAX) -> list[Creneau]:
    """The first of them after `start` and before `end`, with what a search shows: one query, which the index of free
    slots answers without the table."""
    return list(rows.only(*MONTRES).filter(debut__gt=start, debut__lt=end)[:limite])


def attach(creneaux: Sequence[Creneau]) -> list[Creneau]:
    """Those whose place may be read here, with their professional, place and community: three queries."""
    lieux = LieuConsultation.objects.select_related("commune").in_bulk({creneau.lieu_id for creneau in creneaux})
    kept = [creneau for creneau in creneaux if creneau.lieu_id in lieux]
    professionnels = Professionnel.objects.in_bulk({creneau.professionnel_id for creneau in kept})
    communautes = Cpts.objects.in_bulk({creneau.cpts_id for creneau in kept})
    for creneau in kept:
        creneau.professionnel = professionnels[creneau.professionnel_id]
        creneau.lieu = lieux[creneau.lieu_id]
        creneau.cpts = communautes[creneau.cpts_id]
    return kept


def search(filtres: Filtres, *, for_acteur: Acteur, communes: Sequence[Commune], fuseau: str) -> Trouvaille:
    """What is free, by professional. Constant queries, whatever is found."""
    depart = next((commune for commune in communes if commune.pk == filtres.commune), None)
    zones = find_zones(communes, for_acteur=for_acteur)
    rows = list_libres(filtres, for_acteur=for_acteur, zones=zones)
    start, end = window(filtres.quand, fuseau)
    creneaux = attach(read_libres(rows, start, end))
    if not creneaux:
        later = rows.filter(debut__gte=end, debut__lt=end + timedelta(days=7)).values_list("debut", flat=True).first()
        return Trouvaille((), 0, later)
    offres = _group(creneaux, depart)
    if filtres.tri is Tri.PRES:
        offres.sort(key=lambda offre: (offre.minutes is None, offre.minutes, offre.creneaux[0].debut))
    return Trouvaille(tuple(offres), len(creneaux))


def _group(creneaux: Sequence[Creneau], depart: Commune | None) -> list[Offre]:
    """In the order of the first slot of each."""
    groups: dict[tuple[UUID, UUID], list[Creneau]] = {}
    for creneau in creneaux:
        groups.setdefault((creneau.professionnel_id, creneau.lieu_id), []).append(creneau)
    minutes = measure_minutes(depart, [place_of(rows[0].lieu) for rows in groups.values()])
    return [
        Offre(
            professionnel=rows[0].professionnel,
            lieu=rows[0].lieu,
            cpts=rows[0].cpts,
            creneaux=tuple(islice(rows, PAR_PROFESSIONNEL)),
            autres=max(0, len(rows) - PAR_PROFESSIONNEL),
            minutes=journey,
        )
        for rows, journey in zip(groups.values(), minutes, strict=True)
    ]


def place_of(lieu: LieuConsultation) -> Lieu | None:
    """Where a place stands; the middle of its commune when its address is not placed."""
    if lieu.lon is not None and lieu.lat is not None:
        return Lieu(lieu.lon, lieu.lat)
    return middle_of(lieu.commune)


def get_creneau(creneau_id: UUID, *, for_acteur: Acteur) -> Creneau:
    """One slot that this person may be shown, in any state; Http404 otherwise."""
    rows = Creneau.objects.visible_to(for_acteur).select_related("professionnel", "lieu__commune", "cpts")
    found = rows.filter(pk=creneau_id).first()
    if found is None:
        raise Http404
    return found


def get_a_prendre(creneau_id: UUID, *, for_acteur: Acteur) -> Creneau:
    """The same with what the click that takes it must know: its community, where and for what it is."""
    try:
        return Creneau.objects.visible_to(for_acteur).only("cpts_id", "zone", "profession").get(pk=creneau_id)
    except Creneau.DoesNotExist as absent:
        raise Http404 from absent


def list_suivants(creneau: Creneau, *, for_acteur: Acteur, limite: int = 12) -> list[Creneau]:
    """The next free slots of the same profession in the same zone, for whom another was quicker. One query."""
    rows = Creneau.objects.visible_to(for_acteur).libres()
    rows = rows.filter(zone=creneau.zone, profession=creneau.profession, reservable=True, debut__gt=now())
    return list(rows.select_related("professionnel", "lieu__commune").only(*SUIVANTS).order_by("debut")[:limite])
