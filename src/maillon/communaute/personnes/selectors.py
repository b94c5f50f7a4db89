"""Finding the people of a community."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from maillon.communaute.annuaire.models import Activite
from maillon.socle.declarations import ElementPersonne, SourceElementsPersonne, collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.partage import shared

from .models import Appartenance, Groupe, Personne, PersonneQuerySet
from .permissions import GERER


@shared
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


def list_personnes(*, for_acteur: Acteur) -> QuerySet[Personne]:
    """Everybody that the actor may see."""
    return (
        Personne.objects.visible_to(for_acteur)
        .filter(fusionnee_dans=None)
        .select_related("professionnel", "structure", "membre")
    )


def get_personne(pk: UUID, *, for_acteur: Acteur) -> Personne:
    """One person; whoever was merged into another row leads to it."""
    rows = Personne.objects.visible_to(for_acteur).select_related(
        "professionnel", "structure", "membre__compte", "fusionnee_dans"
    )
    return get_object_or_404(rows, pk=pk)


def can_read_coordonnees(personne: Personne, acteur: Acteur) -> tuple[bool, bool]:
    """Whether this actor reads the mail address, and the telephone: who keeps the people up to date and the person
    always, the others what the person shows."""
    if acteur.can(GERER) or is_self(personne, acteur):
        return True, True
    return personne.montre_courriel, personne.montre_telephone


def is_self(personne: Personne, acteur: Acteur) -> bool:
    """Whether this actor is that person."""
    if acteur.cpts_id != personne.cpts_id:
        return False
    by_membre = acteur.membre_id is not None and personne.membre_id == acteur.membre_id
    by_rpps = bool(acteur.rpps) and personne.professionnel is not None and personne.professionnel.rpps == acteur.rpps
    return by_membre or by_rpps


def list_lieux(personne: Personne) -> list[Activite]:
    """Where the national directory says that a person works."""
    if personne.professionnel_id is None:
        return []
    return list(Activite.objects.filter(professionnel=personne.professionnel_id).select_related("commune", "structure"))


def list_appartenances_of(personne: Personne, *, on: date) -> list[Appartenance]:
    """The groups of a person that day, with since when."""
    return list(
        Appartenance.objects.filter(Q(jusqu_a=None) | Q(jusqu_a__gt=on), personne=personne, groupe__ferme_le=None)
        .select_related("groupe")
        .order_by("groupe__nom")
    )


def list_elements(personne: Personne, acteur: Acteur) -> list[tuple[str, str, list[ElementPersonne]]]:
    """What each app shows on the sheet: code, heading and lines; the silent ones are left out."""
    sources: list[SourceElementsPersonne] = list(collect("elements_personne"))
    found = [(s.code, s.libelle, s.elements(personne.cpts_id, personne.pk, acteur)) for s in sources]
    return [section for section in found if section[2]]


def list_groupes(*, for_acteur: Acteur, on: date) -> QuerySet[Groupe]:
    """The groups with the number of people that day (`effectif`)."""
    present = Q(appartenances__depuis__lte=on) & (Q(appartenances__jusqu_a=None) | Q(appartenances__jusqu_a__gt=on))
    alive = Q(appartenances__personne__partie_le=None, appartenances__personne__fusionnee_dans=None)
    return Groupe.objects.visible_to(for_acteur).annotate(effectif=Count("appartenances", filter=present & alive))


def get_groupe(pk: UUID, *, for_acteur: Acteur) -> Groupe:
    return get_object_or_404(Groupe.objects.visible_to(for_acteur), pk=pk)


def list_membres_of(groupe: Groupe, *, on: date) -> QuerySet[Appartenance]:
    """Who is in a group that day, those responsible first."""
    return (
        Appartenance.objects.filter(
            Q(jusqu_a=None) | Q(jusqu_a__gt=on),
            groupe=groupe,
            depuis__lte=on,
            personne__partie_le=None,
            personne__fusionnee_dans=None,
        )
        .select_related("personne__professionnel", "personne__structure")
        .order_by("-responsable", "personne__nom", "personne__prenom", "pk")
    )


def list_a_venir(groupe: Groupe, *, on: date) -> list[Appartenance]:
    """Who joins a group after that day."""
    return list(groupe.appartenances.filter(depuis__gt=on).select_related("personne").order_by("depuis"))


def get_appartenance(groupe: Groupe, pk: UUID) -> Appartenance:
    return get_object_or_404(groupe.appartenances.select_related("personne"), pk=pk)


def list_choix(cpts_id: UUID) -> list[tuple[str, str]]:
    """Everybody in activity, as choices of a form: identifier, then « Nom Prénom, fonction »."""
    rows = Personne.objects.en_activite().filter(cpts_id=cpts_id)
    return [
        (str(pk), f"{nom} {prenom}" + (f", {fonction}" if fonction else ""))
        for pk, nom, prenom, fonction in rows.values_list("pk", "nom", "prenom", "fonction")
    ]


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
