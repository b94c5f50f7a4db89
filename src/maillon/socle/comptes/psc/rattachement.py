"""From an identity proven by Pro Santé Connect to an account. It never creates an account nor a right."""

import re
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest
from django.shortcuts import render

from maillon.socle.comptes.models import Compte


def parse_rpps(subject: str) -> str:
    """The 11 digits of the RPPS number from `SubjectNameID` (8, then the number); empty for another identifier."""
    match = re.fullmatch(r"8(\d{11})", subject)
    return match.group(1) if match else ""


def attach(request: HttpRequest, sociallogin: Any) -> None:
    """Give the login the account of this RPPS number; refuse politely when no community invited the person.

    Nothing is stored: the number in the account is the only tie, so that correcting it is enough.
    """
    rpps = parse_rpps(sociallogin.account.uid)
    compte = Compte.objects.filter(rpps=rpps).first() if rpps else None
    if compte is None:
        raise ImmediateHttpResponse(render(request, "comptes/psc_inconnu.html", {"rpps": rpps}, status=403))
    sociallogin.user = compte
