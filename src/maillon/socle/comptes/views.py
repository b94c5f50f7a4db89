"""One's own account."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from maillon.socle.droits.permissions import acces_connecte, acces_public
from maillon.socle.droits.requete import RequeteConnectee
from maillon.socle.droits.selectors import get_agents, get_memberships

from . import selectors, sessions


@acces_connecte
@require_GET
def compte(request: RequeteConnectee) -> HttpResponse:
    """My identity, my second factors, my communities, my sessions."""
    return render(
        request,
        "comptes/compte.html",
        {
            "facteurs": selectors.get_seconds_facteurs(request.user),
            "membres": get_memberships(request.user),
            "agents": get_agents(request.user),
        },
    )


@acces_connecte
@require_POST
def fermer_sessions(request: RequeteConnectee) -> HttpResponse:
    """End my sessions everywhere, this one included."""
    sessions.end_sessions(request.user)
    return redirect("account_login")


@acces_public
def absente(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """A page of the library that Maillon does not offer."""
    raise Http404
