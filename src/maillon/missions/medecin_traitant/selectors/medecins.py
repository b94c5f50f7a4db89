"""Doctors: how to write to them, what they offer, and which ones suit a request."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from django.db.models import Exists, OuterRef

from maillon.communaute.adhesions.enums import Etat as EtatAdhesion
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.sollicitations.enums import ACTIVES, MotifRetrait
from maillon.communaute.sollicitations.selectors import find_courriels, list_absents, list_exclus
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import compter, format_nombre

from ..models import GENRE, Capacite, Demande

RAYON_TERRE_KM = 6371.0
SANS_LIEU_KM = 999.0


def get_courriel_medecin(professionnel: Professionnel, *, cpts_id: UUID) -> str:
    """Where to write to a doctor; empty when no address is known."""
    return find_courriels([professionnel.pk], cpts_id=cpts_id).get(professionnel.pk, "")


def get_capacite(*, cpts_id: UUID, professionnel: Professionnel) -> Capacite | None:
    """What this doctor offers in this community, with `restantes`."""
    return Capacite.objects.with_restantes().filter(cpts_id=cpts_id, professionnel=professionnel).first()


@dataclass(frozen=True, slots=True)
class Candidat:
    """A doctor to whom a request may be proposed, and why at this place of the list."""

    professionnel: Professionnel
    restantes: int
    lieu: str
    km: float
    reserves: tuple[str, ...]
    raison: str


def list_candidats(demande: Demande) -> list[Candidat]:
    """Member doctors with a place left, present today, who neither have nor declined this request: who suits the needs
    first, then the nearest, then who offers most places. Constant queries."""
    having = demande.sollicitations.filter(etat__in=ACTIVES).values_list("professionnel", flat=True)
    seen = {*having, *list_exclus(GENRE, demande.pk)}
    member = Adhesion.objects.filter(
        cpts=demande.cpts_id, professionnel=OuterRef("professionnel"), etat=EtatAdhesion.ACTIVE
    )
    declined = demande.sollicitations.filter(
        professionnel=OuterRef("professionnel"), motif_retrait=MotifRetrait.PATIENT
    )
    capacites = list(
        Capacite.objects.with_restantes()
        .filter(Exists(member), cpts=demande.cpts_id, restantes__gt=0)
        .annotate(decline=Exists(declined))
        .exclude(professionnel__in=seen)
        .select_related("professionnel")
    )
    away = list_absents([capacite.professionnel_id for capacite in capacites], cpts_id=demande.cpts_id, on=today())
    capacites = [capacite for capacite in capacites if capacite.professionnel_id not in away]
    activites: dict[UUID, list[Activite]] = {}
    for activite in (
        Activite.objects.filter(professionnel__in=[capacite.professionnel_id for capacite in capacites])
        .select_related("commune")
        .order_by("id")
    ):
        activites.setdefault(activite.professionnel_id, []).append(activite)
    candidats = [_candidat(demande, capacite, activites.get(capacite.professionnel_id, [])) for capacite in capacites]
    return sorted(candidats, key=lambda c: (len(c.reserves), round(c.km), -c.restantes, c.professionnel.nom_recherche))


def _candidat(demande: Demande, capacite: Capacite, activites: list[Activite]) -> Candidat:
    reserves = []
    if capacite.decline:  # type: ignore[attr-defined]
        reserves.append("la personne lui a dit non")
    if demande.ne_peut_se_deplacer and not capacite.accepte_visites:
        reserves.append("ne fait pas de visites à domicile")
    if demande.ald and not capacite.accepte_ald:
        reserves.append("ne prend pas de patients en ALD")
    annee = demande.patient.annee_naissance
    enfant = annee is not None and demande.deposee_le.year - annee < 16
    if enfant and not capacite.accepte_enfants:
        reserves.append("ne prend pas d’enfants")
    if not enfant and not demande.ald and not capacite.accepte_adultes:
        reserves.append("ne prend pas d’adultes sans ALD")
    km, lieu, same = min(
        ((*_distance(demande, activite),) for activite in activites), default=(SANS_LIEU_KM, "lieu inconnu", False)
    )
    restantes = capacite.restantes
    where = "même commune" if same else f"à {format_nombre(round(km))} km" if km < SANS_LIEU_KM else "distance inconnue"
    raison = " ; ".join([compter(restantes, "place libre", "places libres"), where, *reserves])
    return Candidat(capacite.professionnel, restantes, lieu, km, tuple(reserves), raison)


def _distance(demande: Demande, activite: Activite) -> tuple[float, str, bool]:
    """Kilometres as the crow flies between the patient's commune and the place of work; 0 in the same commune."""
    home, place = demande.patient.commune, activite.commune
    if home.pk == place.pk:
        return 0.0, place.nom, True
    lon, lat = (activite.lon, activite.lat) if activite.lon is not None else (place.lon, place.lat)
    if home.lon is None or home.lat is None or lon is None or lat is None:
        return SANS_LIEU_KM, place.nom, False
    return _haversine(home.lon, home.lat, lon, lat), place.nom, False


def _haversine(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance in kilometres between two points in degrees."""
    phi1, phi2 = radians(lat1), radians(lat2)
    a = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * RAYON_TERRE_KM * asin(sqrt(a))
