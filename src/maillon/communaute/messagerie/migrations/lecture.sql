-- The only two ways to what is written about a patient. They belong to the owner of the tables, check the community,
-- the opposition and the actor of the transaction, and write one trace before they answer.

CREATE FUNCTION maillon_lire_messages_patient(fil uuid, pourquoi text)
RETURNS TABLE (message_id uuid, auteur_id uuid, envoye_le timestamptz, texte bytea,
               piece_id uuid, piece_nom bytea, piece_type text, piece_taille int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    la_cpts uuid := NULLIF(current_setting('maillon.cpts_id', true), '')::uuid;
    qui text := NULLIF(current_setting('maillon.acteur', true), '');
    le_compte uuid := NULLIF(current_setting('maillon.compte_id', true), '')::uuid;
    le_fil uuid := fil;
    le_pourquoi text := NULLIF(trim(pourquoi), '');
BEGIN
    IF la_cpts IS NULL OR qui IS NULL OR le_pourquoi IS NULL THEN
        RAISE EXCEPTION 'maillon: a read of a patient''s thread names its community, actor and reason'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO journal_lecture (cpts_id, le, acteur, compte_id, patient_id, quoi, pourquoi)
    SELECT la_cpts, clock_timestamp(), qui, le_compte, c.patient_id, 'messages', le_pourquoi
    FROM messagerie_conversation c JOIN patients_patient p ON p.id = c.patient_id
    WHERE c.id = le_fil AND c.cpts_id = la_cpts AND c.close_le IS NULL AND NOT p.opposition;
    RETURN QUERY
    SELECT m.id, m.auteur_id, m.envoye_le, m.texte, d.id, d.nom, d.type::text, d.taille
    FROM messagerie_messagepatient m
    JOIN messagerie_conversation c ON c.id = m.conversation_id
    JOIN patients_patient p ON p.id = c.patient_id
    LEFT JOIN messagerie_piecepatient d ON d.message_id = m.id
    WHERE c.id = le_fil AND c.cpts_id = la_cpts AND c.close_le IS NULL AND NOT p.opposition
    ORDER BY m.envoye_le, m.id, d.id;
END $$;

CREATE FUNCTION maillon_lire_piece_patient(piece uuid, pourquoi text)
RETURNS TABLE (nom bytea, cle bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    la_cpts uuid := NULLIF(current_setting('maillon.cpts_id', true), '')::uuid;
    qui text := NULLIF(current_setting('maillon.acteur', true), '');
    le_compte uuid := NULLIF(current_setting('maillon.compte_id', true), '')::uuid;
    la_piece uuid := piece;
    le_pourquoi text := NULLIF(trim(pourquoi), '');
BEGIN
    IF la_cpts IS NULL OR qui IS NULL OR le_pourquoi IS NULL THEN
        RAISE EXCEPTION 'maillon: a read of a patient''s document names its community, actor and reason'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO journal_lecture (cpts_id, le, acteur, compte_id, patient_id, quoi, pourquoi)
    SELECT la_cpts, clock_timestamp(), qui, le_compte, c.patient_id, 'document', le_pourquoi
    FROM messagerie_piecepatient d
    JOIN messagerie_conversation c ON c.id = d.conversation_id
    JOIN patients_patient p ON p.id = c.patient_id
    WHERE d.id = la_piece AND d.cpts_id = la_cpts AND c.close_le IS NULL AND NOT p.opposition;
    RETURN QUERY
    SELECT d.nom, d.cle
    FROM messagerie_piecepatient d
    JOIN messagerie_conversation c ON c.id = d.conversation_id
    JOIN patients_patient p ON p.id = c.patient_id
    WHERE d.id = la_piece AND d.cpts_id = la_cpts AND c.close_le IS NULL AND NOT p.opposition;
END $$;

-- The runtime role receives its right with the other promises (socle.promesses).
REVOKE ALL ON FUNCTION maillon_lire_messages_patient(uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_lire_piece_patient(uuid, text) FROM PUBLIC;
