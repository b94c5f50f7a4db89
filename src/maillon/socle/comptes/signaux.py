"""What must follow from signing in and out, whichever way it happened."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from . import sessions
from .models import Compte


def on_login(sender: Any, request: HttpRequest, user: Compte, **kwargs: Any) -> None:
    sessions.stamp(request.session)


def on_end(sender: Any, request: HttpRequest, user: Compte | None, **kwargs: Any) -> None:
    """Signing out or changing the password ends the person's sessions everywhere."""
    if user is not None:
        sessions.end_sessions(user)


def on_authenticator_added(
    sender: Any, request: HttpRequest, user: Compte, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Enrolling the first second factor proved that the person holds it: this session now has two.

    Another one proves nothing: who never showed the first could add their own to somebody else's account.
    """
    seconds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    others = Authenticator.objects.filter(user=user, type__in=seconds).exclude(pk=authenticator.pk)
    if authenticator.type in seconds and not others.exists():
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def connect() -> None:
    user_logged_in.connect(on_login, dispatch_uid="maillon_on_login")
    user_logged_out.connect(on_end, dispatch_uid="maillon_on_logout")
    for signal in (password_changed, password_set, password_reset):
        signal.connect(on_end, dispatch_uid="maillon_on_password")
    authenticator_added.connect(on_authenticator_added, dispatch_uid="maillon_on_second_factor")
