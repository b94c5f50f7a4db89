"""Tagged PDF (PDF/UA-1), set by typst. The data go as JSON, never as markup."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

ICI = Path(__file__).parent


def write_pdf(gabarit: str, vue: dict[str, Any], *, le: datetime) -> bytes:
    """The document `gabarit` (feuille, presences, compte_rendu). The same matter and date give the same bytes."""
    pdf: bytes = typst.compile(
        ICI / f"{gabarit}.typ",
        root=ICI,
        sys_inputs={"donnees": json.dumps(vue, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(le.timestamp()),
    )
    return pdf
