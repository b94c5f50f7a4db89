"""The list of fiches-action."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.enums import Mission
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Pastille, Ton, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .enums import OUVERTES, Etat
from .models import Action

TONS: dict[str, Ton] = {"prevue": "neutre", "en_cours": "cours", "realisee": "bien", "abandonnee": "neutre"}


def show_etat(action: Action) -> Pastille:
    """The state; « en retard » once the end has passed."""
    if action.is_late(today()):
        return Pastille(f"{action.get_etat_display()}, en retard", "alerte")
    return Pastille(action.get_etat_display(), TONS[action.etat])


def _by_retard(lignes: QuerySet[Any], brut: str) -> QuerySet[Any]:
    late = Action.objects.late(today()).values("pk")
    return lignes.filter(pk__in=late) if brut == "oui" else lignes.exclude(pk__in=late)


def _by_ouverture(lignes: QuerySet[Any], brut: str) -> QuerySet[Any]:
    return lignes.filter(etat__in=OUVERTES) if brut == "oui" else lignes.exclude(etat__in=OUVERTES)


class ListeActions(Liste):
    """Every fiche that the person may read."""

    titre = "Fiches-action"
    objet = ("action", "actions")
    colonnes = (
        Colonne("titre", "Action", tri=True, principale=True),
        Colonne("etat", "État", show_etat, "pastille", tri=True),
        Colonne("mission", "Mission", lambda a: a.get_mission_display(), tri=True),
        Colonne("responsable", "Responsable", tri=("responsable__nom", "responsable__prenom")),
        Colonne("debut", "Début", genre="date", tri=True, facultative=True),
        Colonne("fin", "Fin", genre="date", tri=True),
        Colonne("prochaine", "Prochaine étape", genre="date", tri=True),
        Colonne("montant_prevu", "Budget prévu", genre="euros", tri=True, facultative=True),
        Colonne("groupe", "Groupe", tri="groupe__nom", facultative=True),
        Colonne("indicateur", "Indicateur", tri=True, facultative=True),
    )
    recherche = ("titre__unaccent", "objectif__unaccent", "responsable__nom__unaccent")
    recherche_libelle = "Titre, objectif ou responsable"
    tri_defaut = "-debut"
    export_nom = "actions"
    vide = Vide(
        "Aucune fiche-action",
        "Une fiche-action dit ce que la communauté entreprend pour une mission\u00a0: les réunions, les dépenses et "
        "les documents s’y rattachent.",
        icone="target",
    )

    def __init__(self, queryset: Any, parametres: Any, *, request: Any = None) -> None:
        super().__init__(queryset, parametres, request=request)
        responsables = Personne.objects.filter(pk__in=queryset.order_by().values("responsable"))
        self.filtres = (  # type: ignore[misc] # owners are those of these fiches
            Filtre("mission", "Mission", choix=Mission.choices),
            Filtre("etat", "État", choix=Etat.choices),
            Filtre("ouverte", "À mener", genre="oui_non", applique=_by_ouverture),
            Filtre("retard", "En retard", genre="oui_non", applique=_by_retard),
            Filtre("responsable", "Responsable", choix=[(p.pk, str(p)) for p in responsables]),
            Filtre("depuis", "Commence depuis", "debut", "depuis"),
            Filtre("jusqu_a", "Finit au plus tard", "fin", "jusqu_a"),
        )

    def url_ligne(self, objet: Action) -> str:
        return reverse("actions:fiche", args=[self.request.cpts.slug, objet.pk])
