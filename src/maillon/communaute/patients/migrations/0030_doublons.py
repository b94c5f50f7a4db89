from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_lecture_tracee"), ("journal", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (Path(__file__).parent / "doublons.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION maillon_chercher_doublons(int[], bytea[], text);",
        ),
    ]
