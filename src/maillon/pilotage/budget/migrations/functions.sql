-- A paid operation is never edited nor deleted: it is reversed. Only the document that shows it may still be joined.
CREATE OR REPLACE FUNCTION maillon_budget_operation_payee() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    origine budget_operation%ROWTYPE;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.contrepasse_id IS NULL THEN RETURN NEW; END IF;
        SELECT * INTO origine FROM budget_operation WHERE id = NEW.contrepasse_id;
        IF origine.id IS NULL OR origine.cpts_id <> NEW.cpts_id OR origine.etat <> 'payee'
           OR origine.contrepasse_id IS NOT NULL
           OR (origine.sens, origine.poste, origine.categorie, origine.montant)
              IS DISTINCT FROM (NEW.sens, NEW.poste, NEW.categorie, NEW.montant) THEN
            RAISE EXCEPTION 'budget_contrepassation_fidele: une contre-passation reprend une opération payée, à l’identique'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.etat = 'payee' THEN
        IF TG_OP = 'UPDATE' AND OLD.piece_id IS NULL AND NEW.piece_id IS NOT NULL
           AND to_jsonb(NEW) - 'piece_id' = to_jsonb(OLD) - 'piece_id' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'budget_operation_payee_intacte: une opération payée ne change plus, elle se contre-passe'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER budget_operation_payee BEFORE INSERT OR UPDATE OR DELETE ON budget_operation
    FOR EACH ROW EXECUTE FUNCTION maillon_budget_operation_payee();
