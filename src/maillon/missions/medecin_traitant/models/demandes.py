"""The request of a patient."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.models import Patient
from maillon.communaute.sollicitations.models import Sollicitation, SollicitationQuerySet
from maillon.communaute.territoire.models import Commune
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now, today

from ..enums import (
    OUVERTS,
    TRANSITIONS,
    Accord,
    Action,
    Bilan,
    Cloture,
    Declaration,
    Etat,
    Issue,
    Langue,
    MoyenAccord,
    Origine,
)
from ..permissions import DEPOSER, GERER, REPONDRE
from .entrees import AccesPartenaire, ListeAttente
from .promesses_demande import INDEX, PROMESSES
from .refus import ActionRefusee

# The kind of call by which doctors are asked.
GENRE = "medecin_traitant"


class DemandeQuerySet(models.QuerySet["Demande"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The desk sees the requests of its community; who filed one follows it; a doctor sees own patients."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.genre is Genre.LIEN:
            return self.filter(pk=acteur.lien_objet)
        community = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(GERER):
            return community
        own = Q(pk__in=[])
        if acteur.can(DEPOSER) and acteur.membre_id:
            own |= Q(depositaire_id=acteur.membre_id)
        if acteur.can(REPONDRE) and acteur.rpps:
            own |= Q(medecin__rpps=acteur.rpps, etat=Etat.PLACEE)
        return community.filter(own)

    def ouvertes(self) -> Self:
        return self.filter(etat__in=OUVERTS)

    def en_cours(self) -> Self:
        """Open requests of people who agreed: what the desk counts. The others are only to be called."""
        return self.filter(etat__in=OUVERTS, accord=Accord.RECUEILLI)

    def sans_accord(self) -> Self:
        """Open requests of a list taken over whose person has not agreed yet."""
        return self.filter(accord=Accord.A_RECUEILLIR, etat=Etat.DEPOSEE)

    def suivies(self) -> Self:
        """What somebody follows: open, or placed and not yet known to hold."""
        return self.filter(Q(etat__in=OUVERTS) | Q(etat=Etat.PLACEE, suivi_fini_le__isnull=True))

    def by_rank(self) -> Self:
        """Who comes first: the highest score, then the oldest request."""
        return self.order_by("-priorite_score", "deposee_le", "id")


class Demande(ModeleCpts):
    """One request for a médecin traitant: facts by yes or no, without diagnosis nor identity (see `patients`).

    An open request always has an owner, a next step and its date: the database refuses others.
    """

    reference = models.CharField("référence", max_length=16)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="demandes_medecin_traitant")
    # Those of the patient, kept equal by triggers until the year is erased: lists are sorted, filtered and counted by
    # them without reading the patients.
    annee_naissance = models.PositiveSmallIntegerField("année de naissance", null=True, editable=False)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False, verbose_name="commune"
    )
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.DEPOSEE)
    origine = models.CharField("origine", max_length=14, choices=Origine.choices)
    depositaire = models.ForeignKey(
        Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="déposée par"
    )

    ald = models.BooleanField("affection de longue durée (ALD)", default=False)
    c2s = models.BooleanField("complémentaire santé solidaire (C2S)", default=False)
    ame = models.BooleanField("aide médicale de l’État (AME)", default=False)
    plus_de_70 = models.BooleanField("plus de 70 ans", default=False)
    ne_peut_se_deplacer = models.BooleanField("ne peut pas se déplacer", default=False)
    grossesse = models.BooleanField("grossesse en cours", default=False)
    sortie_hopital = models.BooleanField("sort de l’hôpital", default=False)
    isolement = models.BooleanField("personne isolée", default=False)
    langue = models.CharField("langue", max_length=5, choices=Langue.choices, default=Langue.FRANCAIS)

    priorite_niveau = models.CharField("priorité", max_length=8, default="normale")
    priorite_score = models.PositiveSmallIntegerField("points de priorité", default=0)
    # Codes and points of the rule, heaviest first; its sentences are those of the rule at the day of reading.
    priorite_lignes = models.JSONField("explication de la priorité", default=list)

    deposee_le = models.DateTimeField("déposée le", default=now)
    qualifiee_le = models.DateTimeField("qualifiée le", null=True, blank=True)
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    placee_le = models.DateTimeField("médecin trouvé le", null=True, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    motif_cloture = models.CharField("motif de clôture", max_length=16, choices=Cloture.choices, blank=True)

    responsable = models.ForeignKey(
        Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="suivie par"
    )
    prochaine_action = models.CharField("prochaine étape", max_length=20, choices=Action.choices, blank=True)
    prochaine_date = models.DateField("date de la prochaine étape", null=True, blank=True)
    rappel_patient_le = models.DateTimeField("patient relancé le", null=True, blank=True)

    medecin = models.ForeignKey(
        Professionnel, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="médecin"
    )
    # Frozen at placement, so that a figure never moves with a birthday or a corrected year.
    age_placement = models.PositiveSmallIntegerField("âge au placement", null=True, blank=True)
    empreinte = models.CharField("empreinte de la preuve", max_length=64, blank=True)

    code_suivi = models.BinaryField("empreinte du code de suivi", max_length=16)
    cle_depot = models.CharField("clé de dépôt", max_length=64)

    # The person's own wishes: a doctor already in mind is asked first; nobody else learns who.
    medecin_souhaite = models.ForeignKey(
        Professionnel, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    acces_pmr = models.BooleanField("cabinet accessible en fauteuil roulant", default=False, db_default=False)

    accord = models.CharField(
        "accord", max_length=12, choices=Accord.choices, default=Accord.RECUEILLI, db_default=Accord.RECUEILLI
    )
    accord_le = models.DateTimeField("accord recueilli le", null=True, blank=True)
    accord_par = models.ForeignKey(
        Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    accord_moyen = models.CharField(
        "accord donné", max_length=10, choices=MoyenAccord.choices, blank=True, db_default=""
    )
    # A person of a list taken over who was not reached by that day is erased.
    a_effacer_le = models.DateField("à effacer sans accord le", null=True, blank=True)
    acces_partenaire = models.ForeignKey(
        AccesPartenaire, on_delete=models.PROTECT, null=True, blank=True, related_name="demandes", db_index=False
    )
    liste = models.ForeignKey(
        ListeAttente, on_delete=models.PROTECT, null=True, blank=True, related_name="demandes", db_index=False
    )
    # The level that a person decided, until a day; who and why are in `DecisionPriorite`.
    niveau_impose = models.CharField("niveau décidé", max_length=8, blank=True, default="", db_default="")
    niveau_impose_jusque = models.DateField("niveau décidé jusqu’au", null=True, blank=True)
    # What becomes of a placement. A reopening files them in `Tour` and empties them.
    issue = models.CharField("issue", max_length=16, choices=Issue.choices, blank=True, default="", db_default="")
    premier_rdv_le = models.DateField("premier rendez-vous le", null=True, blank=True)
    declaration = models.CharField(
        "déclaration", max_length=9, choices=Declaration.choices, blank=True, default="", db_default=""
    )
    declaration_le = models.DateField("médecin traitant déclaré le", null=True, blank=True)
    bilan = models.CharField(
        "nouvelles à trois mois", max_length=14, choices=Bilan.choices, blank=True, default="", db_default=""
    )
    bilan_le = models.DateTimeField("nouvelles reçues le", null=True, blank=True)
    suite_demandee_le = models.DateTimeField("interrogé sur la suite le", null=True, blank=True)
    suite_relancee_le = models.DateTimeField("relancé sur la suite le", null=True, blank=True)
    suivi_fini_le = models.DateTimeField("suivi fini le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = (
        "etat",
        "priorite_niveau",
        "qualifiee_le",
        "acceptee_le",
        "placee_le",
        "close_le",
        "motif_cloture",
        "prochaine_action",
        "prochaine_date",
        "responsable_id",
        "medecin_id",
        "accord",
        "a_effacer_le",
        "niveau_impose",
        "niveau_impose_jusque",
        "premier_rdv_le",
        "declaration",
        "declaration_le",
        "bilan",
        "suivi_fini_le",
    )
    # The professionals must not learn them, not even that they were corrected.
    tu: ClassVar[tuple[str, ...]] = ("c2s", "ame")

    objects = DemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de médecin traitant"
        verbose_name_plural = "demandes de médecin traitant"
        constraints = PROMESSES
        indexes = INDEX

    def __str__(self) -> str:
        return self.reference

    @property
    def is_ouverte(self) -> bool:
        return self.etat in OUVERTS

    @property
    def attend_accord(self) -> bool:
        """Whether the person must still be called to agree."""
        return self.accord == Accord.A_RECUEILLIR and self.is_ouverte

    @property
    def is_due(self) -> bool:
        """Whether the next step is for today, or late."""
        return self.prochaine_date is not None and self.prochaine_date <= today()

    @property
    def is_suivie(self) -> bool:
        """Whether somebody still has something to do or to learn."""
        return self.is_ouverte or (self.etat == Etat.PLACEE and self.suivi_fini_le is None)

    @property
    def sollicitations(self) -> SollicitationQuerySet:
        """The doctors asked for this request, over all its calls."""
        return Sollicitation.objects.of_objets(GENRE, [self.pk])

    def check_transition(self, etat: Etat) -> None:
        """Raise ActionRefusee unless the table of transitions allows this move, and the person agreed to it."""
        if self.accord == Accord.A_RECUEILLIR and etat not in (Etat.DEPOSEE, Etat.CLOSE):
            raise ActionRefusee(
                f"La personne de la demande {self.reference} n’a pas encore donné son accord. "
                "Appelez-la et enregistrez sa réponse : ensuite seulement, la demande avance."
            )
        if etat not in TRANSITIONS[Etat(self.etat)]:
            raise ActionRefusee(
                f"La demande {self.reference} est « {Etat(self.etat).label} » : elle ne peut pas devenir "
                f"« {etat.label} ». Rechargez la page pour voir où elle en est."
            )
