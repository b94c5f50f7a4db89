"""People in a browser: each has a session of their own, looks at pages with axe-core, and leaves a list of what passed
through the address bar and the title."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

# What differs between two openings of the same document: the token of its forms, the nonce of its policy.
JETONS = re.compile(r'(?<=value=")\w{64}(?=")|(?<=nonce=")[^"]*')
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def is_faute(message: ConsoleMessage) -> bool:
    """Whether the console says that something went wrong; a typed search that replaces the one before is not that."""
    return message.type == "error" and not message.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))


@dataclass
class Traces:
    """What many persons left behind, for the search of canaries."""

    adresses: list[str] = field(default_factory=list)
    titres: list[str] = field(default_factory=list)
    erreurs: list[str] = field(default_factory=list)


class Personne:
    """Somebody at a screen. `page` is Playwright's."""

    auditees: ClassVar[set[tuple[str, int | None]]] = set()  # documents found sound at a width, by anybody

    def __init__(self, contexte: BrowserContext, racine: str, traces: Traces) -> None:
        self.racine, self.traces = racine, traces
        self.vues: set[tuple[str, int | None]] = set()  # pages already audited, by title and width
        self.page: Page = contexte.new_page()
        self.page.on(
            "console",
            lambda m: traces.erreurs.append(f"{m.text} ({m.location} on {self.page.url})") if is_faute(m) else None,
        )
        self.page.on("pageerror", lambda erreur: traces.erreurs.append(str(erreur)))
        self.page.on("request", lambda requete: traces.adresses.append(requete.url))
        self.page.on("requestfailed", lambda requete: self._note_foreign(requete.url))

    def _note_foreign(self, url: str) -> None:
        if not url.startswith((self.racine, "data:", "blob:")):
            self.traces.erreurs.append(f"requête vers l’extérieur : {url}")

    def open(self, chemin: str) -> Page:
        """Go to an address typed or received, and look."""
        reponse = self.page.goto(chemin if chemin.startswith("http") else self.racine + chemin)
        assert reponse is not None
        assert reponse.ok, f"{chemin} : {reponse.status}"
        return self.look()

    def click(self, role: str, nom: str | re.Pattern[str], *, dans: str = "main") -> Page:
        """Press the first link or button of this name, wait for the page that it opens, and look."""
        cible = self.page.locator(dans).get_by_role(role, name=nom).first  # type: ignore[arg-type]
        with self.page.expect_navigation():
            cible.click()
        return self.look()

    def look(self) -> Page:
        """No violation for axe-core the first time at this width, no sideways scroll; the title is noted."""
        self.page.wait_for_load_state()
        titre, largeur = self.page.title(), (self.page.viewport_size or {}).get("width")
        if (titre, largeur) not in self.vues:
            self.vues.add((titre, largeur))
            self._audit(largeur)
        self.traces.titres.append(titre)
        debord = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert debord <= 0, f"{self.page.url} : {debord} px de trop en largeur"
        return self.page

    def _audit(self, largeur: int | None) -> None:
        """No violation for axe-core, which says the same twice of the same document at the same width."""
        document = JETONS.sub("", self.page.content()), largeur
        if document in self.auditees:
            return
        # Run by the debugger, so that the content policy stays as it is.
        self.page.evaluate(AXE + ";0")
        resultats = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        violations = [f"{v['id']} : {v['nodes'][0]['html'][:200]}" for v in resultats["violations"]]
        assert violations == [], f"{self.page.url} : {violations}"
        self.auditees.add(document)

    def enter(self, nom: str) -> Page:
        """Open a session of the demonstration in one click."""
        self.open("/demo/")
        return self.click("button", f"Entrer comme {nom}")

    def sign_in(self, nom: str) -> Page:
        """Open a session for real: address, password, code computed from the secret that the demonstration shows."""
        self.open("/demo/")
        carte = self.page.get_by_role("listitem").filter(has_text=nom)
        carte.get_by_text("Se connecter pour de vrai").click()
        courriel, phrase, secret = (texte.strip() for texte in carte.get_by_role("definition").all_inner_texts())
        self.open("/compte/login/")
        self.page.get_by_label(re.compile("Courriel|Adresse", re.I)).fill(courriel)
        self.page.get_by_label("Mot de passe").fill(phrase)
        self.click("button", "Se connecter")
        self.page.get_by_label(re.compile("Code", re.I)).fill(compute_code(secret))
        return self.click("button", re.compile("Valider|Se connecter|Continuer|Confirmer"))

    def photograph(self, dossier: Path | None, nom: str) -> None:
        """Keep a picture of the whole page, when a directory is given."""
        if dossier is not None:
            self.page.screenshot(path=dossier / f"{nom}.png", full_page=True)


def compute_code(secret: str, *, moment: float | None = None) -> str:
    """The six digits of an authenticator application (RFC 6238, 30 seconds, SHA-1)."""
    compteur = int((time.time() if moment is None else moment) // 30)
    empreinte = hmac.new(base64.b32decode(secret), struct.pack(">Q", compteur), "sha1").digest()
    debut = empreinte[-1] & 15
    return f"{(struct.unpack('>I', empreinte[debut : debut + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
