"""Proxies, resolutions and voices.

The database keeps what a contested meeting would be judged on: a proxy never stands beside its giver's presence, a
holder never carries more than the statutes allow, a voter has one voice a resolution, and a secret ballot leaves no
row from which a choice could be traced to a person (see docs/decisions/0020-vote-secret.md).
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillon.socle.cpts.models import ModeleCpts

from ..enums import ChoixVote, EtatResolution, FinPouvoir, Majorite, ModeVote, PreuvePouvoir
from .reunion import Participation, PointOrdreDuJour, Reunion


class Pouvoir(ModeleCpts):
    """A voter of a meeting gives their voice to another one. It holds while `fin_le` is None."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="pouvoirs")
    mandant = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="pouvoirs_donnes")
    mandataire = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="pouvoirs_recus")
    donne_le = models.DateTimeField("donné le")
    preuve = models.CharField("preuve", max_length=8, choices=PreuvePouvoir.choices)
    fin_le = models.DateTimeField("fini le", null=True, blank=True)
    fin = models.CharField("pourquoi", max_length=10, choices=FinPouvoir.choices, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("fin_le", "fin")

    class Meta:
        verbose_name = "pouvoir"
        ordering = ["donne_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandant"],
                condition=Q(fin_le=None),
                name="pouvoir_un_par_mandant",
                violation_error_message="Cette personne a déjà donné pouvoir.",
            ),
            models.CheckConstraint(
                condition=~Q(mandant=F("mandataire")),
                name="pouvoir_a_un_autre",
                violation_error_message="On ne se donne pas pouvoir à soi-même.",
            ),
            models.CheckConstraint(
                condition=Q(fin_le=None, fin="") | Q(fin_le__isnull=False) & ~Q(fin=""), name="pouvoir_fin_dite"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "reunion"], name="pouvoir_reunion")]

    def __str__(self) -> str:
        return f"{self.mandant_id} → {self.mandataire_id}"


class Resolution(ModeleCpts):
    """A text put to the vote, and its result once closed: voices for, against, abstaining."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="resolutions")
    point = models.ForeignKey(PointOrdreDuJour, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("résolution", max_length=200)
    texte = models.TextField("texte", blank=True)
    mode = models.CharField("mode de vote", max_length=12, choices=ModeVote.choices, default=ModeVote.MAIN_LEVEE)
    majorite = models.CharField("majorité", max_length=12, choices=Majorite.choices, default=Majorite.SIMPLE)
    etat = models.CharField("état", max_length=8, choices=EtatResolution.choices, default=EtatResolution.PRETE)
    ouverte_le = models.DateTimeField("vote ouvert le", null=True, blank=True)
    close_le = models.DateTimeField("vote clos le", null=True, blank=True)
    voix_possibles = models.PositiveIntegerField("voix présentes ou représentées", null=True, blank=True)
    pour = models.PositiveIntegerField("pour", null=True, blank=True)
    contre = models.PositiveIntegerField("contre", null=True, blank=True)
    abstention = models.PositiveIntegerField("abstentions", null=True, blank=True)
    adoptee = models.BooleanField("adoptée", null=True, blank=True)
    sans_quorum = models.BooleanField("votée sans quorum", default=False)

    historise: ClassVar[tuple[str, ...]] = ("etat", "pour", "contre", "abstention", "adoptee")

    class Meta:
        verbose_name = "résolution"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["reunion", "rang"], name="resolution_rang_unique"),
            models.CheckConstraint(
                condition=~Q(etat=EtatResolution.CLOSE)
                | Q(
                    close_le__isnull=False,
                    voix_possibles__isnull=False,
                    pour__isnull=False,
                    contre__isnull=False,
                    abstention__isnull=False,
                    adoptee__isnull=False,
                ),
                name="resolution_close_comptee",
            ),
            models.CheckConstraint(
                condition=Q(pour=None) | Q(voix_possibles__gte=F("pour") + F("contre") + F("abstention")),
                name="resolution_voix_existantes",
                violation_error_message="Il y a plus de voix comptées que de personnes présentes ou représentées.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre


class Voix(ModeleCpts):
    """A voter's voice in a vote by telephone: that it was given, by whom (`exprimee_par` holds the proxy if any).

    What it says is there only in a nominative vote. In a secret one the row names no choice, and no other row names
    the person.
    """

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="voix")
    votant = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    exprimee_par = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    secret = models.BooleanField("vote secret")
    choix = models.CharField("choix", max_length=10, choices=ChoixVote.choices, blank=True)
    le = models.DateTimeField("le")

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "voix"
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "votant"],
                name="voix_une_par_votant",
                violation_error_message="Cette personne a déjà voté.",
            ),
            models.CheckConstraint(
                condition=Q(secret=True, choix="") | Q(secret=False) & ~Q(choix=""), name="voix_secrete_sans_choix"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.votant_id} ({self.resolution_id})"


class Urne(ModeleCpts):
    """A secret ballot box: how many voices for one choice, and nothing else. The journal does not follow it: who acts
    would tell what they chose."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="urne")
    choix = models.CharField("choix", max_length=10, choices=ChoixVote.choices)
    voix = models.PositiveIntegerField("voix", default=0)

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "urne"
        constraints = [
            models.UniqueConstraint(fields=["resolution", "choix"], name="urne_choix_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.resolution_id} : {self.choix}"
