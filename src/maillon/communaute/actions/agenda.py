"""The steps of actions, as calendars show them."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from maillon.communaute.personnes.selectors import groupes_of
from maillon.socle.declarations import EntreeAgenda, PorteeAgenda
from maillon.socle.horloge import today

from .enums import Etat
from .models import Action, EtapeAction

JOUR = timedelta(days=1)


def list_entrees(portee: PorteeAgenda, debut: datetime, fin: datetime) -> list[EntreeAgenda]:
    """Steps that fall in [debut, fin[: of the fiches that the actor reads; of those that the person leads or whose
    group is theirs; of those of the group. A step taken away, or of an action given up, is cancelled."""
    actions = Action.objects.filter(cpts_id=portee.cpts_id)
    if portee.acteur is not None:
        actions = actions.visible_to(portee.acteur)
    if portee.personne_id is not None:
        groupes = [groupe.pk for groupe in groupes_of(portee.personne_id, on=today())]
        actions = actions.filter(Q(responsable=portee.personne_id) | Q(groupe__in=groupes))
    if portee.groupe_id is not None:
        actions = actions.filter(groupe=portee.groupe_id)
    etapes = EtapeAction.objects.filter(
        action__in=actions.order_by().values("pk"),
        echeance__gte=timezone.localtime(debut).date(),
        echeance__lt=timezone.localtime(fin).date(),
    ).select_related("action__cpts")
    return [
        EntreeAgenda(
            uid=f"etape-{etape.pk}@maillon",
            genre="action",
            titre=f"{etape.libelle} ({etape.action.titre})",
            debut=etape.echeance,
            fin=etape.echeance + JOUR,
            sequence=etape.sequence,
            url=reverse("actions:fiche", args=[etape.action.cpts.slug, etape.action_id]),
            annulee=etape.retiree or etape.action.etat == Etat.ABANDONNEE,
            mission=etape.action.mission,
        )
        for etape in etapes
    ]
