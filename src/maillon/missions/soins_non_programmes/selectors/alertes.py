"""The sentences of home pages."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q
from django.urls import reverse

from maillon.communaute.annuaire.models import Professionnel
from maillon.regles.horaires import Moment
from maillon.socle.cpts.models import Cpts
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter, format_date_heure, write_nombre

from ..enums import EtatDemande, EtatRendezVous
from ..models import Creneau, DemandeSoin
from ..permissions import GERER
from .demandes import ATTENTE_LONGUE
from .indisponibles import find_absences, is_busy
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


def list_alertes_sans_professionnel(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """Appointments to come at a time at which their professional said to be away, or is no longer of the community:
    one sentence a professional, for the desk and for themselves. Five queries at most."""
    rows = Creneau.objects.filter(cpts_id=cpts_id, debut__gt=moment, rendez_vous__etat=EtatRendezVous.CONFIRME)
    if not acteur.can(GERER):
        rows = rows.filter(professionnel__rpps=acteur.rpps or "-")
    moments = list(rows.order_by("debut").values_list("professionnel_id", "debut"))
    if not moments:
        return []
    cpts = Cpts.objects.get(pk=cpts_id)
    away = find_absences(cpts, {pk for pk, _ in moments}, moments[0][1], moments[-1][1] + timedelta(minutes=1))
    found: dict[UUID, list[datetime]] = {}
    for pk, debut in moments:
        if is_busy(Moment(debut, debut + timedelta(minutes=1)), away.get(pk, ())):
            found.setdefault(pk, []).append(debut)
    noms = Professionnel.objects.in_bulk(found)
    return [
        Alerte(
            "attend",
            f"{noms[pk]} n’est pas là\u00a0: {compter(len(debuts), 'rendez-vous donné', 'rendez-vous donnés')} à "
            f"déplacer, le premier {format_date_heure(debuts[0].astimezone(get_zone(cpts)))}.",
            reverse("soins_semaine", args=[cpts.slug, pk])
            if acteur.can(GERER)
            else reverse("soins_mes_creneaux", args=[cpts.slug]),
            nombre=len(debuts),
            le=debuts[0],
            urgente=debuts[0] < moment + PROCHE,
        )
        for pk, debuts in found.items()
    ]
