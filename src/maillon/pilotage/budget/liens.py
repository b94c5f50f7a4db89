"""Addresses that several files give."""

from django.urls import reverse
from django.utils.http import urlencode


def find_url_poste(slug: str, poste: str) -> str:
    """The sheet of an envelope."""
    return f"{reverse('budget:poste', args=[slug])}?{urlencode({'poste': poste})}"
