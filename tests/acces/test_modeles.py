"""What the database promises, compared with its catalogue; and which room may point to which."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.promesses import tenant_models

ETAGES = ("socle", "communaute", "missions", "pilotage", "observatoire", "api", "portail")


def floor_of(app: str) -> tuple[int, str]:
    """Height of the room of an app, and its mission if it is one."""
    parts = apps.get_app_config(app).name.split(".")
    return ETAGES.index(parts[1]), parts[2] if parts[1] == "missions" else ""


def is_ours(model: type[models.Model]) -> bool:
    return model.__module__.startswith("maillon.")


def links() -> Iterator[tuple[models.Field, type[models.Model]]]:
    """Every relation from one of our models, through tables included."""
    for model in filter(is_ours, apps.get_models(include_auto_created=True)):
        for link in [*model._meta.get_fields(include_hidden=True)]:
            if isinstance(link, models.ForeignKey | models.ManyToManyField):
                yield link, link.remote_field.model


def test_relations_go_down_and_never_cross_missions() -> None:
    wrong = []
    for link, target in links():
        here, mission = floor_of(link.model._meta.app_label)
        if not is_ours(target):
            there, other = 0, ""
        else:
            there, other = floor_of(target._meta.app_label)
        if there > here or (mission and other and mission != other):
            wrong.append(f"{link} → {target._meta.label}")
    assert not wrong


def test_rows_of_a_community_are_declared_so() -> None:
    """A relation to the tenant makes a tenant's row, unless the model gives the tenant itself."""
    free = {
        link.model._meta.label
        for link, target in links()
        if target._meta.label == "cpts.Cpts" and not issubclass(link.model, ModeleCpts)
    }
    assert free <= SANS_RLS, f"Ces modèles pointent vers une communauté sans hériter de ModeleCpts : {free - SANS_RLS}"


# A signed link gives the tenant; a place of the national directory may be that of a community.
SANS_RLS = {"droits.Lien", "structures.Structure"}


def query(sql: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@pytest.mark.django_db
@pytest.mark.parametrize("model", list(tenant_models()), ids=lambda model: model._meta.label)
def test_catalogue_keeps_what_the_model_promises(model: type[ModeleCpts]) -> None:
    table, role = model._meta.db_table, settings.DATABASES["default"]["USER"]
    ((owner, secured),) = query(
        "SELECT pg_get_userbyid(relowner), relrowsecurity FROM pg_class WHERE oid = %s::regclass", table
    )
    assert secured
    assert owner != role
    policies = dict(query("SELECT policyname, cmd FROM pg_policies WHERE tablename = %s", table))
    assert policies == {"maillon_cpts": "ALL", **({"maillon_lecture": "SELECT"} if model.politique_lecture else {})}

    def has(right: str) -> bool:
        return query("SELECT has_table_privilege(%s, %s, %s)", role, table, right)[0][0]

    assert has("INSERT")
    assert has("UPDATE") is has("DELETE") is not model.ajout_seul
    assert not has("TRUNCATE")
    assert has("SELECT") is not bool(model.colonnes_lisibles)
    if model.colonnes_lisibles:
        readable = query(
            "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0"
            " AND NOT a.attisdropped AND has_column_privilege(%s, a.attrelid, a.attnum, 'SELECT')",
            table,
            role,
        )
        assert {name for (name,) in readable} == set(model.colonnes_lisibles)
    triggers = {
        name
        for (name,) in query("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", table)
    }
    assert ("maillon_journal" in triggers) is (model.suivi and not model.ajout_seul)


@pytest.mark.django_db
def test_runtime_role_is_bound_by_the_policies() -> None:
    ((superuser, bypass),) = query("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert not superuser
    assert not bypass
    assert query("SELECT current_user")[0][0] == settings.DATABASES["default"]["USER"]
