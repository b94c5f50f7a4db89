from pathlib import Path

from django.db import migrations

RETOUR = """
DROP TRIGGER budget_operation_payee ON budget_operation;
DROP FUNCTION maillon_budget_operation_payee();
"""


class Migration(migrations.Migration):
    dependencies = [("budget", "0001_initial")]

    operations = [
        migrations.RunSQL((Path(__file__).parent / "functions.sql").read_text(encoding="utf-8"), RETOUR),
    ]
