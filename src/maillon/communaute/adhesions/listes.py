"""The list of members."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from maillon.communaute.annuaire.models import Activite
from maillon.communaute.personnes.permissions import VOIR as VOIR_PERSONNES
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .models import Adhesion, AdhesionQuerySet
from .selectors import get_colleges, get_communes_of_members, get_people_of, get_professions_of_members


def describe_nom(adhesion: Adhesion) -> str:
    """The surname first, as the list is sorted."""
    if adhesion.professionnel is not None:
        return f"{adhesion.professionnel.nom} {adhesion.professionnel.prenom}"
    return str(adhesion.structure)


def describe_activite(adhesion: Adhesion) -> str:
    """The profession of a person, the kind of a structure."""
    if adhesion.professionnel is not None:
        return adhesion.professionnel.libelle_profession
    return adhesion.structure.get_type_display() if adhesion.structure is not None else ""


def describe_communes(adhesion: Any) -> str:
    """Where the member works; `adhesion` comes from `with_places`."""
    if adhesion.structure is not None:
        return str(adhesion.structure.commune or "")
    return ", ".join(adhesion.communes)


def filter_commune(adhesions: QuerySet[Any], code: str) -> QuerySet[Any]:
    places = Activite.objects.filter(professionnel=OuterRef("professionnel"), commune=code)
    return adhesions.filter(Q(Exists(places)) | Q(structure__commune=code))


class ListeMembres(Liste):
    titre = "Membres"
    objet = ("membre", "membres")
    colonnes = (
        Colonne("nom", "Nom", describe_nom, tri="nom_tri", principale=True),
        Colonne("profession", "Profession", describe_activite, tri=("professionnel__profession", "nom_tri")),
        Colonne("commune", "Commune", describe_communes, tri=("commune_tri", "nom_tri")),
        Colonne("debut", "Membre depuis", genre="date", tri=True),
        Colonne("college", "Collège", "college_nom", tri=("college", "nom_tri"), facultative=True),
        Colonne("rpps", "Numéro RPPS", "professionnel.rpps", facultative=True),
    )
    recherche = ("professionnel__nom__unaccent", "professionnel__prenom__unaccent", "structure__nom__unaccent")
    recherche_libelle = "Nom ou prénom"
    tri_defaut = "nom"
    export_nom = "membres"
    panneau = False
    vide = Vide(
        "Aucun membre pour l’instant",
        "Ici figurent les professionnels et les structures qui adhèrent à la communauté.",
        icone="users",
    )

    def __init__(self, queryset: AdhesionQuerySet, parametres: Any, *, request: Requete) -> None:
        super().__init__(queryset, parametres, request=request)
        cpts_id = request.cpts.pk
        professions = get_professions_of_members(cpts_id, on=today())
        communes = get_communes_of_members(cpts_id, on=today())
        self.colleges = get_colleges(cpts_id)
        self.filtres = (  # type: ignore[misc] # professions and communes are those of this community
            Filtre("profession", "Profession", "professionnel__profession", choix=professions),
            Filtre("commune", "Commune", choix=communes, applique=filter_commune),
            Filtre("college", "Collège", choix=list(self.colleges.items())),
        )
        self.people: dict[UUID, UUID] = {}

    def prepare(self, objets: list[Any]) -> list[Any]:
        """The name of the college, and the person behind each professional: one query more."""
        self.people = get_people_of(objets)
        for adhesion in objets:
            adhesion.college_nom = self.colleges.get(adhesion.college, adhesion.college)
        return objets

    def url_ligne(self, objet: Adhesion) -> str:
        """A professional's own sheet; that of the membership for a structure."""
        personne = self.people.get(objet.professionnel_id) if objet.professionnel_id else None
        if personne is not None and self.request.acteur.can(VOIR_PERSONNES):
            return reverse("personnes_fiche", args=[self.request.cpts.slug, personne])
        return reverse("adhesions_adhesion", args=[self.request.cpts.slug, objet.pk])
