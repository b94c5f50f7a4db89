"""A dialogue de gestion: its figures as transmitted, the opinions of CPAM and ARS, the answers, what was decided."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from maillon.pilotage.arretes.models import Arrete
from maillon.pilotage.contrats.enums import CodeMission
from maillon.pilotage.contrats.models import Contrat, Indicateur
from maillon.pilotage.contrats.models.champs import valeur
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now
from maillon.socle.promesses import CPTS_LUES

from .enums import Etat, Organisme, Porteur, Position, Rang


class TransmissionQuerySet(models.QuerySet["Transmission"]):
    def with_chiffres(self) -> Self:
        """With the figures of the seal, without its acts, which may be thousands."""
        return self.select_related("arrete").defer("arrete__contenu").annotate(chiffres=F("arrete__contenu__chiffres"))


class Dialogue(ModeleCpts):
    """One of the two meetings of a contract year. CPAM and ARS read it once it is transmitted; closed, it is fixed."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="dialogues")
    annee = models.PositiveSmallIntegerField("année de contrat")
    rang = models.PositiveSmallIntegerField("rang", choices=Rang.choices)
    etat = models.CharField("état", max_length=14, choices=Etat.choices, default=Etat.PREPARE)
    prevu_le = models.DateField("prévu le", null=True, blank=True)
    heure = models.TimeField("à", null=True, blank=True)
    lieu = models.CharField("lieu", max_length=200, blank=True)
    visio = models.URLField("lien de visioconférence", blank=True)
    ordre_du_jour = models.TextField("ordre du jour", blank=True)
    tenu_le = models.DateField("tenu le", null=True, blank=True)
    cree_le = models.DateTimeField("ouvert le", default=now, editable=False)
    clos_le = models.DateTimeField("clos le", null=True, blank=True, editable=False)

    # CPAM and ARS never see a draft: the database itself hides it from them.
    politique_lecture: ClassVar[str] = f"({CPTS_LUES}) AND etat <> 'prepare'"
    historise: ClassVar[tuple[str, ...]] = ("etat", "prevu_le", "tenu_le", "clos_le")

    class Meta:
        verbose_name = "dialogue de gestion"
        verbose_name_plural = "dialogues de gestion"
        ordering = ["-annee", "-rang"]
        indexes = [models.Index(fields=["cpts", "etat", "prevu_le"], name="dialogue_etat")]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "annee", "rang"],
                name="dialogue_un_par_rang",
                violation_error_message="Ce dialogue de gestion existe déjà.",
            ),
            models.CheckConstraint(condition=Q(rang__in=Rang.values), name="dialogue_deux_par_an"),
            models.CheckConstraint(
                condition=Q(tenu_le__isnull=False) | ~Q(etat__in=(Etat.TENU, Etat.CLOS)),
                name="dialogue_tenu_a_une_date",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.CLOS, clos_le__isnull=False) | (~Q(etat=Etat.CLOS) & Q(clos_le__isnull=True)),
                name="dialogue_clos_a_une_date",
            ),
        ]

    def __str__(self) -> str:
        return f"Dialogue de {self.get_rang_display()}, année {self.annee}"


