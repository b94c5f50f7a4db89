"""One's own account."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from maillon.socle.droits.permissions import acces_connecte, acces_public
from maillon.socle.droits.selectors import get_agents, get_memberships

from . import selectors, sessions


@acces_connecte
@require_GET
def compte(request: HttpRequest) -> HttpResponse:
    """My identity, my second factors, my communities, my sessions."""
    return render(
        request,
        "comptes/compte.html",
        {
            "facteurs": selectors.get_seconds_facteurs(request.user),  # type: ignore[arg-type]
            "membres": get_memberships(request.user),  # type: ignore[arg-type]
            "agents": get_agents(request.user),  # type: ignore[arg-type]
        },
    )


@acces_connecte
@require_POST
def fermer_sessions(request: HttpRequest) -> HttpResponse:
    """End my sessions everywhere, this one included."""
    sessions.end_sessions(request.user)  # type: ignore[arg-type]
    return redirect("account_login")


@acces_public
def absente(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """A page of the library that Maillon does not offer."""
    raise Http404
