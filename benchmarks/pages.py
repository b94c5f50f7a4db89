"""Main pages, p50 and p95, on the demonstration, on a community of 300 members and 20 000 requests, and on a region
of 800 contracts.

    ./dev bench pages [--neuf] [--requetes 60] [--seulement MOT]

One client, the web server as in service (processes, threads, fsync), pages asked in turn so that the machine's noise
falls on all alike. The floor is an almost empty view that resolves the session, asked in the same turns; the ratio
to it is what may be compared between machines. Writes var/mesures/pages.json; exits with 1 above the target.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from appui.base import RESULTATS, measuring_database
from appui.charge import Navigateur, percentiles, served

CIBLE_MS = 150.0
CIBLE_REGION_MS = 300.0
REGION = "région"
PLANCHER = "plancher : /sante/, session ouverte"
TOURS_DE_CHAUFFE = 3


@dataclass
class Mesure:
    """One page of one community; `next_url` gives the address to ask, another each time where there are many, and
    `next_champs` what is posted: a name is never searched by an address."""

    base: str
    page: str
    qui: str
    next_url: Callable[[], str]
    next_champs: Callable[[], dict[str, str]] | None = None
    durees: list[float] = field(default_factory=list)
    octets: int = 0


@dataclass(frozen=True)
class Resultat:
    base: str
    page: str
    qui: str
    p50_ms: float
    p95_ms: float
    requetes: int
    octets: int
    rapport_au_plancher: float


def fill() -> None:
    """The demonstration, then the large community."""
    from appui.grande import build_grande
    from appui.region import build_region

    from maillon.portail.demo.services import load_demo
    from maillon.site import marche

    with marche.step("Démonstration"):
        load_demo()
    with marche.step("Communauté de 300 membres et 20 000 demandes"):
        build_grande()
    with marche.step("Région de 800 contrats"):
        build_region()


def list_mesures() -> tuple[list[Mesure], dict[str, str]]:
    """What is measured, and the accounts to sign in as, by name."""
    from appui.grande import SLUG

    bases = {
        "démo": ("grand-saint-etienne", "claire.fournel", "mehdi.rivoire", "antoine.massardier", "francoise.villard"),
        "grande": (SLUG, "coordination", "guichet", "medecin", "cpam"),
    }
    mesures, comptes = [], {}
    for base, (slug, *locaux) in bases.items():
        domaine = f"{SLUG}.example.org" if base == "grande" else "example.org"
        noms = dict(zip(("coordination", "guichet", "médecin", "CPAM"), locaux, strict=True))
        comptes |= {f"{base}/{qui}": f"{local}@{domaine}" for qui, local in noms.items()}
        mesures += _pages_of(base, slug)
    comptes[f"{REGION}/CPAM"] = f"region@{SLUG}.example.org"
    return mesures + _pages_of_region(), comptes


def _pages_of_region() -> list[Mesure]:
    contrats = "/territoire/contrats/"
    pages = cycle(range(1, 17))
    return [
        Mesure(REGION, "accueil du territoire", "CPAM", lambda: "/territoire/"),
        Mesure(REGION, "portefeuille", "CPAM", lambda: f"{contrats}?page={next(pages)}"),
        Mesure(REGION, "portefeuille, nom cherché", "CPAM", lambda: f"{contrats}?q=mesure+{next(pages)}"),
        Mesure(REGION, "portefeuille, trié", "CPAM", lambda: f"{contrats}?tri=-constate&page={next(pages)}"),
        Mesure(REGION, "comparaison", "CPAM", lambda: f"{contrats}comparer/?tri=-atteinte_acces"),
    ]


def _pages_of(base: str, slug: str) -> list[Mesure]:
    from django.urls import reverse

    from maillon.communaute.patients.selectors import read_identites
    from maillon.missions.medecin_traitant.models import Demande
    from maillon.pilotage.contrats.models import Contrat, Indicateur
    from maillon.socle.contexte import use_cpts
    from maillon.socle.cpts.models import Cpts
    from maillon.socle.droits.acteur import SYSTEME

    cpts = Cpts.objects.get(slug=slug)
    with use_cpts(cpts.pk):
        demandes = list(Demande.objects.ouvertes().order_by("?")[:40])
        identites = read_identites([d.patient_id for d in demandes], quoi="mesure", pourquoi="mesure", by=SYSTEME)
        indicateurs = list(Indicateur.objects.order_by("ordre").values_list("pk", flat=True))
        contrat = Contrat.objects.get(cpts=cpts)
    noms = cycle(identite.nom.split()[0] for identite in identites.values())
    fiches = cycle(demandes)
    par_indicateur = cycle(indicateurs)

    def page(nom: str, *arguments: object) -> Callable[[], str]:
        url = reverse(nom, args=arguments or [slug])
        return lambda: url

    liste = reverse("medecin_traitant_liste", args=[slug])
    return [
        Mesure(base, "accueil", "coordination", page("accueil_cpts")),
        Mesure(base, "accueil", "médecin", page("accueil_cpts")),
        Mesure(base, "accueil du territoire", "CPAM", lambda: "/territoire/"),
        Mesure(base, "guichet, liste", "guichet", page("medecin_traitant_liste")),
        Mesure(
            base, "guichet, filtre et nom", "guichet", lambda: f"{liste}?etat=qualifiee", lambda: {"q": next(noms)},
        ),
        Mesure(
            base, "guichet, demande", "guichet",
            lambda: reverse("medecin_traitant_fiche", args=[slug, next(fiches).pk]),
        ),
        Mesure(base, "guichet, nouvelle demande", "guichet", page("medecin_traitant_nouvelle")),
        Mesure(base, "pilotage, année", "coordination", page("pilotage:annee")),
        Mesure(
            base, "pilotage, indicateur", "coordination",
            lambda: reverse("pilotage:indicateur", args=[slug, next(par_indicateur)]),
        ),
        Mesure(base, "contrat vu par la CPAM", "CPAM", page("portefeuille:contrat", contrat.pk)),
        Mesure(base, "membres", "coordination", page("adhesions_membres")),
        Mesure(base, "journal", "coordination", page("journal")),
        Mesure(base, "formulaire public", "public", page("medecin_traitant_formulaire")),
    ]  # fmt: skip


def run(mesures: list[Mesure], comptes: dict[str, str], port: int, requetes: int) -> list[Resultat]:
    """Ask every page in turn, in an order drawn anew each turn."""
    from maillon.socle.comptes.models import Compte

    ids = {nom: str(Compte.objects.get(email=email).pk) for nom, email in comptes.items()}
    navigateurs = {nom: Navigateur(port).sign_in(pk) for nom, pk in ids.items()}
    plancher = Mesure("", PLANCHER, "coordination", lambda: "/sante/")
    hasard = random.Random(0)
    for tour in range(-TOURS_DE_CHAUFFE, requetes):
        for mesure in hasard.sample([plancher, *mesures], len(mesures) + 1):
            nom = f"{mesure.base or 'démo'}/{mesure.qui}"
            navigateur = navigateurs.get(nom) or navigateurs.setdefault(nom, Navigateur(port))
            url = mesure.next_url()
            champs = navigateur.sign(mesure.next_champs()) if mesure.next_champs else None
            statut, corps, duree = navigateur.ask(url, champs)
            if statut != 200:
                raise SystemExit(
                    f"{mesure.page} ({mesure.base}, {mesure.qui}) : {url.partition('?')[0]} répond {statut}"
                )
            mesure.octets = len(corps)
            if tour >= 0:
                mesure.durees.append(duree)
        if tour >= 0 and sys.stdout.isatty():
            print(f"\r  tour {tour + 1} sur {requetes}", end="", flush=True)
    print()
    seuil, _ = percentiles(plancher.durees)
    resultats = []
    for mesure in [plancher, *mesures]:
        p50, p95 = percentiles(mesure.durees)
        resultats.append(
            Resultat(
                mesure.base,
                mesure.page,
                mesure.qui,
                round(p50, 1),
                round(p95, 1),
                len(mesure.durees),
                mesure.octets,
                round(p50 / seuil, 1),
            )
        )
    return resultats


def target_of(resultat: Resultat) -> float:
    """Milliseconds under which the p95 of a page must stay."""
    return CIBLE_REGION_MS if resultat.base == REGION else CIBLE_MS


def report(resultats: list[Resultat]) -> bool:
    """Print the table, write the file; True when every page is under the target."""
    print(f"{'page':<28} {'base':<8} {'qui':<13} {'p50 ms':>8} {'p95 ms':>8} {'× plancher':>11} {'ko':>6}")
    for r in resultats:
        alerte = "  ← au-dessus de la cible" if r.p95_ms >= target_of(r) else ""
        print(
            f"{r.page[:28]:<28} {r.base:<8} {r.qui:<13} {r.p50_ms:>8.1f} {r.p95_ms:>8.1f} "
            f"{r.rapport_au_plancher:>11.1f} {r.octets / 1000:>6.0f}{alerte}"
        )
    chemin = RESULTATS / "pages.json"
    chemin.write_text(
        json.dumps(
            {
                "revision": subprocess.run(
                    ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
                ).stdout.strip(),
                "coeurs": os.cpu_count(),
                "python": platform.python_version(),
                "cible_p95_ms": {"pages": CIBLE_MS, REGION: CIBLE_REGION_MS},
                "pages": [asdict(r) for r in resultats],
            },
            ensure_ascii=False,
            indent=1,
        ),
        encoding="utf-8",
    )
    print(f"\nCible : p95 sous {CIBLE_MS:.0f} ms, {CIBLE_REGION_MS:.0f} ms pour la région. Écrit dans {chemin}")
    return all(r.p95_ms < target_of(r) for r in resultats)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--neuf", action="store_true", help="reconstruire la base de mesure")
    arguments.add_argument("--requetes", type=int, default=60, help="requêtes par page (60)")
    arguments.add_argument("--seulement", default="", help="les pages dont le nom contient ce mot")
    choix = arguments.parse_args()
    with measuring_database(fill, neuf=choix.neuf) as racine:
        mesures, comptes = list_mesures()
        mesures = [m for m in mesures if choix.seulement in m.page]
        with served(racine / "journaux") as port:
            resultats = run(mesures, comptes, port, choix.requetes)
    return 0 if report(resultats) else 1


if __name__ == "__main__":
    sys.exit(main())
