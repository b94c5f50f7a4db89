"""What the access matrix asks for in the calendar."""

from typing import Any
from uuid import UUID

from acces.objets import canari, lien, objet
from fabriques.agenda import make_externe, make_flux
from fabriques.personnes import PersonneFabrique
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre


@objet("agenda:flux_fermer")
def _flux(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_flux(PersonneFabrique(cpts=cpts))[0].pk}


@objet("agenda:externe_relire", "agenda:externe_retirer")
def _externe(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"pk": make_externe(PersonneFabrique(cpts=cpts)).pk}


@lien("agenda.flux")
def _lien(cpts: Cpts) -> UUID:
    return make_flux(PersonneFabrique(cpts=cpts))[0].pk


@canari
def _externes(cpts: Cpts, mot: str) -> None:
    make_externe(PersonneFabrique(cpts=cpts, nom=mot, prenom=mot), libelle=mot)
