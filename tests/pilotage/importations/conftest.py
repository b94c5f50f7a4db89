from decimal import Decimal

import pytest

from fabriques.droits import make_cpts
from fabriques.pilotage import DonneesContratFabrique, DonneesIndicateurFabrique, palier
from maillon.pilotage.contrats import actes
from maillon.pilotage.contrats.donnees import DonneesMission
from maillon.pilotage.contrats.services import create_contrat
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME


@pytest.fixture(autouse=True)
def _declarations(monkeypatch):
    """No figure fed by acts is installed: the tests do not depend on which missions are."""
    monkeypatch.setattr(actes, "collect", lambda kind: iter(()))


@pytest.fixture
def contrat(db):
    """A contract of two missions: ALD and an e-directory; breast screening by the Assurance Maladie, participants."""
    cpts = make_cpts(nom="CPTS du Gier", slug="gier")
    with use_cpts(cpts.pk):
        yield create_contrat(
            cpts_id=cpts.pk,
            donnees=DonneesContratFabrique(
                missions=[DonneesMission(code="acces"), DonneesMission(code="prevention", variable=Decimal(17500))],
                indicateurs=[
                    DonneesIndicateurFabrique(ald=True),
                    DonneesIndicateurFabrique(code="annuaire", paliers=[palier(1, 26000)]),
                    DonneesIndicateurFabrique(depistage=True, certificateur="Assurance Maladie (statistiques)"),
                    DonneesIndicateurFabrique(
                        participants=True, certificateur="ARS", paliers=[palier(10, 2000), palier(20, 14000)]
                    ),
                ],
            ),
            by=SYSTEME,
        )
