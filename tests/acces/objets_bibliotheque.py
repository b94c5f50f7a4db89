"""What the access matrix asks for among documents."""

from typing import Any

from acces.objets import canari, objet
from fabriques.bibliotheque import make_document
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre


@objet(
    "bibliotheque:document",
    "bibliotheque:modifier",
    "bibliotheque:version",
    "bibliotheque:archiver",
    "bibliotheque:retablir",
)
def _document(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_document(cpts).pk}


@canari
def _documents(cpts: Cpts, mot: str) -> None:
    make_document(cpts, titre=mot, nom=f"{mot}.pdf")
