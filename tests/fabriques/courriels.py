"""Messages for tests."""

from itertools import count
from typing import Any
from unittest.mock import patch

from maillon.socle.contexte import use_cpts
from maillon.socle.courriels import services
from maillon.socle.courriels.models import Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.identifiants import new_id

_suite = count(1)


class CourrielEssai(services.Courriel):
    sujet = "Votre demande a avancé"
    gabarit = "essai.txt"


def make_message(
    cpts: Cpts,
    *,
    to: str = "jeanne@example.org",
    texte: str = "Bonjour, voici votre lien : http://localhost/l/abc/",
    **champs: Any,
) -> Message:
    """A message queued with its job; `champs` are written over the row afterwards (etat, erreur…)."""
    with use_cpts(cpts.pk), patch.object(services, "render_to_string", return_value=texte):
        message = CourrielEssai(cpts_id=cpts.pk, objet_id=new_id()).queue(to=to, occasion=str(next(_suite)))
        assert message is not None
        if champs:
            Message.objects.filter(pk=message.pk).update(**champs)
            message.refresh_from_db()
    return message
