"""To whom something is written: criteria kept with a mailing or an announcement, and the people they choose today.

Within one criterion any value will do; every criterion must hold.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from maillon.communaute.adhesions.enums import College
from maillon.communaute.adhesions.selectors import members
from maillon.communaute.annuaire.enums import Profession, pluralize_libelle
from maillon.communaute.annuaire.models import Activite
from maillon.communaute.personnes.models import Appartenance, Groupe, Personne, PersonneQuerySet
from maillon.communaute.territoire.models import Commune
from maillon.socle.droits.enums import Mission
from maillon.socle.ui.typographie import INSECABLE

from .enums import Portee


@dataclass(frozen=True, slots=True)
class Criteres:
    """Codes and keys only, so that they are kept as JSON."""

    portee: str = Portee.MEMBRES.value
    professions: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    groupes: tuple[str, ...] = ()
    missions: tuple[str, ...] = ()
    colleges: tuple[str, ...] = ()

    @classmethod
    def read(cls, donnees: Mapping[str, Any]) -> Self:
        """Criteria as they were kept, or as a form gives them; what is unknown is left out."""
        known = {field.name for field in fields(cls)} - {"portee"}
        return cls(
            portee=donnees.get("portee") or Portee.MEMBRES.value,
            **{name: tuple(str(value) for value in donnees.get(name) or ()) for name in known},
        )

    def as_json(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def find_personnes(cpts_id: UUID, criteres: Criteres, *, on: date) -> PersonneQuerySet:
    """The people whom these criteria choose that day, by name."""
    people = Personne.objects.en_activite().filter(cpts_id=cpts_id)
    if criteres.portee == Portee.MEMBRES or criteres.colleges:
        adhesions = members(cpts_id, on=on).order_by()
        if criteres.colleges:
            adhesions = adhesions.filter(college__in=criteres.colleges)
        people = people.filter(
            Q(Exists(adhesions.filter(professionnel=OuterRef("professionnel"))))
            | Q(Exists(adhesions.filter(structure=OuterRef("structure"))))
        )
    if criteres.professions:
        people = people.filter(professionnel__profession__in=criteres.professions)
    if criteres.communes:
        places = Activite.objects.filter(professionnel=OuterRef("professionnel"), commune__in=criteres.communes)
        people = people.filter(Q(Exists(places)) | Q(structure__commune__in=criteres.communes))
    if criteres.groupes:
        people = people.filter(Exists(_appartenances(on).filter(groupe__in=criteres.groupes)))
    if criteres.missions:
        people = people.filter(
            Q(Exists(_appartenances(on).filter(groupe__mission__in=criteres.missions)))
            | Q(membre__missions__overlap=list(criteres.missions))
        )
    return people.order_by("nom", "prenom", "pk")


def _appartenances(on: date) -> Any:
    """Being in an open group that day."""
    return Appartenance.objects.filter(
        Q(jusqu_a=None) | Q(jusqu_a__gt=on), personne=OuterRef("pk"), depuis__lte=on, groupe__ferme_le=None
    )


def describe_criteres(cpts_id: UUID, criteres: Criteres) -> str:
    """The criteria in one sentence, as the sender chose them."""
    groupes = Groupe.objects.filter(cpts_id=cpts_id, pk__in=criteres.groupes).values_list("nom", flat=True)
    communes = Commune.objects.filter(pk__in=criteres.communes).values_list("nom", flat=True)
    parts = [
        ("collège", [str(College(code).label) for code in criteres.colleges]),
        ("profession", [pluralize_libelle(str(Profession(code).label)) for code in criteres.professions]),
        ("commune", list(communes)),
        ("groupe", list(groupes)),
        ("mission", [str(Mission(code).label) for code in criteres.missions]),
    ]
    base = "Toutes les personnes connues" if criteres.portee == Portee.PERSONNES else "Les membres"
    chosen = " ; ".join(f"{name}{INSECABLE}: {', '.join(values)}" for name, values in parts if values)
    return f"{base} – {chosen}" if chosen else base
