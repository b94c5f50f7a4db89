"""The steps of the guided entry. Each form is read from the draft, complete or not: what is wrong is said in place."""

from .indicateurs import LignesForm, read_collage
from .passe import ResultatsForm, VersementsForm
from .termes import MissionsForm, TermesForm

__all__ = ["LignesForm", "MissionsForm", "ResultatsForm", "TermesForm", "VersementsForm", "read_collage"]
