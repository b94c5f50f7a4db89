"""A community of its own for the run through steering, and what its people look at and download."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, Page
from pypdf import PdfReader

from fabriques.droits import SECRET, make_compte, make_cpts, make_membre
from maillon.socle.comptes.services import enrol_totp
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import today
from navigateur.conftest import BUREAU, TELEPHONE
from navigateur.parcours import Personne

COORDINATRICE = "Odile Barjon"
SLUG, NOM = "essai-du-pilat", "CPTS d’essai du Pilat"
ALD, SEUIL = "Patients en ALD sans médecin traitant", "Délai moyen de rendez-vous"
SEIN, FORUM = "Dépistage du cancer du sein", "Forum annuel de prévention"
# The four shapes of an annexe: a stock, a threshold, a rate, a deliverable; 14 000 € then 8 500 €.
ANNEXE = f"""Indicateur\tMission\tValeur initiale\tPaliers et montants\tCertifié par\tJustificatif
{ALD}\tAccès aux soins\t219\t200–101 → 3 000 € ; 100–51 → 6 000 € ; ≤ 50 → 9 000 €\tCPAM\tsuivi nominatif
{SEUIL}\tAccès aux soins\t\tau plus 30 jours : 5 000 €\tCPAM\trelevé des délais
{SEIN}\tPrévention\t66,26 %\tsocle 69,70 % : 1 000 ; intermédiaire 72,40 % : 2 500 ; objectif 75 % : 3 500\tCPAM\t
{FORUM}\tPrévention\t\toui/non 5 000 €\tCPAM\tcompte rendu du forum
"""
SIGNE_LE: date = today() - timedelta(days=300)


def write_pdf(texte: str) -> bytes:
    """A document of its own: the content decides the hash."""
    return f"%PDF-1.7\n% {texte}\n%%EOF\n".encode()


def hash_of(texte: str) -> str:
    return hashlib.sha256(write_pdf(texte)).hexdigest()


def join(champ: Locator, nom: str, texte: str) -> None:
    """Choose a file in a field."""
    champ.set_input_files({"name": nom, "mimeType": "application/pdf", "buffer": write_pdf(texte)})


def make_communaute() -> Cpts:
    """A community of the Loire without contract, and its coordinator, who enters as those of the demonstration."""
    cpts = make_cpts(NOM, slug=SLUG, fictive=True)
    prenom, nom = COORDINATRICE.split()
    compte = make_compte(prenom=prenom, nom=nom, email="odile.barjon@example.org", fictif=True)
    enrol_totp(compte=compte, secret=SECRET)
    make_membre(cpts, Role.COORDINATION, compte=compte)
    return cpts


class DeuxLargeurs(Personne):
    """Somebody who uses both a desk and a telephone: every page met is looked at on both screens."""

    def look(self) -> Page:
        """Each page once on both screens: met again, only its title is noted."""
        self.page.wait_for_load_state()
        courante = self.page.viewport_size
        assert courante
        premiere = (self.page.title(), courante["width"]) not in self.vues
        super().look()
        if premiere:
            self.page.set_viewport_size(TELEPHONE if courante == BUREAU else BUREAU)
            super().look()
            self.page.set_viewport_size(courante)
        return self.page


@dataclass(frozen=True, slots=True)
class Euros:
    """What is certain, what is to be confirmed."""

    constate: Decimal
    a_confirmer: Decimal


def read_euros(texte: str) -> Decimal:
    """« 1 234,50 € » as it is shown."""
    found = re.search(r"(-?\d[\d\s]*(?:,\d+)?)\s*€?", texte)
    assert found, texte
    return Decimal(re.sub(r"\s", "", found[1]).replace(",", "."))


def read_row(page: Page, ligne: str | re.Pattern[str]) -> Euros:
    """The euros of one row of a table that names its cells."""
    row = page.get_by_role("row").filter(has_text=ligne).last
    lus = [row.locator(f"[data-libelle='{nom}']").inner_text() for nom in ("Euros constatés", "À confirmer")]
    return Euros(*map(read_euros, lus))


def read_export(texte: str, ligne: str) -> Euros:
    """The same, in a list saved as CSV."""
    rows = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    row = next(row for row in rows if ligne in row.values())
    return Euros(Decimal(row["Constaté"].replace(",", ".")), Decimal(row["À confirmer"].replace(",", ".")))


@dataclass(frozen=True, slots=True)
class Paquet:
    """A pack unfolded in a directory."""

    lieu: Path

    @classmethod
    def unfold(cls, archive: Path, lieu: Path) -> Paquet:
        with zipfile.ZipFile(archive) as lue:
            lue.extractall(lieu)
        return cls(lieu)

    def check(self) -> None:
        """As anybody would, away from Maillon."""
        commande = ["sha256sum", "-c", "--strict", "SHA256SUMS"]
        reponse = subprocess.run(commande, cwd=self.lieu, capture_output=True, text=True)
        assert reponse.returncode == 0, reponse.stdout + reponse.stderr

    def read_classeur(self, ligne: str) -> Euros:
        """A mission, or « Ensemble », on the first sheet of figures."""
        feuille = openpyxl.load_workbook(next(self.lieu.glob("*.xlsx")), data_only=True)["Synthèse"]
        rows = list(feuille.iter_rows(values_only=True))
        entetes = next(row for row in rows if "Constaté" in row)
        row = next(row for row in rows if row[0] == ligne)
        return Euros(*(Decimal(str(row[entetes.index(nom)])) for nom in ("Constaté", "À confirmer")))

    def read_pdfs(self) -> dict[str, str]:
        """The texts of the documents of the root, spaces of every kind made one."""
        return {
            chemin.name: re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(chemin).pages))
            for chemin in self.lieu.glob("*.pdf")
        }

    @property
    def empreinte(self) -> str:
        """The hash of what was sealed."""
        return hashlib.sha256((self.lieu / "arrete.json").read_bytes()).hexdigest()
