"""The guardian of an embedded cluster: the parent of PostgreSQL, which stops it when its last occupant has gone.

Started by ``Grappe.join`` in a session of its own. When PostgreSQL crashes while it is in use, it is started again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from maillon.site import verrous
from maillon.site.grappe import DELAI, Grappe
from maillon.site.processus import die_with_parent

_REDEMARRAGES = 5  # in a row, each within a minute of the one before


class Gardien:
    def __init__(self, grappe: Grappe) -> None:
        self.grappe = grappe
        self.serveur: subprocess.Popen | None = None
        self.fini = False

    def run(self) -> int:
        """Keep PostgreSQL running until the last occupant leaves or a signal comes; return the exit code."""
        verrou = verrous.try_take(self.grappe.gardien)
        if verrou is None:
            return 0
        os.ftruncate(verrou, 0)
        os.write(verrou, str(os.getpid()).encode())
        signal.pthread_sigmask(signal.SIG_SETMASK, [])  # whatever our parent was waiting for
        for numero in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(numero, self._on_signal)
        threading.Thread(target=self._watch_occupants, daemon=True).start()
        essais_restants = _REDEMARRAGES
        code = 0
        while not self.fini:
            debut = time.monotonic()
            code = self._serve()
            if time.monotonic() - debut > 60:
                essais_restants = _REDEMARRAGES
            essais_restants -= 1
            if essais_restants < 0:
                return 1
            if not self.fini:
                time.sleep(0.2)  # children of a killed postmaster need a moment to let go of its memory
                self.grappe.clear_orphan()
        return code

    def _serve(self) -> int:
        self.grappe.make_private(self.grappe.prise)
        # The signal that ends us ends it too, in "fast" mode; TERM would wait for its clients.
        self.serveur = subprocess.Popen(
            self.grappe.server_command(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT),
            **self.grappe.as_user(),
        )
        if self.fini:
            self._stop()
        return self.serveur.wait()

    def _on_signal(self, *_: object) -> None:
        self.fini = True
        self._stop()

    def _stop(self) -> None:
        if self.serveur is not None and self.serveur.returncode is None:
            self.serveur.send_signal(signal.SIGINT)

    def _watch_occupants(self) -> None:
        while True:
            os.close(verrous.take(self.grappe.occupants))  # waits until every occupant has gone
            porte = verrous.take(self.grappe.porte)
            libre = verrous.try_take(self.grappe.occupants)
            if libre is not None:
                # The gate stays closed until this process ends: nobody joins a server that is stopping.
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(DELAI)
            os.close(porte)


def main() -> int:
    grappe = Grappe(Path(sys.argv[1]), essais="--essais" in sys.argv[2:])
    return Gardien(grappe).run()


if __name__ == "__main__":
    sys.exit(main())
