"""What happened (Entree), what changed (Ecriture, by trigger), who read which patient (Lecture); and their seals."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from maillon.socle.cpts.models import Cpts, ModeleCpts
from maillon.socle.horloge import now


class LigneJournal(ModeleCpts):
    """Append-only rows with a growing key; objects are kept by UUID without foreign key, so that erasing a person
    and keeping the journal agree."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    cpts = models.ForeignKey(Cpts, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField("le", default=now, editable=False)
    acteur = models.CharField("acteur", max_length=200, blank=True)
    compte_id = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True
    suivi: ClassVar[bool] = False

    class Meta:
        abstract = True


class Entree(LigneJournal):
    """A business event, named by the app that records it: `medecin_traitant.acceptee`."""

    evenement = models.CharField("événement", max_length=80)
    objet_type = models.CharField("objet", max_length=60)
    objet_id = models.UUIDField("identifiant de l’objet")
    # Codes, counts and dates only: no identity, no free text.
    details = models.JSONField("détails", default=dict, blank=True)

    class Meta:
        verbose_name = "entrée du journal"
        indexes = [
            models.Index(fields=["cpts", "objet_id", "id"], name="journal_entree_objet"),
            models.Index(fields=["cpts", "-id"], name="journal_entree_recente"),
        ]

    def __str__(self) -> str:
        return f"{self.evenement} {self.le:%Y-%m-%d %H:%M}"


class Ecriture(LigneJournal):
    """A change of a row, written by the trigger `maillon_journal_ecriture`, whoever wrote it and however."""

    table_nom = models.CharField("table", max_length=63)
    ligne_id = models.UUIDField("ligne", null=True)
    operation = models.CharField("opération", max_length=6)
    colonnes = ArrayField(models.CharField(max_length=63), default=list)
    valeurs = models.JSONField("valeurs avant et après", default=dict)

    class Meta:
        verbose_name = "écriture"
        indexes = [models.Index(fields=["cpts", "ligne_id", "id"], name="journal_ecriture_ligne")]

    def __str__(self) -> str:
        return f"{self.operation} {self.table_nom} {self.ligne_id}"


class Lecture(LigneJournal):
    """A read of a patient's data, written in the transaction that reads: no trace, no read."""

    patient_id = models.UUIDField("patient")
    quoi = models.CharField("données lues", max_length=40)
    pourquoi = models.CharField("motif", max_length=80)

    class Meta:
        verbose_name = "lecture"
        indexes = [
            models.Index(fields=["cpts", "patient_id", "id"], name="journal_lecture_patient"),
            models.Index(fields=["cpts", "-id"], name="journal_lecture_recente"),
        ]

    def __str__(self) -> str:
        return f"{self.quoi} {self.patient_id}"


class Genre(models.TextChoices):
    """The three books of the journal; each has its own chain of seals."""

    ENTREE = "entree", "événements"
    ECRITURE = "ecriture", "écritures"
    LECTURE = "lecture", "lectures"


class Sceau(ModeleCpts):
    """A batch of rows closed together: their digests, chained to the previous seal by a keyed hash.

    `lignes` and `empreintes` go together (16 bytes a row), so that one altered, missing or added row is located.
    `a_id` is the highest key that the batch covers. `repere` is the highest key given at `repere_le`: rows up to
    there are sealed next time, once no transaction older than that moment is still open, because a slow transaction
    may commit a low key late.
    """

    genre = models.CharField("livre", max_length=10, choices=Genre.choices)
    numero = models.PositiveIntegerField("numéro")
    lignes = ArrayField(models.BigIntegerField(), default=list)
    empreintes = models.BinaryField("empreintes des lignes")
    a_id = models.BigIntegerField("dernière clé couverte")
    repere = models.BigIntegerField("repère")
    repere_le = models.DateTimeField("repère posé le")
    derniere_le = models.DateTimeField("dernière ligne du", null=True, blank=True)
    precedent = models.BinaryField("empreinte du sceau précédent")
    empreinte = models.BinaryField("empreinte du sceau")
    scelle_le = models.DateTimeField("scellé le", default=now, editable=False)
    # Rows erased at the end of their retention, by the owner's command; the seal stays in the chain.
    purge_le = models.DateTimeField("lignes purgées le", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True
    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "sceau"
        verbose_name_plural = "sceaux"
        constraints = [models.UniqueConstraint(fields=["cpts", "genre", "numero"], name="sceau_numero_unique")]

    def __str__(self) -> str:
        return f"{self.genre} n° {self.numero}"
