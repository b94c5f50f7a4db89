"""What several pages do."""

from django import forms
from django.urls import reverse

from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today

from ..models import Conversation
from ..permissions import SOIGNER

# A page asks for news every fifteen seconds for five minutes, then waits to be asked: a screen left open must not keep
# its session alive.
TOURS = 20


def find_url(nom: str, request: Requete, *arguments: object) -> str:
    """The address of one of our pages, in this community."""
    return reverse(f"messagerie:{nom}", args=[request.cpts.slug, *arguments])


def url_of(conversation: Conversation, request: Requete) -> str:
    """Where a conversation is read."""
    return find_url("fil" if conversation.patient_id else "conversation", request, conversation.pk)


def build_fil(request: Requete, *suite: tuple[str, str]) -> list[tuple[str, str]]:
    """The way back to the messages."""
    return [("Messages", find_url("conversations", request)), *suite]


def get_status(form: forms.Form | None) -> int:
    """422 when what was typed is refused."""
    return 422 if form is not None and form.errors else 200


def read_tour(request: Requete) -> int:
    """How many times this page has asked for news; never below one."""
    text = request.GET.get("tour", "")
    return max(1, int(text)) if text.isdigit() and len(text) < 4 else 1


def may_soigner(request: Requete) -> bool:
    """Whether the person may write about patients here at all."""
    return request.acteur.can(SOIGNER) and request.cpts.is_ouverte_aux_patients(on=today())
