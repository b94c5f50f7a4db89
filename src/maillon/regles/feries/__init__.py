"""Public holidays of a zone: one table, for slots as for rosters. See docs/algorithmes/horaires.md."""

from maillon.regles.feries.calendrier import compute_feries, compute_jours_feries, compute_paques, find_zone, list_zones

__all__ = ["compute_feries", "compute_jours_feries", "compute_paques", "find_zone", "list_zones"]
