"""What the directory offers to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles, EntreeMenu, SourceAlertes

from .alertes import list_alertes
from .permissions import VOIR

MENU = (EntreeMenu("Annuaire", "annuaire_recherche", "id", "Communauté", VOIR, ordre=9),)
ALERTES = (SourceAlertes(list_alertes),)
EVENEMENTS = (
    ("annuaire.repris", "Professionnel repris de l’annuaire national"),
    ("annuaire.fiche", "Fiche de l’annuaire modifiée"),
    ("annuaire.publication", "Choix de ce que le public lit dans l’annuaire"),
    ("annuaire.corrigee", "Information de l’annuaire national corrigée"),
    ("annuaire.correction_gardee", "Correction gardée face à l’annuaire national"),
    ("annuaire.correction_retiree", "Information de l’annuaire national préférée"),
    ("annuaire.exporte", "Annuaire exporté"),
)
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "annuaire.Professionnel",
        "Annuaire des professionnels de santé (données publiques du RPPS)",
        "Tant que le professionnel figure au répertoire national",
    ),
    DonneesPersonnelles(
        "annuaire.Activite",
        "Lieux d’exercice des professionnels de santé (données publiques du RPPS)",
        "Tant que l’activité figure au répertoire national",
    ),
    DonneesPersonnelles(
        "annuaire.FicheProfessionnel",
        "Annuaire de la communauté : ce que les membres disent d’eux, et ce que le public en lit",
        "Tant que le professionnel est membre, effacée un an après son départ",
    ),
    DonneesPersonnelles(
        "annuaire.Correction",
        "Annuaire de la communauté : ce que les membres corrigent de l’annuaire national",
        "Tant que le professionnel est membre, effacée un an après son départ",
    ),
    DonneesPersonnelles(
        "annuaire.PassageAnnuaire",
        "Ralentir les robots sur l’annuaire public (empreinte de l’adresse réseau)",
        "Une heure",
    ),
    *(
        DonneesPersonnelles(
            f"annuaire.{modele}",
            "Annuaire national des professionnels de santé (extraction publique du RPPS)",
            "Tant que la ligne figure dans l’extraction nationale",
        )
        for modele in ("Inscription", "SavoirFaire", "Diplome")
    ),
    DonneesPersonnelles(
        "annuaire.Mouvement",
        "Ce qu’un import a changé dans l’annuaire national (anciennes valeurs publiques)",
        "Vingt-quatre mois, effacé à chaque import",
    ),
)
