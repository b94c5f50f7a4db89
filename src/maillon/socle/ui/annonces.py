"""Short messages after an action, with « Annuler » where the action can be undone."""

from django.contrib import messages
from django.http import HttpRequest

MARQUE = "annuler:"


def offer_undo(request: HttpRequest, texte: str, url: str) -> None:
    """Announces `texte` and offers « Annuler » for ten seconds; the button posts to `url`."""
    messages.success(request, texte, extra_tags=MARQUE + url)


def undo_url(tags: str | None) -> str:
    """The address to post to in order to undo, or an empty text."""
    return next((t.removeprefix(MARQUE) for t in (tags or "").split() if t.startswith(MARQUE)), "")
