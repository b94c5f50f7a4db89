"""Health professionals: national facts, the same for every community."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from maillon.communaute.recherche import NomRecherche, trigram_index
from maillon.communaute.structures.models import Structure
from maillon.communaute.territoire.models import Commune
from maillon.socle.cpts.models import ModeleIdentifie

from ..enums import SAVOIR_FAIRE_GENERALISTE, ModeExercice, Profession


class ProfessionnelQuerySet(models.QuerySet["Professionnel"]):
    def medecins_generalistes(self) -> Self:
        return self.filter(profession=Profession.MEDECIN, savoir_faire__overlap=list(SAVOIR_FAIRE_GENERALISTE))


class Professionnel(ModeleIdentifie):
    """A professional of the national directory, known by the RPPS number."""

    rpps = models.CharField("numéro RPPS", max_length=11, unique=True)
    nom = models.CharField("nom", max_length=80)
    prenom = models.CharField("prénom", max_length=80)
    nom_recherche = NomRecherche(max_length=165, sources=("nom", "prenom"))
    civilite = models.CharField("civilité", max_length=10, blank=True)
    profession = models.CharField("profession", max_length=2, choices=Profession.choices)
    savoir_faire = ArrayField(models.CharField(max_length=8), default=list, blank=True, verbose_name="savoir-faire")
    fictif = models.BooleanField("personne fictive de démonstration", default=False)
    absent_depuis = models.DateField("absent de l’annuaire national depuis", null=True, blank=True)

    objects = ProfessionnelQuerySet.as_manager()

    class Meta:
        verbose_name = "professionnel"
        ordering = ["nom_recherche"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rpps__regex=r"^[0-9]{11}$"),
                name="professionnel_rpps",
                violation_error_message="Un numéro RPPS a 11 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(profession__in=Profession.values),
                name="professionnel_profession",
                violation_error_message="Cette profession n’est pas dans la nomenclature.",
            ),
        ]
        indexes = [
            trigram_index("professionnel_nom_trgm"),
            models.Index(fields=["profession", "nom_recherche"], name="professionnel_profession"),
        ]

    def __str__(self) -> str:
        return f"{self.civilite} {self.prenom} {self.nom}".strip()

    @property
    def is_medecin_generaliste(self) -> bool:
        return self.profession == Profession.MEDECIN and not set(SAVOIR_FAIRE_GENERALISTE).isdisjoint(self.savoir_faire)

    @property
    def libelle_profession(self) -> str:
        """The profession as people say it: a doctor is a médecin généraliste or a médecin spécialiste."""
        if self.profession != Profession.MEDECIN:
            return self.get_profession_display()
        return "médecin généraliste" if self.is_medecin_generaliste else "médecin spécialiste"


class Activite(ModeleIdentifie):
    """One place where a professional works."""

    professionnel = models.ForeignKey(Professionnel, on_delete=models.CASCADE, related_name="activites")
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="activites")
    mode_exercice = models.CharField("mode d’exercice", max_length=1, choices=ModeExercice.choices)
    # Which place of the national directory this is; empty for one that the directory does not give.
    cle_nationale = models.CharField("clé nationale du lieu", max_length=120, blank=True, default="", db_default="")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")
    adresse = models.CharField("adresse", max_length=200, blank=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("courriel professionnel", blank=True)
    lon = models.FloatField("longitude", null=True, blank=True)
    lat = models.FloatField("latitude", null=True, blank=True)

    class Meta:
        verbose_name = "activité"
        constraints = [
            models.CheckConstraint(
                condition=Q(lon=None, lat=None)
                | Q(lon__isnull=False, lat__isnull=False, lon__range=(-180, 180), lat__range=(-90, 90)),
                name="activite_coordonnees",
                violation_error_message="La longitude et la latitude vont ensemble.",
            ),
            models.UniqueConstraint(
                fields=["professionnel", "cle_nationale"],
                condition=~Q(cle_nationale=""),
                name="activite_un_lieu_national",
                violation_error_message="Ce lieu de l’annuaire national est déjà là.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.professionnel} – {self.commune}"
