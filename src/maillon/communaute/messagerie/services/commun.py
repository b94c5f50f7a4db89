"""What every service of the messages needs: who writes, refusals, documents received."""

from dataclasses import dataclass

from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.communaute.personnes.services import keep_membre
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.models import Membre


class MessageRefuse(Exception):
    """What cannot be written or sent as things are; the message, in French, is shown to the person."""


@dataclass(frozen=True, slots=True)
class Recu:
    """A document that somebody sends."""

    nom: str
    contenu: bytes


def keep_auteur(by: Acteur) -> Personne:
    """The person that the actor is in the community, kept on their first message."""
    personne = get_personne_of(by)
    if personne is not None:
        return personne
    assert by.membre_id is not None
    return keep_membre(membre=Membre.objects.select_related("compte").get(pk=by.membre_id), by=by)
