"""Packs of documents, what they hold, and the table that the CPAM asks to fill."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillon.pilotage.arretes.models import Arrete
from maillon.pilotage.contrats.models import Contrat
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now
from maillon.socle.promesses import CPTS_LUES
from maillon.socle.ui.typographie import INSECABLE, format_nombre

from .enums import EtatDossier, GenrePiece


class ModeleTableau(ModeleCpts):
    """A workbook that the CPAM asks to fill: the places found in it, and which figure goes where.

    `places`: list of {nom, feuille, cellule, genre, contenu}; `correspondances`: place's name → figure's code.
    """

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="modeles_tableau")
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    places = models.JSONField("places")
    correspondances = models.JSONField("correspondances", default=dict)
    depose_le = models.DateTimeField("déposé le", default=now, editable=False)
    depose_par = models.UUIDField("compte", null=True, blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("correspondances", "retire_le")

    class Meta:
        verbose_name = "modèle de tableau"
        ordering = ["-depose_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat"],
                condition=Q(retire_le__isnull=True),
                name="modele_tableau_un_par_contrat",
                violation_error_message="Ce contrat a déjà un tableau : retirez-le d’abord.",
            )
        ]

    def __str__(self) -> str:
        return self.fichier.nom


class Dossier(ModeleCpts):
    """A pack of one contract year. `matiere` is frozen before the first document: all are made from it.

    CPAM and ARS read it once it is sent to them, never before.
    """

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="dossiers")
    annee = models.PositiveSmallIntegerField("année de contrat")
    # Empty for a year under way: the documents say that they are provisional.
    arrete = models.ForeignKey(Arrete, on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers")
    modele = models.ForeignKey(ModeleTableau, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    etat = models.CharField("état", max_length=10, choices=EtatDossier.choices, default=EtatDossier.EN_COURS)
    matiere = models.JSONField("matière", null=True, blank=True)
    fait = models.PositiveSmallIntegerField("documents prêts", default=0)
    total = models.PositiveSmallIntegerField("documents à faire")
    raison = models.CharField("pourquoi il n’est pas prêt", max_length=400, blank=True)
    avertissements = models.JSONField("à savoir", default=list)
    demande_le = models.DateTimeField("demandé le", default=now, editable=False)
    demande_par = models.UUIDField("compte", null=True, blank=True)
    pret_le = models.DateTimeField("prêt le", null=True, blank=True)
    transmis_le = models.DateTimeField("transmis le", null=True, blank=True)
    transmis_par = models.UUIDField("compte qui a transmis", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "transmis_le")
    politique_lecture: ClassVar[str] = f"({CPTS_LUES}) AND transmis_le IS NOT NULL"

    class Meta:
        verbose_name = "dossier"
        ordering = ["-demande_le"]
        indexes = [models.Index(fields=["cpts", "contrat", "-demande_le"], name="dossier_liste")]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat"],
                condition=Q(etat=EtatDossier.EN_COURS),
                name="dossier_un_seul_en_cours",
                violation_error_message="Un dossier de ce contrat est déjà en préparation.",
            ),
            models.CheckConstraint(
                condition=Q(transmis_le__isnull=True) | Q(etat=EtatDossier.PRET),
                name="dossier_transmis_pret",
                violation_error_message="Seul un dossier prêt se transmet.",
            ),
            models.CheckConstraint(
                condition=(Q(etat=EtatDossier.ECHEC) & ~Q(raison="")) | (~Q(etat=EtatDossier.ECHEC) & Q(raison="")),
                name="dossier_echec_dit_pourquoi",
            ),
            models.CheckConstraint(
                condition=(Q(etat=EtatDossier.PRET) & Q(pret_le__isnull=False) & Q(matiere__isnull=False))
                | (~Q(etat=EtatDossier.PRET) & Q(pret_le__isnull=True)),
                name="dossier_pret_a_une_date",
            ),
        ]

    def __str__(self) -> str:
        return f"Dossier de l’année {self.annee}"

    @property
    def provisoire(self) -> bool:
        return self.arrete_id is None


class PieceDossier(ModeleCpts):
    """A document of a pack. `interne`: it names people, and never leaves the community."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pieces")
    genre = models.CharField("genre", max_length=18, choices=GenrePiece.choices)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    interne = models.BooleanField("reste dans la communauté", default=False)
    produite_le = models.DateTimeField("produite le", default=now, editable=False)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "pièce du dossier"
        ordering = ["produite_le", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "genre"], name="piece_une_par_genre"),
            # What names people cannot be written as fit to be sent.
            models.CheckConstraint(
                condition=~Q(genre=GenrePiece.ARCHIVE_COMPLETE) | Q(interne=True), name="piece_complete_interne"
            ),
        ]

    def __str__(self) -> str:
        return self.get_genre_display()

    @property
    def poids(self) -> str:
        """« 338 ko », « 12,4 Mo »."""
        taille = self.fichier.taille
        if taille < 1_000_000:
            return f"{format_nombre(max(taille / 1000, 1), 0)}{INSECABLE}ko"
        return f"{format_nombre(taille / 1_000_000, 1)}{INSECABLE}Mo"
