"""The lists of dialogues."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from maillon.socle.ui.composants import Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from ..enums import Etat, Rang
from ..models import Dialogue
from ..presentation import show_etat
from ..selectors import select_contestes


def with_contestes(dialogues: QuerySet[Dialogue]) -> QuerySet[Dialogue]:
    """The same rows with `contestes`, how many indicators are contested now."""
    siens = select_contestes().filter(dialogue_id=OuterRef("pk")).order_by().values("dialogue_id")
    comptes = siens.annotate(nombre=Count("indicateur_id", distinct=True)).values("nombre")
    return dialogues.annotate(contestes=Coalesce(Subquery(comptes, output_field=IntegerField()), 0))


def _conteste(dialogues: QuerySet[Any], brut: str) -> QuerySet[Any]:
    return dialogues.filter(contestes__gt=0) if brut == "oui" else dialogues.filter(contestes=0)


COLONNES = (
    Colonne("etat", "État", show_etat, "pastille", tri=True),
    Colonne("prevu_le", "Prévu le", genre="date", tri=True),
    Colonne("tenu_le", "Tenu le", genre="date", tri=True),
    Colonne("contestes", "Contestés", genre="nombre", tri=True),
)
FILTRES = (
    Filtre("rang", "Dialogue", choix=Rang.choices),
    Filtre("conteste", "Contesté", genre="oui_non", applique=_conteste),
    Filtre("depuis", "Prévu depuis", "prevu_le", "depuis"),
)
_nom: Callable[[Dialogue], str] = str


class ListeDialogues(Liste):
    """The dialogues of a community."""

    titre = "Dialogues de gestion"
    objet = ("dialogue", "dialogues")
    colonnes = (Colonne("dialogue", "Dialogue", _nom, tri=("annee", "rang"), principale=True), *COLONNES)
    filtres = (Filtre("etat", "État", choix=Etat.choices), *FILTRES)
    tri_defaut = "-dialogue"
    export_nom = "dialogues-de-gestion"
    panneau = False

    def url_ligne(self, objet: Dialogue) -> str:
        nom = "preparer" if objet.etat == Etat.PREPARE and self.request.acteur.can("dialogues.tenir") else "fiche"
        return reverse(f"dialogues:{nom}", args=[self.request.cpts.slug, objet.pk])


class ListeTerritoire(Liste):
    """The dialogues transmitted over a territory."""

    titre = "Dialogues de gestion du territoire"
    objet = ("dialogue", "dialogues")
    colonnes = (
        Colonne("cpts", "Communauté", "cpts.nom", tri="cpts__nom", principale=True),
        Colonne("dialogue", "Dialogue", _nom, tri=("annee", "rang")),
        *COLONNES,
    )
    filtres = (Filtre("etat", "État", choix=[e for e in Etat.choices if e[0] != Etat.PREPARE]), *FILTRES)
    recherche = ("cpts__nom",)
    recherche_libelle = "Chercher une communauté"
    tri_defaut = "-prevu_le"
    export_nom = "dialogues-de-gestion"
    panneau = False
    vide = Vide(
        "Aucun dialogue de gestion transmis",
        "Ceux des communautés de votre territoire apparaîtront ici dès qu’elles vous les transmettent.",
        icone="messages",
    )

    def url_ligne(self, objet: Dialogue) -> str:
        return reverse("dialogues:territoire_fiche", args=[objet.pk])
