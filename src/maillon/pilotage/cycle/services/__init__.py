"""Recording what happens to a community, and publishing its deadlines."""

from .association import record_numeros
from .jalons import cancel_jalon, correct_jalon, record_jalon
from .suivi import refresh_suivi, request_suivi

__all__ = ["cancel_jalon", "correct_jalon", "record_jalon", "record_numeros", "refresh_suivi", "request_suivi"]
