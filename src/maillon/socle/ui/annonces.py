"""Short messages after an action, with « Annuler » where the action can be undone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

MARQUE = "annuler:"


def offer_undo(request: HttpRequest, texte: str, url: str) -> None:
    """Announces `texte` and offers « Annuler » for ten seconds; the button posts to `url`."""
    messages.success(request, texte, extra_tags=MARQUE + url)


def attempt(
    request: HttpRequest,
    action: Callable[[], Any],
    *,
    refus: type[Exception],
    say: Callable[[Any], str] = str,
    done: str = "",
    undo: str = "",
) -> Any:
    """Run a service; its refusal (`refus`, in the words of `say`) becomes a message and None, its success the message
    `done` and its result. `undo` is the address to which « Annuler » posts."""
    try:
        result = action()
    except refus as refusal:
        messages.error(request, say(refusal))
        return None
    if done and undo:
        offer_undo(request, done, undo)
    elif done:
        messages.success(request, done)
    return result if result is not None else True


def undo_url(tags: str | None) -> str:
    """The address to post to in order to undo, or an empty text."""
    return next((t.removeprefix(MARQUE) for t in (tags or "").split() if t.startswith(MARQUE)), "")
