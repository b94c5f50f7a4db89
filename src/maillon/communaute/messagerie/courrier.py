"""A letter typed about a patient, set as a tagged PDF (PDF/UA-1). The data go as JSON, never as markup."""

import json
from datetime import datetime
from pathlib import Path

import typst

from maillon.communaute.patients.identites import IdentiteLue
from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import Cpts
from maillon.socle.ui.typographie import local_day

ICI = Path(__file__).parent


def write_courrier(
    *, cpts: Cpts, auteur: Personne, identite: IdentiteLue, titre: str, texte: str, le: datetime
) -> bytes:
    """The letter: who writes, about whom, the words."""
    naissance = f"né(e) le {identite.naissance:%d/%m/%Y}" if identite.naissance else ""
    vue = {
        "communaute": cpts.nom,
        "telephone": cpts.telephone,
        "date": f"Le {local_day(le):%d/%m/%Y}",
        "patient": ", ".join(part for part in (identite.nom_complet, naissance) if part),
        "titre": titre,
        "paragraphes": [part.strip() for part in texte.replace("\r\n", "\n").split("\n\n") if part.strip()],
        "auteur": str(auteur),
        "fonction": auteur.fonction,
    }
    pdf: bytes = typst.compile(
        ICI / "courrier.typ",
        root=ICI,
        sys_inputs={"donnees": json.dumps(vue, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(le.timestamp()),
    )
    return pdf
