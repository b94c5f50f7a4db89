from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cycle", "0001_initial")]

    operations = [
        # A correction keeps the cycle and the nature of what it corrects: otherwise two milestones of one nature could
        # both be valid.
        migrations.RunSQL(
            """
            CREATE UNIQUE INDEX jalon_identite ON cycle_jalon (id, cycle_id, nature);
            ALTER TABLE cycle_jalon ADD CONSTRAINT jalon_corrige_le_meme
                FOREIGN KEY (remplace_id, cycle_id, nature) REFERENCES cycle_jalon (id, cycle_id, nature);
            """,
            """
            ALTER TABLE cycle_jalon DROP CONSTRAINT jalon_corrige_le_meme;
            DROP INDEX jalon_identite;
            """,
        ),
    ]
