"""What home pages say of meetings: to convoke in time, a date to choose, answers to give."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from maillon.communaute.personnes.selectors import get_personne_of
from maillon.regles.assemblees import find_limite
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import INSECABLE, accorder, format_date, format_delai

from .enums import STATUTAIRES, Etat, Reponse
from .models import Disponibilite, Participation, Reunion
from .permissions import GERER
from .selectors.convocations import list_regles

PREVENIR = 14  # days before the last day of a convocation
URGENT = 3
REPONSES_AVANT = timedelta(days=5)


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """For organisers what expires and who waits; for everybody the answers that they have not given."""
    slug = get_slug(cpts_id)
    alertes = _list_own(cpts_id, slug, acteur, now)
    if acteur.can(GERER):
        alertes += _list_a_convoquer(cpts_id, slug, now)
        alertes += _list_sondages(cpts_id, slug)
        alertes += _list_reponses(cpts_id, slug, now)
    return alertes


def _list_own(cpts_id: UUID, slug: str, acteur: Acteur, now: datetime) -> list[Alerte]:
    personne = get_personne_of(acteur)
    if personne is None:
        return []
    mine = Participation.objects.filter(
        personne=personne,
        reponse=Reponse.ATTENDUE,
        reunion__cpts=cpts_id,
        reunion__etat=Etat.CONVOQUEE,
        reunion__debut__gt=now,
    ).select_related("reunion")
    return [
        Alerte(
            "attend",
            f"Venez-vous {format_date(one.reunion.debut)} ? « {one.reunion.titre} » attend votre réponse.",
            reverse("reunions:fiche", args=[slug, one.reunion_id]),
            le=one.reunion.debut,
        )
        for one in mine.order_by("reunion__debut")[:3]
    ]


def _list_a_convoquer(cpts_id: UUID, slug: str, now: datetime) -> list[Alerte]:
    """Bodies whose last day to convoke comes, or is past."""
    on = timezone.localtime(now).date()
    regles = {one.type: one for one in list_regles(cpts_id)}
    prepared = Reunion.objects.filter(cpts_id=cpts_id, etat=Etat.PREPARATION, type__in=STATUTAIRES, debut__gt=now)
    alertes = []
    for reunion in prepared.order_by("debut"):
        one = regles[reunion.type]  # type: ignore[index]
        preavis = one.seconde_preavis_jours if reunion.seconde else one.preavis_jours
        limite = find_limite(timezone.localtime(reunion.debut).date(), preavis)
        reste = (limite - on).days
        if reste > PREVENIR:
            continue
        phrase = (
            f"« {reunion.titre} » du {format_date(reunion.debut)} : le délai de convocation est dépassé."
            if reste < 0
            else f"« {reunion.titre} » : à convoquer au plus tard {format_date(limite)}, "
            f"{format_delai(limite, today=on)}."
        )
        url = reverse("reunions:fiche", args=[slug, reunion.pk])
        alertes.append(Alerte("expire", phrase, url, le=limite, urgente=reste <= URGENT))
    return alertes


def _list_sondages(cpts_id: UUID, slug: str) -> list[Alerte]:
    """Polls to which everybody, or two people in three, have answered."""
    spoken = Disponibilite.objects.filter(creneau__sondage__reunion=OuterRef("reunion"), participation=OuterRef("pk"))
    comptes = (
        Participation.objects.filter(
            reunion__cpts=cpts_id,
            reunion__etat=Etat.PREPARATION,
            reunion__sondage__envoye_le__isnull=False,
            reunion__sondage__clos_le=None,
        )
        .annotate(a_dit=Exists(spoken))
        .values("reunion", "reunion__titre")
        .annotate(invites=Count("pk"), repondants=Count("pk", filter=Q(a_dit=True)))
        .order_by("reunion")
    )
    return [
        Alerte(
            "attend",
            f"« {ligne['reunion__titre']} » : {ligne['repondants']} réponses sur {ligne['invites']} au sondage, "
            "choisissez la date.",
            reverse("reunions:sondage", args=[slug, ligne["reunion"]]),
            nombre=ligne["repondants"],
        )
        for ligne in comptes
        if 3 * ligne["repondants"] >= 2 * ligne["invites"]
    ]


def _list_reponses(cpts_id: UUID, slug: str, now: datetime) -> list[Alerte]:
    """Meetings near, to which people have not answered."""
    proches = (
        Reunion.objects.filter(cpts_id=cpts_id, etat=Etat.CONVOQUEE, debut__gt=now, debut__lte=now + REPONSES_AVANT)
        .annotate(muets=Count("participations", filter=Q(participations__reponse=Reponse.ATTENDUE)))
        .filter(muets__gt=0)
        .order_by("debut")
    )
    return [
        Alerte(
            "attend",
            f"« {reunion.titre} », {format_date(reunion.debut)} : {reunion.muets}{INSECABLE}"
            f"{accorder(reunion.muets, 'réponse manque', 'réponses manquent')}.",
            reverse("reunions:fiche", args=[slug, reunion.pk]),
            nombre=reunion.muets,
            le=reunion.debut,
        )
        for reunion in proches
    ]
