"""Preparing, transmitting, discussing, deciding and closing a dialogue de gestion."""

from .avis import accept_mission, answer_avis, give_avis
from .cloture import close_dialogue
from .dialogues import (
    hold_dialogue,
    open_dialogue,
    plan_dialogue,
    reopen_dialogue,
    transmit_dialogue,
    withdraw_dialogue,
    write_note,
)
from .suites import add_decision, mark_decision, remove_decision, sign_compte_rendu, write_compte_rendu

__all__ = [
    "accept_mission",
    "add_decision",
    "answer_avis",
    "close_dialogue",
    "give_avis",
    "hold_dialogue",
    "mark_decision",
    "open_dialogue",
    "plan_dialogue",
    "remove_decision",
    "reopen_dialogue",
    "sign_compte_rendu",
    "transmit_dialogue",
    "withdraw_dialogue",
    "write_compte_rendu",
    "write_note",
]
