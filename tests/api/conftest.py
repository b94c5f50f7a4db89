"""The platform of the SAS, let in."""

import pytest
from django.test import Client

from fabriques.sas import configure, make_sas


@pytest.fixture
def sas(db, settings) -> Client:
    configure(settings)
    return make_sas()
