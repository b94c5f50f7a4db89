"""What home pages say of duties: wishes and swaps to answer, open shifts, rosters to publish."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter, format_date

from .enums import EtatEchange, EtatGarde, EtatTableau
from .heures import say_heures
from .models import Echange, Garde, Participant, Tableau
from .permissions import GERER, REPONDRE
from .selectors import list_ouvertes, say_profession

PROCHE = timedelta(days=14)
OUVERTE_URGENTE = timedelta(days=3)
A_CONSTATER_APRES = timedelta(days=2)


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """For professionals what waits for their answer; for who builds rosters what is open."""
    cpts = Cpts.objects.get(pk=cpts_id)
    alertes = []
    if acteur.can(REPONDRE) and acteur.rpps:
        alertes += _list_own(cpts, acteur, now)
    if acteur.can(GERER):
        alertes += _list_ouvertes(cpts, now)
        alertes += _list_partis(cpts, now)
        alertes += _list_tableaux(cpts, now)
        alertes += _list_a_constater(cpts, now)
    return alertes


def _list_own(cpts: Cpts, acteur: Acteur, now: datetime) -> list[Alerte]:
    mine = reverse("gardes_miennes", args=[cpts.slug])
    alertes = []
    waiting = Participant.objects.filter(
        professionnel__rpps=acteur.rpps, cpts_id=cpts.pk, tableau__etat=EtatTableau.VOEUX, repondu_le=None
    ).select_related("tableau")
    for participant in waiting:
        avant = participant.tableau.voeux_avant
        alertes.append(
            Alerte(
                "attend",
                f"Gardes\u00a0: dites vos disponibilités pour «\u00a0{participant.tableau.nom}\u00a0»"
                + (f", avant {format_date(avant)}." if avant else "."),
                reverse("gardes_voeux", args=[cpts.slug, participant.pk]),
                le=avant,
            )
        )
    asked = Echange.objects.filter(
        cpts_id=cpts.pk, etat=EtatEchange.PROPOSE, vers__professionnel__rpps=acteur.rpps, garde__debut__gt=now
    ).count()
    if asked:
        phrase = f"{compter(asked, 'collègue vous propose une garde', 'collègues vous proposent une garde')}."
        alertes.append(Alerte("attend", phrase, mine, nombre=asked))
    return alertes


def _list_ouvertes(cpts: Cpts, now: datetime) -> list[Alerte]:
    """Open shifts of the next fortnight, a sentence each when few, else one a profession."""
    soon = [poste for poste in list_ouvertes(cpts.pk, now) if poste.debut <= now + PROCHE]
    if len(soon) <= 3:
        return [
            Alerte(
                "expire",
                f"{format_date(poste.jour).capitalize()}, {say_heures(poste.debut, poste.fin, cpts.fuseau)}\u00a0: "
                f"aucun {say_profession(poste.profession)} de garde.",
                reverse("gardes_poste", args=[cpts.slug, poste.pk]),
                le=poste.debut,
                urgente=poste.debut <= now + OUVERTE_URGENTE,
            )
            for poste in soon
        ]
    counts = Counter(poste.profession for poste in soon)
    first = {profession: next(p for p in soon if p.profession == profession) for profession in counts}
    return [
        Alerte(
            "expire",
            f"{compter(nombre, 'garde', 'gardes')} de {say_profession(profession)} sans personne d’ici deux semaines, "
            f"la première {format_date(first[profession].jour)}.",
            reverse("gardes_tableau", args=[cpts.slug, first[profession].tableau_id]),
            nombre=nombre,
            le=first[profession].debut,
            urgente=first[profession].debut <= now + OUVERTE_URGENTE,
        )
        for profession, nombre in counts.items()
    ]


def _list_partis(cpts: Cpts, now: datetime) -> list[Alerte]:
    """Duties to come of people who left the community, a sentence each."""
    rows = Garde.objects.filter(
        cpts_id=cpts.pk, etat=EtatGarde.PUBLIEE, debut__gt=now, participant__personne__partie_le__isnull=False
    ).select_related("participant__personne")
    held: dict[UUID, list[Garde]] = {}
    for garde in rows.order_by("debut"):
        held.setdefault(garde.participant.personne_id, []).append(garde)
    return [
        Alerte(
            "attend",
            f"{own[0].participant.personne} a quitté la communauté et tient encore "
            f"{compter(len(own), 'garde', 'gardes')}\u00a0: à confier à d’autres.",
            reverse("gardes_poste", args=[cpts.slug, own[0].poste_id]),
            nombre=len(own),
            le=own[0].debut,
            urgente=own[0].debut <= now + OUVERTE_URGENTE,
        )
        for own in held.values()
    ]


def _list_tableaux(cpts: Cpts, now: datetime) -> list[Alerte]:
    """Wishes that are all said or over, rosters near their first day and not published."""
    on = timezone.localtime(now).date()
    rows = Tableau.objects.filter(cpts_id=cpts.pk, etat__in=(EtatTableau.VOEUX, EtatTableau.CALCUL)).annotate(
        gens=Count("participants"), dits=Count("participants", filter=Q(participants__repondu_le__isnull=False))
    )
    alertes = []
    for tableau in rows:
        url = reverse("gardes_tableau", args=[cpts.slug, tableau.pk])
        if tableau.etat == EtatTableau.VOEUX:
            over = tableau.voeux_avant is not None and tableau.voeux_avant < on
            if over or tableau.dits == tableau.gens:
                said = f"{tableau.dits} réponses sur {tableau.gens}"
                phrase = f"«\u00a0{tableau.nom}\u00a0»\u00a0: {said}, construisez le tableau."
                alertes.append(Alerte("attend", phrase, url, le=tableau.voeux_avant))
        elif (tableau.debut - on).days <= PROCHE.days:
            phrase = f"«\u00a0{tableau.nom}\u00a0» commence {format_date(tableau.debut)} et n’est pas publié."
            alertes.append(Alerte("expire", phrase, url, le=tableau.debut, urgente=(tableau.debut - on).days <= 3))
    return alertes


def _list_a_constater(cpts: Cpts, now: datetime) -> list[Alerte]:
    """Duties over for two days of which nobody said whether they were held: pay waits for that."""
    waiting = Garde.objects.filter(cpts_id=cpts.pk, etat=EtatGarde.PUBLIEE, fin__lte=now - A_CONSTATER_APRES)
    nombre = waiting.count()
    if not nombre:
        return []
    phrase = f"{compter(nombre, 'garde passée', 'gardes passées')} à confirmer\u00a0: l’indemnité en dépend."
    return [Alerte("preuve", phrase, reverse("gardes_constats", args=[cpts.slug]), nombre=nombre)]