class Transmission(ModeleCpts):
    """The sealed figures that CPAM and ARS were given: both sides discuss the same numbers, whose hash they see."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.PROTECT, related_name="transmissions")
    arrete = models.ForeignKey(Arrete, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField("transmis le", default=now, editable=False)
    par = models.UUIDField("compte", null=True, blank=True)

    objects = TransmissionQuerySet.as_manager()

    # What `with_chiffres` reads of the seal.
    chiffres: dict[str, Any]

    ajout_seul: ClassVar[bool] = True
    politique_lecture: ClassVar[str] = CPTS_LUES

    class Meta:
        verbose_name = "transmission"
        ordering = ["le", "pk"]
        indexes = [models.Index(fields=["cpts", "dialogue", "-le"], name="transmission_derniere")]

    def __str__(self) -> str:
        return f"Chiffres au {self.arrete.fin:%d/%m/%Y}"


class Avis(ModeleCpts):
    """What CPAM or ARS say of one indicator. Kept for ever: the last one of each counts."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.PROTECT, related_name="avis")
    indicateur = models.ForeignKey(Indicateur, on_delete=models.PROTECT, related_name="+")
    organisme = models.CharField("organisme", max_length=4, choices=Organisme.choices)
    position = models.CharField("position", max_length=8, choices=Position.choices)
    # Accepted: the value accepted. Contested: the one that would be right, when known.
    valeur = valeur("valeur retenue", null=True, blank=True)
    motif = models.TextField("motif", blank=True)
    le = models.DateTimeField("donné le", default=now, editable=False)
    agent = models.UUIDField("compte de l’agent", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True
    politique_lecture: ClassVar[str] = CPTS_LUES

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["le", "pk"]
        indexes = [models.Index(fields=["cpts", "dialogue", "indicateur", "organisme", "-le"], name="avis_dernier")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(position__in=(Position.CONTESTE, Position.QUESTION)) | ~Q(motif=""),
                name="avis_motive",
                violation_error_message="Un avis qui conteste ou qui questionne dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=~Q(position=Position.ACCEPTE) | Q(valeur__isnull=False), name="avis_accepte_une_valeur"
            ),
            models.CheckConstraint(condition=Q(valeur__isnull=True) | Q(valeur__gte=0), name="avis_valeur_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_organisme_display()} {self.get_position_display()}"


class Reponse(ModeleCpts):
    """What the community answers to an opinion; it may bring a document and a corrected value."""

    avis = models.ForeignKey(Avis, on_delete=models.PROTECT, related_name="reponses")
    texte = models.TextField("réponse")
    valeur_corrigee = valeur("valeur corrigée", null=True, blank=True)
    document = models.ForeignKey(Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Kept here too: CPAM and ARS do not read the community's documents, they open the one that is sent to them.
    empreinte = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    le = models.DateTimeField("donnée le", default=now, editable=False)
    par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True
    politique_lecture: ClassVar[str] = CPTS_LUES

    class Meta:
        verbose_name = "réponse"
        ordering = ["le", "pk"]
        indexes = [models.Index(fields=["cpts", "avis"], name="reponse_avis")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valeur_corrigee__isnull=True) | Q(valeur_corrigee__gte=0), name="reponse_valeur_positive"
            )
        ]

    def __str__(self) -> str:
        return f"Réponse du {self.le:%d/%m/%Y}"


class Decision(ModeleCpts):
    """What was agreed, who carries it out, before when. Once the dialogue is closed only `faite_le` still moves."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.PROTECT, related_name="decisions")
    libelle = models.CharField("décision", max_length=300)
    indicateur = models.ForeignKey(Indicateur, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    porteur = models.CharField("portée par", max_length=4, choices=Porteur.choices, default=Porteur.CPTS)
    echeance = models.DateField("avant le", null=True, blank=True)
    faite_le = models.DateField("faite le", null=True, blank=True)
    cree_le = models.DateTimeField("prise le", default=now, editable=False)

    politique_lecture: ClassVar[str] = CPTS_LUES
    historise: ClassVar[tuple[str, ...]] = ("porteur", "echeance", "faite_le")

    class Meta:
        verbose_name = "décision"
        ordering = ["cree_le", "pk"]
        indexes = [models.Index(fields=["cpts", "dialogue"], name="decision_dialogue")]

    def __str__(self) -> str:
        return self.libelle


class CompteRendu(ModeleCpts):
    """The minutes: written here, signed elsewhere, the signed PDF kept with its hash. CPAM and ARS read them signed."""

    dialogue = models.OneToOneField(Dialogue, on_delete=models.PROTECT, related_name="compte_rendu")
    examines = models.TextField("points examinés", blank=True)
    accords = models.TextField("points d’accord", blank=True)
    desaccords = models.TextField("points de désaccord", blank=True)
    suites = models.TextField("suites", blank=True)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    empreinte = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    signe_cpts_le = models.DateField("signé par la communauté le", null=True, blank=True)
    signe_cpam_le = models.DateField("signé par la CPAM le", null=True, blank=True)
    signe_ars_le = models.DateField("signé par l’ARS le", null=True, blank=True)

    politique_lecture: ClassVar[str] = f"({CPTS_LUES}) AND empreinte <> ''"
    historise: ClassVar[tuple[str, ...]] = ("empreinte", "signe_cpts_le", "signe_cpam_le", "signe_ars_le")

    class Meta:
        verbose_name = "compte rendu"
        constraints = [
            models.CheckConstraint(
                condition=Q(fichier__isnull=True, empreinte="")
                | (Q(fichier__isnull=False, signe_cpts_le__isnull=False) & ~Q(empreinte="")),
                name="compte_rendu_signe_et_garde",
                violation_error_message="Un compte rendu signé a son document et la date de signature.",
            )
        ]

    def __str__(self) -> str:
        return f"Compte rendu, {self.dialogue}"

    @property
    def is_signe(self) -> bool:
        return bool(self.empreinte)


class Note(ModeleCpts):
    """A free note of the coordination on one mission, while preparing: never transmitted."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.PROTECT, related_name="notes")
    mission = models.CharField("mission", max_length=16, choices=CodeMission.choices)
    texte = models.TextField("note", blank=True)

    class Meta:
        verbose_name = "note de préparation"
        constraints = [models.UniqueConstraint(fields=["dialogue", "mission"], name="note_une_par_mission")]

    def __str__(self) -> str:
        return self.get_mission_display()
