"""The database refuses an opinion outside the discussion, and any change of a closed dialogue.

Each check takes a shared lock on the dialogue: a closing under way is waited for, then seen. The functions run as the
owner, so that they see the row whatever community the transaction is in.
"""

from django.db import migrations

FONCTIONS = """
CREATE OR REPLACE FUNCTION dialogues_check_clos() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.etat = 'clos' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'dialogue_clos_fige',
            MESSAGE = 'Ce dialogue de gestion est clos : il ne change plus.';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION dialogues_check_enfant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ligne jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    vise uuid;
    etat_vu text;
BEGIN
    IF TG_TABLE_NAME = 'dialogues_decision' AND TG_OP = 'UPDATE'
       AND to_jsonb(NEW) - 'faite_le' = to_jsonb(OLD) - 'faite_le' THEN
        RETURN NEW;  -- a decision is carried out after the closing
    END IF;
    IF TG_TABLE_NAME = 'dialogues_reponse' THEN
        SELECT dialogue_id INTO vise FROM dialogues_avis WHERE id = (ligne ->> 'avis_id')::uuid;
    ELSE
        vise := (ligne ->> 'dialogue_id')::uuid;
    END IF;
    SELECT etat INTO etat_vu FROM dialogues_dialogue WHERE id = vise FOR SHARE;
    IF etat_vu = 'clos' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'dialogue_clos_fige',
            MESSAGE = 'Ce dialogue de gestion est clos : il ne change plus.';
    END IF;
    IF TG_TABLE_NAME = 'dialogues_avis' AND etat_vu NOT IN ('transmis', 'en_discussion') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'avis_pendant_la_discussion',
            MESSAGE = 'Un avis se donne quand le dialogue est transmis ou en discussion.';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER dialogues_clos BEFORE UPDATE OR DELETE ON dialogues_dialogue
    FOR EACH ROW EXECUTE FUNCTION dialogues_check_clos();
"""
TABLES = (
    "dialogues_transmission",
    "dialogues_avis",
    "dialogues_reponse",
    "dialogues_decision",
    "dialogues_compterendu",
    "dialogues_note",
)


def _trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER dialogues_enfant BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION dialogues_check_enfant();"
    )


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=FONCTIONS + "\n".join(_trigger(table) for table in TABLES),
            reverse_sql="\n".join(f"DROP TRIGGER IF EXISTS dialogues_enfant ON {table};" for table in TABLES)
            + "DROP TRIGGER IF EXISTS dialogues_clos ON dialogues_dialogue;"
            "DROP FUNCTION IF EXISTS dialogues_check_enfant(); DROP FUNCTION IF EXISTS dialogues_check_clos();",
        )
    ]
