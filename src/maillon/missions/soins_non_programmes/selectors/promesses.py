"""The promise of every afternoon over the days to come, and where nobody keeps it yet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max

from maillon.communaute.adhesions.enums import Etat as EtatAdhesion
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.agenda.selectors import find_occupations
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.personnes.models import Personne
from maillon.communaute.sollicitations.models import Absence
from maillon.regles.simulation_soins import find_trous
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import now
from maillon.socle.journal.models import Entree

from ..enums import TENUS, EtatCreneau
from ..models import Creneau
from .calculs import get_fuseau, start_of
from .indicateurs import get_promesse
from .presences import list_presences
from .reglages import get_reglages, list_feries

JOURS_DEVANT = 14
SAMEDI = 5
# At most this many professionals are asked for one blank: those who opened slots the longest ago first.
A_DEMANDER = 8
EVENEMENT = "soins.ouverture_demandee"


def list_fermes(cpts: Cpts, debut: date, fin: date) -> dict[date, str]:
    """The public holidays on which nobody was promised."""
    return {} if get_reglages(cpts.pk).ouvert_les_feries else list_feries(cpts, debut, fin)


@dataclass(frozen=True, slots=True)
class Blanc:
    """Nobody of a promised profession, over a whole afternoon or parts of it; times on the community's clock."""

    jour: date
    profession: str
    trous: tuple[tuple[datetime, datetime], ...]
    entier: bool

    @property
    def libelle_profession(self) -> str:
        return str(Profession(self.profession).label)

    @property
    def cle(self) -> str:
        return f"{self.jour.isoformat()}:{self.profession}"

    @property
    def de(self) -> datetime:
        return self.trous[0][0]

    @property
    def a(self) -> datetime:
        return self.trous[-1][1]


def find_blancs(cpts: Cpts, *, jours: int = JOURS_DEVANT) -> list[Blanc]:
    """The blanks of the days ahead, today's from now on, in order of time. Four queries."""
    fuseau = ZoneInfo(cpts.fuseau)
    maintenant = now().astimezone(fuseau)
    debut = maintenant.date()
    fin = debut + timedelta(days=jours)
    promis_de, promis_a, promis = get_promesse(cpts.pk)
    feries = list_fermes(cpts, debut, fin)
    presences = list_presences(cpts.pk, promis, start_of(debut, fuseau), start_of(fin, fuseau))
    blancs = []
    for rang in range(jours):
        jour = debut + timedelta(days=rang)
        if jour.weekday() >= SAMEDI or jour in feries:
            continue
        ouvre = max(datetime.combine(jour, promis_de, fuseau), maintenant)
        ferme = datetime.combine(jour, promis_a, fuseau)
        if ouvre >= ferme:
            continue
        for profession in promis:
            if trous := find_trous(ouvre, ferme, presences[profession]):
                heures = tuple((trou.de.astimezone(fuseau), trou.a.astimezone(fuseau)) for trou in trous)
                blancs.append(Blanc(jour, profession, heures, entier=trous[0].entier))
    return sorted(blancs, key=lambda blanc: (blanc.de, blanc.profession))


@dataclass(frozen=True, slots=True)
class Sollicitable:
    """A professional who could open slots, and the address at which to ask; `dernier` is their last slot so far."""

    professionnel: Professionnel
    personne_id: UUID
    courriel: str
    dernier: datetime | None


def find_sollicitables(cpts_id: UUID, blancs: Sequence[Blanc]) -> dict[str, list[Sollicitable]]:
    """By key of the blank, whom to ask: members of the profession who can be written to, neither away nor busy then,
    who opened slots the longest ago first. Six queries, however many blanks."""
    if not blancs:
        return {}
    gens = _list_membres(cpts_id, {blanc.profession for blanc in blancs})
    prises = _find_prises(cpts_id, gens, min(b.de for b in blancs), max(b.a for b in blancs))

    def is_libre(gen: Sollicitable, blanc: Blanc) -> bool:
        pris = prises[gen.professionnel.pk]
        return any(not any(de < fin and a > debut for de, a in pris) for debut, fin in blanc.trous)

    return {
        blanc.cle: [g for g in gens if g.professionnel.profession == blanc.profession and is_libre(g, blanc)][
            :A_DEMANDER
        ]
        for blanc in blancs
    }


def _find_prises(
    cpts_id: UUID, gens: Sequence[Sollicitable], debut: datetime, fin: datetime
) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """By professional, when they cannot come over [debut, fin[: busy elsewhere, with slots already, or away."""
    prises: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    professionnels = {gen.personne_id: gen.professionnel.pk for gen in gens}
    for occupation in find_occupations(list(professionnels), debut, fin):
        prises[professionnels[occupation.personne_id]].append((occupation.debut, occupation.fin))
    tenus = Creneau.objects.filter(cpts_id=cpts_id, debut__lt=fin, fin__gt=debut, etat__in=(*TENUS, EtatCreneau.OCCUPE))
    for professionnel_id, de, a in tenus.order_by().values_list("professionnel_id", "debut", "fin"):
        prises[professionnel_id].append((de, a))
    fuseau = get_fuseau(cpts_id)
    jours = (debut.astimezone(fuseau).date(), fin.astimezone(fuseau).date() + timedelta(days=1))
    for absence in Absence.objects.filter(cpts_id=cpts_id, periode__overlap=jours):
        prises[absence.professionnel_id].append(
            (start_of(absence.periode.lower, fuseau), start_of(absence.periode.upper, fuseau))
        )
    return prises


def _list_membres(cpts_id: UUID, professions: set[str]) -> list[Sollicitable]:
    """Members of these professions whose address is known: those who opened slots already, the longest ago first."""
    membres = Adhesion.objects.filter(cpts_id=cpts_id, etat=EtatAdhesion.ACTIVE).values("professionnel_id")
    personnes = (
        Personne.objects.filter(cpts_id=cpts_id, professionnel__in=membres, professionnel__profession__in=professions)
        .exclude(courriel="")
        .select_related("professionnel")
    )
    derniers = dict(
        Creneau.objects.filter(cpts_id=cpts_id, profession__in=professions, debut__lt=now(), etat__in=TENUS)
        .order_by()
        .values_list("professionnel_id")
        .annotate(dernier=Max("debut"))
    )
    gens = [
        Sollicitable(p.professionnel, p.pk, p.courriel, derniers.get(p.professionnel_id))
        for p in personnes
        if p.professionnel is not None
    ]
    return sorted(gens, key=lambda g: (g.dernier is None, g.dernier or now(), g.professionnel.nom_recherche))


def find_demandes_faites(cpts_id: UUID, blancs: Sequence[Blanc]) -> dict[str, Entree]:
    """The last time that somebody asked for each blank, by its key; one query."""
    faites = Entree.objects.filter(
        cpts_id=cpts_id, evenement=EVENEMENT, details__blanc__in=[blanc.cle for blanc in blancs]
    )
    return {entree.details["blanc"]: entree for entree in faites.order_by("le")}
