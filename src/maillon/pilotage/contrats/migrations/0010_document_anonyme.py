from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pilotage", "0009_deploiement"),
    ]

    operations = [
        migrations.AddField(
            model_name="constat",
            name="document_anonyme",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="le document ne nomme personne"
            ),
        ),
    ]
