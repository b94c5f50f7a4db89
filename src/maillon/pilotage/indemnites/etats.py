"""Statements, yearly recaps and attestations, as tagged PDF. The data go as JSON, never as markup."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from maillon.communaute.personnes.models import Personne
from maillon.socle.ui.typographie import MOIS, format_date, format_euros

from .enums import Nature
from .models import Declaration, Frais
from .presentation import say_calcul, say_heures, say_mission
from .selectors.annees import CompteAnnuel
from .selectors.etats import Releve

GABARIT = Path(__file__).parent / "etat.typ"


def write_releve(
    personne: Personne, mois: date, releve: Releve, compte: CompteAnnuel, *, communaute: str, le: datetime
) -> bytes:
    """What a month brought to a person, and where their year stands against the cap."""
    cumul = compte.compte
    note = f"Cumul {cumul.plafond.annee} : {format_euros(cumul.total)} sur {format_euros(cumul.plafond.montant)}"
    note += " (plafond à confirmer)." if cumul.plafond.a_confirmer else "."
    return _write(
        f"Relevé de {MOIS[mois.month - 1]} {mois.year}",
        personne,
        [
            _table("Indemnités", _of(releve.declarations, Nature.INDEMNITE)),
            _table("Rémunérations", _of(releve.declarations, Nature.REMUNERATION)),
            _table("Notes de frais", releve.frais),
        ],
        note,
        communaute=communaute,
        le=le,
    )


def write_recapitulatif(personne: Personne, annee: int, releve: Releve, *, communaute: str, le: datetime) -> bytes:
    """What a calendar year brought to a person, by nature; paid and still due."""
    lignes: list[Declaration | Frais] = [*releve.declarations, *releve.frais]
    payees = [ligne for ligne in lignes if ligne.payee_le is not None]
    note = (
        f"Payé dans l’année ou depuis : {format_euros(_total(payees))}. Ce récapitulatif dit ce que la communauté a "
        "approuvé ; le régime fiscal et social dépend de votre situation."
    )
    return _write(
        f"Récapitulatif de l’année {annee}",
        personne,
        [
            _table("Indemnités", _of(releve.declarations, Nature.INDEMNITE)),
            _table("Rémunérations", _of(releve.declarations, Nature.REMUNERATION)),
            _table("Notes de frais", releve.frais),
        ],
        note,
        communaute=communaute,
        le=le,
    )


def write_attestation(
    personne: Personne, annee: int, participations: Iterable[Declaration], *, communaute: str, le: datetime
) -> bytes:
    """In what a person took part over a year: hours by mission, no amount."""
    lignes = list(participations)
    rangs = [[format_date(une.le), une.libelle, say_mission(une.mission), say_heures(une.heures)] for une in lignes]
    heures = sum((une.heures for une in lignes), Decimal(0))
    section = {
        "titre": "Participations",
        "entetes": ["Date", "Quoi", "Mission", "Durée"],
        "rangs": rangs,
        "total": f"{say_heures(heures)} en tout",
    }
    note = f"La communauté atteste que {personne} a pris part à ce qui précède."
    titre = f"Attestation de participation, année {annee}"
    return _write(titre, personne, [section], note, communaute=communaute, le=le)


def _of(declarations: Iterable[Declaration], nature: Nature) -> list[Declaration]:
    return [une for une in declarations if une.nature == nature]


def _total(lignes: Iterable[Declaration | Frais]) -> Decimal:
    return sum((une.montant for une in lignes), Decimal(0))


def _table(titre: str, lignes: Iterable[Declaration | Frais]) -> dict[str, Any]:
    lignes = list(lignes)
    return {
        "titre": titre,
        "entetes": ["Date", "Quoi", "Calcul", "Montant"],
        "rangs": [
            [
                format_date(une.le),
                une.libelle + (" (contre-passation)" if une.contrepasse_id else ""),
                say_calcul(une),
                format_euros(une.montant),
            ]
            for une in lignes
        ],
        "total": f"{format_euros(_total(lignes))} en tout",
    }


def _write(
    titre: str, personne: Personne, sections: list[dict[str, Any]], note: str, *, communaute: str, le: datetime
) -> bytes:
    vue = {
        "titre": titre,
        "personne": str(personne),
        "fonction": personne.fonction,
        "communaute": communaute,
        "date": format_date(le.date()),
        "sections": [section for section in sections if section["rangs"]],
        "note": note,
    }
    pdf: bytes = typst.compile(
        GABARIT.read_bytes(),
        sys_inputs={"donnees": json.dumps(vue, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(le.timestamp()),
    )
    return pdf
