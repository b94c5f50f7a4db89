"""Structures (national facts) and the partners of a community."""

from django.db import models
from django.db.models import Q

from maillon.communaute.recherche import NomRecherche, trigram_index
from maillon.communaute.territoire.models import Commune
from maillon.socle.cpts.models import Cpts, ModeleCpts, ModeleIdentifie

from .enums import TypeStructure


class Structure(ModeleIdentifie):
    """A place of care, an institution or an association, known once for every community.

    `cpts` is set on the structure that is itself a community using Maillon.
    """

    type = models.CharField("type", max_length=24, choices=TypeStructure.choices)
    nom = models.CharField("nom", max_length=160)
    nom_recherche = NomRecherche(max_length=160, sources=("nom",))
    finess = models.CharField("numéro FINESS", max_length=9, null=True, blank=True, unique=True)
    rna = models.CharField("numéro RNA", max_length=10, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    adresse = models.CharField("adresse", max_length=200, blank=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    lits = models.PositiveIntegerField("lits et places", null=True, blank=True)
    cpts = models.OneToOneField(Cpts, null=True, blank=True, on_delete=models.PROTECT, related_name="structure")
    fictive = models.BooleanField("structure de démonstration", default=False)

    class Meta:
        verbose_name = "structure"
        ordering = ["nom_recherche"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finess=None) | Q(finess__regex=r"^[0-9][0-9AB][0-9]{7}$"),
                name="structure_finess",
                violation_error_message="Un numéro FINESS a 9 caractères, par exemple 420000123.",
            ),
            models.CheckConstraint(
                condition=Q(siret="") | Q(siret__regex=r"^[0-9]{14}$"),
                name="structure_siret",
                violation_error_message="Un SIRET a 14 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(rna="") | Q(rna__regex=r"^W[0-9A-Z]{9}$"),
                name="structure_rna",
                violation_error_message="Un numéro RNA commence par W, suivi de 9 caractères.",
            ),
            models.CheckConstraint(
                condition=Q(cpts=None) | Q(type=TypeStructure.CPTS),
                name="structure_cpts_de_type_cpts",
                violation_error_message="Seule une structure de type CPTS peut être rattachée à une communauté.",
            ),
        ]
        indexes = [trigram_index("structure_nom_trgm")]

    def __str__(self) -> str:
        return self.nom


class Partenariat(ModeleCpts):
    """A structure with which a community works, since a date (to `jusqu_a`, excluded)."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+")
    objet = models.CharField("objet", max_length=200, blank=True)
    depuis = models.DateField("depuis")
    jusqu_a = models.DateField("jusqu’à", null=True, blank=True)

    class Meta:
        verbose_name = "partenariat"
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "structure"],
                condition=Q(jusqu_a=None),
                name="partenariat_un_seul_ouvert",
                violation_error_message="Cette structure est déjà partenaire.",
            ),
            models.CheckConstraint(
                condition=Q(jusqu_a=None) | Q(jusqu_a__gte=models.F("depuis")),
                name="partenariat_dates",
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.structure} depuis le {self.depuis:%d/%m/%Y}"
