"""The database refuses a contract in force whose indicators do not sum to the variable envelope of their mission.

Deferred to the end of the transaction, because a contract, its indicators and its tiers are entered together. The
function runs as the owner, so that it sees the rows whatever community the transaction is in by then.
"""

from django.db import migrations

TABLES = ("pilotage_contrat", "pilotage_missioncontrat", "pilotage_indicateur", "pilotage_palier")

FONCTION = """
CREATE OR REPLACE FUNCTION pilotage_check_enveloppes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ligne jsonb;
    vise uuid;
    ecart record;
BEGIN
    FOREACH ligne IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
    ] LOOP
        CONTINUE WHEN ligne IS NULL;
        IF TG_TABLE_NAME = 'pilotage_contrat' THEN
            vise := (ligne ->> 'id')::uuid;
        ELSIF TG_TABLE_NAME = 'pilotage_palier' THEN
            SELECT contrat_id INTO vise FROM pilotage_indicateur WHERE id = (ligne ->> 'indicateur_id')::uuid;
        ELSE
            vise := (ligne ->> 'contrat_id')::uuid;
        END IF;
        SELECT m.mission, m.enveloppe, sommes.total INTO ecart
        FROM pilotage_contrat c
        JOIN pilotage_missioncontrat m ON m.contrat_id = c.id
        CROSS JOIN LATERAL (
            SELECT COALESCE(sum(meilleur.montant), 0) AS total
            FROM (
                SELECT max(p.montant) AS montant
                FROM pilotage_indicateur i JOIN pilotage_palier p ON p.indicateur_id = i.id
                WHERE i.contrat_id = c.id AND i.mission = m.mission
                GROUP BY i.id
            ) meilleur
        ) sommes
        WHERE c.id = vise AND c.etat = 'actif' AND m.statut <> 'prevue'
          AND m.enveloppe IS NOT NULL AND m.enveloppe <> sommes.total
        LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION USING
                ERRCODE = 'check_violation', CONSTRAINT = 'pilotage_enveloppe_egale_indicateurs',
                MESSAGE = format(
                    'Mission « %s » : ses indicateurs totalisent %s € pour une enveloppe variable de %s €.',
                    ecart.mission, ecart.total, ecart.enveloppe);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""


def _trigger(table: str) -> str:
    return (
        f"CREATE CONSTRAINT TRIGGER pilotage_enveloppes AFTER INSERT OR UPDATE OR DELETE ON {table} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pilotage_check_enveloppes();"
    )


class Migration(migrations.Migration):
    dependencies = [("pilotage", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=FONCTION + "\n".join(_trigger(table) for table in TABLES),
            reverse_sql="\n".join(f"DROP TRIGGER IF EXISTS pilotage_enveloppes ON {table};" for table in TABLES)
            + "DROP FUNCTION IF EXISTS pilotage_check_enveloppes();",
        )
    ]
