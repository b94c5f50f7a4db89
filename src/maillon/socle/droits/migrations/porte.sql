-- Who comes in at the door: the active membership of an account in a community, with its roles and missions of a day
-- and the community itself; nothing but NULL when there is none. One plan, kept by the connection, for what every page
-- of a member asks; read with the rights of the owner, because the community is not entered yet.
--
-- Roles come from the dates of the mandates: what the nightly job keeps on the row may be some hours late, and a mandate
-- that ended yesterday opens nothing today.
CREATE FUNCTION maillon_lire_membre(
    le_compte uuid, le_slug text, le_jour date, OUT membre_id uuid, OUT roles text[], OUT missions text[], OUT c cpts_cpts
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT k.* INTO c FROM cpts_cpts k WHERE k.slug = le_slug;
    SELECT m.id INTO membre_id FROM droits_membre m WHERE m.compte_id = le_compte AND m.cpts_id = c.id AND m.actif;
    SELECT array_agg(DISTINCT d.role ORDER BY d.role),
           array_agg(DISTINCT d.mission ORDER BY d.mission) FILTER (WHERE d.mission <> '')
    INTO roles, missions FROM droits_mandat d WHERE d.membre_id = maillon_lire_membre.membre_id AND d.periode @> le_jour;
END $$;

REVOKE ALL ON FUNCTION maillon_lire_membre(uuid, text, date) FROM PUBLIC;
