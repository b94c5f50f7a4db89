"""The life of a request: calls, tasks, levels decided, weights adopted, rounds gone by, équipe traitante."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.regles.parametres import Statut
from maillon.regles.priorite import Fait, PoidsPriorite
from maillon.socle.chiffrement import decrypt, encrypt
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now

from ..enums import (
    Action,
    Bilan,
    Cloture,
    Declaration,
    EtatTache,
    Issue,
    IssueAppel,
    MotifPriorite,
    Personne,
    Quoi,
    RoleEquipe,
)
from .demandes import Demande

NIVEAUX = [("haute", "haute"), ("moyenne", "moyenne"), ("normale", "normale")]


class AvecPrecision(ModeleCpts):
    """A row with a free text about a person: encrypted, forgotten with the identity, in no log."""

    precision = models.BinaryField("précision chiffrée", default=b"")

    colonnes_chiffrees: ClassVar[tuple[str, ...]] = ("precision",)

    class Meta:
        abstract = True

    @property
    def texte(self) -> str:
        """The text, decrypted."""
        return decrypt(
            self.precision, cpts_id=self.cpts_id, table=self._meta.db_table, column="precision", row_id=self.pk
        )

    def write_texte(self, texte: str) -> None:
        """Encrypt the text into the row; the caller saves."""
        self.precision = encrypt(
            texte, cpts_id=self.cpts_id, table=self._meta.db_table, column="precision", row_id=self.pk
        )


class AppelTelephonique(ModeleCpts):
    """A call made for a request: whom, how it ended, when to call again. A mistake is cancelled, never erased."""

    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="appels")
    le = models.DateTimeField("le", default=now)
    par = models.ForeignKey(Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    vers = models.CharField("vers", max_length=7, choices=Personne.choices, default=Personne.PATIENT)
    issue = models.CharField("issue", max_length=12, choices=IssueAppel.choices)
    rappeler_le = models.DateField("à rappeler le", null=True, blank=True)
    # What the next step was before this call, so that cancelling it gives it back.
    action_avant = models.CharField(max_length=20, choices=Action.choices, blank=True)
    date_avant = models.DateField(null=True, blank=True)
    tache = models.ForeignKey("TacheGuichet", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("issue", "annule_le")

    class Meta:
        verbose_name = "appel téléphonique"
        constraints = [
            models.CheckConstraint(
                condition=~Q(issue=IssueAppel.RAPPELER) | Q(rappeler_le__isnull=False), name="mt_appel_rappel_date"
            )
        ]
        indexes = [models.Index(fields=["cpts", "demande", "-le"], name="mt_appel_demande")]

    def __str__(self) -> str:
        return f"{self.get_issue_display()} ({self.le:%d/%m/%Y})"


class TacheGuichet(AvecPrecision):
    """Something to do for a request, by somebody, for a day."""

    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="taches")
    quoi = models.CharField("quoi", max_length=14, choices=Quoi.choices)
    responsable = models.ForeignKey(Membre, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    echeance = models.DateField("pour le")
    etat = models.CharField("état", max_length=7, choices=EtatTache.choices, default=EtatTache.A_FAIRE)
    cree_le = models.DateTimeField("notée le", default=now)
    finie_le = models.DateTimeField("finie le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "echeance", "responsable_id")

    class Meta:
        verbose_name = "tâche du guichet"
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatTache.A_FAIRE, finie_le__isnull=True)
                | (~Q(etat=EtatTache.A_FAIRE) & Q(finie_le__isnull=False)),
                name="mt_tache_finie_datee",
            ),
            models.UniqueConstraint(
                fields=["demande"],
                condition=Q(etat=EtatTache.A_FAIRE, quoi=Quoi.REVOIR_EQUIPE),
                name="mt_tache_une_revue",
            ),
        ]
        indexes = [
            models.Index(
                fields=["cpts", "responsable", "echeance"],
                name="mt_tache_a_faire",
                condition=Q(etat=EtatTache.A_FAIRE),
            ),
            models.Index(fields=["cpts", "demande"], name="mt_tache_demande"),
        ]

    def __str__(self) -> str:
        return f"{self.get_quoi_display()} ({self.echeance:%d/%m/%Y})"


class DecisionPriorite(AvecPrecision):
    """A level that a person decided for a request, until a day, or (`niveau` empty) the end of it."""

    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="decisions_priorite")
    niveau = models.CharField("niveau", max_length=8, choices=NIVEAUX, blank=True)
    motif = models.CharField("motif", max_length=13, choices=MotifPriorite.choices, blank=True)
    jusque = models.DateField("jusqu’au", null=True, blank=True)
    par = models.ForeignKey(Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    le = models.DateTimeField("le", default=now)

    historise: ClassVar[tuple[str, ...]] = ("niveau", "motif", "jusque")

    class Meta:
        verbose_name = "niveau décidé"
        constraints = [
            models.CheckConstraint(
                condition=Q(niveau="", motif="", jusque__isnull=True)
                | (~Q(niveau="") & ~Q(motif="") & Q(jusque__isnull=False)),
                name="mt_decision_motivee",
            )
        ]
        indexes = [models.Index(fields=["cpts", "demande", "-le"], name="mt_decision_demande")]

    def __str__(self) -> str:
        return f"{self.niveau or 'fin'} ({self.le:%d/%m/%Y})"


class PoidsAdoptes(ModeleCpts):
    """The points of priority that the bureau adopted, from a day on. Never changed: another adoption follows."""

    depuis = models.DateField("à partir du")
    decision = models.CharField("décision", max_length=120)
    points = models.JSONField("points par fait")
    jours_par_point = models.PositiveSmallIntegerField("jours d’attente qui valent un point")
    attente_maximum = models.PositiveSmallIntegerField("points d’attente au plus")
    seuil_moyenne = models.PositiveSmallIntegerField("priorité moyenne à partir de")
    seuil_haute = models.PositiveSmallIntegerField("priorité haute à partir de")
    par = models.ForeignKey(Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    adopte_le = models.DateTimeField("enregistré le", default=now)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "points de priorité adoptés"
        verbose_name_plural = "points de priorité adoptés"
        constraints = [
            models.CheckConstraint(
                condition=Q(seuil_moyenne__gt=0)
                & Q(seuil_haute__gt=models.F("seuil_moyenne"))
                & Q(jours_par_point__gte=1),
                name="mt_poids_seuils",
            ),
            models.CheckConstraint(condition=~Q(decision=""), name="mt_poids_decision"),
        ]
        indexes = [models.Index(fields=["cpts", "-depuis", "-id"], name="mt_poids_recents")]

    def __str__(self) -> str:
        return f"points à partir du {self.depuis:%d/%m/%Y}"

    def to_regle(self) -> PoidsPriorite:
        """The same as the rule takes them."""
        return PoidsPriorite(
            points={fait: int(self.points[fait.value]) for fait in Fait if fait is not Fait.ATTENTE},
            jours_par_point=self.jours_par_point,
            attente_maximum=self.attente_maximum,
            seuil_moyenne=self.seuil_moyenne,
            seuil_haute=self.seuil_haute,
            source=f"Points adoptés par la communauté\u00a0: {self.decision}",
            depuis=self.depuis,
            statut=Statut.VERIFIE,
        )


class Tour(ModeleCpts):
    """A round gone by, as it was when the request was opened again. Written once."""

    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="tours")
    numero = models.PositiveSmallIntegerField("tour")
    fini_le = models.DateTimeField("fini le")
    rouvert_le = models.DateTimeField("rouvert le", default=now)
    motif_cloture = models.CharField("motif de clôture", max_length=16, choices=Cloture.choices, blank=True)
    medecin = models.ForeignKey(Professionnel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    issue = models.CharField("issue", max_length=16, choices=Issue.choices, blank=True)
    premier_rdv_le = models.DateField("premier rendez-vous le", null=True, blank=True)
    declaration = models.CharField("déclaration", max_length=9, choices=Declaration.choices, blank=True)
    declaration_le = models.DateField("médecin traitant déclaré le", null=True, blank=True)
    bilan = models.CharField("nouvelles à trois mois", max_length=14, choices=Bilan.choices, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "tour d’une demande"
        verbose_name_plural = "tours d’une demande"
        ordering = ["-numero"]
        constraints = [models.UniqueConstraint(fields=["demande", "numero"], name="mt_tour_un_numero")]
        indexes = [models.Index(fields=["cpts", "demande", "numero"], name="mt_tour_demande")]

    def __str__(self) -> str:
        return f"tour {self.numero}"


class EquipierQuerySet(models.QuerySet["Equipier"]):
    def en_cours(self) -> Self:
        return self.filter(jusque__isnull=True)


class Equipier(ModeleCpts):
    """A professional of the équipe traitante of a person, with their agreement: it does not end the search."""

    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="equipe")
    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("rôle", max_length=10, choices=RoleEquipe.choices)
    depuis = models.DateField("depuis")
    jusque = models.DateField("jusqu’au", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("role", "depuis", "jusque")

    objects = EquipierQuerySet.as_manager()

    class Meta:
        verbose_name = "professionnel de l’équipe traitante"
        verbose_name_plural = "professionnels de l’équipe traitante"
        constraints = [
            models.UniqueConstraint(
                fields=["demande", "professionnel"],
                condition=Q(jusque__isnull=True),
                name="mt_equipier_une_fois",
                violation_error_message="Ce professionnel est déjà dans l’équipe traitante.",
            ),
            models.CheckConstraint(
                condition=Q(jusque__isnull=True) | Q(jusque__gte=models.F("depuis")), name="mt_equipier_periode"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "demande"], name="mt_equipier_demande")]

    def __str__(self) -> str:
        return f"{self.professionnel_id} ({self.get_role_display()})"
