"""Mailings and their people as lists."""

from typing import Any

from django.urls import reverse

from maillon.socle.courriels.listes import TONS
from maillon.socle.courriels.models import Etat
from maillon.socle.ui.composants import Pastille, Ton, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .enums import EtatEnvoi
from .models import Envoi

TONS_ENVOI: dict[str, Ton] = {EtatEnvoi.BROUILLON: "attente", EtatEnvoi.EN_COURS: "cours", EtatEnvoi.ENVOYE: "bien"}


def show_envoi(envoi: Envoi) -> Pastille:
    """The state of a mailing."""
    if envoi.modele and envoi.etat == EtatEnvoi.BROUILLON:
        return Pastille("Modèle", "neutre", "copy")
    return Pastille(EtatEnvoi(envoi.etat).label.capitalize(), TONS_ENVOI[envoi.etat])


class ListeEnvois(Liste):
    titre = "Écrire aux membres"
    objet = ("envoi", "envois")
    colonnes = (
        Colonne("objet", "Objet", tri=True, principale=True),
        Colonne("etat", "État", show_envoi, "pastille", tri=True),
        Colonne("destinataires", "Destinataires", "nombre_destinataires", "nombre"),
        Colonne("echecs", "Non partis", "nombre_echecs", "nombre"),
        Colonne("auteur", "Par", lambda envoi: str(envoi.auteur or "")),
        Colonne("lance_le", "Parti le", genre="date_heure", tri=True),
        Colonne("cree_le", "Commencé le", genre="date_heure", tri=True, facultative=True),
    )
    filtres = (
        Filtre("etat", "État", choix=[(etat.value, etat.label.capitalize()) for etat in EtatEnvoi]),
        Filtre("depuis", "Commencés depuis", "cree_le__date", "depuis"),
    )
    recherche = ("objet__unaccent",)
    recherche_libelle = "Objet"
    tri_defaut = "-cree_le"
    export_nom = "envois"
    panneau = False
    vide = Vide(
        "Aucun envoi pour l’instant",
        "Écrivez à tous les membres, à une profession, une commune, un groupe ou une mission, avec des pièces "
        "jointes. Vous voyez à combien avant d’envoyer, et ce que chaque courriel est devenu.",
        icone="send",
    )

    def url_ligne(self, objet: Any) -> str:
        return reverse("messagerie:envoi", args=[self.request.cpts.slug, objet.pk])


def show_destinataire(destinataire: Any) -> Pastille:
    """What became of one mail."""
    if destinataire.etat is None:
        return Pastille("À écrire", "attente")
    return Pastille(Etat(destinataire.etat).label.capitalize(), TONS[destinataire.etat])


class ListeDestinataires(Liste):
    titre = "Destinataires"
    objet = ("destinataire", "destinataires")
    colonnes = (
        Colonne(
            "nom",
            "Nom",
            lambda d: f"{d.personne.nom} {d.personne.prenom}",
            tri=("personne__nom", "personne__prenom"),
            principale=True,
        ),
        Colonne("fonction", "Profession", "personne.fonction"),
        Colonne("etat", "État", show_destinataire, "pastille", tri=True),
        Colonne("envoye_le", "Envoyé le", genre="date_heure", tri=True),
        Colonne("erreur", "Ce qui s’est passé"),
    )
    filtres = (Filtre("etat", "État", choix=[(etat.value, etat.label.capitalize()) for etat in Etat]),)
    recherche = ("personne__nom__unaccent", "personne__prenom__unaccent")
    recherche_libelle = "Nom ou prénom"
    tri_defaut = "nom"
    export_nom = "destinataires"
    panneau = False
    vide = Vide("Aucun destinataire", "", icone="users")
