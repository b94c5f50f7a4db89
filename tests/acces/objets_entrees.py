"""Waiting lists, call round and partners' links, for the access matrix."""

from typing import Any
from uuid import UUID

from acces.objets import _guichet, canari, lien, objet
from fabriques.entrees import deposit_liste, give_acces, make_sans_accord
from fabriques.structures import PartenariatFabrique
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre


@objet(
    "medecin_traitant_liste_reprise",
    "medecin_traitant_liste_colonnes",
    "medecin_traitant_liste_avancement",
    "medecin_traitant_liste_appliquer",
    "medecin_traitant_liste_abandonner",
    "medecin_traitant_liste_annuler",
)
def _liste(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"liste_id": deposit_liste(_guichet(cpts), "Durand;Zoé;1944;0477112233;Villars;;;;;").pk}


@objet(
    "medecin_traitant_recontact",
    "medecin_traitant_accorder",
    "medecin_traitant_refuser_accord",
    "medecin_traitant_plus_tard",
)
def _sans_accord(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"demande_id": make_sans_accord(_guichet(cpts)).pk}


@objet("medecin_traitant_donner_acces")
def _structure(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"structure_id": PartenariatFabrique(cpts=cpts).structure_id}


@objet("medecin_traitant_retirer_acces")
def _acces(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"acces_id": give_acces(_guichet(cpts)).acces.pk}


@lien("medecin_traitant.partenaire")
def _lien(cpts: Cpts) -> UUID:
    return give_acces(_guichet(cpts)).acces.pk


@canari
def _a_recontacter(cpts: Cpts, mot: str) -> None:
    make_sans_accord(_guichet(cpts), nom=mot, prenom=mot)
