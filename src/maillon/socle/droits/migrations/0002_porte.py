"""Who comes in, read in one statement."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("droits", "0001_initial"), ("cpts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (Path(__file__).parent / "porte.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION maillon_lire_membre(uuid, text, date)",
        ),
    ]
