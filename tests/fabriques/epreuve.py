"""The trial: people book by the pages while something is killed, then what they were told is held against the database,
and each message against who received it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg
from django.db import connections

from fabriques.destinataires import Destinataires
from fabriques.droits import make_membre
from fabriques.installation import Installation, wait_until
from fabriques.medecin_traitant import Guichet
from fabriques.reserveurs import Dit, Reserveurs
from fabriques.rivaux import Client, Demandeur, make_demandeurs, open_session
from fabriques.sas import make_regulateur
from fabriques.soins import make_creneau, make_pro, make_soins
from maillon.api import livraison as sas
from maillon.api.enums import EtatEnvoi
from maillon.api.models import EnvoiSas
from maillon.communaute.patients.models import Patient
from maillon.missions.soins_non_programmes.enums import PRIS, EtatCreneau, EtatRendezVous, Origine
from maillon.missions.soins_non_programmes.models import Creneau, RendezVous
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels import livraison as courriels
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.droits.enums import Role

PAS = timedelta(minutes=10)
_numeros = count(1)


@dataclass
class Epreuve:
    """A community, people of its desk and a regulator, who book; what becomes of it."""

    installation: Installation
    recus: Destinataires
    soins: Guichet
    reserveurs: Reserveurs
    # Seconds until the service was healthy again, after each.
    retablissements: list[float] = field(default_factory=list)

    @property
    def port(self) -> int:
        assert self.installation.serveur is not None
        return self.installation.serveur.port

    def book_during(self, stop_something: Callable[[int], object], *, arrets: int) -> list[Dit]:
        """Everybody books; each time some were told yes, something is killed, and the service comes back."""
        connections.close_all()  # this process's own would be killed with the rest
        self.reserveurs.start()
        try:
            for arret in range(arrets):
                self._wait_confirmes(3)
                stop_something(arret)
                self.retablissements.append(self.installation.wait_healthy())
            self._wait_confirmes(4)
        finally:
            dits = self.reserveurs.stop()
        return dits

    def _wait_confirmes(self, nombre: int) -> None:
        for _ in range(nombre):
            assert self.reserveurs.confirmes.acquire(timeout=60), f"they go on booking: {self.reserveurs.issues}"

    def find_lost(self, dits: list[Dit]) -> list[Dit]:
        """What somebody was told and the database does not hold."""
        with use_cpts(self.soins.cpts.pk):
            held = {str(pk): (str(creneau), etat) for pk, creneau, etat in
                    RendezVous.objects.values_list("pk", "creneau_id", "etat")}  # fmt: skip
        confirmed = (EtatRendezVous.CONFIRME,)
        return [
            dit
            for dit in dits
            if (found := held.get(dit.rendez_vous)) is None
            or found[0] != dit.creneau
            or (dit.quoi == "confirme" and found[1] not in confirmed)
        ]

    def check_once(self) -> None:
        """One living appointment a slot, no slot between two states, one person an appointment."""
        with use_cpts(self.soins.cpts.pk):
            living = list(RendezVous.objects.filter(etat__in=PRIS).values_list("creneau_id", "etat"))
            states = dict(Creneau.objects.exclude(etat=EtatCreneau.LIBRE).values_list("pk", "etat"))
            expected = {EtatRendezVous.CONFIRME: EtatCreneau.RESERVE, EtatRendezVous.RETENU: EtatCreneau.RETENU}
            assert len(living) == len(dict(living)), "one appointment a slot"
            assert {pk: expected[EtatRendezVous(etat)] for pk, etat in living} == states
            confirmed = RendezVous.objects.filter(etat=EtatRendezVous.CONFIRME).values_list("patient_id", flat=True)
            assert set(confirmed) == set(Patient.objects.values_list("pk", flat=True)), "nobody was entered twice"
            assert len(confirmed) == len(set(confirmed))

    def settle(self) -> None:
        """The jobs end; what a dead worker left is reviewed, as it is every five minutes, by a later clock."""
        cpts_id = self.soins.cpts.pk
        wait_until(self._is_quiet, "an outbox that moves no more")
        later = horloge.now() + max(courriels.ABANDON, sas.ABANDON) + timedelta(minutes=1)
        with horloge.at(later), use_cpts(cpts_id):
            courriels.review_outbox(cpts_id=cpts_id)
            sas.review(cpts_id=cpts_id)
        wait_until(self._is_settled, "every message sent, failed or uncertain")

    def _is_settled(self) -> bool:
        with use_cpts(self.soins.cpts.pk):
            left = Message.objects.filter(etat__in=(Etat.A_ENVOYER, Etat.EN_COURS)).exists()
            return not left and not EnvoiSas.objects.filter(etat__in=(EtatEnvoi.A_ENVOYER, EtatEnvoi.EN_COURS)).exists()

    def _is_quiet(self) -> bool:
        """No job waits for a worker: what is left was taken by one that is dead. A worker that lost its database is
        the same process, which goes on."""
        self.installation.check_travailleur()
        with psycopg.connect(self.installation.base.url_proprietaire) as connexion:
            ligne = connexion.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND task_name = ANY (%s)"
                " AND (scheduled_at IS NULL OR scheduled_at <= now())",
                [["courriels.envoyer", "api.envoyer_rendez_vous"]],
            ).fetchone()
        assert ligne is not None
        return ligne[0] == 0

    def check_messages(self) -> dict[str, int]:
        """Each person told once by mail, the SAS of each booking of the regulator; what is uncertain is on a page.
        Returns how many messages ended how."""
        with use_cpts(self.soins.cpts.pk):
            given = set(RendezVous.objects.filter(etat=EtatRendezVous.CONFIRME).values_list("pk", flat=True))
            messages = list(Message.objects.values_list("pk", "objet_id", "etat"))
            assert sorted(objet for _, objet, _ in messages) == sorted(given), "one message an appointment, no more"
            assert {etat for _, _, etat in messages} <= {Etat.ENVOYE, Etat.ECHEC, Etat.INCERTAIN}
            for pk, _, etat in messages:
                arrived = self.recus.courriels[str(pk)]
                assert arrived == 1 if etat == Etat.ENVOYE else arrived <= 1, "never twice by itself"
            uncertain = sum(etat != Etat.ENVOYE for _, _, etat in messages)
            own = RendezVous.objects.filter(etat=EtatRendezVous.CONFIRME, origine=Origine.REGULATION)
            regulated = set(own.values_list("pk", flat=True))
            told = dict(EnvoiSas.objects.values_list("rendez_vous_id", "etat"))
            assert set(told) == regulated
            assert all(self.recus.rendez_vous[str(pk)] for pk, etat in told.items() if etat == EtatEnvoi.ENVOYE)
        membre = make_membre(self.soins.cpts, Role.COORDINATION)
        page = Client(self.port, open_session(membre.compte)).ask(
            f"/c/{self.soins.cpts.slug}/courriels/?etat=incertain"
        )
        assert page.statut == 200
        assert page.corps.decode().count("@example.org") >= min(uncertain, 1), "what nobody knows is visible"
        return dict(Counter(f"{etat}" for _, _, etat in messages) + Counter(f"SAS {etat}" for etat in told.values()))


def make_epreuve(
    installation: Installation, recus: Destinataires, registre: Path, *, creneaux: int, gens: int = 4
) -> Epreuve:
    """A new community on this installation, its slots, four professionals, people signed in; all of it on the disk."""
    assert installation.serveur is not None
    port, soins = installation.serveur.port, make_soins()
    with use_cpts(soins.cpts.pk):
        debut, pros = horloge.now() + timedelta(days=1), [make_pro(soins) for _ in range(4)]
        pks = [make_creneau(soins, pros[rang % 4], debut=debut + rang * PAS, minutes=10).pk for rang in range(creneaux)]
    regulateur = Demandeur(Client(port, open_session(make_regulateur(next(_numeros)).compte))).open()
    demandeurs = [*make_demandeurs(soins.cpts, port, gens), regulateur]
    installation.checkpoint()  # what is lost afterwards is what they were told, not their sessions
    return Epreuve(installation, recus, soins, Reserveurs(demandeurs, pks, registre))


GESTES: dict[str, Callable[[Installation], Callable[[int], object]]] = {
    "a web process": lambda installation: installation.kill_web,
    "the job worker": lambda installation: lambda arret: installation.kill_travailleur(),
    "PostgreSQL": lambda installation: lambda arret: installation.kill_postgresql(),
}
