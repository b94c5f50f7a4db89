"""A search for what must be nowhere: words that only an identity or a free text holds, looked for in everything else.

traces = Traces()
desk = enter(Promeneur(traces), compte)          # a browser whose addresses, titles, cookies and file names are noted
assert search(CANARIS, cpts=cpts, traces=traces, journaux=caplog.text) == {}
"""

import base64
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from maillon.socle.contexte import use_cpts
from maillon.socle.courriels import smtp
from maillon.socle.courriels.models import Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.journal.models import Ecriture, Entree

LIENS = re.compile(r'(?:href|src|action|hx-get|hx-post|formaction)="(?!tel:|mailto:)([^"]*)"')
TITRE = re.compile(r"<title>(.*?)</title>", re.S)


@dataclass
class Traces:
    """What browsers left behind."""

    adresses: list[str] = field(default_factory=list)
    titres: list[str] = field(default_factory=list)
    fichiers: list[str] = field(default_factory=list)
    temoins: list[str] = field(default_factory=list)


class Promeneur(Client):
    """A browser: notes the addresses asked or offered, the titles, the names of files and the cookies of each page."""

    def __init__(self, traces: Traces, **options: Any) -> None:
        super().__init__(**options)
        self.traces = traces

    def request(self, **environ: Any) -> Any:
        response = super().request(**environ)
        query = environ.get("QUERY_STRING", "")
        self.traces.adresses += [f"{environ['PATH_INFO']}?{query}", response.get("Location", "")]
        self.traces.fichiers.append(response.get("Content-Disposition", ""))
        self.traces.temoins += [cookie.OutputString() for cookie in response.cookies.values()]
        if response.get("Content-Type", "").startswith("text/html"):
            page = response.content.decode()
            self.traces.adresses += LIENS.findall(page)
            self.traces.titres += TITRE.findall(page)
        return response


def list_formes(canaris: Iterable[str]) -> list[str]:
    """Each word as it may be written: without accents, its digits alone, by bytes; all in lower case."""
    formes = set()
    for canari in canaris:
        plat = unicodedata.normalize("NFKD", canari).encode("ascii", "ignore").decode()
        formes |= {canari.lower(), plat.lower(), canari.encode().hex(), plat.encode().hex()}
        if canari.startswith("0"):
            formes |= {" ".join(canari[rang : rang + 2] for rang in range(0, 10, 2)), canari[1:]}
    return sorted(formes)


def search(canaris: Iterable[str], *, cpts: Cpts, traces: Traces, journaux: str) -> dict[str, list[str]]:
    """Where these words are found, and in what: mails as written and as they leave, jobs, cache, journal, names of
    files, every readable column of every table; logs, addresses, titles, cookies, sessions. Empty when nowhere."""
    formes = list_formes(canaris)
    with use_cpts(cpts.pk):
        places = {
            "courriels": [f"{m.sujet} {m.texte}" for m in Message.objects.all()],
            "courriels rendus": [_render(m) for m in Message.objects.all()],
            "événements": [str(row) for row in Entree.objects.values_list("details", flat=True)],
            "écritures": [str(row) for row in Ecriture.objects.values_list("valeurs", flat=True)],
            "noms de fichiers": [*traces.fichiers, *Fichier.objects.values_list("nom", flat=True)],
            "tâches": _read("SELECT args::text FROM procrastinate_jobs"),
            "cache": [f"{cle} {_open(valeur)}" for cle, valeur in _rows("SELECT cache_key, value FROM comptes_cache")],
            "tables": list(_scan(formes)),
        }
    places |= {
        "journaux": journaux.splitlines(),
        "adresses": traces.adresses,
        "titres": traces.titres,
        "témoins": traces.temoins,
        "sessions": [str(SessionStore().decode(s.session_data)) for s in Session.objects.all()],
    }
    found = {lieu: [t[:300] for t in textes if _holds(t, formes)] for lieu, textes in places.items()}
    return {lieu: textes for lieu, textes in found.items() if textes}


def _holds(texte: str, formes: Iterable[str]) -> bool:
    bas = texte.lower()
    return any(forme in bas for forme in formes)


def _render(message: Message) -> str:
    """What leaves, without the one address that it needs."""
    mail = smtp.Enveloppe(str(message.pk), "x@example.org", message.sujet, message.texte).compose()
    return f"{mail.as_string()} {mail.get_payload(decode=True)!r}"


def _rows(requete: str, parametres: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(requete, list(parametres))
        return cursor.fetchall()


def _read(requete: str) -> list[str]:
    return [str(valeur) for (valeur,) in _rows(requete)]


def _open(valeur: str) -> str:
    return base64.b64decode(valeur).decode("utf-8", "replace")


def _scan(formes: Iterable[str]) -> Iterable[str]:
    """Every column of every table that the runtime role may read, but the national geography: large, and public."""
    colonnes = _rows(
        "SELECT c.relname, string_agg(quote_ident(a.attname), ', ') FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
        " AND c.relname NOT LIKE 'territoire_%%' AND has_column_privilege(c.oid, a.attnum, 'SELECT') GROUP BY c.relname"
    )
    assert len(colonnes) > 50
    motif = "|".join(re.escape(forme) for forme in formes)
    for table, noms in colonnes:
        found = _rows(
            f"SELECT ligne FROM (SELECT concat_ws(' ', {noms}) AS ligne FROM \"{table}\") t WHERE ligne ~* %s", [motif]
        )
        yield from (f"{table} : {ligne}" for (ligne,) in found)
