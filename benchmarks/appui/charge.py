"""A browser's requests without the browser: one connection kept open, cookies, one click to sign in."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from maillon.site import ecoute, marche

ATTENTE_MAX_S = 2.0  # the server closes a connection that stays silent for five seconds


class Navigateur:
    """One person's session on the measured server."""

    def __init__(self, port: int) -> None:
        self._connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._hote = f"localhost:{port}"
        self._cookies: dict[str, str] = {}
        self._derniere = 0.0

    def ask(self, chemin: str, champs: dict[str, str] | None = None) -> tuple[int, bytes, float]:
        """Status, body and seconds from sending to the last byte received."""
        corps = urlencode(champs) if champs is not None else None
        entetes = {
            "Host": self._hote,
            "Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in self._cookies.items()),
            "Accept": "text/html",
        }
        if corps is not None:
            entetes |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self._hote}"}
        if time.monotonic() - self._derniere > ATTENTE_MAX_S:
            self._connexion.close()
            self._connexion.connect()
        debut = time.perf_counter()
        self._connexion.request("GET" if corps is None else "POST", chemin, body=corps, headers=entetes)
        reponse = self._connexion.getresponse()
        contenu = reponse.read()
        duree = time.perf_counter() - debut
        self._derniere = time.monotonic()
        for cookie in reponse.msg.get_all("Set-Cookie") or []:
            for nom, valeur in SimpleCookie(cookie).items():
                self._cookies[nom] = valeur.value
        return reponse.status, contenu, duree

    def sign(self, champs: dict[str, str]) -> dict[str, str]:
        """The fields of a form of ours, with the token of this session's cookie."""
        jeton = next(valeur for nom, valeur in self._cookies.items() if nom.endswith("csrf"))
        return {**champs, "csrfmiddlewaretoken": jeton}

    def sign_in(self, compte_id: str) -> Navigateur:
        """Open a session as an account of the demonstration."""
        _, page, _ = self.ask("/demo/")
        jeton = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert jeton, "la page des comptes de démonstration n’a pas de formulaire"
        statut, _, _ = self.ask("/demo/entrer/", {"csrfmiddlewaretoken": jeton[1].decode(), "compte": compte_id})
        assert statut == 302, f"connexion refusée ({statut})"
        return self


@contextmanager
def served(journaux: Path) -> Iterator[int]:
    """The web server as in service, with as many processes; yields its port."""
    prises = ecoute.open_sockets("localhost", 0)
    port = prises[0].getsockname()[1]
    service = marche.Marche(journaux)
    with marche.waited_signals():
        try:
            adresses = [f"fd://{prise.fileno()}" for prise in prises]
            service.start("Le serveur web", "mesures.log", marche.web_command(adresses), prises=prises)
            assert service.wait_health(port) is None
            yield port
        finally:
            service.stop()
            for prise in prises:
                prise.close()


def percentiles(durees: list[float]) -> tuple[float, float]:
    """p50 and p95, in milliseconds."""
    centiles = quantiles(durees, n=100, method="inclusive")
    return centiles[49] * 1000, centiles[94] * 1000
