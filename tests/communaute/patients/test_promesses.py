"""What the grants refuse, they are the ones to refuse it: the same question by the owner, as control."""

import psycopg
import pytest

from fabriques.droits import make_cpts
from fabriques.patients import make_patient
from maillon.socle.contexte import use_cpts


@pytest.mark.commits
def test_owner_reads_columns_as_control(clone_base) -> None:
    """The refusal above is the grant's doing: the owner of the tables does see the encrypted columns."""
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        make_patient(cpts)
    with psycopg.connect(clone_base.url_proprietaire) as owner:
        rows = owner.execute("SELECT nom FROM patients_identite").fetchall()
    assert len(rows) == 1
    assert b"Martin" not in bytes(rows[0][0])
