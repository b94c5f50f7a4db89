"""What an assignment of the waiting list makes a home page say."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import accorder, compter, format_date

from ..enums_repartition import EtatRepartition
from ..models import Repartition
from ..permissions import GERER
from .repartitions import RETENUE

# How long who steers is shown what the last assignment gave.
JOURS_MONTREE = 30
LISIBLES = (EtatRepartition.A_REVOIR, EtatRepartition.EN_ENVOI, EtatRepartition.ENVOYEE)


def list_alertes_repartition(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """For the desk, an assignment to read again; for who only reads totals, its map by commune, without any number: the
    page hides the small ones. Three queries at most."""
    recent = moment - timedelta(days=JOURS_MONTREE)
    found = Repartition.objects.visible_to(acteur).filter(cpts_id=cpts_id, etat__in=LISIBLES, calculee_le__gte=recent)
    if acteur.can(GERER):
        found = found.filter(etat=EtatRepartition.A_REVOIR)
    repartition = found.order_by("-lancee_le").first()
    if repartition is None or repartition.calculee_le is None:
        return []
    slug, jour = get_slug(cpts_id), format_date(repartition.lancee_le, jour=False)
    if acteur.can(GERER):
        nombre = repartition.lignes.filter(RETENUE).count()
        ont = f"{compter(nombre, 'demande', 'demandes')} {accorder(nombre, 'a', 'ont')} un médecin"
        phrase = f"La répartition du {jour} attend d’être relue\u00a0: {ont}. Rien n’est envoyé avant."
        url = reverse("medecin_traitant_repartition", args=[slug, repartition.pk])
        return [Alerte("attend", phrase, url, nombre=max(1, nombre), le=repartition.calculee_le)]
    phrase = f"La répartition de la liste d’attente du {jour} se lit commune par commune."
    url = reverse("medecin_traitant_repartition_carte", args=[slug, repartition.pk])
    return [Alerte("attend", phrase, url)]
