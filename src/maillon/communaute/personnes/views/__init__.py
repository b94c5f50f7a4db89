"""Pages of people and groups."""
