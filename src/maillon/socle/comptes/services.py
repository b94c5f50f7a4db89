"""Accounts: second factors and closing."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from .models import Compte
from .sessions import end_sessions


@transaction.atomic
def enrol_totp(*, compte: Compte, secret: str) -> Authenticator:
    """Give this account an authenticator application with a known secret (base 32), and recovery codes.

    Used by the demonstration, whose secrets are shown; people enrol on their own page.
    """
    Authenticator.objects.filter(user=compte, type=Authenticator.Type.TOTP).delete()
    authenticator: Authenticator = TOTP.activate(compte, secret).instance
    RecoveryCodes.activate(compte)
    return authenticator


def deactivate_compte(*, compte: Compte) -> None:
    """Close an account everywhere, at once: no sign-in, no session."""
    compte.is_active = False
    compte.save(update_fields=["is_active"])
    end_sessions(compte)


def reactivate_compte(*, compte: Compte) -> None:
    """Open a closed account again; its communities and roles are those it had."""
    compte.is_active = True
    compte.save(update_fields=["is_active"])
