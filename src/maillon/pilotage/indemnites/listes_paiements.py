"""Lists of runs, and of the sums paid in a year."""

from typing import Any, ClassVar

from django.urls import reverse

from maillon.socle.horloge import today
from maillon.socle.ui.composants import Pastille, Ton, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste

from .enums import EtatCampagne, EtatVirement
from .selectors.personnes import list_annees

TONS: dict[str, Ton] = {
    EtatCampagne.PREPAREE: "attente",
    EtatCampagne.EMISE: "cours",
    EtatCampagne.SOLDEE: "bien",
    EtatCampagne.ANNULEE: "neutre",
}
TONS_VIREMENT: dict[str, Ton] = {
    EtatVirement.A_PAYER: "attente",
    EtatVirement.PAYE: "bien",
    EtatVirement.REJETE: "alerte",
    EtatVirement.ECARTE: "neutre",
}


def show_campagne(campagne: Any) -> Pastille:
    """Where a run stands; transfers sent back first."""
    if campagne.rejetes:
        return Pastille("rejets", "alerte")
    if campagne.etat == EtatCampagne.EMISE:
        return Pastille("fichier produit", "cours")
    return Pastille(EtatCampagne(campagne.etat).label, TONS[campagne.etat])


class ListeCampagnes(Liste):
    titre: ClassVar[str] = "Paiements"
    objet: ClassVar[tuple[str, str]] = ("campagne", "campagnes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("reference", "Campagne", tri=True, principale=True),
        Colonne("etat", "État", valeur=show_campagne, genre="pastille", tri=True),
        Colonne("execution_le", "À exécuter le", genre="date", tri=True),
        Colonne("nombre", "Virements", genre="nombre", tri=True),
        Colonne("total", "Total", genre="euros", tri=True),
        Colonne("payes", "Payés", genre="nombre", tri=True, facultative=True),
    )
    filtres: ClassVar[tuple[Filtre, ...]] = (Filtre("etat", "État", choix=EtatCampagne.choices),)
    tri_defaut: ClassVar[str] = "-reference"
    export_nom: ClassVar[str] = "campagnes-de-paiement"
    vide: ClassVar[Vide] = Vide(
        "Aucun paiement pour l’instant",
        "Une campagne rassemble ce que le bureau a approuvé et prépare le fichier de virements pour la banque.",
        icone="coin-euro",
    )

    def url_ligne(self, objet: Any) -> str:
        return reverse("indemnites:campagne", args=[self.request.cpts.slug, objet.pk])


class ListeDas2(Liste):
    """Sums paid in a calendar year to each person above the threshold; rows come from `selectors.etats.list_das2`."""

    titre: ClassVar[str] = "Sommes versées dans l’année (DAS2)"
    objet: ClassVar[tuple[str, str]] = ("personne", "personnes")
    colonnes: ClassVar[tuple[Colonne, ...]] = (
        Colonne("nom", "Nom", tri=True, principale=True),
        Colonne("prenom", "Prénom", tri=True),
        Colonne("profession", "Profession", valeur=lambda p: p.fonction),
        Colonne("siret", "SIRET", valeur=lambda p: p.siret, facultative=True),
        Colonne("adresse", "Adresse", valeur=lambda p: p.adresse, facultative=True),
        Colonne("indemnites", "Indemnités", genre="euros", tri=True),
        Colonne("remunerations", "Rémunérations", genre="euros", tri=True),
        Colonne("rembourses", "Frais remboursés", genre="euros", tri=True),
        Colonne("total", "Total", genre="euros", tri=True),
    )
    recherche: ClassVar[tuple[str, ...]] = ("nom__unaccent", "prenom__unaccent")
    recherche_libelle: ClassVar[str] = "Nom ou prénom"
    tri_defaut: ClassVar[str] = "nom"
    export_nom: ClassVar[str] = "das2"
    panneau: ClassVar[bool] = False
    vide: ClassVar[Vide] = Vide(
        "Personne au-dessus du seuil", "Ici figurent les personnes payées au-delà du seuil de l’année.", icone="users"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        annees = list_annees(self.request.cpts.pk, today().year)
        self.filtres = (  # type: ignore[misc] # the years of this community
            Filtre("annee", "Année", choix=annees, applique=lambda rows, brut: rows),
        )

    def url_ligne(self, objet: Any) -> str:
        return reverse("indemnites:personne", args=[self.request.cpts.slug, objet.pk])
