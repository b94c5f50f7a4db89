-- A first load writes its rows before their indexes: the import runs as the runtime role, which owns nothing, so these
-- two functions of the owner lend it that one right, on these three tables, and only while they are almost empty.

CREATE FUNCTION maillon_annuaire_retirer_index(fichier text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    peuplee boolean;
BEGIN
    IF fichier NOT IN ('inscription', 'savoirfaire', 'diplome') THEN
        RAISE EXCEPTION 'annuaire : table inconnue';
    END IF;
    EXECUTE format('SELECT count(*) > 20000 FROM (SELECT FROM annuaire_%s LIMIT 20001) t', fichier) INTO peuplee;
    IF peuplee THEN RETURN false; END IF;
    EXECUTE format('ALTER TABLE annuaire_%1$s DROP CONSTRAINT annuaire_%1$s_pkey', fichier);
    EXECUTE format('DROP INDEX %s_identifiant', fichier);
    IF fichier = 'inscription' THEN
        DROP INDEX inscription_nom, inscription_commune, inscription_profession, inscription_finess, inscription_mots;
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION maillon_annuaire_poser_index(fichier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET maintenance_work_mem = '256MB' AS $$
BEGIN
    IF fichier NOT IN ('inscription', 'savoirfaire', 'diplome') THEN
        RAISE EXCEPTION 'annuaire : table inconnue';
    END IF;
    EXECUTE format('ALTER TABLE annuaire_%1$s ADD CONSTRAINT annuaire_%1$s_pkey PRIMARY KEY (empreinte)', fichier);
    EXECUTE format('CREATE INDEX %1$s_identifiant ON annuaire_%1$s (identifiant)', fichier);
    IF fichier = 'inscription' THEN
        CREATE INDEX inscription_nom ON annuaire_inscription (nom_recherche, identifiant);
        CREATE INDEX inscription_commune ON annuaire_inscription (commune, profession, nom_recherche);
        CREATE INDEX inscription_profession ON annuaire_inscription (profession, savoir_faire, nom_recherche);
        CREATE INDEX inscription_finess ON annuaire_inscription (finess) WHERE NOT (finess = '');
        CREATE INDEX inscription_mots ON annuaire_inscription
            USING gin (to_tsvector('simple'::regconfig, COALESCE(nom_recherche, '')));
    END IF;
    EXECUTE format('ANALYZE annuaire_%s', fichier);
END $$;

REVOKE ALL ON FUNCTION maillon_annuaire_retirer_index(text), maillon_annuaire_poser_index(text) FROM PUBLIC;
