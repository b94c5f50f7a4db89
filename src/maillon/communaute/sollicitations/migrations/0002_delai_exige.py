from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """A comparison with NULL satisfied the constraint: a deadline is now asked for by name."""

    dependencies: ClassVar = [("sollicitations", "0001_initial")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="sollicitation", name="sollicitation_envoyee_avec_delai"),
        migrations.AddConstraint(
            model_name="sollicitation",
            constraint=models.CheckConstraint(
                condition=Q(etat__in=("prevue", "retiree"), envoyee_le=None, expire_le=None)
                | (
                    ~Q(etat="prevue")
                    & Q(envoyee_le__isnull=False, expire_le__isnull=False, expire_le__gt=F("envoyee_le"))
                ),
                name="sollicitation_envoyee_avec_delai",
            ),
        ),
    ]
