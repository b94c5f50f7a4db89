"""A person's sign-in. What the person may do in a community is in `socle.droits`."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from maillon.socle.cpts.models import ModeleIdentifie
from maillon.socle.horloge import now


class CompteManager(BaseUserManager["Compte"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Compte":
        """An account; without a password it signs in by Pro Santé Connect only."""
        compte = self.model(email=self.normalize_email(email).lower(), **fields)
        compte.set_password(password)
        compte.save(using=self._db)
        return compte

    def get_by_natural_key(self, username: str | None) -> "Compte":
        return self.get(email__iexact=username)


class Compte(ModeleIdentifie, AbstractBaseUser):
    """`rpps` comes from Pro Santé Connect or from the directory and links to the professional."""

    email = models.EmailField("courriel", unique=True)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=80, blank=True)
    rpps = models.CharField("numéro RPPS", max_length=11, null=True, blank=True, unique=True)
    is_active = models.BooleanField("actif", default=True)
    fictif = models.BooleanField("personne fictive de démonstration", default=False)
    cree_le = models.DateTimeField("créé le", default=now, editable=False)
    # Sessions opened before this instant are over: one field ends all of a person's sessions at once.
    sessions_depuis = models.DateTimeField("sessions valables depuis", default=now, editable=False)
    # Named filters of lists, written by `vues`: read with the account, so that no list costs one query more.
    vues = models.JSONField("vues de listes", default=dict, db_default={}, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[CompteManager] = CompteManager()

    class Meta:
        verbose_name = "compte"

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    def get_short_name(self) -> str:
        return self.prenom or self.email

    @property
    def is_staff(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: Self | None = None) -> bool:
        """Django's own permissions are not used: see `socle.droits.permissions`."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class EntreeCache(models.Model):
    """The table of Django's database cache, where attempts are counted whatever the process that sees them."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "comptes_cache"
        verbose_name = "entrée de cache"

    def __str__(self) -> str:
        return self.cache_key
