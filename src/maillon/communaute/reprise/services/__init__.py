"""Lists taken over, from their deposit to their undoing, and people merged."""

from .application import apply_reprise, ask_annulation, ask_application, undo_reprise
from .depot import abandon_reprise, choose_colonnes, decide_lignes, deposit_liste, run_examen
from .etats import RepriseRefusee, fail_reprise
from .fusions import FusionRefusee, distinguish, merge_personnes, undo_fusion

__all__ = [
    "FusionRefusee",
    "RepriseRefusee",
    "abandon_reprise",
    "apply_reprise",
    "ask_annulation",
    "ask_application",
    "choose_colonnes",
    "decide_lignes",
    "deposit_liste",
    "distinguish",
    "fail_reprise",
    "merge_personnes",
    "run_examen",
    "undo_fusion",
    "undo_reprise",
]
