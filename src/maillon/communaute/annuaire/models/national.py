"""The national directory as it is published: one row a line of its files, the same for every community.

Rows are written by the import alone, by COPY: texts are never NULL, codes are kept as published even when no
nomenclature of ours knows them.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

from maillon.socle.cpts.models import ModeleIdentifie

from ..enums import GenreMouvement


def _texte(label: str, **options: object) -> models.CharField:
    return models.CharField(label, blank=True, db_default="", default="", **options)  # type: ignore[arg-type]


class LigneNationale(models.Model):
    """A line of a national file. `empreinte` is the xxh3 fingerprint of the published line, read as a signed integer:
    a monthly file is compared with the table by these alone.
    """

    empreinte = models.BigIntegerField("empreinte de la ligne", primary_key=True)
    type_identifiant = _texte("type d’identifiant")
    identifiant = _texte("identifiant")
    fictive = models.BooleanField("ligne de démonstration", default=False, db_default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.identifiant


class Inscription(LigneNationale):
    """One activity of one professional, once for each savoir-faire: a line of `Personne_activite`.

    `identifiant` is the RPPS number (`type_identifiant` 8), or the former ADELI number (0).
    """

    nom_recherche = models.CharField("nom cherché", db_collation="C")
    nom = _texte("nom d’exercice")
    prenom = _texte("prénom d’exercice")
    titre = _texte("civilité d’exercice")
    civilite = _texte("civilité")
    profession = _texte("profession")
    categorie = _texte("catégorie professionnelle")
    type_savoir_faire = _texte("type de savoir-faire")
    savoir_faire = _texte("savoir-faire")
    mode_exercice = _texte("mode d’exercice")
    secteur = _texte("secteur d’activité")
    section = _texte("section du tableau des pharmaciens")
    role = _texte("rôle")
    genre_activite = _texte("genre d’activité")
    siret = _texte("SIRET")
    finess = _texte("FINESS du site")
    finess_ej = _texte("FINESS de l’entité juridique")
    structure = _texte("identifiant technique de la structure")
    raison_sociale = _texte("raison sociale")
    enseigne = _texte("enseigne")
    complement = _texte("complément destinataire")
    point_geographique = _texte("complément point géographique")
    numero_voie = _texte("numéro dans la voie")
    indice_voie = _texte("indice de répétition")
    type_voie = _texte("type de voie")
    voie = _texte("voie")
    mention = _texte("mention de distribution")
    code_postal = _texte("code postal")
    commune = _texte("code commune")
    libelle_commune = _texte("commune")
    pays = _texte("code pays")
    telephone = _texte("téléphone")
    telephone_2 = _texte("second téléphone")
    courriel = _texte("courriel")
    departement = _texte("département")

    class Meta:
        verbose_name = "inscription à l’annuaire national"
        verbose_name_plural = "inscriptions à l’annuaire national"
        # A first load builds these after the rows: `index.sql` of the migrations holds the same definitions.
        indexes = [
            models.Index(fields=["identifiant"], name="inscription_identifiant"),
            models.Index(fields=["nom_recherche", "identifiant"], name="inscription_nom"),
            models.Index(fields=["commune", "profession", "nom_recherche"], name="inscription_commune"),
            models.Index(fields=["profession", "savoir_faire", "nom_recherche"], name="inscription_profession"),
            models.Index(fields=["finess"], name="inscription_finess", condition=~Q(finess="")),
            GinIndex(SearchVector("nom_recherche", config="simple"), name="inscription_mots"),
        ]

    @property
    def adresse(self) -> str:
        """Number, street and mention, as on an envelope."""
        parts = (self.numero_voie, self.indice_voie, self.type_voie, self.voie, self.mention)
        return " ".join(part.strip() for part in parts if part.strip())


class SavoirFaire(LigneNationale):
    """A savoir-faire of a professional: a line of `SavoirFaire`."""

    profession = _texte("profession")
    categorie = _texte("catégorie professionnelle")
    type_savoir_faire = _texte("type de savoir-faire")
    code = _texte("savoir-faire")

    class Meta:
        verbose_name = "savoir-faire"
        indexes = [models.Index(fields=["identifiant"], name="savoirfaire_identifiant")]


class Diplome(LigneNationale):
    """A diploma or an authorisation of a professional: a line of `Dipl_AutExerc`."""

    type_diplome = _texte("type de diplôme")
    diplome = _texte("diplôme")
    type_autorisation = _texte("type d’autorisation")
    discipline = _texte("discipline de l’autorisation")

    class Meta:
        verbose_name = "diplôme ou autorisation"
        verbose_name_plural = "diplômes et autorisations"
        indexes = [models.Index(fields=["identifiant"], name="diplome_identifiant")]


class Libelle(models.Model):
    """What a code of the national files means, as they say it."""

    nomenclature = models.CharField("nomenclature", max_length=40)
    code = models.CharField("code")
    libelle = models.CharField("libellé")

    class Meta:
        verbose_name = "libellé"
        verbose_name_plural = "libellés"
        constraints = [models.UniqueConstraint(fields=["nomenclature", "code"], name="libelle_code")]

    def __str__(self) -> str:
        return self.libelle


class Mot(models.Model):
    """A word of the names of the directory, by which a typing error is mended."""

    mot = models.CharField("mot", primary_key=True)

    class Meta:
        verbose_name = "mot des noms"
        verbose_name_plural = "mots des noms"
        indexes = [GinIndex(fields=["mot"], name="mot_trgm", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.mot


class ImportAnnuaire(ModeleIdentifie):
    """One import of the national files that changed something."""

    le = models.DateTimeField("importé le")
    par = models.CharField("par", max_length=80)
    # One object a file: nom, genre, empreinte, octets, lignes, ajoutees, modifiees, terminees, inchangees, refusees.
    fichiers = models.JSONField("fichiers")
    extrait_le = models.DateField("date de l’extraction", null=True, blank=True)
    refus = models.JSONField("lignes refusées, par raison", default=dict)
    communes_inconnues = models.PositiveIntegerField("lignes d’une commune inconnue", default=0)
    duree_s = models.FloatField("durée (s)")

    class Meta:
        verbose_name = "import de l’annuaire national"
        verbose_name_plural = "imports de l’annuaire national"
        ordering = ["-le"]

    def __str__(self) -> str:
        return f"{self.le:%d/%m/%Y}"


class Mouvement(models.Model):
    """What an import ended or changed: the former values, those that changed or all that were not empty."""

    importe = models.ForeignKey(ImportAnnuaire, on_delete=models.CASCADE, related_name="mouvements")
    genre = models.CharField("genre", max_length=12, choices=GenreMouvement.choices)
    fichier = models.CharField("fichier", max_length=20)
    identifiant = models.CharField("identifiant")
    avant = models.JSONField("valeurs d’avant")

    class Meta:
        verbose_name = "mouvement de l’annuaire"
        verbose_name_plural = "mouvements de l’annuaire"
        indexes = [models.Index(fields=["identifiant"], name="mouvement_identifiant")]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} {self.identifiant}"
