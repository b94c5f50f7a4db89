"""One question of CalDAV (RFC 4791): the events of a collection between two moments."""

import base64
from datetime import UTC, datetime
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .erreurs import AgendaIllisible
from .reseau import fetch

QUESTION = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><C:calendar-data/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="{debut}" end="{fin}"/>
</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"""
DONNEES = "{urn:ietf:params:xml:ns:caldav}calendar-data"
PAS_UN_AGENDA = (
    "Cette adresse n’est pas celle d’un agenda CalDAV. Donnez l’adresse de l’agenda lui-même, pas celle du serveur."
)


def query_caldav(
    url: str, utilisateur: str, secret: str, debut: datetime, fin: datetime, *, local: bool = False
) -> list[str]:
    """The iCalendar texts of the events between two moments. Raises AgendaIllisible."""
    bornes = {nom: f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for nom, moment in (("debut", debut), ("fin", fin))}
    jeton = base64.b64encode(f"{utilisateur}:{secret}".encode()).decode()
    reponse = fetch(
        url,
        methode="REPORT",
        corps=QUESTION.format(**bornes).encode(),
        entetes={"Depth": "1", "Content-Type": "application/xml; charset=utf-8", "Authorization": f"Basic {jeton}"},
        local=local,
    )
    if reponse.statut in (401, 403):
        raise AgendaIllisible(
            "Le serveur refuse ce nom ou ce mot de passe. Vérifiez-les, ou créez un mot de passe d’application."
        )
    if reponse.statut != 207:
        raise AgendaIllisible(PAS_UN_AGENDA)
    try:
        racine = fromstring(reponse.corps, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise AgendaIllisible(PAS_UN_AGENDA) from None
    return [donnees.text for donnees in racine.iter(DONNEES) if donnees.text]
