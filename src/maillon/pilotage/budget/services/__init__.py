"""Everything that writes the budget. Each is atomic, names its author and is journalled."""

from .cadre import (
    add_ligne,
    change_ligne,
    record_reaffectation,
    record_solde,
    remove_ligne,
    save_compte,
    save_reglages,
)
from .imports import apply_import, drop_import, match_colonnes, prepare_import
from .operations import (
    approve_operation,
    attach_piece,
    cancel_operation,
    change_operation,
    create_operation,
    pay_operation,
    refuse_operation,
    restore_operation,
    reverse_operation,
)
from .series import create_serie, stop_serie

__all__ = [
    "add_ligne",
    "apply_import",
    "approve_operation",
    "attach_piece",
    "cancel_operation",
    "change_ligne",
    "change_operation",
    "create_operation",
    "create_serie",
    "drop_import",
    "match_colonnes",
    "pay_operation",
    "prepare_import",
    "record_reaffectation",
    "record_solde",
    "refuse_operation",
    "remove_ligne",
    "restore_operation",
    "reverse_operation",
    "save_compte",
    "save_reglages",
    "stop_serie",
]
