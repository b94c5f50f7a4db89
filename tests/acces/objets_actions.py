"""What the access matrix asks for among fiches-action."""

from typing import Any

from acces.objets import canari, objet
from fabriques.actions import ActionFabrique, EtapeFabrique
from fabriques.bibliotheque import make_document
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre


@objet(
    "actions:fiche",
    "actions:pdf",
    "actions:modifier",
    "actions:dupliquer",
    "actions:ajouter_etape",
    "actions:ajouter_document",
)
def _action(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": ActionFabrique(cpts=cpts).pk}


@objet("actions:etat")
def _etat(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": ActionFabrique(cpts=cpts).pk, "etat": "en_cours"}


@objet("actions:etape")
def _etape(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    etape = EtapeFabrique(action=ActionFabrique(cpts=cpts))
    return {"pk": etape.action_id, "etape_id": etape.pk, "geste": "faite"}


@objet("actions:document")
def _document(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": ActionFabrique(cpts=cpts).pk, "document_id": make_document(cpts).pk, "geste": "lier"}


@canari
def _actions(cpts: Cpts, mot: str) -> None:
    EtapeFabrique(action=ActionFabrique(cpts=cpts, titre=mot, objectif=mot), libelle=mot)
