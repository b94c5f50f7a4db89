"""A person needs care today: nobody is left without an answer."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.models import Patient
from maillon.communaute.territoire.models import Commune
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now
from maillon.socle.promesses import CPTS_REGULEES

from ..enums import REPONDUES, SANS_REPONSE, Besoin, EtatDemande, Modalite, Origine, Reponse
from ..permissions import CHERCHER, GERER, PUBLIER, REGULER
from .commun import COMPTE_COURANT

# The kind of call by which professionals are asked.
GENRE = "soins_non_programmes"


class DemandeSoinQuerySet(models.QuerySet["DemandeSoin"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The desk sees those of its community; who asked follows it; a professional those that they accepted; a
        regulator besides those that nobody of the territory could take."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.genre is Genre.LIEN:
            return self.filter(pk=acteur.lien_objet)
        if acteur.genre is Genre.AGENT:
            if not acteur.can(REGULER) or acteur.compte_id is None:
                return self.none()
            nobody_could = Q(cpts_id__in=acteur.cpts_regulees, etat=EtatDemande.ESCALADEE)
            return self.filter(Q(compte_id=acteur.compte_id) | nobody_could)
        community = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(GERER):
            return community
        own = Q(pk__in=[])
        if acteur.can(CHERCHER) and acteur.membre_id:
            own |= Q(demandeur_id=acteur.membre_id)
        if acteur.can(PUBLIER) and acteur.rpps:
            own |= Q(accepte_par__rpps=acteur.rpps)
        return community.filter(own)

    def sans_reponse(self) -> Self:
        return self.filter(etat__in=SANS_REPONSE)


class DemandeSoin(ModeleCpts):
    """A request for care that found no slot, or that waits for a professional. No diagnosis, no symptom.

    While it has no answer it has a next date, at which somebody looks: the database refuses another.
    """

    reference = models.CharField("référence", max_length=16)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    besoin = models.CharField("besoin", max_length=16, choices=Besoin.choices, default=Besoin.CONSULTATION)
    profession = models.CharField("profession", max_length=2, choices=Profession.choices)
    modalite = models.CharField("modalité", max_length=8, choices=Modalite.choices, default=Modalite.CABINET)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")
    avant_le = models.DateTimeField("réponse souhaitée avant")
    usuel = models.ForeignKey(
        Professionnel, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    etat = models.CharField("état", max_length=10, choices=EtatDemande.choices, default=EtatDemande.OUVERTE)
    origine = models.CharField("déposée", max_length=14, choices=Origine.choices)
    demandeur = models.ForeignKey(
        Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # The account of a regulator, who is no member.
    compte_id = models.UUIDField("compte", null=True, blank=True)
    deposee_le = models.DateTimeField("déposée le", default=now)
    prochaine_le = models.DateTimeField("à regarder le", null=True, blank=True)
    escaladee_le = models.DateTimeField("escaladée le", null=True, blank=True)
    accepte_par = models.ForeignKey(
        Professionnel, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    repondue_le = models.DateTimeField("réponse donnée le", null=True, blank=True)
    reponse = models.CharField("réponse", max_length=12, choices=Reponse.choices, blank=True)
    cle_depot = models.CharField("clé de dépôt", max_length=64)
    empreinte = models.CharField("empreinte de la preuve", max_length=64, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "repondue_le", "reponse", "escaladee_le", "prochaine_le")
    # Who filed it follows it from outside; what nobody could take is open to the regulators of the territory.
    politique_lecture: ClassVar[str] = f"({COMPTE_COURANT}) OR (etat = 'escaladee' AND {CPTS_REGULEES})"

    objects = DemandeSoinQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de soin"
        verbose_name_plural = "demandes de soin"
        ordering = ["deposee_le"]
        constraints = [
            models.UniqueConstraint(fields=["cpts", "reference"], name="demande_soin_reference"),
            models.UniqueConstraint(
                fields=["cpts", "cle_depot"],
                name="demande_soin_une_fois",
                violation_error_message="Cette demande est déjà enregistrée.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=SANS_REPONSE) | Q(prochaine_le__isnull=False),
                name="demande_soin_prochaine_date",
            ),
            models.CheckConstraint(
                condition=(Q(etat__in=REPONDUES) & Q(repondue_le__isnull=False) & ~Q(reponse=""))
                | (~Q(etat__in=REPONDUES) & Q(repondue_le__isnull=True)),
                name="demande_soin_reponse_datee",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatDemande.ACCEPTEE) | Q(accepte_par__isnull=False),
                name="demande_soin_acceptee_par",
            ),
        ]
        indexes = [
            models.Index(
                fields=["cpts", "prochaine_le"], condition=Q(etat__in=SANS_REPONSE), name="demande_soin_en_cours"
            ),
            models.Index(fields=["cpts", "-deposee_le"], name="demande_soin_liste"),
            # A regulator follows what they asked, whatever the community.
            models.Index(
                fields=["compte_id", "-deposee_le"],
                condition=Q(compte_id__isnull=False),
                name="demande_soin_compte",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
