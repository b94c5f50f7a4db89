"""The database checks the envelopes of a contract under each set of terms, and the dates of its avenants.

A contract in force is refused when the indicators of a mission do not sum to its variable envelope. Deferred to the
end of the transaction, because a contract, its indicators and its tiers are entered together. An indicator counts
under the terms that begin while it is at the contract; a mission under those in force once it has started. The
functions run as the owner, so that they see the rows whatever community the transaction is in by then.
"""

from django.db import migrations

TABLES = (
    "pilotage_contrat",
    "pilotage_missioncontrat",
    "pilotage_indicateur",
    "pilotage_palier",
    "pilotage_avenant",
    "pilotage_avenantmission",
)

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
        ELSIF TG_TABLE_NAME = 'pilotage_avenantmission' THEN
            SELECT contrat_id INTO vise FROM pilotage_avenant WHERE id = (ligne ->> 'avenant_id')::uuid;
        ELSE
            vise := (ligne ->> 'contrat_id')::uuid;
        END IF;
        WITH termes AS (
            SELECT t.avenant_id, t.le, lead(t.le) OVER (ORDER BY t.le) AS suivants
            FROM (
                SELECT NULL::uuid AS avenant_id, c.signe_le AS le FROM pilotage_contrat c WHERE c.id = vise
                UNION ALL
                SELECT a.id, a.effet_le FROM pilotage_avenant a WHERE a.contrat_id = vise
            ) t
        )
        SELECT m.mission, CASE WHEN t.avenant_id IS NULL THEN m.enveloppe ELSE am.enveloppe END AS enveloppe,
            sommes.total INTO ecart
        FROM pilotage_contrat c
        CROSS JOIN termes t
        JOIN pilotage_missioncontrat m ON m.contrat_id = c.id
            AND (m.depuis IS NULL OR m.depuis <= t.le) AND (m.jusqu_a IS NULL OR m.jusqu_a > t.le)
        LEFT JOIN pilotage_avenantmission am ON am.avenant_id = t.avenant_id AND am.mission = m.mission
        CROSS JOIN LATERAL (
            SELECT COALESCE(sum(meilleur.montant), 0) AS total
            FROM (
                SELECT max(p.montant) AS montant
                FROM pilotage_indicateur i JOIN pilotage_palier p ON p.indicateur_id = i.id
                WHERE i.contrat_id = c.id AND i.mission = m.mission
                    AND (i.depuis IS NULL OR i.depuis <= t.le) AND (i.jusqu_a IS NULL OR i.jusqu_a > t.le)
                GROUP BY i.id
            ) meilleur
        ) sommes
        WHERE c.id = vise AND c.etat = 'actif' AND m.statut <> 'prevue'
            AND (t.suivants IS NULL OR m.debut < t.suivants)
            AND CASE WHEN t.avenant_id IS NULL THEN m.enveloppe ELSE am.enveloppe END IS NOT NULL
            AND CASE WHEN t.avenant_id IS NULL THEN m.enveloppe ELSE am.enveloppe END <> sommes.total
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

EFFET = """
CREATE OR REPLACE FUNCTION pilotage_check_effet() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bornes daterange;
BEGIN
    SELECT periode INTO bornes FROM pilotage_contrat WHERE id = NEW.contrat_id;
    IF NEW.effet_le <= lower(bornes) OR NEW.effet_le >= upper(bornes) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'avenant_effet_dans_le_contrat',
            MESSAGE = format('Un avenant ne peut pas prendre effet le %s : le contrat va du %s au %s.',
                NEW.effet_le, lower(bornes), upper(bornes));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pilotage_avenant_effet BEFORE INSERT OR UPDATE ON pilotage_avenant
FOR EACH ROW EXECUTE FUNCTION pilotage_check_effet();
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
            sql=FONCTION + EFFET + "\n".join(_trigger(table) for table in TABLES),
            reverse_sql="\n".join(f"DROP TRIGGER IF EXISTS pilotage_enveloppes ON {table};" for table in TABLES)
            + "DROP TRIGGER IF EXISTS pilotage_avenant_effet ON pilotage_avenant;"
            "DROP FUNCTION IF EXISTS pilotage_check_effet(); DROP FUNCTION IF EXISTS pilotage_check_enveloppes();",
        )
    ]
