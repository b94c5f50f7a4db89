"""Pages of the membership."""
