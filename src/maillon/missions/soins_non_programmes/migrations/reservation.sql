-- The writes of a booking, each one call: a request holds the locks for one statement, not for fifteen. They run with
-- the rights of who calls them (row level security binds), lock the professional, the slot, the appointment and then
-- the patient, and check everything before they write: a refusal leaves nothing, and is a code that has its sentence in
-- services/reservation.py. `par` says who acts, and when: {acteur, compte, moment, jour, conserver, relation}.

-- A hold ends: its slot is free again, unless it was withdrawn meanwhile.
CREATE FUNCTION maillon_soins_finir_retenue(le_rendez_vous uuid) RETURNS void
LANGUAGE sql VOLATILE AS $$
    WITH finie AS (
        UPDATE soins_non_programmes_rendezvous SET etat = 'expire', retenu_jusque = NULL
        WHERE id = le_rendez_vous AND etat = 'retenu' RETURNING creneau_id
    )
    UPDATE soins_non_programmes_creneau c SET etat = CASE WHEN c.retire_le IS NULL THEN 'libre' ELSE 'retire' END
    FROM finie WHERE c.id = finie.creneau_id AND c.etat = 'retenu';
$$;

-- Who comes, locked: NULL, or why they cannot be given an appointment here.
CREATE FUNCTION maillon_soins_verrouiller_patient(le_patient uuid, la_cpts uuid) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    sa_cpts uuid;
BEGIN
    SELECT p.cpts_id INTO sa_cpts FROM patients_patient p
    WHERE p.id = le_patient AND p.efface_le IS NULL AND NOT p.opposition FOR NO KEY UPDATE;
    RETURN CASE WHEN sa_cpts IS NULL THEN 'patient_absent' WHEN sa_cpts <> la_cpts THEN 'patient_d_ailleurs' END;
END $$;

-- The identity opens to who receives, and the journal has it.
CREATE FUNCTION maillon_soins_conclure(
    r soins_non_programmes_rendezvous, le_professionnel uuid, par jsonb, avant text
) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    moment timestamptz := par ->> 'moment';
    suite jsonb := CASE WHEN r.remplace_id IS NULL THEN jsonb_build_object('origine', r.origine)
                        ELSE jsonb_build_object('ancien', r.remplace_id) END;
BEGIN
    PERFORM maillon_toucher_patient(r.patient_id, moment, (par ->> 'conserver')::date);
    PERFORM maillon_ouvrir_relation(
        r.patient_id, (SELECT rpps FROM annuaire_professionnel WHERE id = le_professionnel), 'rendez-vous', par);
    INSERT INTO journal_entree (cpts_id, le, evenement, objet_type, objet_id, acteur, compte_id, details)
    SELECT r.cpts_id, moment, e.evenement, 'soins_non_programmes.rendezvous', r.id, par ->> 'acteur',
           (par ->> 'compte')::uuid, jsonb_build_object('creneau', r.creneau_id) || e.details
    FROM (VALUES (1, 'soins.rendez_vous_derogation', jsonb_build_object('etat', avant)),
                 (2, CASE WHEN r.remplace_id IS NULL THEN 'soins.rendez_vous_pris'
                          ELSE 'soins.rendez_vous_deplace' END, suite)) e (rang, evenement, details)
    WHERE r.derogation OR e.rang = 2 ORDER BY e.rang;
END $$;

-- The ranks of the living holds of a member, or of an account from outside.
CREATE FUNCTION maillon_soins_rangs_pris(qui uuid, moment timestamptz) RETURNS int[]
LANGUAGE sql VOLATILE AS $$
    SELECT COALESCE(array_agg(rang_retenue), '{}') FROM soins_non_programmes_rendezvous
    WHERE COALESCE(pris_par_id, compte_id) = qui AND etat = 'retenu' AND retenu_jusque > moment;
$$;

-- Somebody holds a few slots at once, not a town's: the rank of a new hold, from 1 to `au_plus`; NULL when each is taken.
-- A rank is taken by a living hold, or by one under way whose transaction has its lock: nobody waits for anybody.
CREATE FUNCTION maillon_soins_rang(qui uuid, au_plus int, moment timestamptz) RETURNS int
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    pris int[];
    k int;
