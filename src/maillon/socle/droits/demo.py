"""The demonstration's one-click sign-in: only with demonstration settings, only from this machine."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from maillon.socle.comptes.models import Compte

from . import selectors
from .permissions import acces_public
from .views import MOTEUR

LOCALES = {"localhost", "127.0.0.1", "[::1]", "::1"}


def check_demo(request: HttpRequest) -> None:
    """404 unless this is the demonstration, asked for by the machine that runs it.

    Behind a proxy every caller comes from this machine: a forwarded request is one from elsewhere.
    """
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP"))
    if not settings.DEMO or forwarded or host not in LOCALES or request.META.get("REMOTE_ADDR") not in LOCALES:
        raise Http404


@acces_public
@require_GET
def liste(request: HttpRequest) -> HttpResponse:
    """The demonstration's accounts, by community, with what each comes for and how to sign in for real."""
    check_demo(request)
    return render(
        request,
        "droits/demo.html",
        {"groupes": selectors.list_comptes_demo(), "phrase": settings.MAILLON_DEMO_PHRASE},
    )


@acces_public
@require_POST
def entrer(request: HttpRequest) -> HttpResponse:
    """Sign in as a fictitious person, second factor included."""
    check_demo(request)
    compte_id: Any = request.POST.get("compte", "")
    known = selectors.get_secrets_demo()
    compte = get_object_or_404(Compte, pk=compte_id if compte_id in {str(key) for key in known} else None, fictif=True)
    request.session.flush()
    login(request, compte, backend=MOTEUR)
    record_authentication(request, compte, "password", email=compte.email)
    authenticator = Authenticator.objects.get(user=compte, type=Authenticator.Type.TOTP)
    record_authentication(request, compte, "mfa", id=authenticator.pk, type=authenticator.type)
    return redirect("/")
