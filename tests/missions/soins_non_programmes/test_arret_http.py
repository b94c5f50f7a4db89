"""Bookings by the pages while a web process, the job worker, or PostgreSQL whole is killed (-9), on a cluster with
fsync. What anybody was told stands, once; every message left, or shows that nobody knows. With its negative control."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bases import Bases
from fabriques.destinataires import Destinataires, receiving
from fabriques.epreuve import GESTES, Epreuve, make_epreuve
from fabriques.installation import Installation, installed

# The guardian of the cluster gives up after five restarts in a row: PostgreSQL is killed four times in this module.
ARRETS, CRENEAUX = 2, 400


@pytest.fixture(scope="module")
def service(bases: Bases, django_db_setup, django_db_blocker) -> Iterator[tuple[Installation, Destinataires]]:
    """The service on its own cluster, for this module; who receives what it sends."""
    with (
        django_db_blocker.unblock(),
        receiving() as recus,
        installed(bases.modele) as installation,
        installation.run(recus.environ),
    ):
        yield installation, recus


@pytest.fixture
def epreuve(service: tuple[Installation, Destinataires], tmp_path: Path) -> Epreuve:
    return make_epreuve(*service, tmp_path / "registre", creneaux=CRENEAUX)


@pytest.mark.parametrize("quoi", list(GESTES))
def test_nothing_told_is_lost_and_every_message_has_an_end(epreuve: Epreuve, quoi: str) -> None:
    dits = epreuve.book_during(GESTES[quoi](epreuve.installation), arrets=ARRETS)
    assert len([dit for dit in dits if dit.quoi == "confirme"]) > ARRETS
    assert not [issue for issue in epreuve.reserveurs.issues if issue.startswith(("abandon", "confirmer"))]
    assert "erreur 500" not in epreuve.reserveurs.issues, "a service that restarts says so (503)"
    assert epreuve.find_lost(dits) == []
    epreuve.check_once()
    epreuve.settle()
    epreuve.check_messages()


def test_control_told_before_it_is_on_the_disk(epreuve: Epreuve) -> None:
    """The same, with commits acknowledged before they are written: the ledger sees what is lost."""
    epreuve.installation.set_durable(False)
    try:
        dits = epreuve.book_during(GESTES["PostgreSQL"](epreuve.installation), arrets=ARRETS)
    finally:
        epreuve.installation.set_durable(True)
    assert epreuve.find_lost(dits), "told, and gone"
