"""People who go on booking while the service is killed under them, and keep outside of the database, on the disk, what
they were told. A click without an answer, or answered by an error, is made again with the same key."""

from __future__ import annotations

import http.client
import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from fabriques.rivaux import Demandeur, Reponse

# A service that does not come back within this time is a failure.
PATIENCE = 60.0
NUMERO = re.compile(r"/rendez-vous/([0-9a-f-]{36})/")


@dataclass(frozen=True)
class Dit:
    """One line of the ledger: what somebody was told (« retenu » or « confirme »)."""

    quoi: str
    rendez_vous: str
    creneau: str


@dataclass
class Reserveurs:
    """The people, the slots that they want, their ledger."""

    demandeurs: Sequence[Demandeur]
    creneaux: Sequence[UUID]
    registre: Path
    issues: Counter[str] = field(default_factory=Counter)
    confirmes: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self._fin = threading.Event()
        self._verrou = threading.Lock()
        self._fils: list[threading.Thread] = []

    def start(self) -> None:
        self._sortie = os.open(self.registre, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._fils = [
            threading.Thread(target=self._run, args=(rang, demandeur)) for rang, demandeur in enumerate(self.demandeurs)
        ]
        for fil in self._fils:
            fil.start()

    def stop(self) -> list[Dit]:
        """Nobody begins another booking; those under way end. Returns the ledger, as the disk has it."""
        self._fin.set()
        for fil in self._fils:
            fil.join()
        os.close(self._sortie)
        return [Dit(*ligne.split()) for ligne in self.registre.read_text().splitlines()]

    def _run(self, rang: int, demandeur: Demandeur) -> None:
        hasard = random.Random(rang)
        while not self._fin.is_set():
            try:
                self._book(demandeur, hasard)
            except Exception as error:
                self._count(f"abandon : {error!r}")
                return

    def _book(self, demandeur: Demandeur, hasard: random.Random) -> None:
        creneau, cle = hasard.choice(self.creneaux), uuid4().hex[:24]
        held = self._insist(lambda: demandeur.hold(creneau, cle))
        if held.statut != 302:
            return self._count(f"retenir {held.statut}")
        self._write("retenu", held.vers, creneau)
        adresse = f"{uuid4().hex}@example.org"
        given = self._insist(lambda: demandeur.confirm(held.vers, courriel=adresse))
        if given.statut != 302 or not NUMERO.search(given.vers):
            return self._count(f"confirmer {given.statut} {given.vers}")
        self._write("confirme", given.vers, creneau)
        self.confirmes.release()
        return self._count("donne")

    def _insist(self, click: Callable[[], Reponse]) -> Reponse:
        """Make the same click until something is answered that is not an error of the service."""
        limite = time.monotonic() + PATIENCE
        while True:
            try:
                reponse = click()
                if reponse.statut < 500:
                    return reponse
                self._count(f"erreur {reponse.statut}")
            except (OSError, http.client.HTTPException) as error:
                self._count(f"sans réponse ({type(error).__name__})")
                if time.monotonic() > limite:
                    raise
            if time.monotonic() > limite:
                raise TimeoutError("the service did not come back")
            self._fin.wait(0.05)

    def _write(self, quoi: str, vers: str, creneau: UUID) -> None:
        trouve = NUMERO.search(vers)
        assert trouve, vers
        os.write(self._sortie, f"{quoi} {trouve[1]} {creneau}\n".encode())
        os.fsync(self._sortie)

    def _count(self, issue: str) -> None:
        with self._verrou:
            self.issues[issue] += 1
