"""The database keeps what the models declare: every tenant model against the catalogue."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DataError, ProgrammingError, connection, transaction

from fabriques.droits import make_cpts
from maillon.socle import promesses
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.journal.models import Ecriture, Entree
from maillon.socle.journal.services import record

pytestmark = pytest.mark.django_db
MODELES = sorted(promesses.tenant_models(), key=lambda model: model._meta.label)


def ask(query: str, arguments: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return cursor.fetchall()


def test_runtime_role_is_bound() -> None:
    [(name, superuser, bypass)] = ask(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user", []
    )
    assert (name, superuser, bypass) == (settings.DATABASES["default"]["USER"], False, False)


@pytest.mark.parametrize("model", MODELES, ids=lambda model: model._meta.label)
def test_row_level_security(model: type[ModeleCpts]) -> None:
    table = model._meta.db_table
    [(secured, owner_is_runtime)] = ask(
        "SELECT relrowsecurity, pg_get_userbyid(relowner) = current_user FROM pg_class WHERE oid = %s::regclass",
        [table],
    )
    assert secured
    assert not owner_is_runtime
    assert ask("SELECT 1 FROM pg_policies WHERE tablename = %s AND policyname = 'maillon_cpts'", [table])


@pytest.mark.parametrize("model", MODELES, ids=lambda model: model._meta.label)
def test_grants(model: type[ModeleCpts]) -> None:
    table = model._meta.db_table
    rights = {
        right: ask("SELECT has_table_privilege(%s, %s)", [table, right])[0][0]
        for right in ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "SELECT")
    }
    changes = not model.ajout_seul
    assert rights == {
        "INSERT": True,
        "UPDATE": changes,
        "DELETE": changes,
        "TRUNCATE": False,
        "TRIGGER": False,
        "SELECT": not model.colonnes_lisibles,
    }
    readable = {
        field.column
        for field in model._meta.concrete_fields
        if ask("SELECT has_column_privilege(%s, %s, 'SELECT')", [table, field.column])[0][0]
    }
    everything = {field.column for field in model._meta.concrete_fields}
    assert readable == (set(model.colonnes_lisibles) or everything)


@pytest.mark.parametrize("model", MODELES, ids=lambda model: model._meta.label)
def test_history_trigger(model: type[ModeleCpts]) -> None:
    found = ask(
        "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'maillon_journal'", [model._meta.db_table]
    )
    assert bool(found) == (model.suivi and not model.ajout_seul)


def test_no_tenant_column_outside_the_base_class() -> None:
    """A table with `cpts_id` and without row level security is one that was forgotten, or is listed here."""
    national = {"droits_lien", "structures_structure"}
    forgotten = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if any(field.column == "cpts_id" for field in model._meta.concrete_fields) and not issubclass(model, ModeleCpts)
    }
    assert forgotten <= national


def test_rows_stay_in_their_community() -> None:
    here, there = make_cpts(), make_cpts()
    with use_cpts(here.pk):
        record("essai.fait", here, by=SYSTEME, cpts_id=here.pk)
        assert Entree.objects.count() == 1
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            record("essai.fait", there, by=SYSTEME, cpts_id=there.pk)
    with use_cpts(there.pk):
        assert not Entree.objects.exists()
    assert not Entree.objects.exists()  # outside of any community


def test_unreadable_community_is_an_error_not_everything() -> None:
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        record("essai.fait", cpts, by=SYSTEME, cpts_id=cpts.pk)
    ask("SELECT set_config('maillon.cpts_id', 'tout', true)", [])
    with pytest.raises(DataError), transaction.atomic():
        ask("SELECT count(*) FROM journal_entree", [])


def test_history_sees_bulk_writes_and_keeps_chosen_values() -> None:
    from fabriques.patients import make_patient
    from maillon.communaute.patients.models import Patient

    cpts = make_cpts()
    with use_cpts(cpts.pk, acteur="membre:coordination"):
        patient = make_patient(cpts)
        Patient.objects.filter(pk=patient.pk).update(notice_version="2027-01", annee_naissance=1951)
        row = Ecriture.objects.filter(ligne_id=patient.pk).latest("id")
    assert (row.operation, row.acteur) == ("update", "membre:coordination")
    assert row.colonnes == ["annee_naissance", "notice_version"]
    assert row.valeurs == {"notice_version": ["2026-11", "2027-01"]}
