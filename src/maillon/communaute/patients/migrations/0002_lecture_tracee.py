from pathlib import Path

from django.db import migrations

RETOUR = """
DROP FUNCTION maillon_lire_identites(uuid[], text, text, text, uuid);
DROP FUNCTION maillon_chercher_patients(bytea[], text, int, text, date, uuid[]);
DROP FUNCTION maillon_chercher_doublons(int[], bytea[], text);
DROP FUNCTION maillon_toucher_patient(uuid, timestamptz, date);
DROP FUNCTION maillon_ouvrir_relation(uuid, text, text, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial"), ("journal", "0001_initial")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "functions.sql").read_text(encoding="utf-8"), RETOUR),
    ]
