"""What changes on the word of the SAS, and what the SAS is told."""

from .envois import follow_rendez_vous, resend
from .regulateurs import RegulateurEcrit, create_regulateur, update_regulateur

__all__ = ["RegulateurEcrit", "create_regulateur", "follow_rendez_vous", "resend", "update_regulateur"]
