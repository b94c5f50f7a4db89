"""What the access matrix asks for among fiches-action."""

from typing import Any

from acces.objets import canari, objet
from fabriques.actions import ActionFabrique, EtapeFabrique
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre


@objet("actions:fiche", "actions:pdf", "actions:modifier", "actions:dupliquer", "actions:ajouter_etape")
def _action(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": ActionFabrique(cpts=cpts).pk}


@objet("actions:etat")
def _etat(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": ActionFabrique(cpts=cpts).pk, "etat": "en_cours"}


@objet("actions:etape")
def _etape(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    etape = EtapeFabrique(action=ActionFabrique(cpts=cpts))
    return {"pk": etape.action_id, "etape_id": etape.pk, "geste": "faite"}


@canari
def _actions(cpts: Cpts, mot: str) -> None:
    EtapeFabrique(action=ActionFabrique(cpts=cpts, titre=mot, objectif=mot), libelle=mot)
