"""People with whom a community works, and their groups."""
