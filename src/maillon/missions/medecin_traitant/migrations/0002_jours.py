"""Commune and year of birth stand on the request, equal to its patient's by triggers; the totals of a past day are
forgotten, by a trigger, when a write changes them.
"""

from pathlib import Path

from django.db import migrations

RETOUR = """
DROP TRIGGER medecin_traitant_jours ON medecin_traitant_demande;
DROP TRIGGER medecin_traitant_patient_depot ON medecin_traitant_demande;
DROP TRIGGER medecin_traitant_patient_tenu ON medecin_traitant_demande;
DROP TRIGGER medecin_traitant_patient_change ON patients_patient;
DROP FUNCTION medecin_traitant_oublier_jours();
DROP FUNCTION medecin_traitant_lire_patient();
DROP FUNCTION medecin_traitant_suivre_patient();
"""


class Migration(migrations.Migration):
    dependencies = [("medecin_traitant", "0001_initial"), ("patients", "0002_lecture_tracee")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "jours.sql").read_text(encoding="utf-8"), RETOUR),
    ]
