"""The sentences of home pages."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q
from django.urls import reverse

from maillon.socle.cpts.models import Cpts
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import format_date_heure, write_nombre

from ..enums import EtatDemande
from ..models import DemandeSoin
from .chutes import resume_chutes
from .demandes import ATTENTE_LONGUE
from .reglages import get_zone

PROCHE = timedelta(days=3)


def list_alertes_guichet(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """Requests that nobody could take, and those that wait too long. Two queries at most."""
    waiting = DemandeSoin.objects.filter(cpts_id=cpts_id).sans_reponse()
    late = Q(deposee_le__lt=moment - ATTENTE_LONGUE) & ~Q(etat=EtatDemande.ESCALADEE)
    found = waiting.aggregate(
        escaladees=Count("pk", filter=Q(etat=EtatDemande.ESCALADEE)),
        longues=Count("pk", filter=late),
        premiere=Min("deposee_le"),
    )
    if not found["escaladees"] and not found["longues"]:
        return []
    url = reverse("soins_demandes", args=[get_slug(cpts_id)])
    phrases = (
        (
            found["escaladees"],
            "demande de soin n’a trouvé personne : elle attend votre réponse.",
            "demandes de soin n’ont trouvé personne : elles attendent votre réponse.",
        ),
        (
            found["longues"],
            "demande de soin attend depuis plus de 30 minutes.",
            "demandes de soin attendent depuis plus de 30 minutes.",
        ),
    )
    return [
        Alerte(
            "attend",
            f"{write_nombre(nombre, feminin=True).capitalize()} {un if nombre == 1 else plusieurs}",
            url,
            nombre=nombre,
            le=found["premiere"],
            urgente=True,
        )
        for nombre, un, plusieurs in phrases
        if nombre
    ]


def list_alertes_professionnel(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """Each request accepted whose hour was not said. One query, and the slug."""
    if not acteur.rpps:
        return []
    mine = DemandeSoin.objects.filter(cpts_id=cpts_id, accepte_par__rpps=acteur.rpps).sans_reponse()
    rows = list(mine.order_by("prochaine_le").values_list("pk", "prochaine_le"))
    slug = get_slug(cpts_id) if rows else ""
    return [
        Alerte(
            "attend",
            "Vous avez accepté une personne : dites à quelle heure elle peut venir.",
            reverse("soins_heure", args=[slug, pk]),
            le=due,
            urgente=True,
        )
        for pk, due in rows
    ]


def list_alertes_a_prevenir(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """People whose appointment falls, until each is told: one sentence, for the desk and for who expected them."""
    nombre, premier = resume_chutes(cpts_id, acteur)
    if premier is None:
        return []
    cpts = Cpts.objects.get(pk=cpts_id)
    qui = f"{write_nombre(nombre, feminin=True).capitalize()} {'personne' if nombre == 1 else 'personnes'} à prévenir"
    tombe = "son rendez-vous tombe" if nombre == 1 else "leurs rendez-vous tombent, le premier"
    return [
        Alerte(
            "attend",
            f"{qui}\u00a0: {tombe} {format_date_heure(premier.astimezone(get_zone(cpts)))}.",
            reverse("soins_a_prevenir", args=[cpts.slug]),
            nombre=nombre,
            le=premier,
            urgente=premier < moment + PROCHE,
        )
    ]
