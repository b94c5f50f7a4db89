from pathlib import Path

from django.db import migrations

RETOUR = """
DROP TRIGGER indemnites_situation ON indemnites_situationannuelle;
DROP TRIGGER indemnites_plafond ON indemnites_declaration;
DROP TRIGGER indemnites_accords ON indemnites_frais;
DROP TRIGGER indemnites_accords ON indemnites_declaration;
DROP FUNCTION maillon_indemnites_situation();
DROP FUNCTION maillon_indemnites_plafond();
DROP FUNCTION maillon_indemnites_annee(uuid, integer);
DROP FUNCTION maillon_indemnites_verrou(uuid, integer);
DROP FUNCTION maillon_indemnites_accords();
DROP FUNCTION maillon_indemnites_est_soi(uuid, uuid);
DROP FUNCTION maillon_indemnites_memes(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("indemnites", "0001_initial")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "functions.sql").read_text(encoding="utf-8"), RETOUR),
    ]
