from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0030_doublons"), ("journal", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (Path(__file__).parent / "parmi.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION maillon_chercher_parmi(bytea[], uuid[], text, int);",
        ),
    ]
