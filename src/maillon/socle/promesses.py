"""What the database promises, installed after every migration from the declarations of the models.

Row level security between communities, append-only tables, columns that nobody reads directly, and the trigger that
writes the history of every change. Installing is idempotent and touches only what differs: each table carries the
signature of its promises as a comment. A test walks every model and compares with the catalogue.
"""

import hashlib
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connections

from maillon.socle.cpts.models import ModeleCpts

CPTS_COURANTE = "cpts_id = (SELECT NULLIF(current_setting('maillon.cpts_id', true), '')::uuid)"


def _among(setting: str) -> str:
    """The row's community is one of this setting's list."""
    return (
        f"cpts_id = ANY (COALESCE((SELECT string_to_array(NULLIF(current_setting('{setting}', true), ''), ',')"
        "::uuid[]), '{}'::uuid[]))"
    )


# What agents of the CPAM and the ARS read, and what regulators do: somebody who is both reads each where they are it.
CPTS_LUES, CPTS_REGULEES = _among("maillon.cpts_lues"), _among("maillon.cpts_regulees")

FONCTION_JOURNAL = """
CREATE OR REPLACE FUNCTION maillon_journal_ecriture() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    avant jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    apres jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    ligne jsonb := COALESCE(apres, avant);
    changees text[];
    valeurs jsonb := '{}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(a.key ORDER BY a.key) INTO changees
        FROM jsonb_each(apres) a WHERE a.value IS DISTINCT FROM avant -> a.key;
        IF changees IS NULL THEN RETURN NULL; END IF;
        -- A column that is kept quiet is an argument that begins with a minus sign: the write is kept, not its name.
        changees := ARRAY(SELECT c FROM unnest(changees) c WHERE '-' || c <> ALL (COALESCE(TG_ARGV[0:], '{}')));
    END IF;
    IF TG_NARGS > 0 THEN
        SELECT COALESCE(jsonb_object_agg(c, jsonb_build_array(avant -> c, apres -> c)), '{}') INTO valeurs
        FROM unnest(TG_ARGV[0:]) c
        WHERE left(c, 1) <> '-' AND (TG_OP <> 'UPDATE' OR (avant -> c) IS DISTINCT FROM (apres -> c));
    END IF;
    INSERT INTO journal_ecriture (cpts_id, table_nom, ligne_id, operation, colonnes, valeurs, acteur, compte_id, le)
    VALUES ((ligne ->> 'cpts_id')::uuid, TG_TABLE_NAME, (ligne ->> 'id')::uuid, lower(TG_OP),
            COALESCE(changees, '{}'), valeurs, COALESCE(current_setting('maillon.acteur', true), ''),
            NULLIF(current_setting('maillon.compte_id', true), '')::uuid, clock_timestamp());
    RETURN NULL;
END $$;
"""


def tenant_models() -> Iterator[type[ModeleCpts]]:
    """Every concrete model of a community's rows."""
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, ModeleCpts) and not model._meta.proxy:
            yield model


def _policies(model: type[ModeleCpts], table: str) -> list[str]:
    write = model.politique or CPTS_COURANTE
    read = f"({write}) OR ({model.politique_lecture})" if model.politique_lecture else write
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS maillon_cpts ON "{table}"',
        f'DROP POLICY IF EXISTS maillon_lecture ON "{table}"',
        f'CREATE POLICY maillon_cpts ON "{table}" USING ({write}) WITH CHECK ({CPTS_COURANTE})',
        *([f'CREATE POLICY maillon_lecture ON "{table}" FOR SELECT USING ({read})'] if read != write else []),
    ]


def _grants(model: type[ModeleCpts], table: str, role: str) -> list[str]:
    statements = [f'REVOKE ALL ON "{table}" FROM "{role}"']
    rights = "INSERT" if model.ajout_seul else "INSERT, UPDATE, DELETE"
    statements.append(f'GRANT {rights} ON "{table}" TO "{role}"')
    columns = ", ".join(f'"{name}"' for name in model.colonnes_lisibles)
    statements.append(f'GRANT SELECT{f" ({columns})" if columns else ""} ON "{table}" TO "{role}"')
    return statements


def _triggers(model: type[ModeleCpts], table: str) -> list[str]:
    statements = [f'DROP TRIGGER IF EXISTS maillon_journal ON "{table}"']
    if model.suivi and not model.ajout_seul:
        arguments = ", ".join(f"'{name}'" for name in [*model.historise, *(f"-{name}" for name in model.tu)])
        statements.append(
            f'CREATE TRIGGER maillon_journal AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION maillon_journal_ecriture({arguments})"
        )
    return statements


def statements_for(model: type[ModeleCpts], role: str) -> list[str]:
    """The SQL that makes the database keep the promises of one model."""
    table = model._meta.db_table
    return [*_policies(model, table), *_grants(model, table, role), *_triggers(model, table)]


def install(using: str = "proprietaire") -> list[str]:
    """Install what is missing or changed; returns the names of the tables touched.

    The runtime role gets ordinary rights on the tables that belong to no community (accounts, sessions, jobs,
    national data), and only those that each model promises on the others.
    """
    role = settings.DATABASES["default"]["USER"]
    connection = connections[using]
    touched = []
    with connection.cursor() as cursor:
        if role != settings.DATABASES[using]["USER"]:
            tenant_tables = {model._meta.db_table for model in tenant_models()}
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in cursor.fetchall():
                if table not in tenant_tables:
                    rights = "SELECT" if table == "django_migrations" else "SELECT, INSERT, UPDATE, DELETE"
                    cursor.execute(f'GRANT {rights} ON "{table}" TO "{role}"')
            # Traced readings: functions of the owner that the runtime role may call and PUBLIC may not.
            cursor.execute(
                "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                " AND proname LIKE 'maillon\\_%' AND prorettype <> 'trigger'::regtype"
            )
            for (function,) in cursor.fetchall():
                cursor.execute(f'GRANT EXECUTE ON FUNCTION {function} TO "{role}"')
            cursor.execute(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
        cursor.execute(FONCTION_JOURNAL)
        for model in tenant_models():
            statements = statements_for(model, role)
            signature = hashlib.sha256("\n".join(statements).encode()).hexdigest()
            table = model._meta.db_table
            cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [f'"{table}"'])
            if cursor.fetchone()[0] == signature:
                continue
            for statement in statements:
                cursor.execute(statement)
            cursor.execute(f"COMMENT ON TABLE \"{table}\" IS '{signature}'")
            touched.append(table)
    return touched
