"""Rules are tested without Django, and the same way each time."""

from hypothesis import settings

settings.register_profile("regles", database=None, deadline=None, derandomize=True)
settings.load_profile("regles")
