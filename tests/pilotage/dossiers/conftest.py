from datetime import date

import pytest

from fabriques.dossiers import join_documents
from fabriques.pilotage import create_acte, make_contrat_ald


@pytest.fixture(autouse=True)
def _declarations(un_declare):
    """Every test here has the same figure fed by acts."""


@pytest.fixture
def contrat(dans_cpts):
    """Year 3 of a contract fed by four acts; documents: given, nominative, of one act, of a value."""
    contrat = make_contrat_ald(dans_cpts)
    actes_crees = [create_acte(dans_cpts.pk, date(2026, 10, 1), jours=jour) for jour in range(4)]
    join_documents(contrat, actes_crees[0])
    return contrat
