"""What the access matrix needs to ask for an address: an object in the community, visible to the person who asks.

    @objet("demande_fiche", "demande_accepter")
    def _(cpts, membre):
        return {"demande_id": make_demande(cpts, pour=membre).pk}

The function runs inside `use_cpts(cpts.pk)`, and gives the address's arguments besides the slug. `membre` is the
member who will ask; None for the public, a link or an account without community. For a signed link:

    @lien("medecin_traitant.reponse")
    def _(cpts):
        return make_demande(cpts).pk        # what the link opens

and to have the other community hold recognisable rows, which no answer may show:

    @canari
    def _(cpts, mot):
        make_demande(cpts, commentaire=mot)
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fabriques.droits import make_membre
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre

OBJETS: dict[str, Callable[[Cpts, Membre | None], dict[str, Any]]] = {}
LIENS: dict[str, Callable[[Cpts], UUID]] = {}
CANARIS: list[Callable[[Cpts, str], None]] = []


def objet(*names: str) -> Callable[[Any], Any]:
    def register(function: Any) -> Any:
        OBJETS.update(dict.fromkeys(names, function))
        return function

    return register


def lien(purpose: str) -> Callable[[Any], Any]:
    def register(function: Any) -> Any:
        LIENS[purpose] = function
        return function

    return register


def canari(function: Callable[[Cpts, str], None]) -> Callable[[Cpts, str], None]:
    CANARIS.append(function)
    return function


@canari
def _membres(cpts: Cpts, mot: str) -> None:
    make_membre(cpts, Role.BUREAU, nom=mot, prenom=mot, email=f"{mot.lower()}@example.org")


@objet("acces_fiche", "acces_donner_role", "acces_fermer", "acces_rouvrir", "acces_relancer")
def _membre(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"membre_id": make_membre(cpts, Role.BUREAU).pk}


@objet("acces_retirer_role")
def _mandat(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    held = make_membre(cpts, Role.BUREAU)
    return {"membre_id": held.pk, "mandat_id": held.mandats.get().pk}


@lien("droits.invitation")
def _invite(cpts: Cpts) -> UUID:
    return make_membre(cpts, Role.PROFESSIONNEL).pk
