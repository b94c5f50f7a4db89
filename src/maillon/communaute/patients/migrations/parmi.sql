-- The patients found by a typed text among those that a page lists, the most recent first. Like the search in all
-- patients, it checks the community and the actor of the transaction, and leaves one trace for each patient found:
-- none for those that the page would not have shown.

CREATE FUNCTION maillon_chercher_parmi(empreintes bytea[], parmi uuid[], pourquoi text, limite int)
RETURNS SETOF uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    la_cpts uuid := NULLIF(current_setting('maillon.cpts_id', true), '')::uuid;
    qui text := NULLIF(current_setting('maillon.acteur', true), '');
    le_compte uuid := NULLIF(current_setting('maillon.compte_id', true), '')::uuid;
    le_pourquoi text := NULLIF(trim(pourquoi), '');
    cherchees bytea[] := ARRAY(SELECT DISTINCT e FROM unnest(empreintes) e);
    trouves uuid[];
BEGIN
    IF la_cpts IS NULL OR qui IS NULL OR le_pourquoi IS NULL THEN
        RAISE EXCEPTION 'maillon: a search of patients names its community, actor and reason'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT array_agg(h.patient_id) INTO trouves FROM (
        SELECT t.patient_id
        FROM (
            SELECT x.patient_id
            FROM patients_indexidentite x JOIN (SELECT DISTINCT u FROM unnest(parmi) u) l ON l.u = x.patient_id
            WHERE x.cpts_id = la_cpts AND x.empreinte = ANY (cherchees)
            GROUP BY x.patient_id
            HAVING count(*) = cardinality(cherchees)
        ) t JOIN patients_patient p ON p.id = t.patient_id AND NOT p.opposition
        ORDER BY p.derniere_activite_le DESC, t.patient_id
        LIMIT GREATEST(limite, 0)
    ) h;
    INSERT INTO journal_lecture (cpts_id, le, acteur, compte_id, patient_id, quoi, pourquoi)
    SELECT la_cpts, clock_timestamp(), qui, le_compte, t, 'recherche', le_pourquoi FROM unnest(trouves) t;
    RETURN QUERY SELECT t FROM unnest(trouves) t;
END $$;

REVOKE ALL ON FUNCTION maillon_chercher_parmi(bytea[], uuid[], text, int) FROM PUBLIC;
