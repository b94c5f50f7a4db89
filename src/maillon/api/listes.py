"""What the SAS was told, and whom it lets in, as lists."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from maillon.socle.journal.listes import format_instant
from maillon.socle.ui.composants import Pastille, Ton, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .enums import EtatEnvoi
from .models import EnvoiSas, Regulateur

TONS: dict[str, Ton] = {
    EtatEnvoi.A_ENVOYER: "attente",
    EtatEnvoi.EN_COURS: "cours",
    EtatEnvoi.ENVOYE: "bien",
    EtatEnvoi.REFUSE: "alerte",
    EtatEnvoi.INCERTAIN: "alerte",
    EtatEnvoi.SANS_OBJET: "neutre",
}
STATUTS = {"booked": "donné", "fulfilled": "honoré", "noshow": "patient absent", "cancelled": "annulé"}


def get_pastille(envoi: EnvoiSas) -> Pastille:
    """The state, in words and tone."""
    return Pastille(EtatEnvoi(envoi.etat).label.capitalize(), TONS[envoi.etat])


def format_debut(envoi: EnvoiSas, zone: ZoneInfo) -> str:
    debut: datetime = envoi.rendez_vous.creneau.debut.astimezone(zone)
    return f"{debut:%d/%m/%Y à %H:%M}"


class ListeEnvois(Liste):
    titre = "Plateforme du SAS"
    objet = ("rendez-vous transmis", "rendez-vous transmis")
    colonnes = (
        Colonne("debut", "Rendez-vous", lambda envoi: envoi.debut, tri="rendez_vous__creneau__debut", principale=True),
        Colonne("professionnel", "Avec", lambda envoi: str(envoi.rendez_vous.creneau.professionnel)),
        Colonne("etat", "État", get_pastille, "pastille", tri=("rang", "anciennete")),
        Colonne("renvoi", "Suite", lambda envoi: describe_suite(envoi), gabarit="api/_renvoi.html"),
        Colonne("statut", "Ce que le SAS sait", lambda envoi: describe_connu(envoi)),
        Colonne("erreur", "Ce qui s’est passé"),
        Colonne("cree_le", "Noté le", lambda envoi: format_instant(envoi.cree_le), tri=True, facultative=True),
    )
    filtres = (
        Filtre("etat", "État", choix=[(etat.value, etat.label.capitalize()) for etat in EtatEnvoi]),
        Filtre("depuis", "Notés depuis", "cree_le__date", "depuis"),
    )
    tri_defaut = "etat"
    export_nom = "sas"
    panneau = False
    vide = Vide(
        "Aucun rendez-vous transmis",
        "Quand un régulateur du SAS donne un rendez-vous, ce qu’il devient est transmis au SAS et s’inscrit ici.",
        icone="send",
    )

    def prepare(self, objets: list[Any]) -> list[Any]:
        zone = ZoneInfo(self.request.cpts.fuseau)
        for envoi in objets:
            envoi.slug, envoi.debut = self.request.cpts.slug, format_debut(envoi, zone)
        return objets


def describe_connu(envoi: EnvoiSas) -> str:
    """The last state that the platform has acknowledged, and when."""
    if not envoi.statut or envoi.envoye_le is None:
        return ""
    return f"{STATUTS[envoi.statut]}, dit le {format_instant(envoi.envoye_le)}"


def describe_suite(envoi: EnvoiSas) -> str:
    """What happens next, or what a person may do."""
    if envoi.etat == EtatEnvoi.A_ENVOYER and envoi.prochain_essai_le:
        return format_instant(envoi.prochain_essai_le)
    return "à renvoyer" if envoi.is_renvoyable else ""


def get_acces(regulateur: Regulateur) -> Pastille:
    return Pastille("Ouvert", "bien") if regulateur.actif else Pastille("Fermé", "neutre")


class ListeRegulateurs(Liste):
    """Who may see and book the community's slots from the centre 15. Their address is theirs."""

    titre = "Régulateurs"
    objet = ("régulateur", "régulateurs")
    colonnes = (
        Colonne("nom", "Nom", lambda one: str(one.compte), tri=("compte__nom", "compte__prenom"), principale=True),
        Colonne("actif", "Accès", get_acces, "pastille", tri=True),
        Colonne("donnes", "Rendez-vous donnés ici", genre="nombre", tri=True),
        Colonne("cree_le", "Depuis le", genre="date", tri=True),
        Colonne("ferme_le", "Fermé le", genre="date", tri=True),
    )
    filtres = (Filtre("actif", "Accès", choix=[("1", "Ouvert"), ("0", "Fermé")]),)
    tri_defaut = "nom"
    export_nom = "regulateurs"
    panneau = False
    vide = Vide(
        "Aucun régulateur",
        "Quand le SAS ouvrira le compte d’un régulateur de votre territoire, son nom paraîtra ici.",
        icone="users",
    )
