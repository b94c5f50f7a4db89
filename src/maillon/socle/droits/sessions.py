"""How strongly the person of this session signed in."""

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from maillon.socle.comptes.psc import FOURNISSEUR

# Pro Santé Connect signs in with two factors (carte CPS or e-CPS and its code).
FOURNISSEURS_FORTS = {FOURNISSEUR}


def is_fort(request: HttpRequest) -> bool:
    """Whether this session was opened with two factors."""
    for record in get_authentication_records(request, request.user):
        if record.get("method") == "mfa":
            return True
        if record.get("method") == "socialaccount" and record.get("provider") in FOURNISSEURS_FORTS:
            return True
    return False
