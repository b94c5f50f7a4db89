"""People who want the same slot by the pages, at once: each has a session, a token and a connection of their own.

A bounded number of threads, one a person; every round starts when the one before has ended. What each heard is kept as
a kind: « retenu » (the first click is theirs), « pris » (409, with the page that offers the next slots), anything else
by its status.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import UUID, uuid4

import psycopg
from django.test import Client as ClientDjango

from fabriques.droits import enter, make_membre
from fabriques.soins import IDENTITE as LOUISE
from maillon.socle.comptes.models import Compte
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Role

# The server closes a connection that stays silent for five seconds.
SILENCE = 2.0
IDENTITE = {**LOUISE, "telephone": "04 77 01 02 03", "nom": "Martin", "prenom": "Jeanne"}


@dataclass(frozen=True)
class Reponse:
    statut: int
    vers: str
    corps: bytes


class Client:
    """One person's session on a server of this machine. `cookies` is a session opened already, if any."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None, *, delai: float = 60) -> None:
        self._connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=delai)
        self._hote = f"localhost:{port}"
        self.cookies = dict(cookies or {})
        self._derniere = 0.0

    def ask(self, chemin: str, champs: dict[str, str] | None = None) -> Reponse:
        """GET, or POST with the token of this session. OSError or HTTPException when nothing was answered."""
        corps, entetes = None, {"Host": self._hote, "Accept": "text/html"}
        if champs is not None:
            jeton = next(valeur for nom, valeur in self.cookies.items() if nom.endswith("csrf"))
            corps = urlencode({**champs, "csrfmiddlewaretoken": jeton})
            entetes |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self._hote}"}
        entetes["Cookie"] = "; ".join(f"{nom}={valeur}" for nom, valeur in self.cookies.items())
        if time.monotonic() - self._derniere > SILENCE:
            self._connexion.close()
        try:
            self._connexion.request("GET" if corps is None else "POST", chemin, body=corps, headers=entetes)
            reponse = self._connexion.getresponse()
            contenu = reponse.read()
        except (OSError, http.client.HTTPException):
            self._connexion.close()
            raise
        self._derniere = time.monotonic()
        for cookie in reponse.msg.get_all("Set-Cookie") or []:
            self.cookies |= {nom: valeur.value for nom, valeur in SimpleCookie(cookie).items()}
        return Reponse(reponse.status, reponse.getheader("Location") or "", contenu)

    def close(self) -> None:
        self._connexion.close()


class Demandeur:
    """A person who books by the pages, at the desk of a community or at the centre 15 (without `slug`): the first
    click holds, the second confirms."""

    def __init__(self, client: Client, slug: str = "") -> None:
        self.client = client
        self.page = f"/c/{slug}/acces/soins/" if slug else "/regulation/"

    def open(self) -> Demandeur:
        """Look at the search, which gives the session its token."""
        assert self.client.ask(self.page).statut == 200
        return self

    def hold(self, creneau_id: UUID, cle: str) -> Reponse:
        return self.client.ask(f"{self.page}retenir/", {"creneau": str(creneau_id), "cle": cle})

    def confirm(self, vers: str, **identite: str) -> Reponse:
        return self.client.ask(vers, {**IDENTITE, **identite})

    def book(self, creneau_id: UUID) -> str:
        """Both clicks; says how it ended."""
        held = self.hold(creneau_id, uuid4().hex[:24])
        if held.statut == 409:
            return "pris" if "n’est plus libre".encode() in held.corps else "409 sans page"
        if held.statut != 302 or not held.vers.endswith("/confirmer/"):
            return f"retenir {held.statut}"
        given = self.confirm(held.vers)
        return "donne" if given.statut == 302 and "/confirmer/" not in given.vers else f"confirmer {given.statut}"


@dataclass
class Bilan:
    """How every round ended."""

    rivaux: int
    tours: list[Counter[str]] = field(default_factory=list)
    durees: list[float] = field(default_factory=list)
    secondes: float = 0.0

    @property
    def attendu(self) -> Counter[str]:
        return Counter(donne=1, pris=self.rivaux - 1)

    @property
    def mauvais(self) -> list[tuple[int, Counter[str]]]:
        """Rounds that did not end as they must."""
        return [(rang, tour) for rang, tour in enumerate(self.tours) if tour != self.attendu]

    @property
    def total(self) -> Counter[str]:
        return sum(self.tours, Counter())


