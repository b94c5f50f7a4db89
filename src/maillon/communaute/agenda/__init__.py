"""The shared calendar and its feeds."""
