"""The list of documents."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from maillon.socle.droits.enums import Mission
from maillon.socle.ui.composants import Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .enums import NatureDocument, Portee
from .models import ASSOCIATION, Document

PORTEES = {
    Portee.MEMBRES: Pastille("tous les membres", "neutre", "users"),
    Portee.MISSION: Pastille("la mission", "cours", "users-group"),
    Portee.BUREAU: Pastille("le bureau", "attente", "lock"),
}
VIE = "association"


def show_portee(document: Document) -> Pastille:
    return PORTEES[Portee(document.portee)]


def _by_dossier(lignes: QuerySet[Any], brut: str) -> QuerySet[Any]:
    return lignes.filter(mission="" if brut == VIE else brut)


class ListeDocuments(Liste):
    """Every document that the person may read."""

    titre = "Documents"
    objet = ("document", "documents")
    colonnes = (
        Colonne("titre", "Document", tri=True, principale=True),
        Colonne("dossier", "Dossier", tri="mission"),
        Colonne("nature", "Nature", lambda d: d.get_nature_display(), tri=True),
        Colonne("portee", "Visible par", show_portee, "pastille", tri=True),
        Colonne("version", "Version", genre="nombre", tri=True),
        Colonne("deposee_le", "Déposé le", genre="date", tri=True),
        Colonne("nom_fichier", "Fichier", facultative=True),
        Colonne("conserver_jusqu_a", "À conserver jusqu’au", genre="date", tri=True, facultative=True),
    )
    filtres = (
        Filtre("dossier", "Dossier", choix=[(VIE, ASSOCIATION), *Mission.choices], applique=_by_dossier),
        Filtre("nature", "Nature", choix=NatureDocument.choices),
        Filtre("portee", "Visible par", choix=Portee.choices),
        Filtre("depuis", "Déposé depuis", "deposee_le__date", "depuis"),
    )
    recherche = ("titre__unaccent", "nom_fichier__unaccent")
    recherche_libelle = "Titre ou nom du fichier"
    tri_defaut = "titre"
    export_nom = "documents"
    vide = Vide(
        "Aucun document",
        "Statuts, règlement intérieur, projet de santé, protocoles\u00a0: chacun garde toutes ses versions.",
        icone="folder",
    )

    def url_ligne(self, objet: Document) -> str:
        return reverse("bibliotheque:document", args=[self.request.cpts.slug, objet.pk])
