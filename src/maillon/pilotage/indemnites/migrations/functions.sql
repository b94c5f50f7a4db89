-- The rows of one human being in a community: merged rows, and rows that bear the same RPPS number.
CREATE OR REPLACE FUNCTION maillon_indemnites_memes(qui uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH RECURSIVE gens AS (
        SELECT p.id, p.fusionnee_dans_id, pro.rpps AS rpps, c.rpps AS rpps_compte
        FROM personnes_personne p
        LEFT JOIN annuaire_professionnel pro ON pro.id = p.professionnel_id
        LEFT JOIN droits_membre m ON m.id = p.membre_id
        LEFT JOIN comptes_compte c ON c.id = m.compte_id
        WHERE p.cpts_id = (SELECT cpts_id FROM personnes_personne WHERE id = qui)
          AND (p.id = qui OR p.fusionnee_dans_id IS NOT NULL OR p.professionnel_id IS NOT NULL OR p.membre_id IS NOT NULL)
    ), memes AS (
        SELECT * FROM gens WHERE id = qui
        UNION
        SELECT autre.* FROM memes
        JOIN gens autre ON autre.fusionnee_dans_id = memes.id OR autre.id = memes.fusionnee_dans_id
            OR autre.rpps IN (memes.rpps, memes.rpps_compte) OR autre.rpps_compte IN (memes.rpps, memes.rpps_compte)
    )
    SELECT DISTINCT id FROM memes
$$;

-- Whether an account is that of the person.
CREATE OR REPLACE FUNCTION maillon_indemnites_est_soi(compte uuid, qui uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM personnes_personne p
        LEFT JOIN droits_membre m ON m.id = p.membre_id
        LEFT JOIN annuaire_professionnel pro ON pro.id = p.professionnel_id
        LEFT JOIN comptes_compte c ON c.rpps = pro.rpps
        WHERE p.id IN (SELECT maillon_indemnites_memes(qui)) AND compte IN (m.compte_id, c.id)
    )
$$;

-- Two different people agree, neither for themselves, to what was checked; then nothing changes any more.
CREATE OR REPLACE FUNCTION maillon_indemnites_accords() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    accord text[] := ARRAY['etat', 'approuve_le', 'approuve_par', 'plafond'];
    origine jsonb;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.etat = 'approuvee' THEN
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'payee_le' = to_jsonb(OLD) - 'payee_le' THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'indemnites_approuvee_intacte: ce qui est approuvé ne change plus, cela se contre-passe'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.verifie_par IS NOT NULL AND maillon_indemnites_est_soi(NEW.verifie_par, NEW.personne_id)
       OR NEW.approuve_par IS NOT NULL AND maillon_indemnites_est_soi(NEW.approuve_par, NEW.personne_id) THEN
        RAISE EXCEPTION 'indemnites_pas_pour_soi: personne ne vérifie ni n’approuve pour soi-même'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.etat <> 'approuvee' THEN RETURN NEW; END IF;
    IF NEW.contrepasse_id IS NOT NULL THEN
        EXECUTE format('SELECT to_jsonb(t) FROM %I t WHERE id = $1', TG_TABLE_NAME) INTO origine USING NEW.contrepasse_id;
        IF TG_OP <> 'INSERT' OR origine IS NULL OR origine ->> 'etat' <> 'approuvee'
           OR origine ->> 'contrepasse_id' IS NOT NULL
           OR (origine ->> 'cpts_id')::uuid <> NEW.cpts_id OR (origine ->> 'personne_id')::uuid <> NEW.personne_id
           OR (origine ->> 'le')::date <> NEW.le OR origine ->> 'mission' <> NEW.mission
           OR (origine ->> 'montant')::numeric <> -NEW.montant
           OR origine ->> 'nature' IS DISTINCT FROM to_jsonb(NEW) ->> 'nature'
           OR origine ->> 'beneficiaire' IS DISTINCT FROM to_jsonb(NEW) ->> 'beneficiaire' THEN
            RAISE EXCEPTION 'indemnites_contrepassation_fidele: une contre-passation reprend ce qui est approuvé, à l’identique'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF TG_OP = 'INSERT' OR OLD.etat <> 'verifiee' OR to_jsonb(NEW) - accord <> to_jsonb(OLD) - accord THEN
        RAISE EXCEPTION 'indemnites_approuvee_verifiee: on approuve ce qui a été vérifié, sans rien y changer'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER indemnites_accords BEFORE INSERT OR UPDATE OR DELETE ON indemnites_declaration
    FOR EACH ROW EXECUTE FUNCTION maillon_indemnites_accords();
CREATE TRIGGER indemnites_accords BEFORE INSERT OR UPDATE OR DELETE ON indemnites_frais
    FOR EACH ROW EXECUTE FUNCTION maillon_indemnites_accords();

-- One writer at a time counts the year of one human being; held until the end of the transaction.
CREATE OR REPLACE FUNCTION maillon_indemnites_verrou(qui uuid, annee integer) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('indemnites:' || annee || ':' || min(id::text), 0))
    FROM maillon_indemnites_memes(qui) AS id;
