"""The directory for the access matrix: a member of the community with a sheet and a correction."""

from typing import Any

from acces.objets import canari, objet
from fabriques.adhesions import AdhesionFabrique
from fabriques.annuaire import ActiviteFabrique
from maillon.communaute.annuaire.models import Activite
from maillon.communaute.annuaire.selectors.fiches import get_fiche
from maillon.communaute.annuaire.services.fiches import correct_lieu, keep_fiche
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre


def _make(cpts: Cpts, mot: str = "Sur rendez-vous") -> tuple[Activite, Any]:
    professionnel = AdhesionFabrique(cpts=cpts).professionnel
    lieu = ActiviteFabrique(professionnel=professionnel, adresse="12 rue des Forges")
    if get_fiche(cpts.pk, professionnel) is None:
        keep_fiche(cpts_id=cpts.pk, professionnel=professionnel, publics=["fiche"], remarques=mot, by=SYSTEME)
    correction = correct_lieu(
        cpts_id=cpts.pk, professionnel=professionnel, activite=lieu, champ="adresse", valeur=mot, by=SYSTEME
    )
    return lieu, correction


@objet("annuaire_fiche", "annuaire_modifier", "annuaire_inviter")
def _fiche(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"numero": _make(cpts)[0].professionnel.rpps}


@objet("annuaire_corriger")
def _lieu(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    lieu, _ = _make(cpts)
    return {"numero": lieu.professionnel.rpps, "pk": lieu.pk}


@objet("annuaire_garder", "annuaire_abandonner", "annuaire_reprendre")
def _correction(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": _make(cpts)[1].pk}


@canari
def _annuaire(cpts: Cpts, mot: str) -> None:
    _make(cpts, mot)
