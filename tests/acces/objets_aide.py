"""Objects of the help, for the access matrix: a page of the guide, the name of an address, a picture."""

from typing import Any

from acces.objets import objet
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre


@objet("aide_page")
def _page(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"sujet": "medecin-traitant"}


@objet("aide_pour")
def _pour(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"nom": "budget:operations"}


@objet("aide_image")
def _image(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"nom": "guichet.png"}
