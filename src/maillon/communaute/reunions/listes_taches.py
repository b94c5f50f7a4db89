"""The list of the tasks that meetings gave."""

from typing import Any

from django.urls import reverse

from maillon.socle.horloge import today
from maillon.socle.ui.composants import Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .models import Tache


def show_etat(tache: Tache) -> Pastille:
    """Done, late or to do."""
    if tache.faite_le is not None:
        return Pastille("faite", "bien")
    return Pastille("en retard", "alerte") if tache.echeance < today() else Pastille("à faire", "cours")


def select_etat(rows: Any, valeur: str) -> Any:
    """The rows of a state, as `show_etat` says it."""
    if valeur == "faite":
        return rows.filter(faite_le__isnull=False)
    ouvertes = rows.filter(faite_le=None)
    return ouvertes.filter(echeance__lt=today()) if valeur == "retard" else ouvertes


class ListeTaches(Liste):
    titre = "Tâches des réunions"
    objet = ("tâche", "tâches")
    colonnes = (
        Colonne("libelle", "Tâche", principale=True),
        Colonne("responsable", "Par qui", "responsable", tri="responsable__nom"),
        Colonne("echeance", "Avant le", genre="date", tri=True),
        Colonne("etat", "État", show_etat, "pastille", tri="faite_le"),
        Colonne("reunion", "Décidée en", "reunion.titre", tri="reunion__debut"),
        Colonne("faite_le", "Faite le", genre="date", tri=True, facultative=True),
    )
    filtres = (
        Filtre(
            "etat",
            "État",
            choix=(("ouverte", "à faire"), ("retard", "en retard"), ("faite", "faite")),
            applique=select_etat,
        ),
        Filtre("avant", "À faire avant", "echeance", "jusqu_a"),
    )
    recherche = ("libelle", "responsable__nom", "responsable__prenom", "reunion__titre")
    tri_defaut = "echeance"
    export_nom = "taches"
    vide = Vide("Aucune tâche", "Une tâche se donne avec le compte rendu d’une réunion : quoi, qui, avant quand.")

    def url_ligne(self, objet: Tache) -> str:
        return reverse("reunions:compte_rendu", args=[objet.cpts.slug, objet.reunion_id]) + "#suites"
