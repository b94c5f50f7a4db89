"""Where people wait, by commune, under statistical secrecy."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Count

from maillon.communaute.territoire.models import Commune
from maillon.communaute.territoire.selectors import get_codes_by_cpts
from maillon.regles.secret import find_caches
from maillon.socle.horloge import today

from ..enums import Accord, Etat
from ..models import Demande
from .calculs import start_of

AILLEURS = ""


class Mesure(StrEnum):
    ATTENTE = "attente"  # who waits today
    ANNEE = "annee"  # who filed a request in the last twelve whole months


@dataclass(frozen=True, slots=True)
class Lieu:
    """A commune; `nombre` is None where it is not shown. The empty code gathers those outside the territory."""

    code: str
    nom: str
    nombre: int | None


@dataclass(frozen=True, slots=True)
class Lieux:
    mesure: Mesure
    total: int
    lieux: tuple[Lieu, ...]
    debut: date
    fin: date

    @property
    def caches(self) -> int:
        """How many communes are not shown."""
        return sum(1 for lieu in self.lieux if lieu.nombre is None)

    @property
    def is_montrable(self) -> bool:
        """Whether one commune at least is shown."""
        return self.caches < len(self.lieux)


def count_by_commune(cpts_id: UUID, mesure: Mesure) -> Lieux:
    """People by commune of the territory; three queries.

    Two measures and no free dates: two windows that differ by a few days would tell, by subtraction, what each hides.
    """
    fin = today().replace(day=1)
    debut = fin.replace(year=fin.year - 1)
    demandes = Demande.objects.filter(cpts_id=cpts_id)
    if mesure is Mesure.ATTENTE:
        demandes = demandes.en_cours()
    else:
        demandes = demandes.filter(deposee_le__gte=start_of(debut), deposee_le__lt=start_of(fin)).exclude(
            accord=Accord.A_RECUEILLIR, etat=Etat.DEPOSEE
        )
    trouves = dict(demandes.order_by().values_list("commune").annotate(nombre=Count("*")))
    codes = get_codes_by_cpts([cpts_id], on=today()).get(cpts_id, [])
    comptes: Counter[str] = Counter({code: trouves.pop(code, 0) for code in codes})
    if ailleurs := sum(trouves.values()):
        comptes[AILLEURS] = ailleurs
    caches = find_caches(comptes)
    noms = dict(Commune.objects.filter(pk__in=codes).values_list("pk", "nom"))
    noms[AILLEURS] = "Hors du territoire"
    return Lieux(
        mesure,
        sum(comptes.values()),
        tuple(Lieu(code, noms[code], None if code in caches else nombre) for code, nombre in comptes.items()),
        debut,
        fin,
    )
