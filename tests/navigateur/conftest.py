"""Real Chromium, Debian's: nothing is downloaded. A console error, and so any breach of the CSP, fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from navigateur.parcours import Personne, Traces, is_faute

# Playwright keeps an event loop in this thread until the session ends, and Django takes that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

_NOMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TELEPHONE = {"width": 390, "height": 844}
BUREAU = {"width": 1440, "height": 900}

# The first two are pages of the browser's own frame, loaded in each window and seen by nobody: a quarter of its time.
# The others are Playwright's, whose list this one replaces.
SANS = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch",
)  # fmt: skip

Ouvrir = Callable[..., Personne]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ici = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(ici):
            item.add_marker(pytest.mark.navigateur)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """How Chromium starts; ``MAILLON_NAVIGATEUR`` names another one."""
    chemin = os.environ.get("MAILLON_NAVIGATEUR") or next(filter(None, map(shutil.which, _NOMS)), None)
    if chemin is None:
        pytest.fail("Chromium introuvable. Debian : sudo apt install chromium", pytrace=False)
    return {
        "executable_path": chemin,
        "args": [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
            f"--disable-features={','.join(SANS)}",
        ],
    }  # fmt: skip


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    """A French person on a telephone; ``page.set_viewport_size(BUREAU)`` for a desk."""
    return {"locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": TELEPHONE}


@pytest.fixture(scope="session", params=["telephone", "bureau"])
def largeur(request: pytest.FixtureRequest) -> dict:
    """Both widths, for a test that must hold on each: ``page.set_viewport_size(largeur)``."""
    return TELEPHONE if request.param == "telephone" else BUREAU


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """Playwright's page; the errors of its console are collected, and there must be none at the end.

    A test that provokes one expects it: ``page.erreurs_console.clear()`` after looking at it.
    """
    erreurs: list[str] = []
    page.on("console", lambda message: erreurs.append(message.text) if is_faute(message) else None)
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    page.on("requestfailed", lambda requete: _note_foreign(requete.url, erreurs))
    page.erreurs_console = erreurs  # type: ignore[attr-defined]
    yield page
    assert not erreurs, erreurs


def _note_foreign(url: str, erreurs: list[str]) -> None:
    if not url.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:")):
        erreurs.append(f"requête vers l’extérieur : {url}")


@pytest.fixture
def ouvrir(browser: Browser, browser_context_args: dict, serveur_demo, monkeypatch) -> Iterator[Ouvrir]:
    """A new person at a screen; the console must stay silent for all of them."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    contextes, traces = [], Traces()

    def make(ecran: dict, *, genre: type[Personne] = Personne) -> Personne:
        contexte = browser.new_context(**{**browser_context_args, "viewport": ecran, "reduced_motion": "reduce"})
        contexte.set_default_timeout(15_000)
        contextes.append(contexte)
        return genre(contexte, serveur_demo.url, traces)

    yield make
    for contexte in contextes:
        contexte.close()
    assert traces.erreurs == []


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures go when somebody wants to look at the pages (MAILLON_CAPTURES=directory)."""
    if not (dossier := os.environ.get("MAILLON_CAPTURES")):
        return None
    chemin = Path(dossier) / request.module.__name__.rpartition("_")[2]
    chemin.mkdir(parents=True, exist_ok=True)
    return chemin
