"""Sealing a period: once, for ever, and detected when someone touches it."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fabriques.pilotage import create_acte, make_contrat_ald
from maillon.pilotage.arretes.models import Arrete
from maillon.pilotage.arretes.selectors import find_dernier, verify_arrete
from maillon.pilotage.arretes.services import freeze_periode
from maillon.pilotage.contrats.enums import EtatContrat
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import at
from maillon.socle.journal.models import Entree

APRES = datetime(2027, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def contrat(dans_cpts):
    contrat = make_contrat_ald(dans_cpts)
    create_acte(dans_cpts.pk, date(2026, 10, 5))
    return contrat


def freeze(contrat, numero=3, motif="Dialogue de gestion") -> Arrete:
    return freeze_periode(contrat=contrat, numero=numero, by=SYSTEME, motif=motif)


def test_a_running_year_is_sealed_until_today_and_a_past_one_for_good(contrat):
    arrete = freeze(contrat)
    assert (arrete.definitif, arrete.debut, arrete.fin) == (False, date(2025, 12, 22), date(2026, 11, 24))
    with at(APRES):
        final = freeze(contrat)
    assert (final.definitif, final.fin, final.remplace) == (True, date(2026, 12, 22), None)
    assert find_dernier(contrat.cpts_id, contrat.pk, 3) == final
    assert Entree.objects.get(objet_id=final.pk).details["empreinte"] == final.empreinte


def test_the_same_content_is_sealed_once(contrat):
    assert freeze(contrat) == freeze(contrat)
    assert Arrete.objects.count() == 1


def test_another_content_replaces_and_keeps_the_former(contrat, dans_cpts):
    premier = freeze(contrat)
    create_acte(dans_cpts.pk, date(2026, 11, 2))
    second = freeze(contrat)
    assert second.remplace == premier
    assert list(Arrete.objects.en_vigueur()) == [second]
    assert Arrete.objects.count() == 2


@pytest.mark.parametrize(("numero", "motif"), [(4, "x"), (0, "x"), (6, "x"), (3, "  ")])
def test_what_cannot_be_sealed_is_refused_with_a_sentence(contrat, numero, motif):
    with pytest.raises(SaisieInvalide):
        freeze(contrat, numero, motif)


def test_a_contract_in_preparation_is_not_sealed(contrat):
    contrat.etat = EtatContrat.BROUILLON
    with pytest.raises(SaisieInvalide):
        freeze(contrat)


# The database ------------------------------------------------------------------------------------------------------


def copy(arrete: Arrete, **autre) -> Arrete:
    champs = ("cpts_id", "contrat_id", "annee", "debut", "fin", "definitif", "motif", "contenu", "empreinte")
    return Arrete(**{champ: getattr(arrete, champ) for champ in champs} | autre)


def test_two_open_seals_of_one_period_are_refused(contrat):
    arrete = freeze(contrat)
    with pytest.raises(IntegrityError, match="arrete_un_seul_par_periode"), transaction.atomic():
        copy(arrete).save(force_insert=True)


def test_two_seals_cannot_replace_the_same_one(contrat):
    arrete = freeze(contrat)
    copy(arrete, remplace=arrete).save(force_insert=True)
    with pytest.raises(IntegrityError, match="remplace_id"), transaction.atomic():
        copy(arrete, remplace=arrete).save(force_insert=True)


def test_a_seal_cannot_replace_one_of_another_period(contrat):
    """Otherwise a second chain of a period would begin by replacing the seal of another."""
    arrete = freeze(contrat)
    with pytest.raises(IntegrityError, match="arrete_remplace_sa_periode"), transaction.atomic():
        copy(arrete, fin=date(2026, 11, 25), remplace=arrete).save(force_insert=True)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE arretes_arrete SET motif = 'autre'",
        "DELETE FROM arretes_arrete",
        "TRUNCATE arretes_arrete CASCADE",
    ],
)
def test_the_runtime_role_cannot_touch_a_seal(contrat, sql):
    freeze(contrat)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(sql)


# Tampering ---------------------------------------------------------------------------------------------------------


def test_a_seal_as_it_was_is_intact(contrat):
    assert verify_arrete(Arrete.objects.get(pk=freeze(contrat).pk)).intact


def test_a_changed_content_is_detected(contrat):
    arrete = Arrete.objects.get(pk=freeze(contrat).pk)
    arrete.contenu["chiffres"]["montants"]["constate"] = "9000.00"
    assert "modifié hors de Maillon" in verify_arrete(arrete).anomalie


def test_a_content_changed_with_its_hash_is_detected_by_the_journal(contrat):
    arrete = Arrete.objects.get(pk=freeze(contrat).pk)
    arrete.contenu["chiffres"]["montants"]["constate"] = "9000.00"
    arrete.empreinte = verify_arrete(arrete).recalculee
    assert "réécrit hors de Maillon" in verify_arrete(arrete).anomalie


def test_a_seal_added_by_hand_is_detected(contrat):
    ajoute = copy(freeze(contrat), fin=date(2026, 11, 20))
    ajoute.save(force_insert=True)
    assert "ajouté hors de Maillon" in verify_arrete(ajoute).anomalie
