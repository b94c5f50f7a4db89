"""The outbox as a list."""

from typing import Any

from maillon.socle.journal.listes import format_instant
from maillon.socle.ui.composants import Pastille, Ton, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .models import Etat, Message
from .selectors import mask_adresse

TONS: dict[str, Ton] = {
    Etat.A_ENVOYER: "attente",
    Etat.EN_COURS: "cours",
    Etat.ENVOYE: "bien",
    Etat.ECHEC: "alerte",
    Etat.INCERTAIN: "alerte",
    Etat.ANNULE: "neutre",
}


def get_pastille(message: Message) -> Pastille:
    """The state of a message, in words and tone."""
    return Pastille(Etat(message.etat).label.capitalize(), TONS[message.etat])


class ListeCourriels(Liste):
    titre = "Courriels"
    objet = ("courriel", "courriels")
    colonnes = (
        Colonne("sujet", "Sujet", tri=True, principale=True),
        Colonne("etat", "État", get_pastille, "pastille", tri=True),
        Colonne("adresse", "À", lambda message: mask_adresse(message.adresse)),
        Colonne("cree_le", "Écrit le", lambda message: format_instant(message.cree_le), tri=True),
        Colonne("envoye_le", "Envoyé le", genre="date_heure", tri=True, facultative=True),
        Colonne("tentatives", "Essais", genre="nombre", tri=True, facultative=True),
        Colonne("erreur", "Ce qui s’est passé"),
        Colonne("renvoi", "Suite", lambda message: describe_suite(message), gabarit="courriels/_renvoi.html"),
    )
    filtres = (
        Filtre("etat", "État", choix=[(etat.value, etat.label.capitalize()) for etat in Etat]),
        Filtre("depuis", "Écrits depuis", "cree_le__date", "depuis"),
    )
    recherche = ("sujet",)
    recherche_libelle = "Sujet"
    tri_defaut = "-cree_le"
    export_nom = "courriels"
    panneau = False
    vide = Vide(
        "Aucun courriel pour l’instant",
        "Les courriels que Maillon envoie aux patients et aux professionnels s’inscriront ici, avec leur état.",
        icone="mail",
    )

    def prepare(self, objets: list[Any]) -> list[Any]:
        for message in objets:
            message.slug = self.request.cpts.slug
        return objets


def describe_suite(message: Message) -> str:
    """What happens next, or what a person may do."""
    if message.etat == Etat.A_ENVOYER and message.prochain_essai_le:
        return format_instant(message.prochain_essai_le)
    return "à renvoyer" if message.is_renvoyable else ""
