"""Searching the directory as a community sees it: its members with what they say, or everybody in the country."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from maillon.communaute.recherche import filter_noms
from maillon.communaute.territoire.models import Commune
from maillon.socle.declarations import SourceAdherents, collect
from maillon.socle.horloge import today

from ..choix import Domicile, NouveauxPatients
from ..differences import LieuCorrige, compare, correct
from ..enums import Profession
from ..models import Activite, Correction, FicheProfessionnel, Professionnel
from .national import PersonneTrouvee, get_libelles, search_inscriptions

RAYON_TERRESTRE_KM = 6371.0
KM_PAR_DEGRE = 111.0
ANNEAUX_KM = (0, 3, 8, 15, 30, 50)
NATIONAUX = 50


@dataclass(frozen=True, slots=True)
class Criteres:
    """What is asked. `rayon` in km around the centre of `commune`; `tous`: the country, not the members alone."""

    texte: str = ""
    profession: str = ""
    savoir_faire: str = ""
    commune: Commune | None = None
    rayon: int = 0
    patients: bool = False
    langue: str = ""
    domicile: bool = False
    tous: bool = False

    @property
    def sur_fiche(self) -> bool:
        """Whether something is asked that only members say."""
        return self.patients or self.domicile or bool(self.langue)

    @property
    def national(self) -> bool:
        return self.tous and not self.sur_fiche

    @property
    def vides(self) -> bool:
        return not (self.texte or self.profession or self.savoir_faire or self.commune)


@dataclass(frozen=True, slots=True)
class LieuTrouve:
    """A place in the results."""

    nom: str
    adresse: str
    code_postal: str
    commune: str
    libelle_commune: str
    telephone: str
    distance: float | None = None


@dataclass(frozen=True, slots=True)
class Trouve:
    """Somebody found. `membre`: of this community; `fiche`: what they say there."""

    rpps: str
    nom: str
    profession: str
    savoir_faire: tuple[str, ...]
    lieux: tuple[LieuTrouve, ...]
    membre: bool
    fiche: FicheProfessionnel | None = None
    fictif: bool = False

    @property
    def lieu(self) -> LieuTrouve | None:
        return self.lieux[0] if self.lieux else None

    @property
    def distance(self) -> float | None:
        return self.lieux[0].distance if self.lieux else None


@dataclass(frozen=True, slots=True)
class Trouves:
    """The people found. `complets`: there are no others; `approchants`: names only resemble what was typed."""

    personnes: list[Trouve] = field(default_factory=list)
    complets: bool = True
    approchants: bool = False


def get_source_adherents() -> SourceAdherents | None:
    """Where membership is known, when an app above keeps it."""
    return next(collect("adherents"), None)


def list_adherents(cpts_id: UUID) -> QuerySet[Any]:
    """Keys of the professionals who belong to the community today."""
    source = get_source_adherents()
    return source.adherents(cpts_id, today()) if source else Professionnel.objects.none().values("pk")


def search_annuaire(cpts_id: UUID, criteres: Criteres) -> Trouves:
    """People who answer; the nearest first around a commune, else the nearest names. Constant queries."""
    distances = measure_communes(criteres.commune, criteres.rayon) if criteres.commune else {}
    if criteres.national:
        return _search_national(cpts_id, criteres, distances)
    rows = _filter_membres(cpts_id, criteres, distances)
    found = [_build_membre(row, distances) for row in _complete(rows, cpts_id)]
    return Trouves(_sort(found, criteres))


def _filter_membres(cpts_id: UUID, criteres: Criteres, distances: dict[str, float]) -> QuerySet[Professionnel]:
    rows: QuerySet[Professionnel] = Professionnel.objects.filter(pk__in=list_adherents(cpts_id))
    if criteres.texte.isdigit():
        rows = rows.filter(rpps=criteres.texte)
    elif criteres.texte:
        rows = filter_noms(rows, criteres.texte)
    if criteres.profession:
        rows = rows.filter(profession=criteres.profession)
    if criteres.savoir_faire:
        rows = rows.filter(savoir_faire__contains=[criteres.savoir_faire])
    if criteres.commune:
        rows = rows.filter(Exists(Activite.objects.filter(professionnel=OuterRef("pk"), commune__in=list(distances))))
    if criteres.sur_fiche:
        fiches = FicheProfessionnel.objects.filter(cpts_id=cpts_id, professionnel=OuterRef("pk"))
        if criteres.patients:
            fiches = fiches.filter(nouveaux_patients__in=[NouveauxPatients.OUI, NouveauxPatients.CONDITIONS])
        if criteres.domicile:
            fiches = fiches.filter(domicile__in=[Domicile.OUI, Domicile.SIENS])
        if criteres.langue:
            fiches = fiches.filter(langues__contains=[criteres.langue])
        rows = rows.filter(Exists(fiches))
    return rows


@dataclass(frozen=True, slots=True)
class Complet:
    """A professional with the sheet and the corrected places."""

    professionnel: Professionnel
    fiche: FicheProfessionnel | None
    lieux: list[LieuCorrige]


def _complete(rows: QuerySet[Professionnel], cpts_id: UUID) -> list[Complet]:
    """Four queries: people, places, sheets, corrections."""
    places = Activite.objects.select_related("commune", "structure").order_by("pk")
    people = list(rows.prefetch_related(Prefetch("activites", queryset=places)))
    fiches = {f.professionnel_id: f for f in FicheProfessionnel.objects.filter(cpts_id=cpts_id)}
    corrections = list(Correction.objects.en_vigueur().filter(cpts_id=cpts_id))
    differences = compare([a for p in people for a in p.activites.all()], corrections)
    return [Complet(p, fiches.get(p.pk), correct(p.activites.all(), differences)) for p in people]


def list_publics(cpts_id: UUID) -> list[Complet]:
    """Members who allowed the public to see them, by name."""
    shown = FicheProfessionnel.objects.filter(cpts_id=cpts_id, publie_le__isnull=False).values("professionnel")
    rows = Professionnel.objects.filter(pk__in=list_adherents(cpts_id)).filter(pk__in=shown)
    return _complete(rows.order_by("nom_recherche"), cpts_id)


def _build_membre(complet: Complet, distances: dict[str, float]) -> Trouve:
    p = complet.professionnel
    lieux = [
        LieuTrouve(
            nom=lieu.activite.structure.nom if lieu.activite.structure else "",
            adresse=lieu.adresse,
            code_postal=lieu.activite.code_postal,
            commune=lieu.activite.commune_id,
            libelle_commune=lieu.activite.commune.nom,
            telephone=lieu.telephone,
            distance=distances.get(lieu.activite.commune_id),
        )
        for lieu in complet.lieux
    ]
    telephone = complet.fiche.telephone if complet.fiche else ""
    if telephone and lieux:
        first = lieux[0]
        lieux[0] = LieuTrouve(
            first.nom, first.adresse, first.code_postal, first.commune, first.libelle_commune, telephone, first.distance
        )
    return Trouve(
        rpps=p.rpps,
        nom=f"{p.civilite} {p.nom} {p.prenom}".strip(),
        profession=p.libelle_profession,
        savoir_faire=tuple(p.savoir_faire),
        lieux=tuple(_by_distance(lieux)),
        membre=True,
        fiche=complet.fiche,
        fictif=p.fictif,
    )


def _search_national(cpts_id: UUID, criteres: Criteres, distances: dict[str, float]) -> Trouves:
    """The country: what the members say is added to those of them who are found."""
    if criteres.vides:
        return Trouves()
    found: dict[str, PersonneTrouvee] = {}
    complete, resembling = True, False
    for codes in _rings(criteres, distances):
        recherche = search_inscriptions(
            criteres.texte,
            profession=criteres.profession,
            savoir_faire=criteres.savoir_faire,
            communes=codes,
            limit=NATIONAUX,
        )
        found |= {
            personne.identifiant: personne for personne in recherche.personnes if personne.identifiant not in found
        }
        complete, resembling = complete and recherche.complete, resembling or recherche.approchee
        if len(found) >= NATIONAUX:
            complete = False
            break
    members = Professionnel.objects.filter(pk__in=list_adherents(cpts_id), rpps__in=list(found))
    known = dict(members.values_list("rpps", "pk"))
    fiches = {f.professionnel_id: f for f in FicheProfessionnel.objects.filter(cpts_id=cpts_id)}
    people = [
        _build_national(
            personne,
            distances,
            membre=personne.rpps in known,
            fiche=fiches.get(known[personne.rpps]) if personne.rpps in known else None,
        )
        for personne in list(found.values())[:NATIONAUX]
    ]
    return Trouves(_sort(people, criteres), complete, resembling)


def _rings(criteres: Criteres, distances: dict[str, float]) -> Iterable[Sequence[str]]:
    """Codes of communes to search one after the other, the nearest first; all at once for a name."""
    if not criteres.commune or criteres.texte:
        return [list(distances)]
    rings = []
    for near, far in zip((-1, *ANNEAUX_KM), ANNEAUX_KM, strict=False):
        codes = [code for code, km in distances.items() if near < km <= far]
        if codes:
            rings.append(codes)
    return rings


def _build_national(
    personne: PersonneTrouvee, distances: dict[str, float], *, membre: bool, fiche: FicheProfessionnel | None
) -> Trouve:
    lieux = [
        LieuTrouve(
            lieu.nom, lieu.adresse, lieu.code_postal, lieu.commune, lieu.libelle_commune, lieu.telephone,
            distances.get(lieu.commune),
        )
        for lieu in personne.lieux
    ]  # fmt: skip
    return Trouve(
        rpps=personne.identifiant,
        nom=f"{personne.nom} {personne.prenom}",
        profession=name_profession(personne.profession, personne.savoir_faire),
        savoir_faire=personne.savoir_faire,
        lieux=tuple(_by_distance(lieux)),
        membre=membre,
        fiche=fiche,
        fictif=personne.fictive,
    )


def name_profession(code: str, savoir_faire: Iterable[str]) -> str:
    """A profession as people say it; what our nomenclature does not know is said by its code."""
    if code not in Profession.values:
        return f"profession {code}" if code else ""
    return Professionnel(profession=code, savoir_faire=list(savoir_faire)).libelle_profession


def _by_distance(lieux: list[LieuTrouve]) -> list[LieuTrouve]:
    return sorted(lieux, key=lambda lieu: (lieu.distance is None, lieu.distance or 0.0))


def _sort(people: list[Trouve], criteres: Criteres) -> list[Trouve]:
    """Around a commune the nearest first; else in the order of the search, or by name when nothing was typed."""
    if criteres.commune and not criteres.texte:
        return sorted(people, key=lambda p: (p.distance is None, p.distance or 0.0))
    return people


def measure_communes(centre: Commune, rayon: int) -> dict[str, float]:
    """Communes whose centre is at most `rayon` km from that of another, with the distance; itself in any case, and the
    arrondissements of a large city."""
    own = {centre.pk: 0.0, **dict.fromkeys(centre.arrondissements.values_list("pk", flat=True), 0.0)}
    if not rayon or centre.lon is None or centre.lat is None:
        return own
    dlat = rayon / KM_PAR_DEGRE
    dlon = dlat / max(cos(radians(centre.lat)), 0.1)
    rows = Commune.objects.filter(
        lat__range=(centre.lat - dlat, centre.lat + dlat), lon__range=(centre.lon - dlon, centre.lon + dlon)
    )
    found = {}
    for code, lon, lat in rows.order_by("pk").values_list("pk", "lon", "lat"):
        found[code] = measure_km((centre.lon, centre.lat), (lon or 0.0, lat or 0.0))
    return {code: km for code, km in found.items() if km <= rayon} | own


def measure_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (longitude, latitude), in km (haversine)."""
    (lon1, lat1), (lon2, lat2) = ((radians(lon), radians(lat)) for lon, lat in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * RAYON_TERRESTRE_KM * asin(sqrt(h))


def list_savoir_faire() -> list[tuple[str, str]]:
    """Savoir-faire that may be searched: code and label, by label."""
    return sorted(get_libelles("savoir_faire").items(), key=lambda item: item[1])
