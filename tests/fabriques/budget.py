"""Operations, series and files for tests. Build inside `use_cpts(cpts.pk)`."""

import re
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.urls import reverse

from maillon.pilotage.budget.donnees import DonneesOperation, DonneesSerie
from maillon.pilotage.budget.models import ImportOperations, LigneBudget, Operation, Serie
from maillon.pilotage.budget.services import (
    add_ligne,
    create_operation,
    create_serie,
    pay_operation,
    prepare_import,
)
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.models import Contrat
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import today

_suite = count(1)
CSV = "Date;Mission;Catégorie;Libellé;Montant\n2026-03-03;prevention;communication;Affiches;120,50\n"


def make_operation(cpts: Cpts, *, payee: bool = False, by: Acteur = SYSTEME, **champs: Any) -> Operation:
    """A commitment of 100 € today for the mission `acces`, or paid that day."""
    valeurs = {
        "le": today(),
        "poste": "acces",
        "categorie": "prestations",
        "libelle": "Prestation d’essai",
        "montant": Decimal(100),
        **champs,
    }
    operation = create_operation(cpts_id=cpts.pk, donnees=DonneesOperation(**valeurs), by=by)
    return pay_operation(operation=operation, le=operation.le, by=by) if payee else operation


def make_serie(cpts: Cpts, **champs: Any) -> Serie:
    """1 000 € on the 28th of each month of a year, from the first day of this month."""
    debut = today().replace(day=1)
    valeurs = {
        "poste": "fonctionnement",
        "categorie": "locaux",
        "libelle": "Loyer",
        "montant": Decimal(1000),
        "jour": 28,
        "du": debut,
        "au": date(debut.year + 1, debut.month, 1),
        **champs,
    }
    return create_serie(cpts_id=cpts.pk, donnees=DonneesSerie(**valeurs), by=SYSTEME)


def make_ligne(contrat: Contrat, **champs: Any) -> LigneBudget:
    """500 € planned for the first year."""
    valeurs = {
        "annee": 1,
        "poste": "acces",
        "categorie": "communication",
        "libelle": f"Ligne {next(_suite)}",
        "prevu": Decimal(500),
        **champs,
    }
    return add_ligne(contrat=contrat, by=SYSTEME, **valeurs)


def make_import(cpts: Cpts, contenu: str | bytes = CSV, nom: str = "operations.csv") -> ImportOperations:
    """A file of operations, tried and not applied."""
    brut = contenu.encode() if isinstance(contenu, str) else contenu
    return prepare_import(cpts_id=cpts.pk, piece=Piece(nom, brut), by=SYSTEME)


def url(nom: str, cpts, *args) -> str:
    return reverse(f"budget:{nom}", args=[cpts.slug, *args])


def read(reponse) -> str:
    """The text of a page, spaces made plain."""
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " "))
