"""The list of rosters."""

from typing import ClassVar

from django.urls import reverse

from maillon.socle.ui.composants import Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste
from maillon.socle.ui.typographie import format_date

from ..enums import EtatTableau
from ..models import Tableau
from ..permissions import GERER
from ..selectors import say_profession


def _say_periode(tableau: Tableau) -> str:
    return f"du {format_date(tableau.debut, jour=False)} au {format_date(tableau.fin, jour=False)}"


class ListeTableaux(Liste):
    titre: ClassVar[str] = "Gardes"
    objet: ClassVar[tuple[str, str]] = ("tableau", "tableaux")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("nom", "Tableau", tri=True, principale=True),
        Colonne("etat", "État", "pastille", "pastille", tri=True),
        Colonne("debut", "Période", _say_periode, tri="debut"),
        Colonne("professions", "Professions", lambda t: ", ".join(say_profession(p) for p in t.professions)),
        Colonne("voeux_avant", "Vœux avant le", genre="date", tri=True, facultative=True),
        Colonne("publie_le", "Publié le", genre="date", tri=True, facultative=True),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (Filtre("etat", "État", choix=EtatTableau.choices),)
    recherche: ClassVar[tuple[str, ...]] = ("nom",)
    recherche_libelle: ClassVar[str] = "Chercher un tableau"
    tri_defaut: ClassVar[str] = "-debut"
    export_nom: ClassVar[str] = "tableaux-de-garde"

    @property
    def vide(self) -> Vide:  # type: ignore[override]
        if not self.request.acteur.can(GERER):
            return Vide("Aucun tableau de garde", "Les tableaux publiés apparaîtront ici.", icone="calendar-time")
        return Vide(
            "Aucun tableau de garde",
            "Dites quelles professions sont de garde et à quelles heures, demandez les vœux, laissez Maillon "
            "construire un tableau équitable, publiez-le.",
            "Préparer un tableau",
            reverse("gardes_nouveau", args=[self.request.cpts.slug]),
            "calendar-time",
        )

    def url_ligne(self, objet: Tableau) -> str:
        return reverse("gardes_tableau", args=[self.request.cpts.slug, objet.pk])
