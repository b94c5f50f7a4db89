"""From an address to busy intervals: asked here, expanded in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from .caldav import query_caldav
from .erreurs import AgendaIllisible
from .expansion import TROP, Intervalle
from .reseau import fetch

PROGRAMME = Path(__file__).with_name("expansion.py")
DELAI_S = 15  # of wall clock, on a busy machine; the program stops itself after two seconds of processor


def read_agenda(
    genre: str, secrets: tuple[str, str, str], *, debut: datetime, fin: datetime, fuseau: str, local: bool = False
) -> list[Intervalle]:
    """The busy intervals of a calendar over [debut, fin[. Raises AgendaIllisible."""
    adresse, utilisateur, secret = secrets
    if genre == "caldav":
        textes = query_caldav(adresse, utilisateur, secret, debut, fin, local=local)
    else:
        textes = [fetch_ical(adresse, local=local)]
    return expand(textes, debut=debut, fin=fin, fuseau=fuseau)


def fetch_ical(adresse: str, *, local: bool = False) -> str:
    """The text of an iCalendar address. Raises AgendaIllisible."""
    reponse = fetch(adresse, entetes={"Accept": "text/calendar"}, local=local)
    if reponse.statut in (401, 403, 404, 410):
        raise AgendaIllisible("Cette adresse n’ouvre plus d’agenda. Copiez-la de nouveau depuis votre agenda.")
    if reponse.statut != 200:
        raise AgendaIllisible(f"Le serveur de cet agenda répond par une erreur ({reponse.statut}). Maillon réessaiera.")
    return reponse.corps.decode("utf-8-sig", errors="replace")


def expand(textes: Sequence[str], *, debut: datetime, fin: datetime, fuseau: str) -> list[Intervalle]:
    """The busy intervals of these texts, computed apart within bounds. Raises AgendaIllisible."""
    demande = {"textes": list(textes), "debut": debut.isoformat(), "fin": fin.isoformat(), "fuseau": fuseau}
    try:
        fini = subprocess.run(
            [sys.executable, "-I", PROGRAMME],
            input=json.dumps(demande).encode(),
            capture_output=True,
            timeout=DELAI_S,
            env={},
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise AgendaIllisible(TROP) from None
    reponse = json.loads(fini.stdout)
    if "refus" in reponse:
        raise AgendaIllisible(reponse["refus"])
    return [(datetime.fromisoformat(de), datetime.fromisoformat(a)) for de, a in reponse["occupations"]]
