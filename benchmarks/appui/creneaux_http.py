"""Whole requests of a booking: a desk, signed in, keeps a slot then gives it to a person, on the server of service."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import psycopg

from appui.charge import Navigateur
from appui.creneaux_base import PROCESSUS, PROFESSIONNELS, SLUG, connect_owner, find_libres, run_clients

# What an account of the desk may hold at once (services/reservation.py).
RETENUES_ACCUEIL = 10


class Fil:
    """One connection kept open, requests written by hand: a client that costs little beside the server."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self._port, self._cookies = port, cookies
        self._prise: socket.socket | None = None
        self._vue = 0.0

    def post(self, chemin: str, champs: dict[str, str], cookies: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and address of redirection. What the page would have shown and forgotten is not sent back. With
        `cookies`, of another session on the same connection."""
        self._cookies = cookies or self._cookies
        if self._prise is None or time.monotonic() - self._vue > 2:  # the server closes a silent connection
            self._prise = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        jeton = next(valeur for nom, valeur in self._cookies.items() if nom.endswith("csrf"))
        corps = urlencode({**champs, "csrfmiddlewaretoken": jeton})
        cookies = "; ".join(f"{nom}={valeur}" for nom, valeur in self._cookies.items())
        self._prise.sendall(
            f"POST {chemin} HTTP/1.1\r\nHost: localhost:{self._port}\r\nOrigin: http://localhost:{self._port}\r\n"
            f"Cookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(corps)}\r\n\r\n{corps}".encode()
        )
        recu = b""
        while b"\r\n\r\n" not in recu:
            recu += self._read()
        tete, _, reste = recu.partition(b"\r\n\r\n")
        lignes = tete.decode("latin-1").split("\r\n")
        entetes = {nom.lower(): valeur.strip() for nom, _, valeur in (ligne.partition(":") for ligne in lignes[1:])}
        manque = int(entetes.get("content-length", 0)) - len(reste)
        while manque > 0:
            manque -= len(self._read())
        self._vue = time.monotonic()
        return int(lignes[0].split(" ")[1]), entetes.get("location", "")

    def _read(self) -> bytes:
        assert self._prise is not None
        recu = self._prise.recv(65536)
        if not recu:
            raise ConnectionError("le serveur a fermé la connexion")
        return recu


def sign_in(port: int, compte_id: str) -> dict[str, str]:
    """The cookies of a session; not the messages, which a page has shown."""
    navigateur = Navigateur(port).sign_in(compte_id)
    return {nom: valeur for nom, valeur in navigateur._cookies.items() if nom != "messages"}


def measure_requests(
    port: int, comptes: list[str], clients: int, creneaux: list[UUID], patients: list[Any]
) -> dict[str, Any]:
    """Both clicks, one after the other: all slots are kept, then each is given to a person. Each client plays its share
    of these accounts of the desk in turn, ten slots each: none holds more at once."""
    sessions = [sign_in(port, compte) for compte in comptes]
    retenir = f"/c/{SLUG}/acces/soins/retenir/"

    def share_sessions(client: int, nombre: int) -> list[dict[str, str]]:
        siennes = sessions[client::clients]
        if nombre > len(siennes) * RETENUES_ACCUEIL:
            raise SystemExit(f"{len(comptes)} comptes d’accueil ne suffisent pas")
        return [siennes[rang % len(siennes)] for rang in range(nombre)]

    def hold(client: int) -> Callable[[], Any]:
        siens = creneaux[client::clients]
        tour = list(zip(siens, share_sessions(client, len(siens)), strict=True))
        fil = Fil(port, tour[0][1])
        return lambda: [
            fil.post(retenir, {"creneau": str(pk), "cle": uuid4().hex[:24]}, session) for pk, session in tour
        ]

    secondes_retenir, tenus = run_clients(clients, hold)
    check(tenus)

    def give(client: int) -> Callable[[], Any]:
        siens = [adresse for _, adresse in tenus[client]]
        tour = share_sessions(client, len(siens))
        fil = Fil(port, tour[0])
        gens = [str(personne.pk) for personne in share(patients, client, clients, len(siens))]
        return lambda: [
            fil.post(adresse, {"geste": "connue", "patient": pk}, session)
            for adresse, pk, session in zip(siens, gens, tour, strict=True)
        ]

    secondes_donner, donnes = run_clients(clients, give)
    check(donnes)
    nombre = len(creneaux)
    return {
        "clients": clients,
        "rendez_vous": nombre,
        "retenir_par_s": round(nombre / secondes_retenir, 1),
        "donner_par_s": round(nombre / secondes_donner, 1),
    }


def share(patients: list[Any], client: int, clients: int, nombre: int) -> list[Any]:
    """Whom this client receives: others than the other clients do, because a person's bookings wait for each other."""
    siens = patients[client::clients]
    return [siens[rang % len(siens)] for rang in range(nombre)]


def check(reponses: list[list[tuple[int, str]]]) -> None:
    statuts = Counter(statut for siennes in reponses for statut, _ in siennes)
    if set(statuts) != {302}:
        raise SystemExit(f"des réservations ont été refusées : {dict(statuts)}")


def measure_insert(url: str, clients: int, tours: int) -> float:
    """The floor: as many clients, one INSERT a transaction, under an exclusion constraint. Rows a second."""
    with connect_owner() as connexion:
        connexion.execute("DROP TABLE IF EXISTS mesure_reservation")
        connexion.execute(
            "CREATE TABLE mesure_reservation (id uuid PRIMARY KEY, pro int, quand tstzrange,"
            " EXCLUDE USING gist (pro WITH =, quand WITH &&))"
        )

    def work(client: int) -> Callable[[], Any]:
        connexion = psycopg.connect(url, autocommit=True)

        def insert() -> int:
            for tour in range(client, tours, clients):
                connexion.execute(
                    "INSERT INTO mesure_reservation SELECT %s, %s, tstzrange(d, d + interval '15 minutes')"
                    " FROM (SELECT timestamptz '2030-01-01' + %s * interval '15 minutes') m (d)",
                    [uuid4(), tour % PROFESSIONNELS, tour],
                )
            return tour

        return insert

    try:
        secondes, _ = run_clients(clients, work)
        return round(tours / secondes, 1)
    finally:
        with connect_owner() as connexion:
            connexion.execute("DROP TABLE mesure_reservation")


def measure_service(clients: int, creneaux: list[UUID], cpts: Any, patients: list[Any]) -> float:
    """The service alone, without HTTP: hold and confirm in one. Bookings a second."""
    warm(cpts, patients)

    def work(client: int) -> Callable[[], Any]:
        siens = creneaux[client::clients]
        gens = share(patients, client, clients, len(siens))
        return lambda: [book(cpts, personne, pk) for personne, pk in zip(gens, siens, strict=True)]

    secondes, _ = run_clients(clients, work)
    return round(len(creneaux) / secondes, 1)


def warm(cpts: Any, patients: list[Any]) -> None:
    """What a first booking loads (templates, addresses) is loaded before the clients part; they share no connection."""
    from django.db import connections

    book(cpts, patients[0], find_libres(1)[0])
    connections.close_all()


def book(cpts: Any, patient: Any, creneau_id: UUID) -> None:
    from maillon.missions.soins_non_programmes import services
    from maillon.socle.contexte import use_cpts
    from maillon.socle.droits.acteur import SYSTEME

    with use_cpts(cpts.pk):
        services.book(creneau_id=creneau_id, patient=patient, by=SYSTEME, cle_depot=uuid4().hex, origine="guichet")


def run_course(rivaux: int, tours: int, creneaux: list[UUID], cpts: Any, patients: list[Any]) -> dict[str, Any]:
    """As many processes, each with its connection, want the same slot at each round."""
    from maillon.missions.soins_non_programmes.models import CreneauPris

    warm(cpts, patients)
    depart = PROCESSUS.Barrier(rivaux)

    def work(client: int) -> Callable[[], Any]:
        def run() -> list[str]:
            issues = []
            for creneau_id in creneaux[:tours]:
                depart.wait(120)
                try:
                    book(cpts, patients[client % len(patients)], creneau_id)
                    issues.append("fait")
                except CreneauPris:
                    issues.append("pris")
                except Exception as erreur:
                    issues.append(type(erreur).__name__)
            return issues

        return run

    secondes, rendus = run_clients(rivaux, work)
    attendu = Counter(fait=1, pris=rivaux - 1)
    par_tour = [Counter(tour) for tour in zip(*rendus, strict=True)]
    with connect_owner() as connexion:
        doubles = connexion.execute(
            "SELECT count(*) FROM (SELECT 1 FROM soins_non_programmes_rendezvous WHERE NOT derogation"
            " AND etat IN ('retenu', 'confirme') GROUP BY creneau_id HAVING count(*) > 1) d"
        ).fetchone()[0]
    return {
        "rivaux": rivaux, "tours": len(par_tour), "essais": rivaux * len(par_tour), "secondes": round(secondes, 1),
        "tours_justes": sum(tour == attendu for tour in par_tour), "doubles": doubles,
        "issues": dict(sum(par_tour, Counter())),
    }  # fmt: skip
