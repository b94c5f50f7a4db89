"""Where django-allauth meets the house: closed sign-up, mail by the worker, French errors, sealed secrets."""

import base64
import time
from typing import Any, ClassVar
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from maillon.socle.chiffrement import decrypt, encrypt

from . import tasks
from .models import Compte

FRAIS_SECONDES = 600  # a password typed less than this ago is not asked again to enrol the first second factor
# Authenticators belong to no community and are sealed before their row exists.
SCEAU: dict[str, Any] = {"cpts_id": UUID(int=0), "table": "mfa_authenticator", "column": "data", "row_id": UUID(int=0)}


class CompteAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est désactivé. Demandez à votre coordination de le rouvrir.",
        "email_password_mismatch": "Le courriel ou le mot de passe n’est pas le bon. Vérifiez les deux, ou demandez un "
        "nouveau mot de passe.",
        "enter_current_password": "Le mot de passe actuel n’est pas le bon.",
        "incorrect_code": "Ce code n’est pas le bon, ou il a expiré. Attendez le suivant et recopiez-le.",
        "incorrect_password": "Ce mot de passe n’est pas le bon.",
        "invalid_password_reset": "Ce lien n’est plus valable. Demandez-en un nouveau.",
        "too_many_login_attempts": "Trop d’essais sans succès. Attendez une demi-heure, puis recommencez.",
        "rate_limited": "Trop de demandes en peu de temps. Attendez une minute, puis recommencez.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: a community invites."""
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """The library's own notices are not shown: our pages say what happened."""

    def send_password_reset_mail(self, user: Compte, email: str, context: dict[str, Any]) -> None:
        """The worker makes the link and sends it: no token in a table, and the same answer time for unknown mail."""
        tasks.queue_nouveau_mot_de_passe(user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise NotImplementedError(f"Le courriel {template_prefix} n’est pas prévu.")

    def get_login_stages(self) -> list[str]:
        own = {"allauth.mfa.stages.AuthenticateStage": "maillon.socle.comptes.etapes.SecondFacteurStage"}
        return [own.get(stage, stage) for stage in super().get_login_stages()]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/compte/"

    def reauthenticate(self, user: Compte, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Somebody who just typed the password enrols a first second factor without typing it again."""
        request = context.request
        if app == "allauth.mfa" and not Authenticator.objects.filter(user=request.user).exists():
            records = get_authentication_records(request, request.user)
            if any(time.time() - record.get("at", 0) < FRAIS_SECONDES for record in records):
                return False
        return super().is_reauthentication_required(app=app, **kwargs)


class SecondFacteurAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": CompteAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": "Il faut garder au moins un second facteur.",
    }

    def encrypt(self, text: str) -> str:
        """Shared secrets are kept sealed, as patients' names are."""
        return base64.b64encode(encrypt(text, **SCEAU)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text), **SCEAU)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Maillon"}

    def _get_site_name(self) -> str:
        return "Maillon"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return "Ma clé" if count == 0 else f"Ma clé n° {count + 1}"


class PscAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        from .psc.rattachement import attach

        attach(request, sociallogin)
