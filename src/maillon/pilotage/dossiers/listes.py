"""The packs that agents received."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from maillon.socle.ui.composants import Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .models import Dossier


def show_chiffres(dossier: Dossier) -> Pastille:
    """Whether the figures of a pack are sealed."""
    return Pastille("provisoires", "attente") if dossier.provisoire else Pastille("arrêtés", "bien")


def _by_arrete(dossiers: QuerySet[Any], oui_non: str) -> QuerySet[Any]:
    return dossiers.filter(arrete__isnull=oui_non == "non")


class ListeRecus(Liste):
    """The packs sent by the communities of a territory, the latest first."""

    titre = "Dossiers reçus"
    objet = ("dossier", "dossiers")
    colonnes = (
        Colonne("communaute", "Communauté", "cpts.nom", tri="cpts__nom", principale=True),
        Colonne("annee", "Année du contrat", genre="nombre", tri=True),
        Colonne("chiffres", "Chiffres", show_chiffres, "pastille"),
        Colonne("transmis_le", "Reçu", genre="date_heure", tri=True),
    )
    filtres = (
        Filtre("annee", "Année du contrat", choix=[(n, f"Année {n}") for n in range(1, 6)]),
        Filtre("arretes", "Chiffres arrêtés", genre="oui_non", applique=_by_arrete),
        Filtre("depuis", "Reçu depuis", "transmis_le__date", "depuis"),
    )
    recherche = ("cpts__nom",)
    recherche_libelle = "Chercher une communauté"
    tri_defaut = "-transmis_le"
    export_nom = "dossiers-recus"
    panneau = False
    vide = Vide(
        "Aucun dossier reçu",
        "Les dossiers de dialogue de gestion apparaissent ici dès que les communautés de votre territoire les "
        "transmettent.",
        icone="folder",
    )

    def url_ligne(self, objet: Dossier) -> str:
        return reverse("dossiers:territoire_dossier", args=[objet.pk])
