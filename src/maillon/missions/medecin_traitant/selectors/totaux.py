"""The sentences of home pages: who waits too long, what expires."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, Value
from django.urls import reverse

from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import accorder, write_nombre

from ..enums import Etat
from ..models import GENRE, Demande
from ..permissions import GERER

ATTENTE_LONGUE_JOURS = 30


def list_alertes(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """The sentences of a home page: who waits too long, what expires. Three queries. What a doctor must answer is said
    by `sollicitations`."""
    alertes: list[Alerte] = []
    if acteur.can(GERER):
        slug = get_slug(cpts_id)
        alertes += _alertes_guichet(cpts_id, slug, moment)
    return alertes


def _alertes_guichet(cpts_id: UUID, slug: str, moment: datetime) -> list[Alerte]:
    url = reverse("medecin_traitant_liste", args=[slug])
    found = (
        Demande.objects.filter(cpts_id=cpts_id)
        .en_cours()
        .aggregate(
            longues=Count(Value(1), filter=Q(deposee_le__lt=moment - timedelta(days=ATTENTE_LONGUE_JOURS))),
            ancienne=Min("deposee_le"),
            passees=Count(Value(1), filter=Q(prochaine_date__lt=today())),
            nouvelles=Count(Value(1), filter=Q(etat=Etat.DEPOSEE)),
        )
    )
    expiring = Sollicitation.objects.filter(
        cpts_id=cpts_id,
        appel__genre=GENRE,
        etat=EtatSollicitation.ENVOYEE,
        expire_le__gt=moment,
        expire_le__lte=moment + timedelta(days=1),
    ).count()
    alertes = []
    if n := found["longues"]:
        verb = "attend" if n == 1 else "attendent"
        phrase = f"{_say(n, 'demande')} de médecin traitant {verb} depuis plus de {ATTENTE_LONGUE_JOURS} jours."
        alertes.append(Alerte("attend", phrase, f"{url}?age=30", nombre=n, le=found["ancienne"], urgente=True))
    if n := found["nouvelles"]:
        phrase = f"{_say(n, 'demande')} de médecin traitant {'est' if n == 1 else 'sont'} à qualifier."
        alertes.append(Alerte("attend", phrase, f"{url}?etat=deposee", nombre=n))
    if n := found["passees"]:
        phrase = f"La date prévue est passée pour {_say(n, 'demande').lower()} de médecin traitant."
        alertes.append(Alerte("expire", phrase, f"{url}?age=retard", nombre=n, urgente=True))
    if expiring:
        verb = "expire" if expiring == 1 else "expirent"
        phrase = f"{_say(expiring, 'proposition')} à un médecin {verb} d’ici demain."
        alertes.append(Alerte("expire", phrase, f"{url}?etat=proposee", nombre=expiring))
    return alertes


def _say(nombre: int, singulier: str) -> str:
    """« Trois demandes », « 14 demandes »: small numbers in words, with a capital."""
    return f"{write_nombre(nombre, feminin=True).capitalize()} {accorder(nombre, singulier)}"
