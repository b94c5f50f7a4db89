"""A year of a desk, lived day by day: people who ask, a desk that works, doctors and patients who answer or never do.

The clock moves; each day the periodic jobs run, then people act through the same services as the pages. The simulation
keeps its own account of what happened (`Histoire`) from what people did and were answered, never from the tables that
are judged: at the end the two are compared.

annee = Annee(guichet, demandes=80, medecins=12, graine=1)
annee.live(start=date(2025, 1, 1), jours=365)     # raises AssertionError on the first day that breaks a promise
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from statistics import median
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from fabriques.droits import make_acteur, make_membre
from fabriques.medecin_traitant import Guichet, file_demande, make_medecin
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.adhesions.services import end_adhesion
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.declarations import INDICATEURS
from maillon.missions.medecin_traitant.enums import Cloture, Etat, MotifRefus
from maillon.missions.medecin_traitant.models import ActionRefusee, Demande
from maillon.missions.medecin_traitant.selectors import DESK, list_candidats
from maillon.socle import horloge
from maillon.socle.courriels.models import Message
from maillon.socle.declarations import Agregat
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.droits.services import deactivate_membre
from maillon.socle.taches import without_jobs

SALLES = ("medecin_traitant.", "sollicitations.")
REPORT_JOURS = 7  # a desk that finds nobody tries again the week after
APPELS_MAX = 3
RETARD_MAX = timedelta(days=5)  # a desk that works every weekday is never later than that


@dataclass
class Histoire:
    """What happened to one request, as those who lived it know it."""

    depot: datetime
    naissance: int
    faits: dict[str, bool]
    joignable: bool
    solliciter: set[UUID] = field(default_factory=set)
    accepte_par: UUID | None = None
    placee_le: datetime | None = None
    close: bool = False
    appels: int = 0


@dataclass
class Medecin:
    """A doctor: the places said, and since when; who was taken since."""

    professionnel: Professionnel
    places: int = 0
    pris: set[UUID] = field(default_factory=set)
    muet: bool = False
    parti: bool = False

    @property
    def plein(self) -> bool:
        return len(self.pris) >= self.places


@dataclass(order=True)
class Evenement:
    """Somebody's answer to come; `geste` is a method of `Annee`."""

    le: datetime
    rang: int
    geste: str = field(compare=False)
    sujet: tuple[UUID, ...] = field(compare=False)


def list_taches() -> list[tuple[str, Any]]:
    """The periodic jobs of the rooms of this story, the daily ones first: a new one is lived without being named."""
    taches = [(p.cron, p.task) for p in app.periodic_registry.periodic_tasks.values()]
    return sorted(
        ((cron, tache) for cron, tache in taches if tache.name.startswith(SALLES)),
        key=lambda couple: (couple[0].startswith("*"), couple[1].name),
    )


