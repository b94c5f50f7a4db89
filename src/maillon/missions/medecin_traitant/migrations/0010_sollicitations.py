"""Proposals become solicitations of the one cascade: copied with their keys, their links along, then dropped."""

from typing import ClassVar

from django.db import migrations

# One call for each request that was ever proposed; its waves are the moments at which doctors were asked.
APPELS = """
INSERT INTO sollicitations_appel
    (id, cpts_id, genre, objet_id, etat, delai, vague, prochaine_vague_le, ouvert_le, clos_le)
SELECT gen_random_uuid(), s.cpts_id, 'medecin_traitant', s.demande_id, s.etat, interval '5 days', s.vagues,
       CASE WHEN s.etat = 'ouvert' THEN s.attendu END, s.debut,
       CASE WHEN s.etat NOT IN ('ouvert', 'reserve') THEN s.fin END
FROM (
    SELECT p.cpts_id, p.demande_id, min(p.envoyee_le) AS debut,
           count(DISTINCT date_trunc('minute', p.envoyee_le)) AS vagues,
           max(p.expire_le) FILTER (WHERE p.etat = 'envoyee') AS attendu,
           COALESCE(d.placee_le, d.close_le, max(COALESCE(p.repondue_le, p.envoyee_le))) AS fin,
           CASE WHEN bool_or(p.etat = 'acceptee') THEN CASE d.etat WHEN 'placee' THEN 'pourvu' ELSE 'reserve' END
                WHEN bool_or(p.etat = 'envoyee') THEN 'ouvert'
                WHEN d.etat = 'close' THEN 'clos'
                ELSE 'epuise' END AS etat
    FROM medecin_traitant_proposition p JOIN medecin_traitant_demande d ON d.id = p.demande_id
    GROUP BY p.cpts_id, p.demande_id, d.etat, d.placee_le, d.close_le
) s
"""
SOLLICITATIONS = """
INSERT INTO sollicitations_sollicitation
    (id, cpts_id, appel_id, professionnel_id, vague, rang, etat, motif_refus, motif_retrait, explication,
     envoyee_le, expire_le, a_rappeler_le, rappelee_le, repondue_le)
SELECT p.id, p.cpts_id, a.id, p.professionnel_id,
       dense_rank() OVER (PARTITION BY p.demande_id ORDER BY date_trunc('minute', p.envoyee_le)),
       row_number() OVER (PARTITION BY p.demande_id ORDER BY p.envoyee_le, p.id),
       p.etat, p.motif_refus, CASE p.motif_retrait WHEN 'autre_medecin' THEN 'autre' ELSE p.motif_retrait END, '{}',
       p.envoyee_le, p.expire_le, p.expire_le - interval '2 days', p.rappelee_le,
       CASE WHEN p.etat IN ('acceptee', 'refusee') THEN COALESCE(p.repondue_le, p.envoyee_le) ELSE p.repondue_le END
FROM medecin_traitant_proposition p
JOIN sollicitations_appel a ON a.genre = 'medecin_traitant' AND a.objet_id = p.demande_id
"""
LIENS = "UPDATE droits_lien SET but = 'sollicitations.repondre' WHERE but = 'medecin_traitant.proposition'"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("droits", "0001_initial"),
        ("medecin_traitant", "0001_initial"),
        ("sollicitations", "0001_initial"),
    ]

    operations: ClassVar = [
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (APPELS, SOLLICITATIONS, LIENS)),
        migrations.DeleteModel("Proposition"),
    ]
