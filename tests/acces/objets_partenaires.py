"""Partners, their contacts and conventions, for the access matrix."""

from typing import Any

from acces.objets import canari, objet
from fabriques.personnes import PersonneFabrique
from fabriques.structures import PartenariatFabrique
from maillon.communaute.partenaires.models import Convention
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today


@objet(
    "partenaires:partenaire",
    "partenaires:modifier",
    "partenaires:terminer",
    "partenaires:reprendre",
    "partenaires:ajouter_contact",
    "partenaires:ajouter_convention",
)
def _partenaire(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    return {"structure_id": PartenariatFabrique(cpts=cpts).structure_id}


@objet("partenaires:modifier_contact", "partenaires:retirer_contact", "partenaires:remettre_contact")
def _contact(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    structure = PartenariatFabrique(cpts=cpts).structure
    return {"structure_id": structure.pk, "personne_id": PersonneFabrique(cpts=cpts, structure=structure).pk}


@objet("partenaires:modifier_convention", "partenaires:resilier", "partenaires:retablir")
def _convention(cpts: Cpts, membre: Membre | None) -> dict[str, Any]:
    structure = PartenariatFabrique(cpts=cpts).structure
    convention = Convention.objects.create(cpts=cpts, structure=structure, objet="Essai", signee_le=today())
    return {"structure_id": structure.pk, "pk": convention.pk}


@canari
def _conventions(cpts: Cpts, mot: str) -> None:
    structure = PartenariatFabrique(cpts=cpts, objet=mot).structure
    Convention.objects.create(cpts=cpts, structure=structure, objet=mot, signee_le=today())
    PersonneFabrique(cpts=cpts, structure=structure, nom=mot)
