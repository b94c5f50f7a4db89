"""Functions by which a first load of the national directory builds the indexes after the rows."""

from pathlib import Path

from django.db import migrations

RETOUR = "DROP FUNCTION maillon_annuaire_retirer_index(text), maillon_annuaire_poser_index(text)"


class Migration(migrations.Migration):

    dependencies = [("annuaire", "0001_initial")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "index.sql").read_text(encoding="utf-8"), RETOUR),
    ]
