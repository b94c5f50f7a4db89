"""What the state of things does not allow: the same refusal as that of the calls by which doctors are asked."""

from maillon.communaute.sollicitations.models import ActionRefusee

__all__ = ["ActionRefusee"]
