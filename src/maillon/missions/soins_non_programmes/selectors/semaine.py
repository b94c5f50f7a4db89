"""A week of a professional: days, slots, who comes."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Prefetch

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.selectors import IdentiteLue, read_identites
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..enums import PRIS, EtatCreneau, EtatRendezVous
from ..models import Creneau, RendezVous
from .reglages import find_midnight, get_reglages, get_today, get_zone, list_feries


@dataclass(slots=True)
class Visite:
    """An appointment with the identity that the reader may see."""

    rendez_vous: RendezVous
    identite: IdentiteLue | None
    est_venu: bool  # its hour has come: honoured or missed may be said


@dataclass(slots=True)
class Ligne:
    creneau: Creneau
    visites: list[Visite]
    passe: bool


@dataclass(slots=True)
class Jour:
    jour: date
    ferie: str = ""
    lignes: list[Ligne] = field(default_factory=list)

    @property
    def libres(self) -> int:
        return sum(ligne.creneau.etat == EtatCreneau.LIBRE and not ligne.passe for ligne in self.lignes)

    @property
    def pris(self) -> int:
        return sum(len(ligne.visites) for ligne in self.lignes)

    @property
    def attendues(self) -> list[Ligne]:
        """Who comes, or is about to."""
        return [ligne for ligne in self.lignes if ligne.visites or ligne.creneau.etat == EtatCreneau.RETENU]

    @property
    def autres(self) -> list[Ligne]:
        """Free, busy elsewhere, withdrawn."""
        attendues = self.attendues
        return [ligne for ligne in self.lignes if ligne not in attendues]

    @property
    def a_constater(self) -> bool:
        """Whether nobody has said yet of somebody whose hour has come if they came."""
        visites = [visite for ligne in self.lignes for visite in ligne.visites]
        return any(v.est_venu and v.rendez_vous.etat == EtatRendezVous.CONFIRME for v in visites)

    @property
    def lieux(self) -> str:
        """Where, once for the day."""
        return ", ".join(dict.fromkeys(ligne.creneau.lieu.libelle for ligne in self.lignes))

    @property
    def retirable(self) -> bool:
        """Whether free slots are left to take back."""
        libres = (EtatCreneau.LIBRE, EtatCreneau.OCCUPE)
        return any(ligne.creneau.etat in libres and not ligne.passe for ligne in self.lignes)


@dataclass(slots=True)
class Semaine:
    lundi: date
    jours: list[Jour]
    aujourd_hui: date

    @property
    def avant(self) -> date:
        return self.lundi - timedelta(days=7)

    @property
    def apres(self) -> date:
        return self.lundi + timedelta(days=7)

    @property
    def dimanche(self) -> date:
        return self.lundi + timedelta(days=6)

    @property
    def montres(self) -> list[Jour]:
        """Today, and the days on which something is opened; of those gone by this week, what is left to say."""
        past = self.passes
        return [jour for jour in self.jours if (jour.lignes or jour.jour == self.aujourd_hui) and jour not in past]

    @property
    def passes(self) -> list[Jour]:
        """The days gone by of the week under way, of which all is said."""
        if not self.courante:
            return []
        return [jour for jour in self.jours if jour.lignes and jour.jour < self.aujourd_hui and not jour.a_constater]

    @property
    def vides(self) -> list[Jour]:
        """The other days that are not past."""
        return [jour for jour in self.jours if not jour.lignes and jour.jour > self.aujourd_hui]

    @property
    def courante(self) -> bool:
        return self.lundi <= self.aujourd_hui <= self.dimanche


def build_semaine(cpts: Cpts, professionnel: Professionnel, jour: date, acteur: Acteur) -> Semaine:
    """The week of that day: every slot but those withdrawn and past, with the people who come; each identity shown
    leaves a trace. Constant queries."""
    lundi = jour - timedelta(days=jour.weekday())
    debut, fin = find_midnight(lundi, cpts), find_midnight(lundi + timedelta(days=7), cpts)
    living = RendezVous.objects.filter(etat__in=PRIS).exclude(etat=EtatRendezVous.RETENU).order_by("pris_le")
    rows = (
        Creneau.objects.filter(cpts_id=cpts.pk, professionnel=professionnel, debut__gte=debut, debut__lt=fin)
        .select_related("lieu__commune")
        .prefetch_related(Prefetch("rendez_vous", queryset=living, to_attr="visites"))
        .order_by("debut")
    )
    creneaux = [c for c in rows if c.visites or c.etat != EtatCreneau.RETIRE or c.debut > now()]
    keys = {v.patient_id for creneau in creneaux for v in creneau.visites if v.patient_id}
    identites = _read(keys, acteur)
    feries, zone = list_feries(cpts, lundi, lundi + timedelta(days=7)), get_zone(cpts)
    jours = {lundi + timedelta(days=n): Jour(lundi + timedelta(days=n)) for n in range(7)}
    for quand, nom in feries.items():
        jours[quand].ferie = nom
    for creneau in creneaux:
        visites = [
            Visite(v, identites.get(v.patient_id) if v.patient_id else None, creneau.debut <= now())
            for v in creneau.visites
        ]
        ligne = Ligne(creneau, visites, creneau.debut <= now())
        jours[creneau.debut.astimezone(zone).date()].lignes.append(ligne)
    return Semaine(lundi, list(jours.values()), get_today(cpts))


def _read(patient_ids: set[UUID], acteur: Acteur) -> dict[UUID, IdentiteLue]:
    """Nothing is asked, and no trace left, when nobody comes."""
    if not patient_ids:
        return {}
    return read_identites(patient_ids, quoi="identite", pourquoi="rendez-vous de la semaine", by=acteur)


@dataclass(frozen=True, slots=True)
class ResumeJour:
    """What a professional reads on the home page: places left and people who come today."""

    libres: int
    pris: int
    suivant: Creneau | None
    matin: bool
    apres_midi: bool


def resume_jour(cpts: Cpts, professionnel: Professionnel) -> ResumeJour:
    """Today, without any identity; two queries."""
    jour = get_today(cpts)
    fin = find_midnight(jour + timedelta(days=1), cpts)
    ahead = list(
        Creneau.objects.filter(cpts_id=cpts.pk, professionnel=professionnel, debut__gt=now(), debut__lt=fin)
        .filter(etat__in=(EtatCreneau.LIBRE, EtatCreneau.RESERVE))
        .order_by("debut")
    )
    pris = [creneau for creneau in ahead if creneau.etat == EtatCreneau.RESERVE]
    heure = now().astimezone(get_zone(cpts)).time()
    return ResumeJour(
        libres=len(ahead) - len(pris),
        pris=len(pris),
        suivant=pris[0] if pris else None,
        matin=heure.hour < 12,
        apres_midi=heure < get_reglages(cpts.pk).promis_a,
    )
