"""The list of meetings."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from maillon.communaute.personnes.models import Groupe
from maillon.socle.droits.enums import Mission
from maillon.socle.horloge import now
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from ..enums import Etat, TypeReunion
from ..models import Reunion
from ..permissions import GERER
from ..presentation import show_etat

AVENIR = (("a_venir", "à venir"), ("passees", "passées"))


def _when(reunions: QuerySet[Any], brut: str) -> QuerySet[Any]:
    """A meeting without date is to come."""
    if brut == "passees":
        return reunions.filter(fin__lt=now())
    return reunions.exclude(fin__lt=now()).exclude(etat=Etat.ANNULEE)


def _say_mission(reunion: Reunion) -> str:
    return str(Mission(reunion.mission).label) if reunion.mission else ""


def _say_reponses(reunion: Any) -> str:
    return f"{reunion.viennent} / {reunion.invites}" if reunion.convoquee_le else str(reunion.invites)


def _list_groupes() -> list[tuple[UUID, str]]:
    """The groups of the community under way."""
    return list(Groupe.objects.values_list("pk", "nom"))


class ListeReunions(Liste):
    """Meetings to come first, then the past, the nearest at the top."""

    titre = "Réunions"
    objet = ("réunion", "réunions")
    colonnes = (
        Colonne("titre", "Réunion", tri=True, principale=True),
        Colonne("debut", "Date", genre="date_heure", tri=True),
        Colonne("etat", "État", show_etat, "pastille", tri=True),
        Colonne("type", "Genre", "get_type_display", tri=True),
        Colonne("groupe", "Groupe", "groupe.nom", tri="groupe__nom", facultative=True),
        Colonne("mission", "Mission", _say_mission, tri=True),
        Colonne("reponses", "Viennent / invités", _say_reponses),
        Colonne("lieu", "Lieu", facultative=True),
    )
    recherche = ("titre", "groupe__nom", "lieu")
    recherche_libelle = "Chercher une réunion"
    tri_defaut = "-debut"
    export_nom = "reunions"

    filtres = (
        Filtre("quand", "Quand", choix=AVENIR, applique=_when),
        Filtre("type", "Genre", choix=TypeReunion.choices),
        Filtre("mission", "Mission", choix=Mission.choices),
        Filtre("etat", "État", choix=Etat.choices),
        Filtre("groupe", "Groupe", choix=_list_groupes),
    )

    def url_ligne(self, objet: Reunion) -> str:
        return reverse("reunions:fiche", args=[self.request.cpts.slug, objet.pk])


def build_vide(request: Any) -> Vide:
    """What the place is for, and the first thing to do there."""
    if not request.acteur.can(GERER):
        return Vide(
            "Aucune réunion pour vous",
            "Les réunions auxquelles on vous invite apparaîtront ici, avec leur ordre du jour et votre réponse.",
            icone="calendar-event",
        )
    return Vide(
        "Aucune réunion pour l’instant",
        "Trouvez une date, convoquez, comptez le quorum, faites voter : rattachée à une mission et à un indicateur, la "
        "réunion tenue compte sans ressaisie.",
        "Préparer une réunion",
        reverse("reunions:nouvelle", args=[request.cpts.slug]),
        "calendar-event",
    )
