"""What the duties of a roster go beyond."""

from datetime import datetime

from maillon.regles.gardes import Faute, check

from ..models import Tableau
from .probleme import build_probleme, list_affectations


def list_fautes(tableau: Tableau, moment: datetime) -> list[Faute]:
    """The rules broken by who is placed now, knowingly or because another roster was published since; what is over is
    left out. Constant queries."""
    probleme = build_probleme(tableau)
    return [
        faute
        for faute in check(probleme, list_affectations(tableau)).fautes
        if faute.personnes and any(probleme.par_poste[poste].fin > moment for poste in faute.postes)
    ]
