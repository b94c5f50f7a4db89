"""Places offered against people who wait, need by need."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear

from ..models import Capacite, Demande

MAJORITE_PEDIATRIQUE = 16


@dataclass(frozen=True, slots=True)
class Besoin:
    """A need: how many of those who wait have it, and how many places of doctors who meet it."""

    libelle: str
    attendent: int
    places: int

    @property
    def manque(self) -> int:
        return max(self.attendent - self.places, 0)


@dataclass(frozen=True, slots=True)
class Offre:
    medecins: int
    besoins: tuple[Besoin, ...]

    @property
    def ensemble(self) -> Besoin:
        return self.besoins[0]


def compute_offre(cpts_id: UUID) -> Offre:
    """Everybody first, then need by need: one place may meet several needs. Two queries.

    People whose doctor has accepted and who have not answered yet are left out: their place is kept.
    """
    attendent = (
        Demande.objects.filter(cpts_id=cpts_id, medecin__isnull=True)
        .en_cours()
        .aggregate(
            tous=Count("*"),
            ald=Count(Value(1), filter=Q(ald=True)),
            visites=Count(Value(1), filter=Q(ne_peut_se_deplacer=True)),
            enfants=Count(Value(1), filter=Q(annee_naissance__gt=ExtractYear(F("deposee_le")) - MAJORITE_PEDIATRIQUE)),
        )
    )
    places = (
        Capacite.objects.with_restantes()
        .filter(cpts_id=cpts_id, volontaire_depuis__isnull=False)
        .aggregate(
            medecins=Count("*"),
            tous=Coalesce(Sum("restantes"), 0),
            ald=Coalesce(Sum("restantes", filter=Q(accepte_ald=True)), 0),
            visites=Coalesce(Sum("restantes", filter=Q(accepte_visites=True)), 0),
            enfants=Coalesce(Sum("restantes", filter=Q(accepte_enfants=True)), 0),
        )
    )
    libelles = (
        ("tous", "Toutes les personnes"),
        ("ald", "En affection de longue durée (ALD)"),
        ("visites", "Ne peuvent pas se déplacer"),
        ("enfants", "Moins de 16 ans"),
    )
    return Offre(places["medecins"], tuple(Besoin(libelle, attendent[cle], places[cle]) for cle, libelle in libelles))
