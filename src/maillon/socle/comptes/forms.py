"""The library's forms, with our words."""

from typing import Any, ClassVar

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms


class _Mots(forms.Form):
    """Labels and help of fields, by name; placeholders go, since labels say the same."""

    libelles: ClassVar[dict[str, str]] = {}
    aides: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, libelle in self.libelles.items():
            self.fields[name].label = libelle
            self.fields[name].widget.attrs.pop("placeholder", None)
        for name, aide in self.aides.items():
            self.fields[name].help_text = aide


class ConnexionForm(_Mots, LoginForm):
    libelles: ClassVar[dict[str, str]] = {"login": "Courriel", "password": "Mot de passe"}
    aides: ClassVar[dict[str, str]] = {"password": ""}


class CodeForm(_Mots, AuthenticateForm):
    libelles: ClassVar[dict[str, str]] = {"code": "Code"}


class CodeConfirmeForm(_Mots, ReauthenticateForm):
    libelles: ClassVar[dict[str, str]] = {"code": "Code"}


class ApplicationForm(_Mots, ActivateTOTPForm):
    libelles: ClassVar[dict[str, str]] = {"code": "Code affiché par l’application"}


class CleForm(_Mots, AddWebAuthnForm):
    libelles: ClassVar[dict[str, str]] = {"name": "Nom de la clé", "passwordless": "Me connecter avec elle seule"}
    aides: ClassVar[dict[str, str]] = {
        "passwordless": "Sans courriel ni mot de passe. La clé vous demandera votre empreinte ou son code secret."
    }


class CleRenommeeForm(_Mots, EditWebAuthnForm):
    libelles: ClassVar[dict[str, str]] = {"name": "Nom de la clé"}
