"""A period in figures: what was offered, given, kept, missed, and how long requests waited. The same rows as the
indicators of the contract."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, Value

from maillon.communaute.annuaire.enums import Profession
from maillon.regles.simulation_soins import find_trous
from maillon.socle.cpts.models import Cpts

from ..enums import EtatCreneau, Origine, Reponse
from .calculs import Centile, start_of
from .indicateurs import (
    PARTS,
    get_promesse,
    list_creneaux,
    list_jugees,
    list_medecins_sas,
    list_rendez_vous,
    list_repondues,
)
from .periodes import Periode
from .presences import list_presences
from .promesses import SAMEDI, list_fermes
from .reglages import get_zone


@dataclass(frozen=True, slots=True)
class Bilan:
    """A period in figures. `delai` and `delai_p90` in minutes; rates from 0 to 1; None when nothing was measured."""

    medecins_sas: int
    creneaux: int
    pris: int
    donnes: int
    honores: int
    manques: int
    repondues: int
    delai: float | None
    delai_p90: float | None
    jugees: int
    dans_la_journee: int

    @property
    def part_prise(self) -> float | None:
        return self.pris / self.creneaux if self.creneaux else None

    @property
    def part_manquee(self) -> float | None:
        """Of the appointments of which somebody said whether the person came."""
        dits = self.honores + self.manques
        return self.manques / dits if dits else None

    @property
    def part_journee(self) -> float | None:
        return self.dans_la_journee / self.jugees if self.jugees else None


def compute_bilan(cpts_id: UUID, periode: Periode) -> Bilan:
    """The figures of any period; constant queries."""
    bornes = (cpts_id, periode.passee.debut, periode.passee.fin)
    creneaux = list_creneaux(*bornes).aggregate(
        nombre=Count("*"), pris=Count(Value(1), filter=~Q(etat=EtatCreneau.LIBRE))
    )
    rendez_vous = list_rendez_vous(*bornes).aggregate(
        **{part: Count(Value(1), filter=condition) for part, condition in PARTS.items()}
    )
    repondues = list_repondues(*bornes).aggregate(
        nombre=Count("*"), delai=Centile("minutes", 0.5), p90=Centile("minutes", 0.9)
    )
    jugees = list_jugees(*bornes).aggregate(nombre=Count("*"), oui=Count(Value(1), filter=Q(dans_la_journee=True)))
    return Bilan(
        medecins_sas=list_medecins_sas(*bornes).count(),
        creneaux=creneaux["nombre"],
        pris=creneaux["pris"],
        donnes=rendez_vous["rendez_vous"],
        honores=rendez_vous["honores"],
        manques=rendez_vous["manques"],
        repondues=repondues["nombre"],
        delai=repondues["delai"],
        delai_p90=repondues["p90"],
        jugees=jugees["nombre"],
        dans_la_journee=jugees["oui"],
    )


@dataclass(frozen=True, slots=True)
class Presence:
    """Hours of a profession within the promise: those covered, of those promised so far."""

    profession: str
    libelle: str
    couvertes: float
    promises: float

    @property
    def part(self) -> float | None:
        return self.couvertes / self.promises if self.promises else None


def compute_presences(cpts: Cpts, periode: Periode) -> list[Presence]:
    """What was kept of the promise, profession by profession, up to this evening, by slots and by duties. Saturdays and
    closed holidays are not part of « every afternoon ». Four queries."""
    de, a, promis = get_promesse(cpts.pk)
    passee, fuseau = periode.passee, get_zone(cpts)
    fermes = list_fermes(cpts, passee.debut, passee.fin)
    presences = list_presences(cpts.pk, promis, start_of(passee.debut, fuseau), start_of(passee.fin, fuseau))
    jours = [jour for jour in passee.jours if jour.weekday() < SAMEDI and jour not in fermes]
    bornes = [(datetime.combine(jour, de, fuseau), datetime.combine(jour, a, fuseau)) for jour in jours]
    promises = sum((ferme - ouvre for ouvre, ferme in bornes), timedelta())
    manques = {profession: _sum_trous(presences[profession], bornes) for profession in promis}
    return [
        Presence(
            profession, str(Profession(profession).label), _hours(promises - manques[profession]), _hours(promises)
        )
        for profession in promis
    ]


def _sum_trous(
    presences: Sequence[tuple[datetime, datetime]], bornes: Sequence[tuple[datetime, datetime]]
) -> timedelta:
    """How long nobody was there within these hours, down to the minute."""
    tries = sorted(presences)
    debuts = [de for de, _ in tries]
    manque = timedelta()
    for ouvre, ferme in bornes:
        # Only what may touch this day: nobody is there for more than a day at once.
        voisins = tries[bisect_left(debuts, ouvre - timedelta(days=1)) : bisect_left(debuts, ferme)]
        manque += sum(
            (t.a - t.de for t in find_trous(ouvre, ferme, voisins, minimum=timedelta(minutes=1))), timedelta()
        )
    return manque


def _hours(duree: timedelta) -> float:
    return duree.total_seconds() / 3600


def count_origines(cpts_id: UUID, periode: Periode) -> list[tuple[str, int, int]]:
    """Who asks: appointments taken on a slot, and requests answered, by the way they came."""
    passee = periode.passee
    rendez_vous = dict(
        list_rendez_vous(cpts_id, passee.debut, passee.fin)
        .filter(demande=None)
        .order_by()
        .values_list("origine")
        .annotate(nombre=Count("*"))
    )
    demandes = dict(
        list_repondues(cpts_id, passee.debut, passee.fin).order_by().values_list("origine").annotate(nombre=Count("*"))
    )
    lignes = [
        (str(origine.label), rendez_vous.get(origine.value, 0), demandes.get(origine.value, 0)) for origine in Origine
    ]
    return sorted((ligne for ligne in lignes if ligne[1] or ligne[2]), key=lambda ligne: -(ligne[1] + ligne[2]))


def count_reponses(cpts_id: UUID, periode: Periode) -> list[tuple[str, int]]:
    """How requests ended, the most frequent answer first."""
    passee = periode.passee
    comptes = dict(
        list_repondues(cpts_id, passee.debut, passee.fin).order_by().values_list("reponse").annotate(nombre=Count("*"))
    )
    lignes = [(str(reponse.label), comptes.get(reponse.value, 0)) for reponse in Reponse]
    return sorted((ligne for ligne in lignes if ligne[1]), key=lambda ligne: -ligne[1])
