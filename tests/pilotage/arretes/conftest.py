import pytest


@pytest.fixture(autouse=True)
def _declarations(un_declare):
    """Every test here has the same figure fed by acts."""
