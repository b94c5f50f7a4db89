"""The deadlines of a community, as calendars show them."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from maillon.communaute.personnes.models import Personne
from maillon.socle.declarations import EntreeAgenda, PorteeAgenda
from maillon.socle.droits.permissions import Permission

from .enums import EtatEcheance
from .models import EcheanceSuivie
from .permissions import LIRE


def may_know(portee: PorteeAgenda, permission: Permission) -> bool:
    """Whether whoever this calendar is for may read what the permission opens: by the actor, or the roles of the
    person's account. A group knows nothing of the contract."""
    if portee.acteur is not None:
        return portee.acteur.can(permission)
    if portee.personne_id is None:
        return False
    personne = Personne.objects.select_related("membre").filter(pk=portee.personne_id).first()
    membre = personne.membre if personne else None
    return membre is not None and membre.actif and bool({role.value for role in permission.roles} & {*membre.roles})


def list_entrees(portee: PorteeAgenda, debut: datetime, fin: datetime) -> list[EntreeAgenda]:
    """Deadlines not met yet that fall in [debut, fin[, under the identifiers of the file to download."""
    if not may_know(portee, LIRE):
        return []
    echeances = EcheanceSuivie.objects.filter(
        cpts_id=portee.cpts_id, le__gte=timezone.localtime(debut).date(), le__lt=timezone.localtime(fin).date()
    ).exclude(etat=EtatEcheance.TENUE)
    return [
        EntreeAgenda(
            uid=f"{echeance.code}.{echeance.cpts_id.hex}@maillon",
            genre="echeance",
            titre=echeance.libelle,
            debut=echeance.le,
            fin=echeance.le + timedelta(days=1),
            url=reverse("cycle:vie", args=[echeance.cpts.slug]),
        )
        for echeance in echeances.select_related("cpts")
    ]
