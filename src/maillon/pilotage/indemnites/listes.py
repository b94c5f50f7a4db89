"""Lists: participations, expenses, people of a year."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.urls import reverse

from maillon.socle.horloge import today
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .enums import Beneficiaire, Etat, Fonction, GenreFrais, Nature, Poste
from .models import Approbation
from .presentation import say_calcul, say_mission, show_etat, url_of
from .selectors.personnes import list_annees


def _by_payee(lignes: Any, brut: str) -> Any:
    return lignes.filter(payee_le__isnull=brut == "non")


class ListeApprobations(Liste):
    """What participations and expenses have in common."""

    recherche: ClassVar[tuple[str, ...]] = ("libelle", "personne__nom__unaccent", "personne__prenom__unaccent")
    recherche_libelle: ClassVar[str] = "Personne ou libellé"

    def url_ligne(self, objet: Approbation) -> str:
        return url_of(objet, self.request.cpts.slug)


PERSONNE = Colonne("personne", "Personne", tri=("personne__nom", "personne__prenom"), principale=True)
LIBELLE = Colonne("libelle", "Quoi", tri=True)
DATE = Colonne("le", "Date", genre="date", tri=True)
CALCUL = Colonne("calcul", "Calcul", valeur=say_calcul, facultative=True)
MONTANT = Colonne("montant", "Montant", genre="euros", tri=True)
ETAT = Colonne("etat", "État", valeur=show_etat, genre="pastille", tri=True)
MISSION = Colonne("mission", "Mission", valeur=lambda ligne: say_mission(ligne.mission), tri=True)
ACTION = Colonne("action", "Fiche-action", tri="action__titre", facultative=True)
PAYEE = Colonne("payee_le", "Payée le", genre="date", tri=True, facultative=True)
COMMUNS = (
    Filtre("etat", "État", choix=Etat.choices),
    Filtre("mission", "Mission", choix=Poste.choices),
    Filtre("payee", "Payée", genre="oui_non", applique=_by_payee),
    Filtre("depuis", "Depuis", "le", "depuis"),
    Filtre("jusqu_a", "Jusqu’au", "le", "jusqu_a"),
)


class ListeParticipations(ListeApprobations):
    titre: ClassVar[str] = "Participations"
    tri_defaut: ClassVar[str] = "-le"
    objet: ClassVar[tuple[str, str]] = ("participation", "participations")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        PERSONNE, LIBELLE, DATE, CALCUL, MONTANT, ETAT, MISSION,
        Colonne("nature", "Nature", valeur="get_nature_display", tri=True, facultative=True),
        Colonne("fonction", "En tant que", valeur="get_fonction_display", tri=True, facultative=True),
        Colonne("heures", "Heures", genre="nombre", tri=True, facultative=True),
        Colonne("taux", "Tarif gardé", genre="euros", facultative=True),
        Colonne("beneficiaire", "Payée à", valeur="get_beneficiaire_display", tri=True, facultative=True),
        ACTION, PAYEE,
    )  # fmt: skip
    filtres: ClassVar[tuple[Filtre, ...]] = (
        *COMMUNS,
        Filtre("nature", "Nature", choix=Nature.choices),
        Filtre("fonction", "En tant que", choix=Fonction.choices),
        Filtre("beneficiaire", "Payée à", choix=Beneficiaire.choices),
    )
    export_nom: ClassVar[str] = "participations"
    vide: ClassVar[Vide] = Vide(
        "Aucune participation",
        "Les présences aux réunions arrivent ici d’elles-mêmes ; chacun déclare le reste depuis son téléphone.",
        icone="coin-euro",
    )


class ListeFrais(ListeApprobations):
    titre: ClassVar[str] = "Notes de frais"
    tri_defaut: ClassVar[str] = "-le"
    objet: ClassVar[tuple[str, str]] = ("frais", "frais")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        PERSONNE, LIBELLE, DATE, CALCUL, MONTANT, ETAT, MISSION,
        Colonne("genre", "Genre", valeur="get_genre_display", tri=True, facultative=True),
        Colonne("kilometres", "Kilomètres", genre="nombre", facultative=True),
        Colonne("justificatif", "Justificatif", valeur=lambda f: bool(f.justificatif_id), genre="oui_non",
                facultative=True),
        ACTION, PAYEE,
    )  # fmt: skip
    filtres: ClassVar[tuple[Filtre, ...]] = (*COMMUNS, Filtre("genre", "Genre", choix=GenreFrais.choices))
    export_nom: ClassVar[str] = "notes-de-frais"
    vide: ClassVar[Vide] = Vide(
        "Aucune note de frais", "Chacun photographie son justificatif et l’envoie d’ici.", icone="paperclip"
    )


def _non_nul(nom: str) -> Callable[[Any], Any]:
    """The amount, or nothing for zero: a column of zeros hides the figures."""
    return lambda objet: getattr(objet, nom) or None


class ListePersonnes(Liste):
    """People of a year, with what was approved; rows come from `selectors.personnes.list_annee`."""

    titre: ClassVar[str] = "Personnes"
    objet: ClassVar[tuple[str, str]] = ("personne", "personnes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("nom", "Personne", valeur=str, tri=("nom", "prenom"), principale=True),
        Colonne("indemnites", "Indemnités", valeur=_non_nul("indemnites"), genre="euros", tri=True),
        Colonne("remunerations", "Rémunérations", valeur=_non_nul("remunerations"), genre="euros", tri=True),
        Colonne("ailleurs", "Autres CPTS", valeur=_non_nul("ailleurs"), genre="euros", tri=True),
        Colonne("attente", "En attente", valeur=_non_nul("attente"), genre="euros", tri=True),
        Colonne("paye", "Payé", valeur=_non_nul("paye"), genre="euros", tri=True),
        Colonne("employeur", "À l’employeur", valeur=_non_nul("employeur"), genre="euros", tri=True, facultative=True),
        Colonne("dite", "Autres CPTS dites", genre="oui_non", tri=True),
    )
    recherche: ClassVar[tuple[str, ...]] = ("nom__unaccent", "prenom__unaccent")
    recherche_libelle: ClassVar[str] = "Nom ou prénom"
    tri_defaut: ClassVar[str] = "nom"
    export_nom: ClassVar[str] = "indemnites-par-personne"
    vide: ClassVar[Vide] = Vide(
        "Personne cette année-là",
        "Ici figurent les personnes qui ont une participation, relevée ou déclarée.",
        icone="users",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        annees = list_annees(self.request.cpts.pk, today().year)
        self.filtres = (  # type: ignore[misc] # the years of this community
            Filtre("annee", "Année", choix=annees, applique=lambda rows, brut: rows),
            Filtre("dite", "Autres CPTS dites", genre="oui_non"),
        )

    def url_ligne(self, objet: Any) -> str:
        adresse = reverse("indemnites:personne", args=[self.request.cpts.slug, objet.pk])
        return f"{adresse}?annee={objet.annee}"
