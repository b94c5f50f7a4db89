"""Lists taken over, duplicates, for the access matrix."""

from typing import Any

from acces.objets import canari, objet
from fabriques.personnes import PersonneFabrique
from maillon.communaute.reprise.enums import Genre
from maillon.communaute.reprise.services import deposit_liste, merge_personnes
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre


@objet(
    "reprise:reprise",
    "reprise:colonnes",
    "reprise:avancement",
    "reprise:decider",
    "reprise:appliquer",
    "reprise:abandonner",
    "reprise:annuler",
)
def _reprise(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    liste = "Nom;Prénom\nDurand;Zoé\n".encode()
    return {"pk": deposit_liste(cpts_id=cpts.pk, nom="liste.csv", contenu=liste, genre=Genre.CONTACTS, by=SYSTEME).pk}


@objet("reprise:reunir", "reprise:distinguer")
def _paire(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"gardee": PersonneFabrique(cpts=cpts).pk, "absorbee": PersonneFabrique(cpts=cpts).pk}


@objet("reprise:annuler_fusion")
def _fusion(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    gardee, absorbee = PersonneFabrique.create_batch(2, cpts=cpts)
    return {"pk": merge_personnes(gardee=gardee, absorbee=absorbee, prises=frozenset(), by=SYSTEME).pk}


@canari
def _doublons(cpts: Cpts, mot: str) -> None:
    PersonneFabrique.create_batch(2, cpts=cpts, nom=mot, prenom=mot)
