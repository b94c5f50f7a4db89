"""Locking a dialogue and moving it along the one table of transitions."""

from typing import Any
from uuid import UUID

from maillon.regles.erreurs import SaisieInvalide

from ..enums import TRANSITIONS, Etat
from ..models import Dialogue


class EtatRefuse(SaisieInvalide):
    """The dialogue is no longer in a state that allows this: a page opened before somebody else acted."""


def lock_dialogue(pk: UUID) -> Dialogue:
    """The dialogue, locked until the end of the transaction: one change at a time."""
    return Dialogue.objects.select_for_update(of=("self",)).select_related("contrat", "cpts").get(pk=pk)


def move(dialogue: Dialogue, etat: Etat, **champs: Any) -> Dialogue:
    """Change the state of a locked dialogue, with these fields. Raises EtatRefuse outside the table."""
    if etat not in TRANSITIONS[Etat(dialogue.etat)]:
        raise EtatRefuse(
            f"Ce dialogue est {dialogue.get_etat_display()} : il ne peut pas devenir « {etat.label} ». "
            "Rechargez la page pour voir où il en est."
        )
    dialogue.etat = etat
    for nom, valeur in champs.items():
        setattr(dialogue, nom, valeur)
    dialogue.save(update_fields=["etat", *champs])
    return dialogue


def check_etat(dialogue: Dialogue, *etats: Etat) -> None:
    """Raise EtatRefuse unless the dialogue is in one of these states."""
    if dialogue.etat not in etats:
        raise EtatRefuse(
            f"Ce dialogue est {dialogue.get_etat_display()} : ce changement n’y est plus possible. "
            "Rechargez la page pour voir où il en est."
        )
