"""What the database keeps of proxies and votes; the functions run as the owner, so that they see every row."""

from pathlib import Path

from django.db import migrations

RETOUR = """
DROP TRIGGER reunions_voix_juste ON reunions_voix;
DROP TRIGGER reunions_urne_juste ON reunions_urne;
DROP TRIGGER reunions_resolution ON reunions_resolution;
DROP TRIGGER reunions_urne ON reunions_urne;
DROP TRIGGER reunions_voix ON reunions_voix;
DROP TRIGGER reunions_pouvoir ON reunions_pouvoir;
DROP TRIGGER reunions_presence ON reunions_participation;
DROP FUNCTION maillon_reunions_urne_juste();
DROP FUNCTION maillon_reunions_resolution();
DROP FUNCTION maillon_reunions_urne();
DROP FUNCTION maillon_reunions_voix();
DROP FUNCTION maillon_reunions_pouvoir();
DROP FUNCTION maillon_reunions_presence();
"""


class Migration(migrations.Migration):
    dependencies = [("reunions", "0001_initial")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "votes.sql").read_text(encoding="utf-8"), RETOUR),
    ]
