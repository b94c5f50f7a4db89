from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comptes", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="compte",
            name="vues",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, editable=False, verbose_name="vues de listes"
            ),
        ),
    ]
