"""Rules are also tested alone, without Django (`pytest tests/regles`): the profile of tests/conftest.py, again."""

import os

from hypothesis import settings

settings.register_profile("maillon", deadline=None, database=None, derandomize="CI" in os.environ)
settings.load_profile("maillon")
