-- Which rows of a list are people already known: each row brings the fingerprints that must all match. Like a search,
-- it checks the community and the actor of the transaction, and leaves one trace for each patient found.

CREATE FUNCTION maillon_chercher_doublons(rangs int[], empreintes bytea[], pourquoi text)
RETURNS TABLE (rang int, patient_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    la_cpts uuid := NULLIF(current_setting('maillon.cpts_id', true), '')::uuid;
    qui text := NULLIF(current_setting('maillon.acteur', true), '');
    le_compte uuid := NULLIF(current_setting('maillon.compte_id', true), '')::uuid;
    le_pourquoi text := NULLIF(trim(pourquoi), '');
    les_rangs int[];
    les_patients uuid[];
BEGIN
    IF la_cpts IS NULL OR qui IS NULL OR le_pourquoi IS NULL THEN
        RAISE EXCEPTION 'maillon: a search of patients names its community, actor and reason'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    WITH cherchees AS (
        SELECT DISTINCT u.rang, u.empreinte FROM unnest(rangs, empreintes) AS u (rang, empreinte)
    ), demandes AS (
        SELECT c.rang, count(*) AS nombre FROM cherchees c GROUP BY c.rang
    ), trouves AS (
        SELECT c.rang, x.patient_id, count(*) AS nombre
        FROM cherchees c
        JOIN patients_indexidentite x ON x.cpts_id = la_cpts AND x.empreinte = c.empreinte
        GROUP BY c.rang, x.patient_id
    )
    SELECT array_agg(t.rang), array_agg(t.patient_id) INTO les_rangs, les_patients
    FROM trouves t JOIN demandes d ON d.rang = t.rang AND d.nombre = t.nombre
    JOIN patients_patient p ON p.id = t.patient_id AND NOT p.opposition;
    INSERT INTO journal_lecture (cpts_id, le, acteur, compte_id, patient_id, quoi, pourquoi)
    SELECT la_cpts, clock_timestamp(), qui, le_compte, t, 'recherche', le_pourquoi
    FROM (SELECT DISTINCT u AS t FROM unnest(les_patients) u) s;
    RETURN QUERY SELECT u.r, u.p FROM unnest(les_rangs, les_patients) AS u (r, p);
END $$;

REVOKE ALL ON FUNCTION maillon_chercher_doublons(int[], bytea[], text) FROM PUBLIC;
