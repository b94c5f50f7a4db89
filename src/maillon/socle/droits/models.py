"""Members of a community, their dated mandates, agents of a territory, signed links."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from maillon.socle.cpts.models import Cpts, ModeleCpts, ModeleIdentifie
from maillon.socle.horloge import now

from .enums import OFFICES, Mission, Role, RoleTerritorial

COMPTE_COURANT = "compte_id = (SELECT NULLIF(current_setting('maillon.compte_id', true), '')::uuid)"


class Membre(ModeleCpts):
    """A person in one community. The person sees own memberships everywhere, to choose a community."""

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="membres")
    actif = models.BooleanField("actif", default=True)
    # Roles in force, kept from the mandates by `services.refresh_roles`, so that a page reads one row.
    roles = ArrayField(models.CharField(max_length=24, choices=Role.choices), default=list, blank=True)
    missions = ArrayField(models.CharField(max_length=24), default=list, blank=True)

    politique_lecture: ClassVar[str] = COMPTE_COURANT

    class Meta:
        verbose_name = "membre"
        constraints = [
            models.UniqueConstraint(fields=["cpts", "compte"], name="membre_unique_par_communaute"),
        ]
        indexes = [models.Index(fields=["compte", "cpts"], name="membre_compte")]

    def __str__(self) -> str:
        return str(self.compte)

    @property
    def libelles_roles(self) -> list[str]:
        """The roles in force, in words."""
        return [str(Role(role).label) for role in self.roles]


class Mandat(ModeleCpts):
    """A role over a period. One person at a time holds an office (président)."""

    membre = models.ForeignKey(Membre, on_delete=models.CASCADE, related_name="mandats")
    role = models.CharField("rôle", max_length=24, choices=Role.choices)
    mission = models.CharField("mission", max_length=24, choices=Mission.choices, blank=True)
    periode = DateRangeField("période")

    # Read at the door, before the community is entered: the roles of the day come from here.
    politique_lecture: ClassVar[str] = f"membre_id IN (SELECT id FROM droits_membre WHERE {COMPTE_COURANT})"  # noqa: S608

    class Meta:
        verbose_name = "mandat"
        constraints = [
            ExclusionConstraint(
                name="mandat_office_sans_chevauchement",
                expressions=[
                    ("cpts", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("periode", RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=[role.value for role in OFFICES]),
                violation_error_message="Cette fonction est déjà tenue par une autre personne sur cette période.",
            ),
            ExclusionConstraint(
                name="mandat_membre_sans_chevauchement",
                expressions=[
                    ("membre", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("mission", RangeOperators.EQUAL),
                    ("periode", RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette personne a déjà ce rôle sur cette période.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.periode})"

    @property
    def dernier_jour(self) -> date | None:
        """The last day of the mandate; None while it has no end."""
        return self.periode.upper - timedelta(days=1) if self.periode.upper else None


class AgentTerritorial(ModeleIdentifie):
    """An agent of the CPAM or the ARS, or a regulator: a role over départements and régions."""

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agents")
    role = models.CharField("rôle", max_length=24, choices=RoleTerritorial.choices)
    departements = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    regions = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    actif = models.BooleanField("actif", default=True)

    class Meta:
        verbose_name = "agent territorial"
        constraints = [
            models.UniqueConstraint(fields=["compte", "role"], name="agent_un_role_par_compte"),
            models.CheckConstraint(
                condition=~(Q(departements=[]) & Q(regions=[])),
                name="agent_a_un_territoire",
                violation_error_message="Indiquez au moins un département ou une région.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.compte} – {self.get_role_display()}"


class Lien(ModeleIdentifie):
    """A signed link: only the hash of its token is kept, with tenant, purpose and object; no patient data.

    It lives outside row level security, because it is what gives the tenant. GET never consumes it.
    """

    empreinte = models.BinaryField("empreinte du jeton", max_length=32, unique=True)
    but = models.CharField("but", max_length=60)
    cpts = models.ForeignKey(Cpts, on_delete=models.CASCADE, related_name="+")
    objet_id = models.UUIDField("objet")
    expire_le = models.DateTimeField("expire le")
    utilise_le = models.DateTimeField("utilisé le", null=True, blank=True)
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)
    cree_le = models.DateTimeField("créé le", default=now, editable=False)

    class Meta:
        verbose_name = "lien signé"
        indexes = [models.Index(fields=["but", "objet_id"], name="lien_objet")]

    def __str__(self) -> str:
        return f"{self.but} ({self.expire_le:%Y-%m-%d})"
