"""The list of partners, and that of conventions."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Onglet, Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste
from maillon.socle.ui.typographie import format_telephone

from . import selectors
from .enums import EtatConvention
from .models import Convention
from .permissions import CONVENTIONS

ETATS: dict[str, Pastille] = {
    EtatConvention.A_SIGNER: Pastille("à signer", "attente", "signature"),
    EtatConvention.EN_VIGUEUR: Pastille("en vigueur", "bien"),
    EtatConvention.A_RENOUVELER: Pastille("à renouveler", "attente"),
    EtatConvention.ECHUE: Pastille("échue", "alerte"),
    EtatConvention.RESILIEE: Pastille("résiliée", "neutre"),
}
# The state of a partner is that of the convention that asks for most.
ORDRE = (
    EtatConvention.ECHUE,
    EtatConvention.A_RENOUVELER,
    EtatConvention.A_SIGNER,
    EtatConvention.EN_VIGUEUR,
    EtatConvention.RESILIEE,
)


def sum_up(conventions: list[Convention], on: date) -> Pastille | None:
    etats = {convention.etat(on) for convention in conventions}
    return next((ETATS[etat] for etat in ORDRE if etat in etats), None)


def say_contact(personne: Personne) -> str:
    moyens = format_telephone(personne.telephone) or personne.courriel
    return f"{personne}, {moyens}" if moyens else str(personne)


def build_onglets(request: Requete, actif: str) -> list[Onglet]:
    """The pages of partners: those of today, on the map, their conventions, those of before."""
    slug = request.cpts.slug
    adresse = reverse("partenaires:partenaires", args=[slug])
    conventions = Onglet("Conventions", reverse("partenaires:conventions", args=[slug]), actif == "conventions")
    return [
        Onglet("En cours", adresse, actif == "cours"),
        Onglet("Sur la carte", reverse("partenaires:carte", args=[slug]), actif == "carte"),
        *([conventions] if request.acteur.can(CONVENTIONS) else []),
        Onglet("Terminés", f"{adresse}?termines=oui", actif == "termines"),
    ]


def filter_etat(conventions: QuerySet[Any], etat: str) -> QuerySet[Any]:
    """By state that day; a renewal moves the term, so that states are computed row by row."""
    on = today()
    return conventions.filter(pk__in=[c.pk for c in conventions if c.etat(on) == etat])


class ListePartenaires(Liste):
    titre = "Partenaires"
    objet = ("partenaire", "partenaires")
    colonnes = (
        Colonne("nom", "Nom", "structure.nom", tri="structure__nom_recherche", principale=True),
        Colonne("type", "Type", "structure.get_type_display", tri=("structure__type", "structure__nom_recherche")),
        Colonne("commune", "Commune", "structure.commune.nom", tri="structure__commune__nom_recherche"),
        Colonne("contact", "Contact", lambda p: p.contact),
        Colonne("convention", "Convention", lambda p: p.convention, "pastille"),
        Colonne("lits", "Lits", lambda p: p.lits, genre="nombre", facultative=True),
        Colonne("telephone", "Téléphone", lambda p: p.telephone, facultative=True),
        Colonne("courriel", "Courriel", lambda p: p.courriel, facultative=True),
        Colonne("objet", "Objet", tri=True, facultative=True),
        Colonne("depuis", "Depuis", genre="date", tri=True, facultative=True),
        Colonne("finess", "Numéro FINESS", "structure.finess", facultative=True),
    )
    recherche = ("structure__nom__unaccent", "structure__commune__nom__unaccent", "objet__unaccent")
    recherche_libelle = "Nom ou commune"
    tri_defaut = "nom"
    export_nom = "partenaires"
    vide = Vide(
        "Aucun partenaire pour l’instant",
        "EHPAD, hôpitaux, services à domicile, mairies, associations : ceux avec qui la communauté travaille, leurs "
        "contacts et les conventions signées.",
        icone="heart-handshake",
    )

    def __init__(self, queryset: QuerySet[Any], parametres: Any, *, request: Requete) -> None:
        super().__init__(queryset, parametres, request=request)
        cpts_id = request.cpts.pk
        self.filtres = (  # type: ignore[misc] # kinds and communes are those of this community's partners
            Filtre("type", "Type", "structure__type", choix=selectors.get_types_of_partenaires(cpts_id, on=today())),
            Filtre(
                "commune",
                "Commune",
                "structure__commune",
                choix=selectors.get_communes_of_partenaires(cpts_id, on=today()),
            ),
        )
        if not request.acteur.can(CONVENTIONS):
            self.colonnes = tuple(c for c in self.colonnes if c.cle != "convention")  # type: ignore[misc, assignment]

    def url_ligne(self, objet: Any) -> str:
        return reverse("partenaires:partenaire", args=[self.request.cpts.slug, objet.structure_id])

    def prepare(self, objets: list[Any]) -> list[Any]:
        """Contacts, conventions and the community's own facts: three queries for all the rows."""
        cles = [p.structure_id for p in objets]
        contacts = selectors.list_contacts(cles, for_acteur=self.request.acteur)
        conventions = selectors.group_conventions(cles, for_acteur=self.request.acteur)
        fiches = selectors.get_fiches(cles, self.request.cpts.pk)
        for partenariat in objets:
            cle = partenariat.structure_id
            faits = {f.champ: f.valeur for f in selectors.compare_faits(partenariat.structure, fiches.get(cle))}
            partenariat.contact = say_contact(contacts[cle][0]) if cle in contacts else ""
            partenariat.convention = sum_up(conventions.get(cle, []), today())
            partenariat.telephone, partenariat.courriel = faits["telephone"], faits["courriel"]
            partenariat.lits = int(faits["lits"]) if faits["lits"] else None
        return objets


class ListeConventions(Liste):
    titre = "Conventions"
    objet = ("convention", "conventions")
    colonnes = (
        Colonne("objet", "Objet", tri=True, principale=True),
        Colonne("structure", "Partenaire", "structure.nom", tri="structure__nom_recherche"),
        Colonne("etat", "État", lambda c: ETATS[c.etat(today())], "pastille"),
        Colonne("signee_le", "Signée le", genre="date", tri=True),
        Colonne("terme", "Terme", lambda c: c.terme(today()), genre="date"),
        Colonne("reconduction", "Reconduction (mois)", genre="nombre", facultative=True),
        Colonne("mission", "Mission", "get_mission_display", tri=True, facultative=True),
        Colonne("document", "Document", "document.nom", facultative=True),
    )
    filtres = (Filtre("etat", "État", choix=EtatConvention.choices, applique=filter_etat),)
    recherche = ("objet__unaccent", "structure__nom__unaccent")
    recherche_libelle = "Objet ou partenaire"
    tri_defaut = "-signee_le"
    export_nom = "conventions"
    panneau = False
    vide = Vide(
        "Aucune convention",
        "Enregistrez les conventions depuis la page d’un partenaire : Maillon vous rappelle leur terme.",
        icone="signature",
    )

    def url_ligne(self, objet: Convention) -> str:
        return reverse("partenaires:partenaire", args=[self.request.cpts.slug, objet.structure_id]) + "#conventions"
