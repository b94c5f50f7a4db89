"""Home pages pull what every app declares, and keep what this person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from maillon.communaute.adhesions.enums import Etat
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.selectors import get_professionnel
from maillon.communaute.territoire.selectors import (
    get_codes_by_cpts,
)
from maillon.missions.medecin_traitant.permissions import GERER
from maillon.missions.medecin_traitant.selectors import get_capacite
from maillon.missions.soins_non_programmes.selectors.semaine import ResumeJour, resume_jour
from maillon.pilotage.contrats.permissions import LIRE
from maillon.pilotage.portefeuille.selectors import Situation, list_situations
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Alerte, AlertesTerritoire, SourceAlertes, collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column of the home page: its title, its sentences (most urgent first), and what to say when all is well."""

    cle: str
    titre: str
    icone: str
    alertes: Sequence[Alerte]
    rien: str

    @property
    def premieres(self) -> Sequence[Alerte]:
        """What is read first; one more than the limit is not worth folding."""
        return self.alertes if len(self.alertes) <= PHRASES_MONTREES + 1 else self.alertes[:PHRASES_MONTREES]

    @property
    def autres(self) -> Sequence[Alerte]:
        """What is folded under « et 4 autres »."""
        return self.alertes[len(self.premieres) :]


PHRASES_MONTREES = 4
COLONNES = (
    ("attend", "Qui attend", "users", "Personne n’attend."),
    ("expire", "Ce qui expire", "clock", "Rien n’arrive à échéance."),
    ("preuve", "Ce qui n’est pas prouvé", "paperclip", "Aucun justificatif ne manque."),
)


def get_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """Every sentence that the apps declare for this person: the urgent ones, then by date, then what has none."""
    sources: list[SourceAlertes] = [
        source for source in collect("alertes") if source.permission is None or acteur.can(source.permission)
    ]
    alertes = [alerte for source in sources for alerte in source.alertes(cpts_id, acteur, now)]
    return sorted(alertes, key=lambda alerte: (not alerte.urgente, _get_day(alerte)))


def _get_day(alerte: Alerte) -> date:
    if isinstance(alerte.le, datetime):
        return timezone.localtime(alerte.le).date()
    return alerte.le or date.max


def get_alertes_territoire(acteur: Acteur, now: datetime) -> list[Alerte]:
    """Every sentence that the apps declare for an agent of this territory."""
    sources: list[AlertesTerritoire] = [s for s in collect("alertes_territoire") if acteur.can(s.permission)]
    return [alerte for source in sources for alerte in source.alertes(acteur, now)]


def get_colonnes(cpts_id: UUID, acteur: Acteur, now: datetime, *, shown: str = "") -> list[Colonne]:
    """The columns of work of a home page, in order.

    Who steers or holds the desk also sees the empty ones, said empty: that nothing lacks is news. Sentences that open
    `shown`, an address whose content stands on the page already, are left out.
    """
    alertes = [alerte for alerte in get_alertes(cpts_id, acteur, now) if alerte.url != shown]
    colonnes = [
        Colonne(cle, titre, icone, [alerte for alerte in alertes if alerte.colonne == cle], rien)
        for cle, titre, icone, rien in COLONNES
    ]
    if acteur.can(LIRE) or acteur.can(GERER):
        return colonnes
    return [colonne for colonne in colonnes if colonne.alertes]


@dataclass(frozen=True, slots=True)
class Communaute:
    """A community as an agent sees it: its figures, and the communes that it covers today."""

    situation: Situation
    communes: list[str]

    @property
    def signe(self) -> str:
        """State by which the map is coloured."""
        if not self.situation.en_vigueur:
            return "sans_contrat"
        if self.situation.jours is not None and self.situation.jours <= 60:
            return "anniversaire_proche"
        return "en_vigueur"


@dataclass(frozen=True, slots=True)
class Places:
    """What a doctor said of new patients: `libres` is None when nothing was said yet."""

    libres: int | None
    maj_le: datetime | None


def get_places(cpts_id: UUID, acteur: Acteur) -> Places | None:
    """The places that this doctor offers now; None for whoever is not a general practitioner of the directory."""
    medecin = get_professionnel(acteur)
    if medecin is None or not medecin.is_medecin_generaliste:
        return None
    capacite = get_capacite(cpts_id=cpts_id, professionnel=medecin)
    return Places(capacite.restantes, capacite.maj_le) if capacite else Places(None, None)


def get_communautes(acteur: Acteur) -> list[Communaute]:
    """The communities of an agent's territory with their communes; constant queries."""
    situations = list_situations(acteur)
    codes = get_codes_by_cpts([situation.cpts.pk for situation in situations], on=today())
    return [Communaute(situation, codes.get(situation.cpts.pk, [])) for situation in situations]


def count_members(cpts_id: UUID) -> int:
    """Members of a community today: professionals and structures."""
    return Adhesion.objects.filter(cpts_id=cpts_id, etat=Etat.ACTIVE).count()


@dataclass(frozen=True, slots=True)
class Creneaux:
    """Places and appointments of the day of a professional, and where to open some in one touch."""

    professionnel: Professionnel
    resume: ResumeJour


def get_creneaux(cpts: Cpts, acteur: Acteur) -> Creneaux | None:
    """None for an account that the directory does not know."""
    professionnel = get_professionnel(acteur)
    return Creneaux(professionnel, resume_jour(cpts, professionnel)) if professionnel else None