END $$;

-- What the year of one human being holds: approved and paid to them here, declared from elsewhere.
CREATE OR REPLACE FUNCTION maillon_indemnites_annee(
    qui uuid, annee integer, OUT ici numeric, OUT ailleurs numeric, OUT declaree boolean
) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH memes AS (SELECT maillon_indemnites_memes(qui) AS id),
    situation AS (
        SELECT s.montant_ailleurs FROM indemnites_situationannuelle s
        WHERE s.personne_id IN (SELECT id FROM memes) AND s.annee = maillon_indemnites_annee.annee
        ORDER BY s.declare_le DESC, s.id DESC LIMIT 1
    )
    SELECT COALESCE((
               SELECT sum(d.montant) FROM indemnites_declaration d
               WHERE d.personne_id IN (SELECT id FROM memes) AND d.etat = 'approuvee' AND d.beneficiaire = 'personne'
                 AND d.le >= make_date(annee, 1, 1) AND d.le < make_date(annee + 1, 1, 1)
           ), 0),
           COALESCE((SELECT montant_ailleurs FROM situation), 0),
           EXISTS (SELECT 1 FROM situation)
$$;

-- The yearly cap (art. D. 1434-44 CSP), and the employer's convention.
CREATE OR REPLACE FUNCTION maillon_indemnites_plafond() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    an integer := extract(year FROM NEW.le);
    compte record;
BEGIN
    IF NEW.etat <> 'approuvee' OR NEW.contrepasse_id IS NOT NULL OR TG_OP = 'UPDATE' AND OLD.etat = 'approuvee' THEN
        RETURN NULL;
    END IF;
    IF NEW.beneficiaire = 'employeur' THEN
        IF NOT EXISTS (SELECT 1 FROM indemnites_conventionemployeur c
                       WHERE c.id = NEW.convention_id AND c.cpts_id = NEW.cpts_id AND c.periode @> NEW.le) THEN
            RAISE EXCEPTION 'indemnites_convention_en_vigueur: aucune convention de l’employeur n’est en vigueur ce jour-là'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END IF;
    PERFORM maillon_indemnites_verrou(NEW.personne_id, an);
    SELECT * INTO compte FROM maillon_indemnites_annee(NEW.personne_id, an);
    IF NOT compte.declaree THEN
        RAISE EXCEPTION 'indemnites_situation_declaree: la personne n’a pas dit si une autre CPTS la paie cette année-là'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF compte.ici + compte.ailleurs > NEW.plafond THEN
        RAISE EXCEPTION 'indemnites_plafond_annuel: le plafond annuel de la personne serait dépassé'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER indemnites_plafond AFTER INSERT OR UPDATE ON indemnites_declaration
    FOR EACH ROW EXECUTE FUNCTION maillon_indemnites_plafond();

-- A new statement waits for the approvals under way, and they for it.
CREATE OR REPLACE FUNCTION maillon_indemnites_situation() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM maillon_indemnites_verrou(NEW.personne_id, NEW.annee::integer);
    RETURN NEW;
END $$;
CREATE TRIGGER indemnites_situation BEFORE INSERT ON indemnites_situationannuelle
    FOR EACH ROW EXECUTE FUNCTION maillon_indemnites_situation();
