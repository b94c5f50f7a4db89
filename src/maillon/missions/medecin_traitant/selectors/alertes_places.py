"""What the census makes a home page say."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import accorder, compter, format_date, write_nombre

from ..enums_places import DEPARTS, Certitude
from ..models import CampagneRecensement, DestinataireRecensement, Mouvement
from ..permissions import GERER, REPONDRE
from .campagnes import get_campagne_en_cours
from .offre import compute_bilan
from .recensement import Recensement, compute_recensement

# When the end of a campaign is worth saying.
JOURS_FIN = 7


def say_campagne(recensement: Recensement, sans_reponse: int) -> str:
    """« Six médecins offrent 14 places ; onze n’ont pas répondu. »"""
    offrent = recensement.offrent
    if offrent:
        head = f"{write_nombre(offrent).capitalize()} {accorder(offrent, 'médecin offre', 'médecins offrent')} "
        head += compter(recensement.places, "place", "places")
    else:
        head = "Aucun médecin n’offre de place"
    if not sans_reponse:
        return f"{head}\u00a0; tous ont répondu."
    verb = accorder(sans_reponse, "n’a", "n’ont")
    return f"{head}\u00a0; {write_nombre(sans_reponse)} {verb} pas répondu."


def list_alertes_places(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """The census for the desk, one's own places for a doctor; six queries at most."""
    alertes: list[Alerte] = []
    if acteur.can(GERER):
        alertes += _alertes_guichet(cpts_id, get_slug(cpts_id))
    if acteur.can(REPONDRE) and acteur.rpps:
        alertes += _alertes_medecin(cpts_id, acteur.rpps)
    return alertes


def _alertes_guichet(cpts_id: UUID, slug: str) -> list[Alerte]:
    alertes = []
    campagne = get_campagne_en_cours(cpts_id)
    if campagne:
        alertes.append(_alerte_campagne(campagne, slug))
    on = today()
    if phrase := compute_bilan(cpts_id, on=on).phrase:
        alertes.append(Alerte("expire", phrase, reverse("medecin_traitant_mouvements", args=[slug])))
    passed = Mouvement.objects.filter(
        cpts_id=cpts_id, genre__in=DEPARTS, certitude=Certitude.POSSIBLE, annule_le=None, applique_le=None, le__lte=on
    )
    for mouvement in passed.select_related("professionnel").order_by("le")[:3]:
        jour = format_date(mouvement.le, jour=False)
        phrase = f"Le départ de {mouvement.qui} était possible le {jour}\u00a0: a-t-il eu lieu\u00a0?"
        url = reverse("medecin_traitant_mouvement", args=[slug, mouvement.pk])
        alertes.append(Alerte("expire", phrase, url, le=mouvement.le, urgente=True))
    return alertes


def _alerte_campagne(campagne: CampagneRecensement, slug: str) -> Alerte:
    sans_reponse = campagne.destinataires.sans_reponse().count()
    phrase = say_campagne(compute_recensement(campagne.cpts_id), sans_reponse)
    over = campagne.echeance < today()
    if over:
        phrase += " La campagne est finie\u00a0: appelez-les ou closez-la."
    elif campagne.echeance <= today() + timedelta(days=JOURS_FIN):
        phrase += f" La campagne finit {format_date(campagne.echeance)}."
    url = reverse("medecin_traitant_campagne", args=[slug, campagne.pk])
    return Alerte("attend", phrase, url, nombre=max(1, sans_reponse), le=campagne.echeance, urgente=over)


def _alertes_medecin(cpts_id: UUID, rpps: str) -> list[Alerte]:
    asked = DestinataireRecensement.objects.filter(
        cpts_id=cpts_id, campagne__close_le=None, professionnel__rpps=rpps
    ).sans_reponse()
    echeance = asked.values_list("campagne__echeance", flat=True).first()
    if echeance is None:
        return []
    phrase = "Combien de nouveaux patients pouvez-vous suivre\u00a0? Dix secondes suffisent."
    return [Alerte("attend", phrase, reverse("medecin_traitant_mes_places", args=[get_slug(cpts_id)]), le=echeance)]
