"""The receipt of a payment as a tagged PDF: the same payment gives the same bytes."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import typst

from maillon.socle.cpts.models import Cpts
from maillon.socle.ui.typographie import format_date, format_euros, local_day

from ..models import Reglement

ICI = Path(__file__).parent


def write_day(day: date) -> str:
    """« 2 mars 2026 »: always with its year, whatever the year when the receipt is read."""
    return format_date(day, today=date.min, jour=False)


def build_recu(reglement: Reglement, cpts: Cpts) -> dict[str, Any]:
    """What the receipt says."""
    montant = format_euros(reglement.montant)
    return {
        "communaute": cpts.nom,
        "coordonnees": " · ".join(filter(None, [cpts.courriel, cpts.telephone])),
        "reference": reglement.reference,
        "payeur": reglement.payeur,
        "montant": montant,
        "annee": str(reglement.cotisation.campagne.annee),
        "emis_le": write_day(local_day(reglement.emis_le)),
        "annule": reglement.annule_le is not None,
        "annule_le": write_day(reglement.annule_le) if reglement.annule_le else "",
        "fictive": cpts.fictive,
        "faits": [
            ["Cotisation", f"année {reglement.cotisation.campagne.annee}"],
            ["Collège", reglement.libelle_college],
            ["Montant", montant],
            ["Reçu le", write_day(reglement.recu_le)],
            ["Moyen de paiement", reglement.get_mode_display()],
        ],
    }


def write_recu(reglement: Reglement, cpts: Cpts) -> bytes:
    """PDF/UA-1, set by typst; the data go as JSON, never as markup."""
    pdf: bytes = typst.compile(
        ICI / "recu.typ",
        root=ICI,
        sys_inputs={"donnees": json.dumps(build_recu(reglement, cpts), ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(reglement.emis_le.timestamp()),
    )
    return pdf
