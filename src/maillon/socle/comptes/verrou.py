"""What the lockout counts: the account asked for, whether it exists or not, and the address it comes from."""

from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class VerrouHandler(AxesDatabaseHandler):
    """Signing in forgives the failures of that account only.

    The library forgives those of the address too: somebody with an account of their own could then try passwords on
    another's for ever, signing in as themselves after each nine failures.
    """

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        count, _ = AccessAttempt.objects.filter(username=get_identifiant(request, credentials)).delete()
        return count


def get_identifiant(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The mail address under which somebody tries to sign in."""
    found = (credentials or {}).get("email") or (credentials or {}).get("username") or request.POST.get("login", "")
    return str(found).strip().lower()


def get_adresse(request: HttpRequest) -> str:
    """The caller's network address; behind MAILLON_PROXYS trusted proxies, the one that the outermost saw.

    Of an IPv6 address the first 64 bits: whoever rents a line owns all the others, and would be a newcomer each time.
    """
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if count and len(forwarded) >= count:
        return _fold(forwarded[-count])
    return _fold(str(request.META.get("REMOTE_ADDR", "")))


def _fold(adresse: str) -> str:
    try:
        lue = ip_address(adresse)
    except ValueError:
        return adresse
    if isinstance(lue, IPv4Address):
        return adresse
    return str(lue.ipv4_mapped or ip_network((lue, 64), strict=False).network_address)


def answer_lockout(request: HttpRequest, response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """The same page for an account that exists and for one that does not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    answer = render(
        request, "comptes/verrou.html", {"minutes": minutes, "essais": settings.AXES_FAILURE_LIMIT}, status=429
    )
    answer["Retry-After"] = str(minutes * 60)
    return answer
