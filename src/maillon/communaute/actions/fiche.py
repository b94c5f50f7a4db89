"""A fiche-action on one page, as it is handed to the CPAM: no person is named."""

import json
from datetime import datetime
from pathlib import Path

import typst
from django.utils.text import Truncator

from maillon.socle.ui.typographie import compter, format_date, format_euros

from .models import Action
from .presentation import build_chiffres, build_faits
from .selectors import Rattaches

GABARIT = Path(__file__).parent / "fiche.typ"
ELEMENTS_MAX = 12
ETAPES_MAX = 10
OBJECTIF_MAX = 900


def write_fiche(action: Action, rattaches: list[Rattaches], *, libelles: dict[str, str], le: datetime) -> bytes:
    """Tagged PDF (PDF/UA-1); the data go as JSON, never as markup. The same matter gives the same bytes: `le` dates
    it."""
    pdf: bytes = typst.compile(
        GABARIT.read_bytes(),
        sys_inputs={"donnees": json.dumps(_build_vue(action, rattaches, libelles, le), ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(le.timestamp()),
    )
    return pdf


def _build_vue(action: Action, rattaches: list[Rattaches], libelles: dict[str, str], le: datetime) -> dict[str, object]:
    """Whoever leads is said by their function; titles and details of what hangs on the action by kind and day."""
    fonction = getattr(action.responsable, "fonction", "") or ("désigné" if action.responsable else "à désigner")
    faits = [
        (fait.libelle, fonction if fait.libelle == "Responsable" else str(fait.valeur))
        for fait in build_faits(action, libelles)
    ]
    etapes = action.etapes_prevues  # type: ignore[attr-defined]
    elements = sorted(((e.le, r.libelle, e.montant) for r in rattaches for e in r.elements), key=lambda e: e[0])
    return {
        "communaute": action.cpts.nom,
        "titre": action.titre,
        "etat": action.get_etat_display(),
        "objectif": Truncator(action.objectif).chars(OBJECTIF_MAX),
        "faits": faits,
        "chiffres": [(c.libelle, f"{c.texte}{f' {c.unite}' if c.unite else ''}", c.cible)
                     for c in build_chiffres(action, rattaches)],
        "etapes": [
            (
                format_date(e.echeance, jour=False),
                e.libelle,
                f"faite le {format_date(e.faite_le, jour=False)}" if e.faite_le else "à faire",
            )
            for e in etapes[:ETAPES_MAX]
        ],
        "elements": [
            (format_date(jour, jour=False), genre, format_euros(montant) if montant is not None else "")
            for jour, genre, montant in elements[-ELEMENTS_MAX:]
        ],
        "reste": _say_reste(len(etapes) - ETAPES_MAX, len(elements) - ELEMENTS_MAX),
        "date": format_date(le, jour=False),
    }  # fmt: skip


def _say_reste(etapes: int, elements: int) -> str:
    """What does not fit on one page is counted."""
    suites = [compter(etapes, "autre étape", "autres étapes")] if etapes > 0 else []
    suites += [compter(elements, "élément plus ancien", "éléments plus anciens")] if elements > 0 else []
    return f"Et aussi\u00a0: {', '.join(suites)}." if suites else ""
