"""What packs offer to upper rooms: menu, events, files, personal data."""

from maillon.pilotage.contrats.mentions import SuiteAnnee
from maillon.socle.declarations import AccesFichier, AlertesTerritoire, DonneesPersonnelles, EntreeMenu

from .alertes import list_alertes_territoire
from .permissions import LIRE, LIRE_TERRITOIRE, PREPARER
from .selectors import may_open_piece

EVENEMENTS = (
    ("dossiers.demande", "Dossier demandé"),
    ("dossiers.relance", "Dossier relancé"),
    ("dossiers.pret", "Dossier prêt"),
    ("dossiers.echec", "Dossier à refaire"),
    ("dossiers.transmis", "Dossier transmis à la CPAM et à l’ARS"),
    ("dossiers.tableau_depose", "Tableau de la CPAM déposé"),
    ("dossiers.tableau_relie", "Tableau de la CPAM relié aux chiffres"),
    ("dossiers.tableau_retire", "Tableau de la CPAM retiré"),
)

MENU = (
    EntreeMenu("Dossiers", "dossiers:dossiers", "folder", "Pilotage", permission=LIRE, ordre=74),
    EntreeMenu(
        "Dossiers reçus", "dossiers:territoire", "folder", "Territoire", permission=LIRE_TERRITOIRE, ordre=30,
        de_cpts=False,
    ),
)  # fmt: skip

SUITES_ANNEE = (
    SuiteAnnee(
        "Préparer le dossier",
        "Chiffres, graphiques, rapport d’activité et justificatifs, en un clic.",
        "dossiers:dossiers",
        "folder",
        LIRE,
        20,
    ),
)

ALERTES_TERRITOIRE = (AlertesTerritoire(list_alertes_territoire, LIRE_TERRITOIRE),)

ACCES_FICHIERS = (AccesFichier(LIRE, may_open_piece), AccesFichier(PREPARER, may_open_piece))

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "dossiers.PieceDossier",
        "Présenter l’année du contrat à la CPAM et à l’ARS, avec ses justificatifs.",
        "Durée du contrat, puis cinq ans pour le contrôle des sommes versées.",
    ),
)
