"""The deadlines of a territory, as CPAM and ARS agents filter, sort and export them."""

from typing import Any

from django.db.models import Case, IntegerField, QuerySet, When
from django.urls import reverse

from maillon.regles.aci.cycle import add_months
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste
from maillon.socle.ui.typographie import INSECABLE, MOIS, format_delai

from .enums import EtatEcheance, GenreEcheance
from .models import EcheanceSuivie
from .presentation import MOIS_DU_CALENDRIER, PASTILLES

OUVERTE = "ouverte"
# What is late comes first, what is done last.
RANG = Case(
    When(etat=EtatEcheance.DEPASSEE, then=0),
    When(etat=EtatEcheance.PROCHE, then=1),
    When(etat=EtatEcheance.A_VENIR, then=2),
    default=3,
    output_field=IntegerField(),
)


def show_delai(echeance: EcheanceSuivie) -> str:
    """How far an open deadline is."""
    # Kept on one line: the column is narrow.
    return "" if echeance.etat == EtatEcheance.TENUE else format_delai(echeance.le).replace(" ", INSECABLE)


def show_certitude(echeance: EcheanceSuivie) -> Pastille | None:
    """The mark of a date that no text read gives."""
    ouverte = echeance.etat != EtatEcheance.TENUE
    return Pastille("à confirmer", "attente", "help-circle") if ouverte and echeance.a_confirmer else None


def filter_etat(echeances: QuerySet[Any], voulu: str) -> QuerySet[Any]:
    """One state, or all those that are not met."""
    return echeances.exclude(etat=EtatEcheance.TENUE) if voulu == OUVERTE else echeances.filter(etat=voulu)


def filter_mois(echeances: QuerySet[Any], mois: str) -> QuerySet[Any]:
    """The deadlines of a month written « 2026-11 »."""
    annee, numero = mois.split("-")
    return echeances.filter(le__year=int(annee), le__month=int(numero))


def list_mois() -> list[tuple[str, str]]:
    """The months of the calendar, the present one first."""
    premier = today().replace(day=1)
    jours = [add_months(premier, rang) for rang in range(MOIS_DU_CALENDRIER)]
    return [(f"{jour:%Y-%m}", f"{MOIS[jour.month - 1]} {jour.year}") for jour in jours]


class ListeEcheances(Liste):
    titre = "Échéances du territoire"
    objet = ("échéance", "échéances")
    colonnes = (
        Colonne("libelle", "Échéance", tri=True, principale=True),
        Colonne("communaute", "Communauté", "cpts.nom", tri="cpts__nom"),
        Colonne("le", "Date", genre="date", tri=True),
        Colonne("delai", "Délai", show_delai),
        Colonne("etat", "État", lambda e: PASTILLES[e.etat], "pastille", tri=("rang", "le")),
        Colonne("certitude", "Certitude", show_certitude, "pastille"),
        Colonne("fait_le", "Faite le", genre="date", tri=True, facultative=True),
        Colonne("genre", "Nature", "get_genre_display", tri=True, facultative=True),
        Colonne("regle", "Règle", facultative=True),
        Colonne("source", "Texte", facultative=True),
    )
    recherche = ("libelle", "cpts__nom")
    tri_defaut = "etat"
    export_nom = "echeances"
    vide = Vide(
        "Aucune échéance",
        "Les échéances de vos communautés apparaissent dès qu’un projet de santé est déposé ou un contrat signé.",
        icone="calendar-event",
    )

    def __init__(self, queryset: QuerySet[EcheanceSuivie], parametres: Any, *, request: Requete) -> None:
        super().__init__(queryset.annotate(rang=RANG), parametres, request=request)
        communautes = Cpts.objects.filter(pk__in=request.acteur.cpts_lues).values_list("slug", "nom")
        etats = [(OUVERTE, "pas encore faite"), *EtatEcheance.choices]
        self.filtres = (  # type: ignore[misc] # communities are those of this agent
            Filtre("communaute", "Communauté", "cpts__slug", choix=list(communautes)),
            Filtre("genre", "Nature", choix=GenreEcheance.choices),
            Filtre("etat", "État", choix=etats, applique=filter_etat),
            Filtre("mois", "Mois", choix=list_mois, applique=filter_mois),
        )

    def url_ligne(self, objet: EcheanceSuivie) -> str:
        return reverse("cycle:territoire_vie", args=[objet.cpts_id])
