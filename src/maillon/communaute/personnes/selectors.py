"""Finding the people of a community."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today

from .models import Groupe, Personne, PersonneQuerySet


def get_personne_of(acteur: Acteur) -> Personne | None:
    """Who this actor is in the community: by account, else by RPPS number; None for somebody not kept there."""
    if acteur.cpts_id is None or (acteur.membre_id is None and not acteur.rpps):
        return None
    known = Q()
    if acteur.membre_id is not None:
        known |= Q(membre=acteur.membre_id)
    if acteur.rpps:
        known |= Q(professionnel__rpps=acteur.rpps)
    found = Personne.objects.filter(known, cpts_id=acteur.cpts_id, fusionnee_dans=None)
    return found.order_by("membre_id").first()  # NULL sorts last: the account before the number


def people_of_groupe(groupe: Groupe, *, on: date) -> PersonneQuerySet:
    """People in the group that day."""
    return Personne.objects.en_activite().filter(
        Q(appartenances__jusqu_a=None) | Q(appartenances__jusqu_a__gt=on),
        appartenances__groupe=groupe,
        appartenances__depuis__lte=on,
    )


def groupes_of(personne_id: UUID, *, on: date) -> list[Groupe]:
    """The groups of which a person is part that day, by name."""
    return list(
        Groupe.objects.filter(
            Q(appartenances__jusqu_a=None) | Q(appartenances__jusqu_a__gt=on),
            appartenances__personne=personne_id,
            appartenances__depuis__lte=on,
            ferme_le=None,
        )
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in a community: who they are, their groups, the missions in which they take part."""

    personne_id: UUID | None
    groupes: frozenset[UUID]
    missions: frozenset[str]


def find_place(acteur: Acteur) -> Place:
    """The place of an actor today: their missions are those of which they are the referent and those of their groups;
    two queries."""
    personne = get_personne_of(acteur)
    groupes = groupes_of(personne.pk, on=today()) if personne else []
    return Place(
        personne.pk if personne else None,
        frozenset(groupe.pk for groupe in groupes),
        acteur.missions | {groupe.mission for groupe in groupes if groupe.mission},
    )
