-- The commune and the year of birth of a request are always those of its patient, the erasure of the year included:
-- the database writes them, whoever wrote the row.
CREATE FUNCTION medecin_traitant_lire_patient() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Locked, so that a person who moves meanwhile waits, then moves this request too.
    SELECT p.commune_id, p.annee_naissance INTO NEW.commune_id, NEW.annee_naissance
    FROM patients_patient p WHERE p.id = NEW.patient_id FOR SHARE;
    RETURN NEW;
END $$;

CREATE TRIGGER medecin_traitant_patient_depot BEFORE INSERT ON medecin_traitant_demande
FOR EACH ROW EXECUTE FUNCTION medecin_traitant_lire_patient();

CREATE TRIGGER medecin_traitant_patient_tenu BEFORE UPDATE OF patient_id, commune_id, annee_naissance
ON medecin_traitant_demande FOR EACH ROW WHEN (
    (OLD.patient_id, OLD.commune_id, OLD.annee_naissance)
    IS DISTINCT FROM (NEW.patient_id, NEW.commune_id, NEW.annee_naissance)
)
EXECUTE FUNCTION medecin_traitant_lire_patient();

CREATE FUNCTION medecin_traitant_suivre_patient() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE medecin_traitant_demande SET commune_id = NEW.commune_id, annee_naissance = NEW.annee_naissance
    WHERE cpts_id = NEW.cpts_id AND patient_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER medecin_traitant_patient_change AFTER UPDATE OF commune_id, annee_naissance ON patients_patient
FOR EACH ROW WHEN ((OLD.commune_id, OLD.annee_naissance) IS DISTINCT FROM (NEW.commune_id, NEW.annee_naissance))
EXECUTE FUNCTION medecin_traitant_suivre_patient();

-- The totals of a day are forgotten as soon as what they count changes: they are counted again, never wrong.
CREATE FUNCTION medecin_traitant_oublier_jours() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- The time zone of the days of Maillon (TIME_ZONE).
    zone CONSTANT text := 'Europe/Paris';
    avant medecin_traitant_demande;
    apres medecin_traitant_demande;
    arrivees boolean := true;
    devenir boolean := true;
    placees boolean := true;
    closes boolean := true;
BEGIN
    IF TG_OP <> 'INSERT' THEN avant := OLD; END IF;
    IF TG_OP <> 'DELETE' THEN apres := NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
        arrivees := (avant.deposee_le, avant.origine, avant.accord = 'a_recueillir' AND avant.etat = 'deposee')
            IS DISTINCT FROM (apres.deposee_le, apres.origine, apres.accord = 'a_recueillir' AND apres.etat = 'deposee');
        devenir := (avant.deposee_le, avant.origine, avant.placee_le IS NULL, avant.close_le IS NULL)
            IS DISTINCT FROM (apres.deposee_le, apres.origine, apres.placee_le IS NULL, apres.close_le IS NULL);
        placees := (avant.placee_le, avant.deposee_le, avant.priorite_niveau, avant.ame, avant.ald, avant.c2s,
                    avant.plus_de_70, avant.age_placement, avant.issue, avant.premier_rdv_le, avant.declaration,
                    avant.bilan)
            IS DISTINCT FROM (apres.placee_le, apres.deposee_le, apres.priorite_niveau, apres.ame, apres.ald, apres.c2s,
                    apres.plus_de_70, apres.age_placement, apres.issue, apres.premier_rdv_le, apres.declaration,
                    apres.bilan);
        closes := (avant.close_le, avant.motif_cloture) IS DISTINCT FROM (apres.close_le, apres.motif_cloture);
    END IF;
    placees := placees AND (avant.placee_le IS NOT NULL OR apres.placee_le IS NOT NULL);
    closes := closes AND (avant.close_le IS NOT NULL OR apres.close_le IS NOT NULL);
    IF NOT (arrivees OR devenir OR placees OR closes) THEN RETURN NULL; END IF;
    -- Shared by all writers; the job that keeps days takes it alone.
    PERFORM pg_advisory_xact_lock_shared(
        hashtext('medecin_traitant_jour'), hashtext(COALESCE(apres.cpts_id, avant.cpts_id)::text)
    );
    DELETE FROM medecin_traitant_jourguichet j
    WHERE j.cpts_id = COALESCE(apres.cpts_id, avant.cpts_id) AND (
        (arrivees AND j.genre = 'arrivees' AND j.jour IN
            ((avant.deposee_le AT TIME ZONE zone)::date, (apres.deposee_le AT TIME ZONE zone)::date))
        OR (devenir AND j.genre = 'devenir' AND j.jour IN
            ((avant.deposee_le AT TIME ZONE zone)::date, (apres.deposee_le AT TIME ZONE zone)::date))
        OR (placees AND j.genre = 'placees' AND j.jour IN
            ((avant.placee_le AT TIME ZONE zone)::date, (apres.placee_le AT TIME ZONE zone)::date))
        OR (closes AND j.genre = 'closes' AND j.jour IN
            ((avant.close_le AT TIME ZONE zone)::date, (apres.close_le AT TIME ZONE zone)::date))
    );
    RETURN NULL;
END $$;

CREATE TRIGGER medecin_traitant_jours AFTER INSERT OR UPDATE OR DELETE ON medecin_traitant_demande
FOR EACH ROW EXECUTE FUNCTION medecin_traitant_oublier_jours();
