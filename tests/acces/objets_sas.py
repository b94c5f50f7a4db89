"""Objects of the exchanges with the SAS."""

from typing import Any

from acces.objets import _guichet, canari, objet
from fabriques.sas import make_envoi
from maillon.api.models import EnvoiSas
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre


@objet("sas_renvoyer")
def refused(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_envoi(_guichet(cpts)).pk}


@canari
def plant(cpts: Cpts, mot: str) -> None:
    EnvoiSas.objects.filter(pk=make_envoi(_guichet(cpts)).pk).update(erreur=f"réponse 422 : {mot}")
