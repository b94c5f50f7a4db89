"""The form on paper: the same questions as on the screen, with the notice; handed at a counter, typed by the desk."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.territoire.models import Commune
from maillon.socle.cpts.models import Cpts
from maillon.socle.ui.typographie import format_telephone

from ..forms.champs import BESOINS_MOI

ICI = Path(__file__).parent


def build_papier(cpts: Cpts, communes: Sequence[Commune]) -> dict[str, Any]:
    """What the sheet says."""
    return {
        "communaute": cpts.nom,
        "telephone": format_telephone(cpts.telephone) if cpts.telephone else "",
        "courriel": cpts.courriel,
        "communes": ", ".join(commune.nom for commune in communes),
        "besoins": [phrase for _, phrase in BESOINS_MOI],
        "notice": NOTICE_VERSION,
        "dpo": settings.MAILLON_DPO,
        "mois": settings.MAILLON_CONSERVATION_PATIENTS_MOIS,
        "fictive": cpts.fictive,
    }


def write_papier(cpts: Cpts, communes: Sequence[Commune], *, on: date) -> bytes:
    """PDF/UA-1, set by typst; the data go as JSON, never as markup."""
    pdf: bytes = typst.compile(
        ICI / "papier.typ",
        root=ICI,
        sys_inputs={"donnees": json.dumps(build_papier(cpts, communes), ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(on.strftime("%s")),
    )
    return pdf
