"""A patient without identity, the encrypted identity beside, and the care relations that open it.

The runtime role cannot select the identity: `selectors.read_identites` calls a function of the database that writes
one trace a patient in the same transaction (docs/decisions/0005-sans-trace-pas-de-lecture.md).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now, today
from maillon.socle.identifiants import reference_of

from .enums import Origine
from .permissions import LIRE, TRACES

CHAMPS_IDENTITE = (
    "nom",
    "prenom",
    "naissance",
    "telephone",
    "courriel",
    "adresse",
    "proche_nom",
    "proche_telephone",
    "proche_lien",
)


class PatientQuerySet(models.QuerySet["Patient"]):
    def present(self) -> "PatientQuerySet":
        """Neither erased nor opposed to the processing."""
        return self.filter(efface_le__isnull=True, opposition=False)

    def visible_to(self, acteur: Acteur) -> "PatientQuerySet":
        """Those whose data this actor may read: the desk by role, a professional with a care relation in force.

        An opposition or an erasure hides the patient from everybody. Links, the public and agents see none.
        """
        if acteur.genre is Genre.SYSTEME:
            return self.present()
        if acteur.genre is not Genre.MEMBRE or acteur.cpts_id is None:
            return self.none()
        own = self.present().filter(cpts_id=acteur.cpts_id)
        if acteur.can(LIRE):
            return own
        if not acteur.rpps:
            return self.none()
        return own.filter(Exists(RelationSoin.objects.in_force().filter(patient=OuterRef("pk"), rpps=acteur.rpps)))

    def traceable_by(self, acteur: Acteur) -> "PatientQuerySet":
        """Those whose traces this actor may read, erased and opposed ones included: no identity comes with them."""
        if acteur.cpts_id is None or not acteur.can(TRACES):
            return self.none()
        return self.filter(cpts_id=acteur.cpts_id)


class Patient(ModeleCpts):
    """A person known to one community, without identity.

    The year of birth is in clear because indicators count ages to the year. `conserver_jusque` is the last activity
    plus the retention of the settings: that day passed, the identity is erased.
    """

    commune = models.ForeignKey("territoire.Commune", on_delete=models.PROTECT, related_name="+")
    annee_naissance = models.PositiveSmallIntegerField("année de naissance", null=True, blank=True)
    notice_version = models.CharField("version de la notice d’information", max_length=20)
    notice_le = models.DateTimeField("informé le", default=now)
    origine = models.CharField("origine", max_length=16, choices=Origine.choices)
    derniere_activite_le = models.DateTimeField("dernière activité", default=now)
    conserver_jusque = models.DateField("à conserver jusqu’au")
    opposition = models.BooleanField("opposition", default=False)
    opposition_le = models.DateTimeField("opposition enregistrée le", null=True, blank=True)
    efface_le = models.DateTimeField("identité effacée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("conserver_jusque", "opposition", "efface_le", "notice_version")

    objects = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = "patient"
        indexes = [
            models.Index(fields=["cpts", "conserver_jusque"], name="patient_conservation"),
            models.Index(fields=["cpts", "-derniere_activite_le"], name="patient_recent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(opposition=False) | Q(opposition_le__isnull=False), name="patient_opposition_datee"
            ),
            models.CheckConstraint(
                condition=Q(annee_naissance__isnull=True) | Q(annee_naissance__range=(1890, 2100)),
                name="patient_annee_plausible",
                violation_error_message="L’année de naissance n’est pas plausible.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The pseudonym shown where the identity must not be: the last eight characters of the key."""
        return reference_of(self.pk, "P")


class Identite(ModeleCpts):
    """Who the patient is: each field encrypted, none readable by the runtime role without a trace."""

    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="+")
    nom = models.BinaryField("nom")
    prenom = models.BinaryField("prénom")
    naissance = models.BinaryField("date de naissance")
    telephone = models.BinaryField("téléphone")
    courriel = models.BinaryField("courriel")
    adresse = models.BinaryField("adresse")
    proche_nom = models.BinaryField("nom du proche")
    proche_telephone = models.BinaryField("téléphone du proche")
    proche_lien = models.BinaryField("lien avec le proche")

    colonnes_lisibles: ClassVar[tuple[str, ...]] = ("id", "cpts_id", "patient_id")
    colonnes_chiffrees: ClassVar[tuple[str, ...]] = CHAMPS_IDENTITE

    class Meta:
        verbose_name = "identité"

    def __str__(self) -> str:
        return f"identité de {reference_of(self.patient_id, 'P')}"


class IndexIdentite(ModeleCpts):
    """A fingerprint by which an encrypted word, telephone or birth date is found, inside one community."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+", db_index=False)
    empreinte = models.BinaryField("empreinte", max_length=16)

    suivi: ClassVar[bool] = False
    colonnes_lisibles: ClassVar[tuple[str, ...]] = ("id", "cpts_id", "patient_id")

    class Meta:
        verbose_name = "empreinte d’identité"
        constraints = [
            models.UniqueConstraint(fields=["cpts", "patient", "empreinte"], name="empreinte_unique_par_patient")
        ]
        indexes = [models.Index(fields=["cpts", "empreinte"], name="empreinte_recherche")]

    def __str__(self) -> str:
        return f"empreinte de {reference_of(self.patient_id, 'P')}"


class RelationQuerySet(models.QuerySet["RelationSoin"]):
    def in_force(self) -> "RelationQuerySet":
        day = today()
        return self.filter(Q(jusque__isnull=True) | Q(jusque__gt=day), depuis__lte=day)


class RelationSoin(ModeleCpts):
    """This professional takes part in the care of this patient, over a period: what opens the identity to them."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="relations", db_index=False)
    rpps = models.CharField("RPPS", max_length=11)
    depuis = models.DateField("depuis")
    jusque = models.DateField("jusqu’au (exclu)", null=True, blank=True)
    motif = models.CharField("motif", max_length=60)

    historise: ClassVar[tuple[str, ...]] = ("depuis", "jusque", "motif")

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = "relation de soin"
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "patient", "rpps"],
                condition=Q(jusque__isnull=True),
                name="relation_soin_une_ouverte",
            ),
            models.CheckConstraint(
                condition=Q(jusque__isnull=True) | Q(jusque__gte=F("depuis")),
                name="relation_soin_periode",
                violation_error_message="La relation de soin finit avant d’avoir commencé.",
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "rpps", "patient"], name="relation_soin_rpps"),
        ]

    def __str__(self) -> str:
        return f"{reference_of(self.patient_id, 'P')} – {self.rpps}"
