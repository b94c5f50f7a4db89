"""Taking a slot and confirming it, each one statement."""

from pathlib import Path

from django.db import migrations

RETOUR = """
DROP FUNCTION maillon_soins_lire_creneau(uuid);
DROP FUNCTION maillon_soins_confirmer(uuid, uuid, uuid, jsonb);
DROP FUNCTION maillon_soins_prendre(soins_non_programmes_rendezvous, jsonb, int, int);
DROP FUNCTION maillon_soins_refuser(text);
DROP FUNCTION maillon_soins_rang(uuid, int, timestamptz);
DROP FUNCTION maillon_soins_rangs_pris(uuid, timestamptz);
DROP FUNCTION maillon_soins_conclure(soins_non_programmes_rendezvous, uuid, jsonb, text);
DROP FUNCTION maillon_soins_verrouiller_patient(uuid, uuid);
DROP FUNCTION maillon_soins_finir_retenue(uuid);
ALTER TABLE soins_non_programmes_creneau
    RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("soins_non_programmes", "0001_initial"),
        ("annuaire", "0001_initial"),
        ("journal", "0001_initial"),
        ("patients", "0002_lecture_tracee"),
        ("territoire", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "reservation.sql").read_text(encoding="utf-8"), RETOUR),
    ]
