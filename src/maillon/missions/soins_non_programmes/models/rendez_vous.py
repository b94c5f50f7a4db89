"""Who comes when."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from maillon.communaute.patients.models import Patient
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now

from ..enums import PRIS, EtatRendezVous, MotifAnnulation, Origine
from ..permissions import CHERCHER, GERER, PUBLIER, REGULER
from .commun import COMPTE_COURANT
from .creneaux import Creneau
from .demandes import DemandeSoin


class RendezVousQuerySet(models.QuerySet["RendezVous"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The desk sees those of its community; a professional own ones; who gave one follows it."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.genre is Genre.LIEN:
            return self.filter(pk=acteur.lien_objet)
        if acteur.genre is Genre.AGENT:
            return self.filter(compte_id=acteur.compte_id) if acteur.can(REGULER) and acteur.compte_id else self.none()
        # On a slot that another community shares, the account stands for who gave it.
        elsewhere = Q(compte_id=acteur.compte_id, compte_id__isnull=False) if acteur.can(CHERCHER) else Q(pk__in=[])
        if acteur.can(GERER):
            return self.filter(Q(cpts_id=acteur.cpts_id) | elsewhere)
        own = Q(pk__in=[])
        if acteur.can(CHERCHER) and acteur.membre_id:
            own |= Q(pris_par_id=acteur.membre_id)
        if acteur.can(PUBLIER) and acteur.rpps:
            own |= Q(creneau__professionnel__rpps=acteur.rpps)
        return self.filter(Q(own, cpts_id=acteur.cpts_id) | elsewhere)

    def pris(self) -> Self:
        return self.filter(etat__in=PRIS)


class RendezVous(ModeleCpts):
    """One person on one slot. A hold has no person yet, and ends by itself.

    The database refuses two living ones on a slot; a second one that the professional has agreed to is a
    `derogation`, with its reason.
    """

    creneau = models.ForeignKey(Creneau, on_delete=models.PROTECT, related_name="rendez_vous")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    demande = models.ForeignKey(
        DemandeSoin, on_delete=models.PROTECT, null=True, blank=True, related_name="rendez_vous"
    )
    etat = models.CharField("état", max_length=8, choices=EtatRendezVous.choices, default=EtatRendezVous.RETENU)
    origine = models.CharField("donné", max_length=14, choices=Origine.choices)
    pris_par = models.ForeignKey(
        Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # The account of a regulator, who is no member.
    compte_id = models.UUIDField("compte", null=True, blank=True)
    cle_depot = models.CharField("clé de dépôt", max_length=64)
    pris_le = models.DateTimeField("pris le", default=now)
    retenu_jusque = models.DateTimeField("retenu jusqu’à", null=True, blank=True)
    # Which of the holds that this account may have at once: the database gives each living one its own.
    rang_retenue = models.PositiveSmallIntegerField("rang de la retenue", null=True, blank=True)
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)
    derogation = models.BooleanField("en plus, avec l’accord du professionnel", default=False)
    motif_derogation = models.CharField("motif", max_length=200, blank=True)
    constate_le = models.DateTimeField("constaté le", null=True, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    motif_annulation = models.CharField("motif", max_length=16, choices=MotifAnnulation.choices, blank=True)
    remplace = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="remplace_par"
    )
    # The appointment falls (professional away, opening withdrawn, cancelled by them): somebody has done what was to do.
    prevenu_le = models.DateTimeField("personne prévenue, ou rendez-vous maintenu, le", null=True, blank=True)
    rappele_le = models.DateTimeField("rappelé le", null=True, blank=True)
    empreinte = models.CharField("empreinte de la preuve", max_length=64, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "confirme_le", "constate_le", "annule_le", "motif_annulation")
    politique_lecture: ClassVar[str] = COMPTE_COURANT

    objects = RendezVousQuerySet.as_manager()

    class Meta:
        verbose_name = "rendez-vous"
        verbose_name_plural = "rendez-vous"
        ordering = ["-pris_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["creneau"],
                condition=Q(etat__in=PRIS, derogation=False),
                name="rendez_vous_un_par_creneau",
                violation_error_message="Ce créneau vient d’être pris.",
            ),
            models.UniqueConstraint(
                fields=["cpts", "cle_depot"],
                name="rendez_vous_une_fois",
                violation_error_message="Ce rendez-vous est déjà enregistré.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatRendezVous.RETENU, retenu_jusque__isnull=False)
                | (~Q(etat=EtatRendezVous.RETENU) & Q(retenu_jusque__isnull=True)),
                name="rendez_vous_retenu_jusque",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=(EtatRendezVous.RETENU, EtatRendezVous.EXPIRE, EtatRendezVous.ANNULE))
                | Q(patient__isnull=False, confirme_le__isnull=False),
                name="rendez_vous_confirme_a_quelqu_un",
            ),
            models.CheckConstraint(
                condition=(Q(etat=EtatRendezVous.ANNULE) & Q(annule_le__isnull=False) & ~Q(motif_annulation=""))
                | (~Q(etat=EtatRendezVous.ANNULE) & Q(annule_le__isnull=True)),
                name="rendez_vous_annule_motive",
            ),
            models.CheckConstraint(
                condition=Q(derogation=False) | ~Q(motif_derogation=""), name="rendez_vous_derogation_motivee"
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "-pris_le"], name="rendez_vous_liste"),
            # Who gave one from outside the community follows it.
            models.Index(
                fields=["compte_id", "-pris_le"], condition=Q(compte_id__isnull=False), name="rendez_vous_compte"
            ),
            models.Index(
                fields=["retenu_jusque"], condition=Q(etat=EtatRendezVous.RETENU), name="rendez_vous_a_liberer"
            ),
            # How many slots somebody holds at once.
            models.Index(
                Coalesce("pris_par", "compte_id"), condition=Q(etat=EtatRendezVous.RETENU), name="rendez_vous_retenus"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_etat_display()} ({self.pris_le:%d/%m/%Y %H:%M})"
