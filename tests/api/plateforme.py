"""The platform of the SAS as a real server: it accepts, refuses, hangs, drops, or forgets; and what is told to it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from fabriques.soins import make_creneau, make_pro
from maillon.api.livraison import deliver
from maillon.api.models import EnvoiSas
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import MotifAnnulation
from maillon.missions.soins_non_programmes.models import RendezVous
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME


class Plateforme(BaseHTTPRequestHandler):
    """What the national platform does with an Appointment; `humeur` is how it feels."""

    protocol_version = "HTTP/1.1"
    humeur: list[str] = []
    recus: list[tuple[str, str, dict]] = []
    connus: dict[str, dict] = {}
    attente = threading.Event()

    def _take(self) -> None:
        humeur = self.humeur.pop(0) if self.humeur else "accepte"
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.recus.append((self.command, self.path, body))
        key = body["identifier"][0]["value"]
        if humeur == "pend":
            self.attente.wait(10)
        if humeur in ("coupe", "pend"):
            self.close_connection = True
            self.connection.close()
            return
        if humeur == "prend_puis_coupe":
            self.connus[key] = body
            self.close_connection = True
            self.connection.close()
            return
        if humeur == "ne_connait_pas":
            self._answer(404)
        elif humeur.isdigit():
            self._answer(int(humeur))
        elif self.command == "POST" and key in self.connus:
            self._answer(422)
        else:
            known = key in self.connus
            self.connus[key] = body
            self._answer(200 if known else 201)

    do_POST = do_PUT = _take

    def _answer(self, status: int) -> None:
        text = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": "non merci"}]}
        body = json.dumps(text if status >= 400 else {}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return


class Serveur(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        return


def read(soins, rendez_vous: RendezVous) -> RendezVous:
    """It, with its slot and who receives: the test reads them from outside the community."""
    with use_cpts(soins.cpts.pk):
        return RendezVous.objects.select_related("creneau__professionnel").get(pk=rendez_vous.pk)


def get_envoi(soins) -> EnvoiSas:
    with use_cpts(soins.cpts.pk):
        return EnvoiSas.objects.get()


def send(soins) -> EnvoiSas:
    deliver(cpts_id=soins.cpts.pk, envoi_id=str(get_envoi(soins).pk))
    return get_envoi(soins)


def change(soins, rendez_vous, **what):
    """Something happens to the booking, and the SAS is told."""
    with use_cpts(soins.cpts.pk):
        if what.get("annule"):
            services.cancel(rendez_vous=rendez_vous, motif=MotifAnnulation.PATIENT, by=SYSTEME)
        else:
            services.record_venue(rendez_vous=rendez_vous, honore=what["honore"], by=SYSTEME)


def move(soins, rendez_vous, dans: float):
    with use_cpts(soins.cpts.pk):
        vers = make_creneau(soins, make_pro(soins), dans=dans)
        return read(soins, services.move(rendez_vous=rendez_vous, vers=vers.pk, by=soins.acteur))
