-- The only ways to the identities of patients. They belong to the owner of the tables, check the community and
-- the actor of the transaction, and write one trace a patient before they answer.

CREATE FUNCTION maillon_lire_identites(
    patients uuid[], quoi text, pourquoi text,
    qui text DEFAULT current_setting('maillon.acteur', true),
    le_compte uuid DEFAULT NULLIF(current_setting('maillon.compte_id', true), '')::uuid)
RETURNS TABLE (identite_id uuid, patient_id uuid, nom bytea, prenom bytea, naissance bytea, telephone bytea,
               courriel bytea, adresse bytea, proche_nom bytea, proche_telephone bytea, proche_lien bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    la_cpts uuid := NULLIF(current_setting('maillon.cpts_id', true), '')::uuid;
    par_qui text := NULLIF(trim(qui), '');
    les_patients uuid[] := patients;
    le_quoi text := NULLIF(trim(quoi), '');
    le_pourquoi text := NULLIF(trim(pourquoi), '');
BEGIN
    IF la_cpts IS NULL OR par_qui IS NULL OR le_quoi IS NULL OR le_pourquoi IS NULL THEN
        RAISE EXCEPTION 'maillon: a read of identities names its community, actor, object and reason'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO journal_lecture (cpts_id, le, acteur, compte_id, patient_id, quoi, pourquoi)
    SELECT la_cpts, clock_timestamp(), par_qui, le_compte, i.patient_id, le_quoi, le_pourquoi
    FROM patients_identite i JOIN patients_patient p ON p.id = i.patient_id
    WHERE i.cpts_id = la_cpts AND i.patient_id = ANY (les_patients) AND NOT p.opposition;
    RETURN QUERY
    SELECT i.id, i.patient_id, i.nom, i.prenom, i.naissance, i.telephone, i.courriel, i.adresse,
           i.proche_nom, i.proche_telephone, i.proche_lien
    FROM patients_identite i JOIN patients_patient p ON p.id = i.patient_id
    WHERE i.cpts_id = la_cpts AND i.patient_id = ANY (les_patients) AND NOT p.opposition;
END $$;

-- The patients whose fingerprints all match, the most recent first: in the whole community, among those that a carer
-- follows on that day, or among those that a page lists (no trace then for those that the page would not have shown).
CREATE FUNCTION maillon_chercher_patients(empreintes bytea[], pourquoi text, limite int, soignant text DEFAULT NULL,
                                          jour date DEFAULT NULL, parmi uuid[] DEFAULT NULL)
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
    IF parmi IS NULL THEN
        SELECT array_agg(h.patient_id) INTO trouves FROM (
            SELECT x.patient_id
            FROM patients_indexidentite x JOIN patients_patient p ON p.id = x.patient_id
            WHERE x.cpts_id = la_cpts AND x.empreinte = ANY (cherchees) AND NOT p.opposition
              AND (soignant IS NULL OR EXISTS (
                  SELECT FROM patients_relationsoin r
                  WHERE r.cpts_id = la_cpts AND r.patient_id = x.patient_id AND r.rpps = soignant
                    AND r.depuis <= jour AND (r.jusque IS NULL OR r.jusque > jour)))
            GROUP BY x.patient_id, p.derniere_activite_le
            HAVING count(*) = cardinality(cherchees)
            ORDER BY p.derniere_activite_le DESC, x.patient_id
            LIMIT GREATEST(limite, 0)
        ) h;
    ELSE
        SELECT array_agg(h.patient_id) INTO trouves FROM (
            SELECT t.patient_id
            FROM (
                SELECT x.patient_id
                FROM patients_indexidentite x JOIN (SELECT DISTINCT u FROM unnest(parmi) u) l ON l.u = x.patient_id
                WHERE x.cpts_id = la_cpts AND x.empreinte = ANY (cherchees)
                GROUP BY x.patient_id
                HAVING count(*) = cardinality(cherchees)
            ) t JOIN patients_patient p ON p.id = t.patient_id AND NOT p.opposition
            WHERE soignant IS NULL OR EXISTS (
                SELECT FROM patients_relationsoin r
                WHERE r.cpts_id = la_cpts AND r.patient_id = t.patient_id AND r.rpps = soignant
                  AND r.depuis <= jour AND (r.jusque IS NULL OR r.jusque > jour))
            ORDER BY p.derniere_activite_le DESC, t.patient_id
            LIMIT GREATEST(limite, 0)
        ) h;
    END IF;
    INSERT INTO journal_lecture (cpts_id, le, acteur, compte_id, patient_id, quoi, pourquoi)
    SELECT la_cpts, clock_timestamp(), qui, le_compte, t, 'recherche', le_pourquoi FROM unnest(trouves) t;
    RETURN QUERY SELECT t FROM unnest(trouves) t;
END $$;

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

-- Something happened for a patient: the retention starts again, until `fin`. Once a day is written, no more. With the
-- rights of who calls.
CREATE FUNCTION maillon_toucher_patient(le_patient uuid, moment timestamptz, fin date) RETURNS void
LANGUAGE sql VOLATILE AS $$
    UPDATE patients_patient SET derniere_activite_le = moment, conserver_jusque = fin
    WHERE id = le_patient AND efface_le IS NULL
      AND (conserver_jusque <> fin
           OR (derniere_activite_le AT TIME ZONE 'UTC')::date <> (moment AT TIME ZONE 'UTC')::date);
$$;

-- The identity of a patient opens to a professional: answers the open relation, made and journalled when there is none.
-- `par` says who acts, since when, and the key of a new relation: {acteur, compte, moment, jour, relation}. With the
-- rights of who calls.
CREATE FUNCTION maillon_ouvrir_relation(le_patient uuid, le_rpps text, le_motif text, par jsonb) RETURNS uuid
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    la_cpts uuid := (SELECT cpts_id FROM patients_patient WHERE id = le_patient);
    ouverte uuid;
BEGIN
    INSERT INTO patients_relationsoin (id, cpts_id, patient_id, rpps, depuis, jusque, motif)
    VALUES ((par ->> 'relation')::uuid, la_cpts, le_patient, le_rpps, (par ->> 'jour')::date, NULL, le_motif)
    ON CONFLICT (cpts_id, patient_id, rpps) WHERE jusque IS NULL DO NOTHING RETURNING id INTO ouverte;
    IF ouverte IS NULL THEN
        RETURN (SELECT id FROM patients_relationsoin
                WHERE cpts_id = la_cpts AND patient_id = le_patient AND rpps = le_rpps AND jusque IS NULL);
    END IF;
    INSERT INTO journal_entree (cpts_id, le, evenement, objet_type, objet_id, acteur, compte_id, details)
    VALUES (la_cpts, (par ->> 'moment')::timestamptz, 'patients.relation_ouverte', 'patients.patient', le_patient,
            par ->> 'acteur', (par ->> 'compte')::uuid, jsonb_build_object('rpps', le_rpps, 'motif', le_motif));
    RETURN ouverte;
END $$;

-- The runtime role receives its right with the other promises (socle.promesses).
REVOKE ALL ON FUNCTION maillon_lire_identites(uuid[], text, text, text, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_chercher_patients(bytea[], text, int, text, date, uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_chercher_doublons(int[], bytea[], text) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_toucher_patient(uuid, timestamptz, date) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_ouvrir_relation(uuid, text, text, jsonb) FROM PUBLIC;
