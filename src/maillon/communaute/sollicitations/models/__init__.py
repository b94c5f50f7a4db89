"""Calls, their solicitations, and the absences of professionals."""

from .absences import Absence
from .appels import Appel
from .refus import ActionRefusee
from .sollicitations import Sollicitation, SollicitationQuerySet

__all__ = ["Absence", "ActionRefusee", "Appel", "Sollicitation", "SollicitationQuerySet"]
