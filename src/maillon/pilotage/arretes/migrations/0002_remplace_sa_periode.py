from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("arretes", "0001_initial")]

    operations = [
        # A seal replaces one of its own period: two chains of one period cannot both be open.
        migrations.RunSQL(
            "ALTER TABLE arretes_arrete ADD CONSTRAINT arrete_remplace_sa_periode"
            " FOREIGN KEY (remplace_id, contrat_id, annee, debut, fin)"
            " REFERENCES arretes_arrete (id, contrat_id, annee, debut, fin)",
            "ALTER TABLE arretes_arrete DROP CONSTRAINT arrete_remplace_sa_periode",
        ),
    ]
