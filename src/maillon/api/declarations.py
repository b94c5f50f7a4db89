"""What the exchanges offer to the other rooms: menu, alerts, events, and who follows bookings."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte, DonneesPersonnelles, EntreeMenu, SourceAlertes, SuiteRendezVous
from maillon.socle.droits.acteur import Acteur

from .enums import EtatEnvoi
from .permissions import SUIVRE
from .selectors import count_a_regarder
from .services import follow_rendez_vous

PHRASES = {
    EtatEnvoi.REFUSE: ("Le SAS a refusé 1 rendez-vous", "Le SAS a refusé {} rendez-vous"),
    EtatEnvoi.INCERTAIN: (
        "1 rendez-vous n’est peut-être pas connu du SAS",
        "{} rendez-vous ne sont peut-être pas connus du SAS",
    ),
}


def get_alertes(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """What the SAS was not told, and that a person must look at."""
    counts = count_a_regarder(cpts_id=cpts_id)
    if not counts:
        return []
    page = reverse("sas_envois", args=(get_slug(cpts_id),))
    return [
        Alerte("attend", one if counts[etat] == 1 else many.format(counts[etat]), f"{page}?etat={etat}", counts[etat])
        for etat, (one, many) in PHRASES.items()
        if etat in counts
    ]


MENU = (
    EntreeMenu("Plateforme du SAS", "sas_envois", "send", "Accès aux soins", SUIVRE, 60),
    EntreeMenu("Régulateurs", "sas_regulateurs", "users", "Accès aux soins", SUIVRE, 61, sous="sas_envois"),
)
ALERTES = (SourceAlertes(get_alertes, SUIVRE),)
SUITES_RENDEZ_VOUS = (SuiteRendezVous(follow_rendez_vous),)
EVENEMENTS = (
    ("api.regulateur_ouvert", "Compte de régulateur ouvert par le SAS"),
    ("api.regulateur_ferme", "Compte de régulateur fermé par le SAS"),
    ("api.renvoye_au_sas", "Rendez-vous renvoyé au SAS"),
)
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        modele="api.Regulateur",
        finalite="Reconnaître les régulateurs que le SAS habilite",
        duree="Tant que le compte existe, puis 120 mois avec le journal",
    ),
    DonneesPersonnelles(
        modele="api.EnvoiSas",
        finalite="Dire au SAS ce que devient un rendez-vous donné par un régulateur, sans identité de patient",
        duree="24 mois après la dernière activité ; ensuite dates et états, sans identité",
    ),
)
