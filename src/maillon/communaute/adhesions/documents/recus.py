"""The receipt of a payment as a tagged PDF: the same payment gives the same bytes."""

import json
from pathlib import Path
from typing import Any

import typst

from maillon.socle.cpts.models import Cpts
from maillon.socle.ui.typographie import format_date, format_euros, local_day

from ..models import Reglement

ICI = Path(__file__).parent


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
        "emis_le": format_date(local_day(reglement.emis_le), jour=False),
        "annule": reglement.annule_le is not None,
        "annule_le": format_date(reglement.annule_le, jour=False) if reglement.annule_le else "",
        "fictive": cpts.fictive,
        "faits": [
            ["Cotisation", f"année {reglement.cotisation.campagne.annee}"],
            ["Collège", reglement.libelle_college],
            ["Montant", montant],
            ["Reçu le", format_date(reglement.recu_le, jour=False)],
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