class Annee:
    def __init__(self, guichet: Guichet, *, demandes: int, medecins: int, graine: int = 0) -> None:
        self.guichet, self.cpts_id = guichet, guichet.cpts.pk
        self.nombre, self.hasard = demandes, random.Random(graine)
        self.medecins_prevus = medecins
        self.histoires: dict[UUID, Histoire] = {}
        self.medecins: dict[UUID, Medecin] = {}
        self.a_venir: list[Evenement] = []
        self.vues: set[UUID] = set()
        self.refus: Counter[str] = Counter()
        self.taches = list_taches()
        self.rang = 0

    # The year

    def live(
        self, *, start: date, jours: int, each_day: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        """Live these days, each in `each_day()`; the promises are checked every morning, after the jobs."""
        arrivees = [self.hasard.randrange(jours * 9 // 10) for _ in range(self.nombre)]
        departs = {jours // 3: self.leave_desk, jours // 2: self.leave_doctor, jours * 2 // 3: self.leave_desk}
        with without_jobs():
            with each_day(), horloge.at(self.moment(start, 8)):
                self.settle()
            for rang in range(jours):
                with each_day():
                    self.live_day(start + timedelta(days=rang), arrivees.count(rang), departs.get(rang))

    def live_day(self, day: date, arrivees: int, depart: Callable[[], None] | None) -> None:
        with horloge.at(self.moment(day, 5)):
            self.run_jobs()
        with horloge.at(self.moment(day, 6)):
            self.check_promises()
        for rang in range(arrivees):
            with horloge.at(self.moment(day, 9, rang % 50)):
                self.file()
        if day.weekday() < 5:
            with horloge.at(self.moment(day, 10)):
                self.work()
        if depart:
            with horloge.at(self.moment(day, 11)):
                depart()
        self.notice(self.moment(day, 11, 30))
        self.answer(until=self.moment(day, 20))

    def moment(self, day: date, heure: int, minute: int = 0) -> datetime:
        # In UTC: the difference of two moments of one local zone forgets the hour of summer.
        return timezone.make_aware(datetime.combine(day, time(heure, minute))).astimezone(UTC)

    def settle(self) -> None:
        """Two more people at the desk, so that one may leave, and doctors who offer places or say nothing."""
        for rang in range(2):
            make_membre(self.guichet.cpts, Role.COORDINATION, prenom=f"Relais {rang}")
        for rang in range(self.medecins_prevus):
            medecin = make_medecin(
                self.guichet,
                places=None,
                commune=self.hasard.choice([self.guichet.saint_etienne, self.guichet.villars]),
            )
            self.medecins[medecin.pk] = Medecin(medecin, muet=rang % 5 == 4)
            if rang % 6 != 5:
                self.offer(medecin.pk)

    def run_jobs(self) -> None:
        matin = self.moment(horloge.today(), 8)
        for cron, tache in self.taches:
            # One that looks every hour whether it is morning at the clock of the community.
            with horloge.at(matin if cron.endswith(" * * * *") and not cron.startswith("*") else horloge.now()):
                tache(timestamp=int(horloge.now().timestamp()))

    # People

    def file(self) -> None:
        tire = self.hasard.random
        naissance = horloge.today().year - self.hasard.choice([4, 15, 16, 30, 45, 70, 71, 88])
        faits = {"ald": tire() < 0.5, "c2s": tire() < 0.3, "ame": tire() < 0.1}
        joignable = tire() < 0.7
        depot = file_demande(
            self.guichet, annee_naissance=naissance, courriel="p@example.org" if joignable else "", **faits
        )
        self.histoires[depot.demande.pk] = Histoire(horloge.now(), naissance, faits, joignable)

    def offer(self, cle: UUID) -> None:
        medecin = self.medecins[cle]
        medecin.places = self.hasard.randrange(1, 6)
        medecin.pris = set()
        services.update_capacite(
            cpts_id=self.cpts_id, professionnel=medecin.professionnel, places=medecin.places, by=SYSTEME
        )
        self.later("renew", (cle,), self.hasard.uniform(40, 90))

    def renew(self, cle: UUID) -> None:
        """A doctor counts again, now and then."""
        if not self.medecins[cle].parti:
            self.offer(cle)

    def leave_desk(self) -> None:
        """Who holds most requests leaves, without handing them over."""
        charges = Counter(Demande.objects.ouvertes().values_list("responsable", flat=True))
        partant = Membre.objects.get(pk=charges.most_common(1)[0][0])
        relais = make_membre(self.guichet.cpts, Role.COORDINATION, prenom="Nouvelle")
        deactivate_membre(membre=partant, by=make_acteur(relais))

    def leave_doctor(self) -> None:
        """A volunteer leaves the community, saying so."""
        cle = next(cle for cle, medecin in self.medecins.items() if medecin.places)
        medecin = self.medecins[cle]
        medecin.parti, medecin.places = True, 0
        services.update_capacite(cpts_id=self.cpts_id, professionnel=medecin.professionnel, places=0, by=SYSTEME)
        end_adhesion(adhesion=Adhesion.objects.get(professionnel=medecin.professionnel), by=SYSTEME)

    # The desk

    def work(self) -> None:
        """Everything whose day has come, the first in rank first."""
        for demande in list(Demande.objects.ouvertes().filter(prochaine_date__lte=horloge.today()).by_rank()):
            demande.refresh_from_db()
            geste = getattr(self, f"do_{demande.prochaine_action}", self.postpone)
            geste(demande)

    def do_qualifier(self, demande: Demande) -> None:
        histoire = self.histoires[demande.pk]
        if self.hasard.random() < 0.05:
            self.close(demande, self.hasard.choice([Cloture.TROUVE_SEUL, Cloture.DOUBLON]))
            return
        if self.hasard.random() < 0.2:  # what was ticked on the form was wrong
            histoire.faits["ald"] = not histoire.faits["ald"]
        faits = services.FaitsSaisis(**histoire.faits)
        services.qualify_demande(demande_id=demande.pk, faits=faits, by=self.guichet.acteur)

    def do_proposer(self, demande: Demande) -> None:
        histoire = self.histoires[demande.pk]
        choix = [c for c in list_candidats(demande) if c.professionnel.pk not in histoire.solliciter]
        ids = [candidat.professionnel.pk for candidat in choix[: self.hasard.choice([1, 2, 4])]]
        if not ids:
            self.postpone(demande)
            return
        services.propose_demande(demande_id=demande.pk, professionnel_ids=ids, by=self.guichet.acteur, par_vague=2)

    def do_rappeler_patient(self, demande: Demande) -> None:
        histoire = self.histoires[demande.pk]
        histoire.appels += 1
        issue = self.hasard.random()
        if issue < 0.5:
            self.confirm(demande.pk, oui=issue < 0.45)
        elif histoire.appels >= APPELS_MAX:
            self.close(demande, Cloture.INJOIGNABLE)
        else:
            self.postpone(demande)

    def close(self, demande: Demande, motif: Cloture) -> None:
        services.close_demande(demande_id=demande.pk, motif=motif, by=self.guichet.acteur)
        self.free(demande.pk)
        self.histoires[demande.pk].close = True

    def postpone(self, demande: Demande) -> None:
        services.plan_demande(
            demande_id=demande.pk,
            responsable_id=demande.responsable_id,
            prochaine_date=horloge.today() + timedelta(days=REPORT_JOURS),
            by=self.guichet.acteur,
        )

    # Doctors and patients

    def list_sollicitations(self) -> list[tuple[UUID, UUID, UUID]]:
        """Who is asked today: key, request and doctor."""
        return list(
            Sollicitation.objects.en_attente()
            .order_by("envoyee_le", "pk")
            .values_list("pk", "appel__objet_id", "professionnel")
        )

    def notice(self, moment: datetime) -> None:
        """Doctors open their mail; each will answer on a day, or never."""
        for cle, demande_id, medecin_id in self.list_sollicitations():
            if cle in self.vues:
                continue
            self.vues.add(cle)
            histoire = self.histoires[demande_id]
            assert medecin_id not in histoire.solliciter, "sollicité deux fois pour la même demande"
            histoire.solliciter.add(medecin_id)
            with horloge.at(moment):
                if not self.medecins[medecin_id].muet:
                    self.later("reply", (cle, demande_id, medecin_id), self.hasard.uniform(0.05, 6))

    def reply(self, cle: UUID, demande_id: UUID, medecin_id: UUID) -> None:
        medecin = self.medecins[medecin_id]
        try:
            if medecin.plein or self.hasard.random() < 0.3:
                services.decline_proposition(proposition_id=cle, motif=MotifRefus.COMPLET, by=SYSTEME)
                return
            services.accept_proposition(proposition_id=cle, by=SYSTEME)
        except ActionRefusee as refus:
            self.refus[str(refus)] += 1
            return
        medecin.pris.add(demande_id)
        histoire = self.histoires[demande_id]
        assert histoire.accepte_par is None, "acceptée par deux médecins"
        histoire.accepte_par = medecin_id
        if histoire.joignable and self.hasard.random() < 0.75:
            self.later("decide", (demande_id, medecin_id), self.hasard.uniform(0.1, 9))

    def decide(self, demande_id: UUID, medecin_id: UUID) -> None:
        """The patient uses the link; by then the desk may have closed, or written the answer given by telephone."""
        histoire = self.histoires[demande_id]
        if histoire.accepte_par == medecin_id and histoire.placee_le is None:
            self.confirm(demande_id, oui=self.hasard.random() < 0.85)

    def confirm(self, demande_id: UUID, *, oui: bool) -> None:
        services.confirm_by_patient(demande_id=demande_id, oui=oui, by=SYSTEME)
        if oui:
            self.histoires[demande_id].placee_le = horloge.now()
        else:
            self.free(demande_id)

    def free(self, demande_id: UUID) -> None:
        histoire = self.histoires[demande_id]
        if histoire.accepte_par:
            self.medecins[histoire.accepte_par].pris.discard(demande_id)
        histoire.accepte_par = None

    def later(self, geste: str, sujet: tuple[UUID, ...], jours: float) -> None:
        self.rang += 1
        heappush(self.a_venir, Evenement(horloge.now() + timedelta(days=jours), self.rang, geste, sujet))

    def answer(self, *, until: datetime) -> None:
        """What people do today, in order of time."""
        while self.a_venir and self.a_venir[0].le <= until:
            due = heappop(self.a_venir)
            with horloge.at(due.le):
                getattr(self, due.geste)(*due.sujet)

    # Promises

    def check_promises(self) -> None:
        """Every open request has an owner who is there and a next date that is not forgotten; nobody has more patients
        than places; one living acceptance at most a request."""
        ouvertes = Demande.objects.ouvertes()
        orphelines = ouvertes.exclude(responsable__actif=True, responsable__roles__overlap=DESK)
        oubliees = ouvertes.filter(prochaine_date__lt=horloge.today() - RETARD_MAX)
        assert not orphelines.exists(), f"{horloge.today()} : {list(orphelines)} sans responsable"
        assert not oubliees.exists(), f"{horloge.today()} : {list(oubliees)} oubliées"
        for medecin in self.medecins.values():
            assert len(medecin.pris) <= medecin.places or medecin.parti, f"{medecin.professionnel} dépasse ses places"

    def check_messages(self) -> None:
        """Each doctor who let the deadline pass was reminded; nobody was reminded twice, or asked twice for the same
        request, even between two readings of the simulation."""
        asked = Counter(Sollicitation.objects.exclude(envoyee_le=None).values_list("appel__objet_id", "professionnel"))
        assert max(asked.values()) == 1, "un médecin a été sollicité deux fois pour la même demande"
        rappels = Counter(Message.objects.filter(gabarit__contains="rappel").values_list("gabarit", "objet_id"))
        assert all(nombre == 1 for nombre in rappels.values()), "un rappel est parti deux fois"
        for sollicitation in Sollicitation.objects.filter(etat=EtatSollicitation.EXPIREE):
            assert sollicitation.rappelee_le, f"{sollicitation} a expiré sans rappel"

    def count_indicateurs(self, start: date, end: date) -> dict[str, float]:
        """What the contract's indicators must say of [start, end[, by the simulation's own account."""
        placees = [
            h
            for h in self.histoires.values()
            if h.placee_le and start <= timezone.localtime(h.placee_le).date() < end and not h.faits["ame"]
        ]
        delais = [(h.placee_le - h.depot) / timedelta(days=1) for h in placees if h.placee_le]
        return {
            "ald": sum(h.faits["ald"] for h in placees),
            "16_ans": sum(1 for h in placees if h.placee_le and h.placee_le.year - h.naissance >= 16),
            "c2s_ald": sum(h.faits["ald"] and h.faits["c2s"] for h in placees),
            "plus_de_70": sum(h.depot.year - h.naissance > 70 for h in placees),
            "delai": round(median(delais), 6) if delais else 0.0,
            "volontaires": sum(1 for m in self.medecins.values() if m.places and not m.parti),
        }

    def read_indicateurs(self, start: date, end: date) -> dict[str, float]:
        """The declared indicators, computed as the contract does: from their rows and their aggregation."""
        lus = {}
        for indicateur in INDICATEURS:
            code = indicateur.code.partition(".")[2]
            rows = list(indicateur.rows(self.cpts_id, start, end))
            if indicateur.agregat is Agregat.MEDIAN:
                lus[code] = round(median(getattr(row, indicateur.fact) for row in rows), 6) if rows else 0.0
            else:
                lus[code] = len(rows)
        return lus

    def list_etats(self) -> Iterator[tuple[Etat, bool]]:
        """State in the database and whether it is what the story says."""
        for demande in Demande.objects.all():
            histoire = self.histoires[demande.pk]
            if histoire.close:
                yield Etat(demande.etat), demande.etat == Etat.CLOSE
            elif histoire.placee_le:
                yield Etat(demande.etat), demande.etat == Etat.PLACEE and demande.medecin_id == histoire.accepte_par
            elif histoire.accepte_par:
                yield Etat(demande.etat), demande.etat == Etat.ACCEPTEE and demande.medecin_id == histoire.accepte_par
            else:
                yield Etat(demande.etat), demande.etat in (Etat.DEPOSEE, Etat.QUALIFIEE, Etat.PROPOSEE)
