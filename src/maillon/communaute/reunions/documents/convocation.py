"""The convocation on paper: what the statutes ask to be sent, and the proxy to sign and hand over."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import typst

from maillon.socle.horloge import now
from maillon.socle.ui.typographie import INSECABLE, compter, format_date, format_date_heure, format_duree, format_heure

from ..models import Convocation, Reunion

AVEC_ANNEE = date.min  # a document is read for years: its dates always say theirs
GABARIT = Path(__file__).parent / "convocation.typ"


def write_convocation_pdf(reunion: Reunion, convocation: Convocation, *, votants: int) -> bytes:
    """A tagged PDF (PDF/UA-1), dated by the convocation."""
    le = convocation.le
    pdf: bytes = typst.compile(
        GABARIT.read_bytes(),
        sys_inputs={"donnees": json.dumps(_view(reunion, convocation, votants), ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int((le or now()).timestamp()),
    )
    return pdf


def _view(reunion: Reunion, convocation: Convocation, votants: int) -> dict[str, Any]:
    assert reunion.debut is not None
    assert reunion.fin is not None
    points = [
        {
            "titre": point.titre,
            "texte": point.texte,
            "qui": ", ".join(filter(None, [point.orateur, format_duree(point.minutes) if point.minutes else ""])),
        }
        for point in reunion.points.all()
    ]
    return {
        "cpts": reunion.cpts.nom,
        "contact": " – ".join(filter(None, [reunion.cpts.courriel, reunion.cpts.telephone])),
        "genre": "Convocation" if votants else "Invitation",
        "type": reunion.get_type_display(),
        "titre": reunion.titre,
        "quand": f"{format_date_heure(reunion.debut, today=AVEC_ANNEE)} à {format_heure(reunion.fin)}",
        "lieu": reunion.lieu,
        "visio": reunion.visio,
        "seconde": reunion.seconde,
        "motif": convocation.motif_delai,
        "points": points,
        "regles": _say_regles(convocation, votants),
        "pouvoir": bool(votants and convocation.pouvoirs_max),
        "envoyee": format_date(convocation.le, today=AVEC_ANNEE, jour=False),
        "signataire": str(reunion.organisateur) if reunion.organisateur else "",
    }


def _say_regles(convocation: Convocation, votants: int) -> list[str]:
    """What the reader must know of the vote, in sentences."""
    if not votants:
        return []
    dit = [f"{compter(votants, 'personne a', 'personnes ont')} une voix à cette réunion."]
    if convocation.has_quorum:
        requis = -(-votants * convocation.quorum_numerateur // convocation.quorum_denominateur)
        dit.append(f"Quorum{INSECABLE}: {requis} voix présentes ou représentées.")
    else:
        dit.append("Cette réunion délibère sans quorum.")
    if convocation.pouvoirs_max:
        dit.append(
            f"Si vous ne venez pas, vous pouvez donner pouvoir à une personne convoquée ; chacune en porte "
            f"{convocation.pouvoirs_max} au plus. Venir fait tomber le pouvoir que vous avez donné."
        )
    return dit
