"""Two people name labels at once: what the first said of the source stays."""

import pytest

from fabriques.course import run_behind
from fabriques.droits import make_cpts
from maillon.pilotage.importations.models import Correspondance, Importation
from maillon.pilotage.importations.services import choose_libelles, create_correspondance, deposit_fichier
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

pytestmark = pytest.mark.commits
CONTENU = b"CPTS;Indicateur;Date;Valeur\nCPTS du Gier;ALD;30/09/2026;98\n"


@pytest.fixture
def source(settings, tmp_path) -> Correspondance:
    settings.MEDIA_ROOT = str(tmp_path)
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        return create_correspondance(
            cpts_id=cpts.pk, nom="Tableau de bord", organisme="assurance_maladie", certificateur="CPAM", by=SYSTEME
        )


def deposit(source: Correspondance, suffixe: str = "") -> Importation:
    with use_cpts(source.cpts_id):
        return deposit_fichier(
            correspondance=source, nom=f"suivi{suffixe}.csv", contenu=CONTENU + suffixe.encode(), by=SYSTEME
        )


def name_at_once(source: Correspondance, une: Importation, autre: Importation) -> dict[str, str]:
    issue = run_behind(
        source.cpts_id,
        lambda: choose_libelles(importation=une, libelles={"ALD": "ald"}, by=SYSTEME),
        lambda: choose_libelles(importation=autre, libelles={"Annuaire": "annuaire"}, by=SYSTEME),
    )
    assert isinstance(issue, Importation), issue
    with use_cpts(source.cpts_id):
        return Correspondance.objects.get(pk=source.pk).libelles


def test_labels_of_one_file(source: Correspondance) -> None:
    importation = deposit(source)
    assert name_at_once(source, importation, importation) == {"ald": "ald", "annuaire": "annuaire"}


def test_labels_of_two_files_of_one_source(source: Correspondance) -> None:
    assert name_at_once(source, deposit(source), deposit(source, "x")) == {"ald": "ald", "annuaire": "annuaire"}