BEGIN
    pris := maillon_soins_rangs_pris(qui, moment);
    FOR k IN 1..au_plus LOOP
        IF k <> ALL (pris) AND pg_try_advisory_xact_lock(hashtextextended('soins:retenue:' || qui || ':' || k, 0)) THEN
            -- Who had this lock a moment ago may have committed.
            pris := maillon_soins_rangs_pris(qui, moment);
            IF k <> ALL (pris) THEN RETURN k; END IF;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- Why a slot is not taken: an error for the block that seeks to take it, never for who called.
CREATE FUNCTION maillon_soins_refuser(pourquoi text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'MS001', MESSAGE = pourquoi;
END $$;

-- A slot is taken: held (`voulu` without a patient), given, or given in addition (a reason of derogation). `voulu` is the
-- appointment wanted, `retenues_max` how many holds its author may have at once. Answers the appointment, or why not;
-- `liberee` is a hold that had passed its time and stood in the way. A key of deposit already used here answers the
-- appointment that it made, and a slot that its author holds already answers this hold.
--
-- A refusal is raised inside a block of its own, whose end gives back its locks: who comes too late reads a page, and
-- nobody waits for that page.
CREATE FUNCTION maillon_soins_prendre(
    voulu soins_non_programmes_rendezvous, par jsonb, minutes_retenue int, retenues_max int,
    OUT issue text, OUT liberee uuid, OUT fait soins_non_programmes_rendezvous
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    moment timestamptz := par ->> 'moment';
    la_cpts uuid := NULLIF(current_setting('maillon.cpts_id', true), '')::uuid;
    auteur uuid := COALESCE(voulu.pris_par_id, voulu.compte_id);
    c soins_non_programmes_creneau;
BEGIN
    SELECT * INTO c FROM soins_non_programmes_creneau WHERE id = voulu.creneau_id;
    IF c.id IS NULL THEN issue := 'inconnu'; RETURN; END IF;
    IF c.cpts_id IS DISTINCT FROM la_cpts THEN issue := 'ailleurs'; RETURN; END IF;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('soins:' || c.professionnel_id, 0));
        SELECT * INTO c FROM soins_non_programmes_creneau WHERE id = voulu.creneau_id FOR NO KEY UPDATE;

        SELECT * INTO fait FROM soins_non_programmes_rendezvous WHERE cpts_id = la_cpts AND cle_depot = voulu.cle_depot;
        IF fait.id IS NULL AND voulu.patient_id IS NULL AND c.etat = 'retenu' THEN
            SELECT * INTO fait FROM soins_non_programmes_rendezvous
            WHERE creneau_id = c.id AND etat = 'retenu' AND retenu_jusque > moment
              AND COALESCE(pris_par_id, compte_id) = auteur;
        END IF;
        IF fait.id IS NOT NULL THEN
            issue := CASE WHEN fait.creneau_id <> c.id THEN 'autre_creneau'
                          WHEN fait.etat NOT IN ('retenu', 'confirme', 'honore', 'absent') THEN 'trop_tard'
                          ELSE 'deja' END;
            RETURN;
        END IF;
        IF NOT voulu.derogation THEN
            IF c.debut <= moment THEN PERFORM maillon_soins_refuser('commence'); END IF;
            IF NOT c.reservable THEN PERFORM maillon_soins_refuser('sans_rendez_vous'); END IF;
            IF c.etat = 'retenu' THEN
                SELECT id INTO liberee FROM soins_non_programmes_rendezvous
                WHERE creneau_id = c.id AND etat = 'retenu' AND retenu_jusque <= moment LIMIT 1 FOR NO KEY UPDATE;
            END IF;
            IF c.etat <> 'libre' AND liberee IS NULL THEN PERFORM maillon_soins_refuser('pris'); END IF;
        END IF;
        IF voulu.patient_id IS NOT NULL THEN
            issue := maillon_soins_verrouiller_patient(voulu.patient_id, la_cpts);
            IF issue IS NOT NULL THEN PERFORM maillon_soins_refuser(issue); END IF;
        ELSE
            voulu.retenu_jusque := moment + make_interval(mins => COALESCE(
                (SELECT retenue_minutes FROM soins_non_programmes_reglages WHERE cpts_id = la_cpts), minutes_retenue));
            IF auteur IS NOT NULL THEN
                voulu.rang_retenue := maillon_soins_rang(auteur, retenues_max, moment);
                IF voulu.rang_retenue IS NULL THEN PERFORM maillon_soins_refuser('trop'); END IF;
            END IF;
        END IF;

        IF liberee IS NOT NULL THEN
            PERFORM maillon_soins_finir_retenue(liberee);
        END IF;
        IF NOT voulu.derogation OR c.etat = 'libre' THEN
            UPDATE soins_non_programmes_creneau
            SET etat = CASE WHEN voulu.patient_id IS NULL THEN 'retenu' ELSE 'reserve' END WHERE id = c.id;
        END IF;
        voulu.cpts_id := la_cpts;
        INSERT INTO soins_non_programmes_rendezvous SELECT voulu.* RETURNING * INTO fait;
    EXCEPTION
        WHEN unique_violation THEN issue := 'pris'; liberee := NULL; fait := NULL; RETURN;
        WHEN SQLSTATE 'MS001' THEN issue := SQLERRM; liberee := NULL; fait := NULL; RETURN;
    END;
    IF fait.patient_id IS NOT NULL THEN
        PERFORM maillon_soins_conclure(fait, c.professionnel_id, par, c.etat);
    END IF;
    issue := 'fait';
END $$;

-- A held slot is given to a person. Confirming twice for the same one is confirming once.
CREATE FUNCTION maillon_soins_confirmer(
    le_rendez_vous uuid, le_patient uuid, la_demande uuid, par jsonb,
    OUT issue text, OUT fait soins_non_programmes_rendezvous
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    c soins_non_programmes_creneau;
BEGIN
    SELECT k.* INTO c FROM soins_non_programmes_rendezvous r JOIN soins_non_programmes_creneau k ON k.id = r.creneau_id
    WHERE r.id = le_rendez_vous;
    IF c.id IS NULL THEN issue := 'inconnu'; RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('soins:' || c.professionnel_id, 0));
    PERFORM FROM soins_non_programmes_creneau WHERE id = c.id FOR NO KEY UPDATE;
    SELECT * INTO fait FROM soins_non_programmes_rendezvous WHERE id = le_rendez_vous FOR NO KEY UPDATE;
    issue := CASE WHEN fait.id IS NULL THEN 'inconnu'
                  WHEN fait.etat = 'confirme' AND fait.patient_id = le_patient THEN 'deja'
                  WHEN fait.etat = 'expire' THEN 'trop_tard'
                  WHEN fait.etat <> 'retenu' THEN 'etat'
                  ELSE maillon_soins_verrouiller_patient(le_patient, fait.cpts_id) END;
    IF issue IS NOT NULL THEN RETURN; END IF;
    UPDATE soins_non_programmes_rendezvous
    SET etat = 'confirme', retenu_jusque = NULL, confirme_le = (par ->> 'moment')::timestamptz,
        patient_id = le_patient, demande_id = la_demande
    WHERE id = le_rendez_vous RETURNING * INTO fait;
    UPDATE soins_non_programmes_creneau SET etat = 'reserve' WHERE id = c.id;
    PERFORM maillon_soins_conclure(fait, c.professionnel_id, par, c.etat);
    issue := 'fait';
END $$;

-- A slot with who receives, where and in which community: what the message to the person says. VOLATILE, so that it
-- reads what the statement that asks has just written.
CREATE FUNCTION maillon_soins_lire_creneau(
    le_creneau uuid, OUT c soins_non_programmes_creneau, OUT professionnel annuaire_professionnel,
    OUT lieu soins_non_programmes_lieuconsultation, OUT commune territoire_commune, OUT cpts cpts_cpts
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    SELECT * INTO c FROM soins_non_programmes_creneau WHERE id = le_creneau;
    SELECT * INTO professionnel FROM annuaire_professionnel WHERE id = c.professionnel_id;
    SELECT * INTO lieu FROM soins_non_programmes_lieuconsultation WHERE id = c.lieu_id;
    SELECT * INTO commune FROM territoire_commune WHERE code_insee = lieu.commune_id;
    SELECT * INTO cpts FROM cpts_cpts WHERE id = c.cpts_id;
END $$;

-- Free slots come and go all day: the index that answers a search by itself needs pages known to be wholly visible.
ALTER TABLE soins_non_programmes_creneau SET (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02
);

REVOKE ALL ON FUNCTION maillon_soins_finir_retenue(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_soins_verrouiller_patient(uuid, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_soins_conclure(soins_non_programmes_rendezvous, uuid, jsonb, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_soins_rangs_pris(uuid, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_soins_rang(uuid, int, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_soins_refuser(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_soins_prendre(soins_non_programmes_rendezvous, jsonb, int, int) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_soins_lire_creneau(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION maillon_soins_confirmer(uuid, uuid, uuid, jsonb) FROM PUBLIC;
