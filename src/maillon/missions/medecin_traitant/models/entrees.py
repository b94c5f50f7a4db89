"""The other ways in: a partner's link without account, and the waiting list that the desk kept in a spreadsheet."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from maillon.communaute.reprise.enums import EN_COURS, EtatReprise
from maillon.communaute.structures.models import Structure
from maillon.socle.chiffrement import decrypt, encrypt
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now

from ..enums import PARTENAIRES, IssueAttente, Origine

EN_ATTENTE = (EtatReprise.A_LIRE, EtatReprise.A_VERIFIER, *sorted(EN_COURS - {EtatReprise.ANNULATION}))


class AccesPartenaire(ModeleCpts):
    """A link by which a partner files requests without an account, until a day; the link itself is kept nowhere."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="partenaire")
    origine = models.CharField(
        "compté comme", max_length=14, choices=[(origine.value, origine.label) for origine in PARTENAIRES]
    )
    service = models.CharField("service ou personne", max_length=80, blank=True)
    cree_le = models.DateTimeField("donné le", default=now, editable=False)
    cree_par = models.ForeignKey(Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    expire_le = models.DateTimeField("valable jusqu’au")
    revoque_le = models.DateTimeField("retiré le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("expire_le", "revoque_le")

    class Meta:
        verbose_name = "accès d’un partenaire"
        verbose_name_plural = "accès des partenaires"
        ordering = ["-cree_le"]
        indexes = [models.Index(fields=["cpts", "structure"], name="mt_acces_structure")]
        constraints = [
            models.CheckConstraint(
                condition=Q(origine__in=[origine.value for origine in PARTENAIRES]), name="mt_acces_origine"
            ),
            models.CheckConstraint(
                condition=Q(expire_le__gt=models.F("cree_le")),
                name="mt_acces_expire_apres",
                violation_error_message="L’accès doit finir après aujourd’hui.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.structure}, {self.service}" if self.service else str(self.structure)

    @property
    def is_valable(self) -> bool:
        return self.revoque_le is None and self.expire_le > now()

    @property
    def filed_as(self) -> Origine:
        return Origine(self.origine)


class ListeAttente(ModeleCpts):
    """A waiting list received, from its deposit to what it wrote. Its content is encrypted, cut of what must not be
    read, and gone once the list is recorded or left: the database refuses a closed list that still holds it."""

    nom = models.CharField("fichier", max_length=160)
    contenu = models.BinaryField("contenu chiffré")
    feuille = models.CharField("feuille", max_length=100, blank=True)
    colonnes = models.JSONField("champ de chaque titre", default=dict, blank=True)
    ecartees = models.JSONField("colonnes non lues", default=list, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatReprise.choices, default=EtatReprise.A_LIRE)
    erreur = models.CharField("ce qui l’a arrêtée", max_length=300, blank=True)
    lues = models.PositiveIntegerField("lignes lues", default=0)
    comptes = models.JSONField("lignes par issue", default=dict, blank=True)
    deposee_le = models.DateTimeField("déposée le", default=now, editable=False)
    deposee_par = models.UUIDField("compte", null=True, blank=True)
    appliquee_le = models.DateTimeField("enregistrée le", null=True, blank=True)
    appliquee_par = models.UUIDField("compte", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    annulee_par = models.UUIDField("compte", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat",)
    colonnes_chiffrees: ClassVar[tuple[str, ...]] = ("contenu",)

    class Meta:
        verbose_name = "liste d’attente reprise"
        verbose_name_plural = "listes d’attente reprises"
        ordering = ["-deposee_le"]
        indexes = [models.Index(fields=["cpts", "-deposee_le"], name="mt_liste_recente")]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=EN_ATTENTE) | Q(contenu=b""),
                name="mt_liste_close_sans_contenu",
                violation_error_message="Une liste enregistrée ou abandonnée ne garde pas son contenu.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def seal(self, texte: str) -> None:
        """Encrypt the content of the list; an empty text empties it."""
        self.contenu = encrypt(
            texte, cpts_id=self.cpts_id, table=self._meta.db_table, column="contenu", row_id=UUID(str(self.pk))
        )

    def unseal(self) -> str:
        return decrypt(
            self.contenu, cpts_id=self.cpts_id, table=self._meta.db_table, column="contenu", row_id=UUID(str(self.pk))
        )


class LigneAttente(ModeleCpts):
    """A row of a list about which there is something to say: refused, already known, or read with a remark.

    It names nobody: the desk has the file beside it. `deja` is the reference of the request already open.
    """

    liste = models.ForeignKey(ListeAttente, on_delete=models.CASCADE, related_name="lignes", db_index=False)
    numero = models.PositiveIntegerField("ligne du fichier")
    issue = models.CharField("issue", max_length=14, choices=IssueAttente.choices)
    motif = models.CharField("remarque", max_length=300, blank=True)
    deja = models.CharField("demande déjà ouverte", max_length=16, blank=True)

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "ligne d’une liste d’attente"
        ordering = ["numero"]
        constraints = [models.UniqueConstraint(fields=["liste", "numero"], name="mt_ligne_attente_unique")]
        indexes = [models.Index(fields=["cpts", "liste", "issue", "numero"], name="mt_ligne_attente_issue")]

    def __str__(self) -> str:
        return f"ligne {self.numero}"
