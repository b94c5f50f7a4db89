"""The desk at its largest: 300 000 requests, 15 000 of them open, 230 000 inhabitants, 300 doctors.

    ./dev bench guichet [--neuf] [--requetes 40] [--seulement MOT] [--demandes 300000]

Every filter, every sort and every kind of search of the desk's list, the sheet, the figures, the doctor's inbox and
the home pages, asked in turn of the web server as in service; then the nightly work. The database counts the
sequential scans of the large tables meanwhile: there must be none. Writes var/mesures/guichet.json; exits with 1
above a target.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from appui.base import RESULTATS, measuring_database
from appui.charge import Navigateur, percentiles, served

CIBLE_MS = 200.0
CIBLE_ACCUEIL_MS = 150.0
CHAUFFE = 2
GRANDES = (
    "medecin_traitant_demande", "sollicitations_appel", "sollicitations_sollicitation", "patients_patient",
    "patients_identite", "patients_indexidentite", "patients_relationsoin", "journal_entree", "journal_lecture",
)  # fmt: skip


@dataclass
class Page:
    """One page; `next_url` gives another address each time where there are many, `next_champs` what is posted."""

    nom: str
    qui: str
    next_url: Callable[[], str]
    next_champs: Callable[[], dict[str, str]] | None = None
    durees: list[float] = field(default_factory=list)

    @property
    def cible(self) -> float:
        return CIBLE_ACCUEIL_MS if self.nom.startswith("accueil") else CIBLE_MS


@dataclass(frozen=True)
class Resultat:
    page: str
    qui: str
    p50_ms: float
    p95_ms: float
    cible_ms: float


def fill(total: int) -> None:
    from appui.tres_grande import build_tres_grande

    from maillon.site import marche

    with marche.step(f"Guichet de {total} demandes"):
        build_tres_grande(total)


def list_pages() -> list[Page]:
    """What is measured, in this community."""
    from appui.tres_grande import SLUG
    from django.urls import reverse

    from maillon.communaute.patients.models import Patient
    from maillon.communaute.patients.selectors import read_identites
    from maillon.missions.medecin_traitant.models import Demande
    from maillon.missions.medecin_traitant.selectors import list_communes, list_responsables
    from maillon.socle.contexte import use_cpts
    from maillon.socle.cpts.models import Cpts
    from maillon.socle.droits.acteur import SYSTEME

    cpts = Cpts.objects.get(slug=SLUG)
    with use_cpts(cpts.pk):
        demandes = list(Demande.objects.ouvertes().order_by("?")[:60])
        anciens = list(Patient.objects.order_by("?").values_list("pk", flat=True)[:60])
        lues = read_identites(
            [*(d.patient_id for d in demandes), *anciens], quoi="mesure", pourquoi="mesure", by=SYSTEME
        )
        communes, responsables = list_communes(cpts.pk), list_responsables(cpts.pk)
    identites = cycle(lues.values())
    fiches = cycle(demandes)

    def at(nom: str) -> Callable[[], str]:
        url = reverse(nom, args=[SLUG])
        return lambda: url

    liste, finies = reverse("medecin_traitant_liste", args=[SLUG]), reverse("medecin_traitant_terminees", args=[SLUG])

    def filtered(libelle: str, adresse: str = liste, **valeurs: str) -> Page:
        url = f"{adresse}?{urlencode(valeurs)}"
        return Page(libelle, "guichet", lambda: url)

    def searched(libelle: str, texte: Callable[[], str], adresse: str = liste) -> Page:
        return Page(libelle, "guichet", lambda: adresse, lambda: {"q": texte()})

    filtres = [
        ("état", {"etat": "qualifiee"}), ("priorité", {"priorite": "haute"}), ("âge", {"age": "30"}),
        ("en retard", {"age": "retard"}), ("commune", {"commune": communes[0].pk}),
        ("suivie par", {"responsable": str(responsables[0].pk)}),
    ]  # fmt: skip
    tris = ("reference", "priorite", "-priorite", "commune", "deposee_le", "-deposee_le", "prochaine_date")
    return [
        Page("accueil", "coordination", at("accueil_cpts")),
        Page("accueil", "guichet", at("accueil_cpts")),
        Page("accueil", "medecin", at("accueil_cpts")),
        Page("liste", "guichet", at("medecin_traitant_liste")),
        filtered("liste, page 400", page="400"),
        *(filtered(f"filtre : {nom}", **valeurs) for nom, valeurs in filtres),
        *(filtered(f"tri : {tri}", tri=tri) for tri in tris),
        filtered("terminées", finies),
        filtered("terminées, page 300", finies, page="300"),
        *(filtered(f"terminées, tri : {tri}", finies, tri=tri) for tri in ("reference", "-deposee_le")),
        filtered("terminées, commune", finies, commune=communes[0].pk),
        searched("recherche : nom", lambda: next(identites).nom.split()[0]),
        searched("recherche : trois lettres", lambda: next(identites).nom[:3]),
        searched("recherche : trois lettres, terminées", lambda: next(identites).nom[:3], finies),
        searched("recherche : téléphone", lambda: next(identites).telephone),
        searched("recherche : naissance", lambda: f"{next(identites).naissance:%d/%m/%Y}"),
        searched("recherche : référence", lambda: next(fiches).reference),
        Page("fiche", "guichet", lambda: reverse("medecin_traitant_fiche", args=[SLUG, next(fiches).pk])),
        Page("en chiffres", "coordination", at("medecin_traitant_totaux")),
        Page("places", "guichet", at("medecin_traitant_places")),
        Page("mes sollicitations", "medecin", at("sollicitations:liste")),
        Page("ma journée", "guichet", at("medecin_traitant_journee")),
        Page("mes patients", "medecin", at("medecin_traitant_mes_patients")),
    ]


def run(pages: list[Page], port: int, requetes: int) -> list[Resultat]:
    """Ask every page in turn, so that the machine's noise falls on all alike."""
    from appui.tres_grande import SLUG

    from maillon.socle.comptes.models import Compte

    gens = {}
    for nom in {page.qui for page in pages}:
        compte = Compte.objects.get(email=f"{nom}@{SLUG}.example.org")
        gens[nom] = Navigateur(port).sign_in(str(compte.pk))
    for tour in range(-CHAUFFE, requetes):
        for page in pages:
            navigateur, url = gens[page.qui], page.next_url()
            champs = page.next_champs() if page.next_champs else None
            statut, corps, duree = navigateur.ask(url, navigateur.sign(champs) if champs else None)
            if statut != 200:
                raise SystemExit(f"{page.nom} ({page.qui}) : {url.partition('?')[0]} répond {statut} {corps[:200]!r}")
            if tour >= 0:
                page.durees.append(duree)
    resultats = []
    for page in pages:
        p50, p95 = percentiles(page.durees)
        resultats.append(Resultat(page.nom, page.qui, round(p50, 1), round(p95, 1), page.cible))
    return resultats