def run_course(
    demandeurs: Sequence[Demandeur], creneaux: Sequence[UUID], *, follow: Callable[[Bilan], None] | None = None
) -> Bilan:
    """One slot a round, everybody at once. `follow` hears after each round."""
    bilan = Bilan(len(demandeurs))
    depart = threading.Barrier(len(demandeurs))

    def try_it(demandeur: Demandeur, creneau_id: UUID) -> tuple[str, float]:
        depart.wait()
        debut = time.perf_counter()
        try:
            issue = demandeur.book(creneau_id)
        except (OSError, http.client.HTTPException) as error:
            issue = type(error).__name__
        return issue, time.perf_counter() - debut

    debut = time.perf_counter()
    with ThreadPoolExecutor(len(demandeurs)) as fils:
        for creneau_id in creneaux:
            issues = list(fils.map(try_it, demandeurs, [creneau_id] * len(demandeurs)))
            bilan.tours.append(Counter(issue for issue, _ in issues))
            bilan.durees.extend(duree for _, duree in issues)
            bilan.secondes = time.perf_counter() - debut
            if follow is not None:
                follow(bilan)
    return bilan


def open_session(compte: Compte) -> dict[str, str]:
    """The cookies of a session with two factors."""
    return {nom: cookie.value for nom, cookie in enter(ClientDjango(), compte).cookies.items()}


def make_demandeurs(cpts: Cpts, port: int, nombre: int) -> list[Demandeur]:
    """As many people of the desk, each signed in with two factors, who look at the search."""
    comptes = [make_membre(cpts, Role.SECRETARIAT).compte for _ in range(nombre)]
    return [Demandeur(Client(port, open_session(compte)), cpts.slug).open() for compte in comptes]


@dataclass(frozen=True)
class Constat:
    """What the database holds after the races, read by its owner without any filter."""

    vivants: int
    doubles: int
    reserves: int
    patients: int
    interblocages: int


def read_constat(url_proprietaire: str, creneaux: Sequence[UUID]) -> Constat:
    """Living appointments of these slots, slots with two of them, slots said booked, people entered, deadlocks."""
    with psycopg.connect(url_proprietaire, autocommit=True) as connexion:
        ligne = connexion.execute(
            """
            WITH vivants AS (
                SELECT creneau_id, count(*) AS nombre FROM soins_non_programmes_rendezvous
                WHERE creneau_id = ANY (%(creneaux)s) AND etat IN ('retenu', 'confirme') GROUP BY creneau_id)
            SELECT (SELECT coalesce(sum(nombre), 0)::int FROM vivants),
                   (SELECT count(*) FROM vivants WHERE nombre > 1),
                   (SELECT count(*) FROM soins_non_programmes_creneau
                    WHERE id = ANY (%(creneaux)s) AND etat = 'reserve'),
                   (SELECT count(*) FROM patients_patient),
                   (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database())
            """,
            {"creneaux": list(creneaux)},
        ).fetchone()
    assert ligne is not None
    return Constat(*ligne)


VERROU = "PERFORM pg_advisory_xact_lock(hashtextextended('soins:' || c.professionnel_id, 0));"


def drop_guards(url_proprietaire: str) -> None:
    """Take from a scratch database what keeps two people from one slot, for the controls: the unique index, and the
    locks of the functions that write a booking. They look, pause, then write, as one does without thinking of it."""
    with psycopg.connect(url_proprietaire) as connexion:
        connexion.execute("DROP INDEX rendez_vous_un_par_creneau")
        for nom in ("maillon_soins_prendre", "maillon_soins_confirmer"):
            [texte] = connexion.execute("SELECT pg_get_functiondef(%s::regproc)", [nom]).fetchone() or ("",)
            assert VERROU in texte
            assert " FOR NO KEY UPDATE" in texte
            # The pause comes before the write: everybody has seen the slot free by then.
            nu = texte.replace(VERROU, "NULL;").replace(" FOR NO KEY UPDATE", "")
            connexion.execute(nu.replace("\n    BEGIN\n", "\n    PERFORM pg_sleep(0.3);\n    BEGIN\n").encode())
