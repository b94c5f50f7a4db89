"""A second process that cuts lines up beside this one: at a first load, the cutting is what everything waits for.

It answers through a pipe until the other end is closed: it never outlives who started it, and knows no database.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

import numpy as np

from .colonnes import Entete
from .empreintes import Empreintes
from .lignes import Lecteur

# Requests under way: one that is cut up, one that waits behind it.
FILE = 2


@dataclass(frozen=True, slots=True)
class Coupe:
    """What to copy, and the rank and reason of each line refused."""

    copie: bytes
    refus: list[tuple[int, str]]


def cut(lecteur: Lecteur, lignes: Sequence[bytes], empreintes: Empreintes) -> Coupe:
    """Lines of COPY, each ended."""
    rows, refus = lecteur.read(lignes, empreintes)
    if not rows:
        return Coupe(b"", refus)
    copie = b"\n".join(rows)
    return Coupe((copie.replace(b"\\", b"\\\\") if b"\\" in copie else copie) + b"\n", refus)


class Atelier:
    """The second process, as seen from the first. Used as a context; `harvest` takes what it has learnt."""

    def __init__(self, entete: Entete) -> None:
        self._tuyau, bout = Pipe()
        self._processus = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import work; work({bout.fileno()})"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},  # the same code as here
            stdin=subprocess.DEVNULL,
            pass_fds=[bout.fileno()],
        )
        bout.close()
        self._contremaitre = ThreadPoolExecutor(max_workers=1)
        self._en_cours: list[Future[Coupe]] = []
        self._tuyau.send(entete)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, genre: type[BaseException] | None, erreur: BaseException | None, trace: TracebackType | None
    ) -> None:
        if genre is not None:
            self._processus.kill()
        self._contremaitre.shutdown(cancel_futures=True)
        self._tuyau.close()
        self._processus.wait()

    @property
    def is_libre(self) -> bool:
        """Whether it would begin soon on what it is given."""
        self._en_cours = [future for future in self._en_cours if not future.done()]
        return len(self._en_cours) < FILE

    def submit(self, lignes: Sequence[bytes], empreintes: Empreintes) -> Future[Coupe]:
        """The lines cut up elsewhere. The future raises RuntimeError when the process has ended."""
        future = self._contremaitre.submit(self._exchange, (b"\n".join(lignes), empreintes.tobytes()))
        self._en_cours.append(future)
        return future

    def harvest(self, lecteur: Lecteur) -> None:
        """Add to `lecteur` the labels and the words that the other process has met."""
        libelles, mots = self._contremaitre.submit(self._exchange, None).result()
        lecteur.libelles = {**libelles, **lecteur.libelles}
        lecteur.mots |= mots

    def _exchange(self, question: Any) -> Any:
        try:
            self._tuyau.send(question)
            return self._tuyau.recv()
        except (EOFError, OSError) as error:
            raise RuntimeError("Le processus qui découpe les lignes s’est arrêté.") from error


def work(numero: int) -> None:
    """What the second process does with its end of the pipe, until the other end is closed."""
    tuyau = Connection(numero)
    try:
        lecteur = Lecteur(tuyau.recv())
        while True:
            question = tuyau.recv()
            if question is None:
                tuyau.send((lecteur.libelles, lecteur.mots))
            else:
                texte, empreintes = question
                tuyau.send(cut(lecteur, texte.split(b"\n"), np.frombuffer(empreintes, dtype=np.int64)))
    except (EOFError, OSError):
        return
