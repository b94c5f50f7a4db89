"""What leaves the bank: accounts, runs, transfers, and which rows each of them pays."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.models import Structure
from maillon.socle.chiffrement import decrypt, encrypt
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import EtatCampagne, EtatVirement
from .frais import Frais
from .participations import Declaration
from .tarifs import euros


class CompteBancaire(ModeleCpts):
    """The account of a person, of an employer, or of the community itself (neither). A new one closes the former.

    The IBAN is encrypted; pages show its last four characters.
    """

    personne = models.ForeignKey(Personne, null=True, blank=True, on_delete=models.PROTECT, related_name="comptes")
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    titulaire = models.CharField("titulaire", max_length=70)
    iban_chiffre = models.BinaryField("IBAN chiffré")
    fin_iban = models.CharField("fin de l’IBAN", max_length=4)
    bic = models.CharField("BIC", max_length=11, blank=True)
    depuis = models.DateTimeField("depuis", default=now, editable=False)
    jusqu_a = models.DateTimeField("jusqu’à", null=True, blank=True)
    saisi_par = models.UUIDField("compte", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("depuis", "jusqu_a")
    colonnes_chiffrees: ClassVar[tuple[str, ...]] = ("iban_chiffre",)

    class Meta:
        verbose_name = "compte bancaire"
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "personne", "structure"],
                condition=Q(jusqu_a=None),
                nulls_distinct=False,
                name="indemnites_un_compte_ouvert",
            ),
            models.CheckConstraint(condition=Q(personne=None) | Q(structure=None), name="indemnites_compte_d_un_seul"),
        ]

    def __str__(self) -> str:
        return f"compte finissant par {self.fin_iban}"

    @property
    def iban(self) -> str:
        """The IBAN, decrypted."""
        table = self._meta.db_table
        return decrypt(self.iban_chiffre, cpts_id=self.cpts_id, table=table, column="iban_chiffre", row_id=self.pk)

    def write_iban(self, iban: str) -> None:
        """Encrypt the IBAN, without spaces."""
        table = self._meta.db_table
        self.iban_chiffre = encrypt(iban, cpts_id=self.cpts_id, table=table, column="iban_chiffre", row_id=self.pk)
        self.fin_iban = iban[-4:]


class Campagne(ModeleCpts):
    """A payment run: what is approved up to a day, paid by one file of transfers.

    `fichier` is kept once issued: whoever downloads it again gets the same bytes.
    """

    reference = models.CharField("référence", max_length=30)
    jusqu_au = models.DateField("jusqu’au")
    execution_le = models.DateField("date d’exécution demandée")
    etat = models.CharField("état", max_length=12, choices=EtatCampagne.choices, default=EtatCampagne.PREPAREE)
    debite = models.ForeignKey(CompteBancaire, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fichier = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    prepare_le = models.DateTimeField("préparée le", default=now, editable=False)
    emise_le = models.DateTimeField("émise le", null=True, blank=True)
    motif = models.CharField("motif de l’annulation", max_length=200, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "execution_le")

    class Meta:
        verbose_name = "campagne de paiement"
        verbose_name_plural = "campagnes de paiement"
        ordering = ["-prepare_le"]
        constraints = [
            models.UniqueConstraint(fields=["cpts", "reference"], name="indemnites_campagne_reference"),
            models.UniqueConstraint(
                fields=["cpts"],
                condition=Q(etat=EtatCampagne.PREPAREE),
                name="indemnites_une_campagne_preparee",
                violation_error_message="Une campagne est déjà en préparation.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatCampagne.PREPAREE, fichier=None)
                | Q(etat=EtatCampagne.ANNULEE)
                | Q(etat__in=[EtatCampagne.EMISE, EtatCampagne.SOLDEE], fichier__isnull=False, debite__isnull=False),
                name="indemnites_campagne_emise_avec_fichier",
            ),
        ]

    def __str__(self) -> str:
        return f"Campagne {self.reference}"


class Virement(ModeleCpts):
    """A transfer to one person or one employer. `reference` is its EndToEndId."""

    campagne = models.ForeignKey(Campagne, on_delete=models.PROTECT, related_name="virements")
    personne = models.ForeignKey(Personne, null=True, blank=True, on_delete=models.PROTECT, related_name="virements")
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    compte = models.ForeignKey(CompteBancaire, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField("référence", max_length=35)
    montant = euros("montant")
    etat = models.CharField("état", max_length=12, choices=EtatVirement.choices, default=EtatVirement.A_PAYER)
    paye_le = models.DateField("payé le", null=True, blank=True)
    motif = models.CharField("motif", max_length=200, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "montant", "paye_le")

    class Meta:
        verbose_name = "virement"
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(fields=["cpts", "reference"], name="indemnites_virement_reference"),
            models.CheckConstraint(condition=Q(montant__gt=0), name="indemnites_virement_positif"),
            models.CheckConstraint(
                condition=Q(personne=None, structure__isnull=False) | Q(personne__isnull=False, structure=None),
                name="indemnites_virement_a_un_seul",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatVirement.PAYE, paye_le__isnull=False) | ~Q(etat=EtatVirement.PAYE),
                name="indemnites_virement_paye_date",
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "campagne"], name="indemnites_virement_campagne"),
            models.Index(fields=["cpts", "etat"], name="indemnites_virement_etat"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def beneficiaire(self) -> str:
        """Who receives it."""
        return str(self.personne or self.structure)


class LignePayee(ModeleCpts):
    """A row that a transfer pays. While `vivante` no other transfer may pay it: the database refuses the second.

    A transfer that is left out, cancelled or sent back by the bank sets its rows free.
    """

    virement = models.ForeignKey(Virement, on_delete=models.PROTECT, related_name="lignes")
    declaration = models.ForeignKey(
        Declaration, null=True, blank=True, on_delete=models.PROTECT, related_name="paiements"
    )
    frais = models.ForeignKey(Frais, null=True, blank=True, on_delete=models.PROTECT, related_name="paiements")
    montant = euros("montant")
    vivante = models.BooleanField("vivante", default=True)

    historise: ClassVar[tuple[str, ...]] = ("vivante",)

    class Meta:
        verbose_name = "ligne payée"
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(vivante=True), name="indemnites_participation_payee_une_fois"
            ),
            models.UniqueConstraint(
                fields=["frais"], condition=Q(vivante=True), name="indemnites_frais_payes_une_fois"
            ),
            models.CheckConstraint(
                condition=Q(declaration=None, frais__isnull=False) | Q(declaration__isnull=False, frais=None),
                name="indemnites_ligne_payee_d_un_seul",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "virement"], name="indemnites_ligne_virement")]

    def __str__(self) -> str:
        return f"{self.virement} : {self.montant} €"

    @property
    def ligne(self) -> Declaration | Frais:
        """What is paid."""
        found = self.declaration or self.frais
        assert found is not None
        return found
