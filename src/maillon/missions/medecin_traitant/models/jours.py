"""What past days counted, kept so that no page counts hundreds of thousands of requests again."""

from typing import ClassVar

from django.db import models

from maillon.socle.cpts.models import ModeleCpts

from ..enums import GenreJour


class JourGuichet(ModeleCpts):
    """The totals of one day of the desk, of one kind, without any person.

    Kept by the night's job, for past days only; a trigger forgets those of a day as soon as a request of that day
    changes (docs/decisions/0033-totaux-du-jour.md). A day that is not here is counted from the requests.
    """

    genre = models.CharField("genre", max_length=8, choices=GenreJour.choices)
    jour = models.DateField("jour")
    chiffres = models.JSONField("chiffres", default=dict)
    # Delays from filing to placement, in seconds, as packed doubles, group after group of `chiffres`.
    delais = models.BinaryField("délais", default=b"")

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "totaux d’un jour du guichet"
        verbose_name_plural = "totaux des jours du guichet"
        constraints = [models.UniqueConstraint(fields=["cpts", "genre", "jour"], name="mt_jour_une_fois")]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} {self.jour:%d/%m/%Y}"
