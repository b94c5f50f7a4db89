"""Errors of the rules: each carries one French sentence that can be shown to a person as it is."""

from __future__ import annotations


class ErreurRegle(ValueError):
    """A rule refuses; ``str(erreur)`` is a French sentence that says what happened and what to do."""


class LectureImpossible(ErreurRegle):
    """A YAML or JSON text cannot be read."""


class ParametreInvalide(ErreurRegle):
    """A parameter file breaks the format: no reference, no unit, unknown statut…"""


class ParametreAbsent(ErreurRegle):
    """No value of a parameter is in force at the date asked for."""


class SaisieInvalide(ErreurRegle):
    """A fact given to a rule is impossible: negative population, unknown mission, date out of the contract…"""


class BaremeIncomplet(ErreurRegle):
    """The published scale does not say what is asked, and guessing is refused."""


class DefinitionContradictoire(ErreurRegle):
    """A definition disagrees with itself; ``problemes`` holds one French sentence a contradiction."""

    def __init__(self, problemes: tuple[str, ...]) -> None:
        super().__init__(" ".join(problemes))
        self.problemes = problemes
