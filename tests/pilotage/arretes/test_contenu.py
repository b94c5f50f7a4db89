"""The sealed content: what it holds, in which form, and what it must never hold."""

import hashlib
import json
from datetime import date

import pytest

from fabriques.pilotage import create_acte, make_contrat_ald
from maillon.pilotage.arretes.contenu import build_contenu, compute_empreinte, serialise
from maillon.pilotage.contrats.services import attach_preuve
from maillon.socle.droits.acteur import SYSTEME

AUJOURD_HUI = date(2026, 11, 24)


@pytest.fixture
def contrat(dans_cpts):
    contrat = make_contrat_ald(dans_cpts)
    for commune, nombre in (("Saint-Étienne", 14), ("Planfoy", 3)):
        for _ in range(nombre):
            create_acte(dans_cpts.pk, date(2026, 10, 5), commune=commune)
    return contrat


def test_the_content_gives_figures_acts_and_documents(contrat):
    indicateur = contrat.indicateurs.get(code="annuaire")
    attach_preuve(
        indicateur=indicateur, libelle="Annuaire", le=date(2026, 10, 1), nom="a.txt", contenu=b"liste", by=SYSTEME
    )
    contenu = build_contenu(contrat, 3, on=AUJOURD_HUI)
    ald = str(contrat.indicateurs.get(code="ald").pk)
    assert contenu["version"] == 1
    assert contenu["au"] == "2026-11-24"
    assert contenu["chiffres"]["montants"]["constate"] == "3000.00"
    assert len(contenu["actes"][ald]) == 17
    assert {acte["commune"] for acte in contenu["actes"][ald]} == {""}  # three acts in Planfoy: neither is shown
    assert contenu["preuves"] == [
        {
            "indicateur": str(indicateur.pk),
            "pour": "indicateur",
            "acte": "",
            "libelle": "Annuaire",
            "genre": "autre",
            "le": "2026-10-01",
            "empreinte": hashlib.sha256(b"liste").hexdigest(),
            "nominative": False,
            "version": 1,
        }
    ]


def test_anyone_computes_the_hash_again(contrat):
    contenu = build_contenu(contrat, 3, on=AUJOURD_HUI)
    brut = serialise(contenu)
    relu = json.loads(brut)
    assert json.dumps(relu, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() == brut
    assert hashlib.sha256(brut).hexdigest() == compute_empreinte(relu) == compute_empreinte(contenu)


def test_the_same_year_gives_the_same_bytes(contrat):
    assert serialise(build_contenu(contrat, 3, on=AUJOURD_HUI)) == serialise(build_contenu(contrat, 3, on=AUJOURD_HUI))
