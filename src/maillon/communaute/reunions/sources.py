"""Meetings as calendars, fiches-action and documents read them."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import ElementAction, ElementPersonne, EntreeAgenda, PorteeAgenda
from maillon.socle.droits.acteur import Acteur

from .agenda_ics import get_uid
from .enums import Etat, Presence, Reponse
from .models import Participation, Reunion, ReunionQuerySet
from .permissions import VOIR

GENRE = "reunion"
DERNIERES = 12  # a year of meetings of an active member
TONS_PRESENCES = {Presence.PRESENT: "bien", Presence.INCONNUE: "cours"}


def list_agenda(portee: PorteeAgenda, debut: datetime, fin: datetime) -> list[EntreeAgenda]:
    """Meetings with a date over [debut, fin[, cancelled ones said so.

    A person's calendar has those to which they are convoked, unless they said no; a group's those of the group; an
    actor sees all that the actor may, those in preparation too.
    """
    rows = _within(portee).filter(debut__lt=fin, fin__gt=debut).order_by("debut")
    found = list(rows)
    slug = get_slug(portee.cpts_id) if found else ""
    return [
        EntreeAgenda(
            uid=get_uid(reunion),
            genre=GENRE,
            titre=reunion.titre if reunion.etat != Etat.PREPARATION else f"{reunion.titre} (en préparation)",
            debut=reunion.debut,
            fin=reunion.fin,
            sequence=reunion.sequence,
            lieu=reunion.lieu or reunion.visio,
            url=reverse("reunions:fiche", args=[slug, reunion.pk]),
            annulee=reunion.etat == Etat.ANNULEE,
            mission=reunion.mission,
        )
        for reunion in found
        if reunion.debut is not None and reunion.fin is not None
    ]


def _within(portee: PorteeAgenda) -> ReunionQuerySet:
    if portee.acteur is not None:
        return Reunion.objects.visible_to(portee.acteur)
    told = Reunion.objects.filter(cpts_id=portee.cpts_id, convoquee_le__isnull=False)
    if portee.personne_id is not None:
        own = Participation.objects.filter(reunion=OuterRef("pk"), personne=portee.personne_id)
        return told.filter(Exists(own.exclude(reponse=Reponse.NON)))
    return told.filter(groupe=portee.groupe_id)


def list_reunions_of(cpts_id: UUID, personne_id: UUID, acteur: Acteur) -> list[ElementPersonne]:
    """The last meetings of a person that the actor may see, with attendance once it was taken; two queries."""
    if not acteur.can(VOIR):
        return []
    visibles = Reunion.objects.visible_to(acteur).exclude(etat=Etat.ANNULEE)
    rows = (
        Participation.objects.filter(cpts_id=cpts_id, personne=personne_id, reunion__in=visibles)
        .filter(reunion__convoquee_le__isnull=False, reunion__debut__isnull=False)
        .select_related("reunion__cpts")
        .order_by("-reunion__debut")
    )
    return [
        ElementPersonne(
            le=timezone.localtime(row.reunion.debut).date(),
            libelle=row.reunion.titre,
            detail=row.reunion.get_type_display(),
            url=reverse("reunions:fiche", args=[row.reunion.cpts.slug, row.reunion.pk]),
            etat=_say_presence(row),
            ton=TONS_PRESENCES.get(Presence(row.presence), "neutre"),
        )
        for row in rows[:DERNIERES]
    ]


def _say_presence(row: Participation) -> str:
    """Attendance, or the answer while nothing was taken."""
    if row.presence != Presence.INCONNUE:
        return row.get_presence_display()
    if row.reunion.etat == Etat.TENUE:
        return "présence non relevée"
    return {Reponse.OUI: "viendra", Reponse.NON: "ne viendra pas"}.get(Reponse(row.reponse), "invitation envoyée")


def list_elements(cpts_id: UUID, action_id: UUID, acteur: Acteur) -> list[ElementAction]:
    """The meetings of a fiche-action, by date; those without one last."""
    rows = Reunion.objects.visible_to(acteur).filter(cpts_id=cpts_id, action=action_id, debut__isnull=False)
    found = list(rows.exclude(etat=Etat.ANNULEE).select_related("cpts").order_by("debut"))
    return [
        ElementAction(
            le=timezone.localtime(reunion.debut).date(),
            libelle=reunion.titre,
            detail=f"{reunion.get_type_display()}, {reunion.get_etat_display()}",
            url=reverse("reunions:fiche", args=[reunion.cpts.slug, reunion.pk]),
        )
        for reunion in found
    ]


def may_open_document(acteur: Acteur, fichier_id: UUID) -> bool:
    """Whether this document is the convocation, or hangs on the agenda, of a meeting that the actor may see."""
    return (
        Reunion.objects.visible_to(acteur)
        .filter(Q(points__document=fichier_id) | Q(convocation__document=fichier_id))
        .exists()
    )
