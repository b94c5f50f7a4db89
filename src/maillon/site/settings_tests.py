"""Settings of the tests: the same as everywhere, on the tests' own cluster, with a hash that is quick to compute.

The cluster is only addressed here; it is started when a test asks for the database (tests/conftest.py). To run the
tests on another server, give ``MAILLON_TESTS_DATABASE_URL`` and ``MAILLON_TESTS_DATABASE_URL_PROPRIETAIRE``.
"""

import os

from maillon.site import environnement

for nom in ("DATABASE_URL", "DATABASE_URL_PROPRIETAIRE"):
    os.environ.pop(nom, None)
    if adresse := os.environ.get(f"MAILLON_TESTS_{nom}"):
        os.environ[nom] = adresse
os.environ["MAILLON_MODE"] = "tests"
environnement.prepare()

from maillon.site.settings import *  # noqa: E402, F403 - they read the environment prepared above

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
