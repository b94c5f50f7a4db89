"""Lists of people and of groups."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse

from maillon.socle.droits.enums import Mission
from maillon.socle.ui.composants import Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .enums import GenreGroupe
from .models import Appartenance, Groupe, Personne
from .selectors import can_read_coordonnees

SORTES = (("professionnel", "Professionnels"), ("partenaire", "Contacts de structures"), ("autre", "Autres"))


def _by_sorte(people: QuerySet[Any], sorte: str) -> QuerySet[Any]:
    if sorte == "professionnel":
        return people.filter(professionnel__isnull=False)
    return people.filter(professionnel=None, structure__isnull=sorte != "partenaire")


def _by_partie(people: QuerySet[Any], brut: str) -> QuerySet[Any]:
    return people.filter(partie_le__isnull=brut == "non")


def show_compte(personne: Personne) -> Pastille:
    """Whether the person can sign in."""
    if personne.partie_le is not None:
        return Pastille("partie", "neutre", "logout")
    return Pastille("a un accès", "bien") if personne.membre_id else Pastille("sans accès", "neutre")


class ListePersonnes(Liste):
    titre: ClassVar[str] = "Personnes"
    objet: ClassVar[tuple[str, str]] = ("personne", "personnes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("nom", "Nom", lambda p: f"{p.nom} {p.prenom}", tri=("nom", "prenom"), principale=True),
        Colonne("metier", "Fonction", "metier", tri=("professionnel__profession", "fonction", "nom")),
        Colonne("structure", "Structure", "structure.nom", tri="structure__nom"),
        Colonne("courriel", "Courriel", tri=True),
        Colonne("telephone", "Téléphone"),
        Colonne("compte", "Accès", show_compte, "pastille"),
        Colonne("rpps", "Numéro RPPS", "professionnel.rpps", facultative=True),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (
        Filtre("sorte", "Qui", choix=SORTES, applique=_by_sorte),
        Filtre(
            "acces",
            "A un accès",
            "membre__isnull",
            "oui_non",
            applique=lambda q, b: q.filter(membre__isnull=b != "oui"),
        ),
        Filtre("parties", "Parties", genre="oui_non", applique=_by_partie),
    )
    recherche: ClassVar[tuple[str, ...]] = ("nom__unaccent", "prenom__unaccent", "fonction__unaccent", "courriel")
    recherche_libelle: ClassVar[str] = "Nom, fonction ou courriel"
    tri_defaut: ClassVar[str] = "nom"
    export_nom: ClassVar[str] = "personnes"
    vide: ClassVar[Vide] = Vide(
        "Personne pour l’instant",
        "Ici figurent les membres, les salariés et les contacts des partenaires.",
        icone="users",
    )

    def url_ligne(self, objet: Personne) -> str:
        return reverse("personnes_fiche", args=[self.request.cpts.slug, objet.pk])


class ListeGroupes(Liste):
    titre: ClassVar[str] = "Groupes"
    objet: ClassVar[tuple[str, str]] = ("groupe", "groupes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("nom", "Nom", tri=True, principale=True),
        Colonne("genre", "Genre", lambda g: g.get_genre_display().partition(" (")[0], tri=True),
        Colonne("mission", "Mission", lambda g: g.get_mission_display(), tri=True),
        Colonne("effectif", "Personnes", genre="nombre", tri=True),
        Colonne("objet", "À quoi il sert", facultative=True),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (
        Filtre("genre", "Genre", choix=GenreGroupe.choices),
        Filtre("mission", "Mission", choix=Mission.choices),
        Filtre("fermes", "Fermés", genre="oui_non", applique=lambda q, b: q.filter(ferme_le__isnull=b != "oui")),
    )
    recherche: ClassVar[tuple[str, ...]] = ("nom__unaccent", "objet__unaccent")
    recherche_libelle: ClassVar[str] = "Nom du groupe"
    tri_defaut: ClassVar[str] = "nom"
    export_nom: ClassVar[str] = "groupes"
    vide: ClassVar[Vide] = Vide(
        "Aucun groupe",
        "Une commission, un groupe de travail, un cercle de qualité : on les convoque et on leur écrit en une fois.",
        icone="users-group",
    )

    def url_ligne(self, objet: Groupe) -> str:
        return reverse("personnes_groupe", args=[self.request.cpts.slug, objet.pk])


class ListeDuGroupe(Liste):
    """Who is in one group today."""

    objet: ClassVar[tuple[str, str]] = ("personne", "personnes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne(
            "nom",
            "Nom",
            lambda a: f"{a.personne.nom} {a.personne.prenom}",
            tri=("personne__nom", "personne__prenom"),
            principale=True,
        ),
        Colonne("metier", "Fonction", "personne.metier", tri=("personne__professionnel__profession", "personne__nom")),
        Colonne(
            "role",
            "Dans le groupe",
            lambda a: Pastille("responsable", "bien", "star") if a.responsable else Pastille("participe", "neutre"),
            "pastille",
            tri=("responsable", "personne__nom"),
        ),
        Colonne("depuis", "Depuis", genre="date", tri=True),
        Colonne("jusqu_a", "Jusqu’au", "dernier_jour", genre="date", tri=True, facultative=True),
        Colonne("courriel", "Courriel", "personne.courriel", facultative=True),
    )
    recherche: ClassVar[tuple[str, ...]] = ("personne__nom__unaccent", "personne__prenom__unaccent")
    recherche_libelle: ClassVar[str] = "Nom ou prénom"
    export_nom: ClassVar[str] = "groupe"
    panneau: ClassVar[bool] = False
    vide: ClassVar[Vide] = Vide("Personne dans ce groupe", "Ajoutez ses membres ci-dessous.", icone="users-group")

    def prepare(self, objets: list[Appartenance]) -> list[Appartenance]:
        """What a person does not show stays out of the screen and of the exports."""
        for appartenance in objets:
            if not can_read_coordonnees(appartenance.personne, self.request.acteur)[0]:
                appartenance.personne.courriel = ""
        return objets

    def url_ligne(self, objet: Appartenance) -> str:
        return reverse("personnes_fiche", args=[self.request.cpts.slug, objet.personne_id])
