from pathlib import Path

from django.db import migrations

RETOUR = """
DROP FUNCTION maillon_lire_messages_patient(uuid, text);
DROP FUNCTION maillon_lire_piece_patient(uuid, text);
"""


class Migration(migrations.Migration):
    dependencies = [("messagerie", "0001_initial"), ("journal", "0001_initial"), ("patients", "0002_lecture_tracee")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "lecture.sql").read_text(encoding="utf-8"), RETOUR),
    ]
