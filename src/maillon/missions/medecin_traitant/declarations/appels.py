"""Home sentences, what is asked of doctors, what a partner’s sheet shows."""

from datetime import timedelta
from uuid import UUID

from django.urls import reverse

from maillon.socle.declarations import (
    ElementPersonne,
    GenreSollicitation,
    SourceAlertes,
    SourceElementsPartenaire,
)
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import format_date, local_day

from .. import permissions, services
from ..enums import MotifRefus
from ..models import GENRE
from ..notifications import DemandeProposee, RappelMedecin
from ..selectors import present_demandes
from ..selectors.alertes_places import list_alertes_places
from ..selectors.alertes_repartition import list_alertes_repartition
from ..selectors.attente import list_alertes_recontact
from ..selectors.entrees import list_acces
from ..selectors.suivi import list_alertes_journee
from ..selectors.totaux import list_alertes

ALERTES = (
    SourceAlertes(list_alertes),
    SourceAlertes(list_alertes_journee),
    SourceAlertes(list_alertes_places),
    SourceAlertes(list_alertes_recontact, permissions.GERER),
    SourceAlertes(list_alertes_repartition, permissions.VOIR_TOTAUX),
)

SOLLICITATIONS = (
    GenreSollicitation(
        code=GENRE,
        libelle="Médecin traitant",
        titre="Une personne cherche un médecin traitant",
        attente=("personne cherche un médecin traitant", "personnes cherchent un médecin traitant"),
        motifs=tuple((motif.value, str(motif.label)) for motif in MotifRefus),
        repondre=permissions.REPONDRE,
        gerer=permissions.GERER,
        verrouille=services.lock,
        suit=services.follow_appel,
        presente=present_demandes,
        disponibles=services.find_disponibles,
        courriel=DemandeProposee,
        rappel=RappelMedecin,
        rappel_avant=timedelta(days=services.JOURS_AVANT_RAPPEL),
        accepte="Je prends cette personne",
        merci="La personne est prévenue ; vous aurez ses coordonnées dès qu’elle aura dit oui.",
        suite="C’est noté. La demande est proposée à d’autres.",
    ),
)


def list_elements_partenaire(cpts_id: UUID, structure_id: UUID, acteur: Acteur) -> list[ElementPersonne]:
    """The links by which a partner files requests without an account, the latest first."""
    return [
        ElementPersonne(
            local_day(acces.cree_le),
            acces.service or "Lien sans compte",
            detail=f"compté comme {acces.get_origine_display()}, jusqu’au {format_date(acces.expire_le, jour=False)}",
            etat="retiré" if acces.revoque_le else "ouvert" if acces.is_valable else "expiré",
            ton="bien" if acces.is_valable else "neutre",
        )
        for acces in list_acces(cpts_id, structure_id)
    ]


def url_donner_acces(slug: str, structure_id: UUID) -> str:
    return reverse("medecin_traitant_donner_acces", args=[slug, structure_id])


ELEMENTS_PARTENAIRE = (
    SourceElementsPartenaire(
        "medecin_traitant",
        "Demandes de médecin traitant sans compte",
        list_elements_partenaire,
        url_donner_acces,
        "Donner ou retirer un lien",
        "Ce partenaire n’a pas encore de lien pour déposer des demandes.",
        permissions.GERER,
    ),
)
