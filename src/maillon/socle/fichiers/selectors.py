"""Who may open a document."""

from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.permissions import Permission

from .models import Fichier


def may_open(fichier: Fichier, *, for_acteur: Acteur) -> bool:
    """Whether the person holds the document's permission, and the room that stored it does not refuse this one."""
    if not for_acteur.can(Permission.get(fichier.permission)):
        return False
    return all(
        declared.may_open(for_acteur, fichier.pk)
        for declared in collect("acces_fichiers")
        if declared.permission.code == fichier.permission
    )
