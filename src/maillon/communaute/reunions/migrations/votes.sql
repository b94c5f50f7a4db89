-- A proxy falls when its giver attends, whoever records the attendance.
CREATE OR REPLACE FUNCTION maillon_reunions_presence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE reunions_pouvoir SET fin_le = COALESCE(NEW.present_le, clock_timestamp()), fin = 'presence'
    WHERE mandant_id = NEW.id AND fin_le IS NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER reunions_presence AFTER UPDATE ON reunions_participation
    FOR EACH ROW WHEN (NEW.presence = 'present' AND OLD.presence IS DISTINCT FROM NEW.presence)
    EXECUTE FUNCTION maillon_reunions_presence();

-- A proxy that holds is between two voters of one meeting, neither given by somebody present nor passed on, and its
-- holder carries no more than the convocation allows. Both rows are locked, always in the same order: an attendance or
-- another proxy under way is waited for, then seen.
CREATE OR REPLACE FUNCTION maillon_reunions_pouvoir() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    votants integer;
    limite integer;
BEGIN
    IF NEW.fin_le IS NOT NULL THEN RETURN NEW; END IF;
    PERFORM 1 FROM reunions_participation WHERE id IN (NEW.mandant_id, NEW.mandataire_id)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT count(*) INTO votants FROM reunions_participation
        WHERE id IN (NEW.mandant_id, NEW.mandataire_id) AND reunion_id = NEW.reunion_id AND votant;
    IF votants <> 2 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'pouvoir_entre_votants',
            MESSAGE = 'Un pouvoir va d’une personne qui a une voix à une autre qui en a une.';
    END IF;
    IF EXISTS (SELECT 1 FROM reunions_participation WHERE id = NEW.mandant_id AND presence = 'present') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'pouvoir_d_un_absent',
            MESSAGE = 'Cette personne est présente : elle vote elle-même.';
    END IF;
    IF EXISTS (SELECT 1 FROM reunions_pouvoir WHERE fin_le IS NULL AND id <> NEW.id
               AND (mandant_id = NEW.mandataire_id OR mandataire_id = NEW.mandant_id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'pouvoir_sans_relais',
            MESSAGE = 'Un pouvoir ne se transmet pas.';
    END IF;
    SELECT pouvoirs_max INTO limite FROM reunions_convocation WHERE reunion_id = NEW.reunion_id;
    IF (SELECT count(*) FROM reunions_pouvoir WHERE mandataire_id = NEW.mandataire_id AND fin_le IS NULL
        AND id <> NEW.id) >= COALESCE(limite, 0) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'pouvoir_limite',
            MESSAGE = 'Cette personne porte déjà autant de pouvoirs que les statuts le permettent.';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER reunions_pouvoir BEFORE INSERT OR UPDATE ON reunions_pouvoir
    FOR EACH ROW EXECUTE FUNCTION maillon_reunions_pouvoir();

-- A voice is given while the vote is open, by the voter who is present or by the present holder of their proxy.
CREATE OR REPLACE FUNCTION maillon_reunions_voix() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    vote record;
BEGIN
    SELECT * INTO vote FROM reunions_resolution WHERE id = NEW.resolution_id FOR SHARE;
    IF vote.etat <> 'ouverte' OR vote.mode = 'main_levee' OR (vote.mode = 'secret') <> NEW.secret THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'voix_vote_ouvert',
            MESSAGE = 'Ce vote n’est pas ouvert.';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM reunions_participation WHERE id = NEW.votant_id
                   AND reunion_id = vote.reunion_id AND votant)
       OR NOT EXISTS (SELECT 1 FROM reunions_participation WHERE id = NEW.exprimee_par_id
                      AND reunion_id = vote.reunion_id AND presence = 'present')
       OR NEW.exprimee_par_id <> NEW.votant_id AND NOT EXISTS (
           SELECT 1 FROM reunions_pouvoir WHERE mandant_id = NEW.votant_id
           AND mandataire_id = NEW.exprimee_par_id AND fin_le IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'voix_d_un_votant',
            MESSAGE = 'Vote une personne présente qui a une voix, pour elle et pour ceux qui lui ont donné pouvoir.';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER reunions_voix BEFORE INSERT ON reunions_voix
    FOR EACH ROW EXECUTE FUNCTION maillon_reunions_voix();

-- A box is filled while its vote is open; a vote that was opened is never removed, a closed one never changes.
CREATE OR REPLACE FUNCTION maillon_reunions_urne() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    visee uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.resolution_id ELSE NEW.resolution_id END;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reunions_resolution WHERE id = visee AND etat = 'ouverte' FOR SHARE)
       OR TG_OP = 'DELETE' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'urne_vote_ouvert',
            MESSAGE = 'Ce vote n’est pas ouvert.';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER reunions_urne BEFORE INSERT OR UPDATE OR DELETE ON reunions_urne
    FOR EACH ROW EXECUTE FUNCTION maillon_reunions_urne();

CREATE OR REPLACE FUNCTION maillon_reunions_resolution() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.etat = 'prete' THEN RETURN OLD; END IF;
    ELSIF OLD.etat <> 'close' OR to_jsonb(NEW) - 'point_id' = to_jsonb(OLD) - 'point_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'resolution_figee',
        MESSAGE = 'Un vote clos ne change plus, un vote ouvert ne s’efface pas.';
END $$;

CREATE TRIGGER reunions_resolution BEFORE UPDATE OR DELETE ON reunions_resolution
    FOR EACH ROW EXECUTE FUNCTION maillon_reunions_resolution();

-- As many voices in a secret box as voters who signed for it, once the transaction ends.
CREATE OR REPLACE FUNCTION maillon_reunions_urne_juste() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT COALESCE(sum(voix), 0) FROM reunions_urne WHERE resolution_id = NEW.resolution_id)
       <> (SELECT count(*) FROM reunions_voix WHERE resolution_id = NEW.resolution_id AND secret) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'urne_juste',
            MESSAGE = 'L’urne ne contient pas autant de voix que d’émargements.';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER reunions_urne_juste AFTER INSERT OR UPDATE ON reunions_urne
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION maillon_reunions_urne_juste();
CREATE CONSTRAINT TRIGGER reunions_voix_juste AFTER INSERT ON reunions_voix
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.secret) EXECUTE FUNCTION maillon_reunions_urne_juste();