def count_scans() -> dict[str, int]:
    """Sequential scans of the large tables since the database was made."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL_PROPRIETAIRE"], autocommit=True) as connexion:
        lignes = connexion.execute(
            "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(%s)", [list(GRANDES)]
        ).fetchall()
    return dict(lignes)


def run_nightly() -> dict[str, float]:
    """Seconds and peak memory of the nightly work on all open requests."""
    from appui.tres_grande import SLUG

    from maillon.missions.medecin_traitant import services
    from maillon.socle.contexte import use_cpts
    from maillon.socle.cpts.models import Cpts

    cpts_id = Cpts.objects.get(slug=SLUG).pk
    mesures: dict[str, float] = {}
    for nom, work in {
        "priorités, première fois": lambda: services.refresh_priorites(cpts_id=cpts_id),
        "priorités, rien à changer": lambda: services.refresh_priorites(cpts_id=cpts_id),
        "demandes sans responsable": lambda: services.give_orphans(cpts_id=cpts_id),
    }.items():
        debut, cpu = time.perf_counter(), time.process_time()
        with use_cpts(cpts_id):
            work()
        mesures[f"{nom} (s)"] = round(time.perf_counter() - debut, 2)
        mesures[f"{nom} (s processeur)"] = round(time.process_time() - cpu, 2)
    mesures["mémoire maximale (Mo)"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return mesures


def report(resultats: list[Resultat], nuit: dict[str, float], scans: dict[str, int]) -> bool:
    """Print the table, write the file; True when every target is met."""
    print(f"{'page':<40} {'qui':<13} {'p50 ms':>8} {'p95 ms':>8}")
    for r in resultats:
        alerte = "  ← au-dessus de la cible" if r.p95_ms >= r.cible_ms else ""
        print(f"{r.page:<40} {r.qui:<13} {r.p50_ms:>8.1f} {r.p95_ms:>8.1f}{alerte}")
    for nom, valeur in nuit.items():
        print(f"{nom:<54} {valeur:>8}")
    print("lectures séquentielles des grandes tables :", scans or "aucune")
    chemin = RESULTATS / "guichet.json"
    contenu = {"coeurs": os.cpu_count(), "pages": [asdict(r) for r in resultats], "nuit": nuit, "sequentielles": scans}
    chemin.write_text(json.dumps(contenu, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"\nCible : p95 sous {CIBLE_MS:.0f} ms, {CIBLE_ACCUEIL_MS:.0f} ms pour l’accueil. Écrit dans {chemin}")
    return not scans and all(r.p95_ms < r.cible_ms for r in resultats)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--neuf", action="store_true", help="reconstruire la base de mesure")
    arguments.add_argument("--requetes", type=int, default=40, help="requêtes par page (40)")
    arguments.add_argument("--seulement", default="", help="les pages dont le nom contient ce mot")
    arguments.add_argument("--demandes", type=int, default=300_000, help="moins, pour essayer (300000)")
    choix = arguments.parse_args()
    with measuring_database(lambda: fill(choix.demandes), neuf=choix.neuf, etat="etat-guichet") as racine:
        pages = [page for page in list_pages() if choix.seulement in page.nom]
        avant = count_scans()
        with served(racine / "journaux") as port:
            resultats = run(pages, port, choix.requetes)
        scans = {table: nombre - avant[table] for table, nombre in count_scans().items() if nombre > avant[table]}
        nuit = run_nightly()
    return 0 if report(resultats, nuit, scans) else 1


if __name__ == "__main__":
    sys.exit(main())
