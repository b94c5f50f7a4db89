"""A booking as the SAS is told of it (profile FrAppointmentSAS). Who comes and why are not in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .codes import EXTENSION_OPERATEUR, PROFIL_APPOINTMENT, SYSTEME_IDNPS, SYSTEME_SAS
from .regulateur import Identifiants
from .ressources import make_identifiant, make_idnps

# Of our states, by their codes. A hold and an expired hold are nobody's business.
STATUTS = {"confirme": "booked", "honore": "fulfilled", "absent": "noshow", "annule": "cancelled"}


@dataclass(frozen=True, slots=True)
class FaitsRendezVous:
    """What is said of a booking: by whom it was given, with whom and when."""

    systeme: str
    identifiant: str
    statut: str
    debut: datetime
    fin: datetime
    pris_le: datetime
    fuseau: str
    rpps: str
    regulateur: Identifiants


def build_appointment(faits: FaitsRendezVous) -> dict[str, Any]:
    """The Appointment of this booking."""
    zone = ZoneInfo(faits.fuseau)

    def write(moment: datetime) -> str:
        return moment.astimezone(zone).isoformat(timespec="milliseconds")

    who = faits.regulateur
    operator = (
        make_identifiant(SYSTEME_IDNPS, who.national, "IDNPS")
        if who.national
        else make_identifiant(SYSTEME_SAS, who.sas, "INTRN")
    )
    return {
        "resourceType": "Appointment",
        "meta": {"profile": [PROFIL_APPOINTMENT]},
        "extension": [{"url": EXTENSION_OPERATEUR, "valueReference": {"identifier": operator}}],
        "identifier": [{"system": faits.systeme, "value": faits.identifiant}],
        "status": faits.statut,
        "start": write(faits.debut),
        "end": write(faits.fin),
        "created": write(faits.pris_le),
        "participant": [{"actor": {"identifier": make_idnps(faits.rpps)}, "status": "accepted"}],
    }
