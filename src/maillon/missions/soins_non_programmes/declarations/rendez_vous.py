"""What search, appointments and requests offer: the call to professionals, home sentences, erasure, opposition."""

from uuid import UUID

from django.urls import reverse

from maillon.socle.declarations import (
    EffacementPatient,
    GenreSollicitation,
    OppositionPatient,
    SourceAlertes,
    SuiteRendezVous,
)
from maillon.socle.droits.acteur import Acteur

from .. import permissions, services
from ..enums import MotifRefus
from ..models import GENRE, DemandeSoin
from ..notifications import DemandeProposee
from ..selectors.alertes import (
    list_alertes_a_prevenir,
    list_alertes_guichet,
    list_alertes_professionnel,
)
from ..selectors.candidats import find_disponibles
from ..selectors.demandes import present_demandes


def url_heure(slug: str, demande_id: UUID) -> str:
    return reverse("soins_heure", args=[slug, demande_id])


def url_lien_heure(demande_id: UUID) -> str:
    cpts_id = DemandeSoin.objects.values_list("cpts_id", flat=True).get(pk=demande_id)
    return services.url_lien_heure(demande_id, cpts_id)


SOLLICITATIONS = (
    GenreSollicitation(
        code=GENRE,
        libelle="Soin du jour",
        titre="Une personne a besoin d’un soin aujourd’hui",
        attente=("personne a besoin d’un soin aujourd’hui", "personnes ont besoin d’un soin aujourd’hui"),
        motifs=tuple((motif.value, str(motif.label)) for motif in MotifRefus),
        repondre=permissions.PUBLIER,
        gerer=permissions.GERER,
        verrouille=services.lock_demande,
        suit=services.follow_appel,
        presente=present_demandes,
        disponibles=find_disponibles,
        courriel=DemandeProposee,
        rappel=DemandeProposee,
        rappel_avant=None,
        accepte="Je reçois cette personne",
        merci="Merci. Dites maintenant à quelle heure elle peut venir.",
        suite="C’est noté. La demande est proposée à d’autres.",
        occupe=True,
        ensuite=url_heure,
        ensuite_lien=url_lien_heure,
    ),
)
SUITES_RENDEZ_VOUS = (SuiteRendezVous(services.follow_rendez_vous),)
ALERTES = (
    SourceAlertes(list_alertes_guichet, permissions.GERER),
    SourceAlertes(list_alertes_professionnel, permissions.PUBLIER),
    SourceAlertes(list_alertes_a_prevenir, permissions.OUVRIR),
)


def erase_demandes(cpts_id: UUID, patient_id: UUID) -> int:
    return services.erase_demandes(cpts_id=cpts_id, patient_id=patient_id)


def erase_rendez_vous(cpts_id: UUID, patient_id: UUID) -> int:
    return services.erase_rendez_vous(cpts_id=cpts_id, patient_id=patient_id)


def close_demandes(cpts_id: UUID, patient_id: UUID, by: Acteur) -> int:
    return services.close_demandes(cpts_id=cpts_id, patient_id=patient_id, by=by)


def close_rendez_vous(cpts_id: UUID, patient_id: UUID, by: Acteur) -> int:
    return services.close_rendez_vous(cpts_id=cpts_id, patient_id=patient_id, by=by)


EFFACEMENTS = (
    EffacementPatient("soins_non_programmes.DemandeSoin", erase_demandes),
    EffacementPatient("soins_non_programmes.RendezVous", erase_rendez_vous),
)
OPPOSITIONS = (
    OppositionPatient("soins_non_programmes.DemandeSoin", close_demandes),
    OppositionPatient("soins_non_programmes.RendezVous", close_rendez_vous),
)
