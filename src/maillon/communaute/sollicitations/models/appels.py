"""A mission asks professionals for something, in waves."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.declarations import GenreSollicitation, get_genre_sollicitation
from maillon.socle.horloge import now

from ..enums import VIVANTS, EtatAppel


class Appel(ModeleCpts):
    """One call for one object of a mission. The database refuses two living ones for an object.

    `objet_id` is a key of the mission that declares `genre`: the room below ignores its table.
    """

    genre = models.CharField("genre", max_length=40)
    objet_id = models.UUIDField("objet")
    etat = models.CharField("état", max_length=8, choices=EtatAppel.choices, default=EtatAppel.OUVERT)
    delai = models.DurationField("délai de réponse d’une vague")
    vague = models.PositiveSmallIntegerField("vague en cours", default=0)
    prochaine_vague_le = models.DateTimeField("fin de la vague en cours", null=True, blank=True)
    ouvert_le = models.DateTimeField("ouvert le", default=now)
    clos_le = models.DateTimeField("terminé le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "vague", "prochaine_vague_le", "clos_le")

    class Meta:
        verbose_name = "appel"
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "genre", "objet_id"],
                condition=Q(etat__in=VIVANTS),
                name="appel_un_vivant",
                violation_error_message="Des professionnels sont déjà sollicités pour cette demande.",
            ),
            models.CheckConstraint(condition=Q(delai__gt=timedelta(0)), name="appel_delai_positif"),
            models.CheckConstraint(
                condition=Q(etat__in=(EtatAppel.OUVERT, EtatAppel.RESERVE), clos_le__isnull=True)
                | (~Q(etat__in=(EtatAppel.OUVERT, EtatAppel.RESERVE)) & Q(clos_le__isnull=False)),
                name="appel_termine_date",
            ),
            models.CheckConstraint(
                condition=Q(prochaine_vague_le__isnull=True) | Q(prochaine_vague_le__gt=F("ouvert_le")),
                name="appel_fin_de_vague",
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "genre", "objet_id"], name="appel_objet"),
            # Which kind each call is of, read without its row.
            models.Index(fields=["cpts", "genre", "id"], include=["objet_id"], name="appel_genre"),
        ]

    def __str__(self) -> str:
        return f"{self.genre} {self.objet_id} ({self.get_etat_display()})"

    @property
    def declare(self) -> GenreSollicitation:
        """The declaration of its kind."""
        return get_genre_sollicitation(self.genre)
