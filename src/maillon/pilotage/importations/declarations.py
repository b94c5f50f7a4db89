"""What imports offer to upper rooms: menu and events."""

from maillon.pilotage.contrats.permissions import LIRE, MODIFIER
from maillon.socle.declarations import EntreeMenu

EVENEMENTS = (
    ("importations.source_creee", "Source de fichiers créée"),
    ("importations.deposee", "Fichier à importer déposé"),
    ("importations.colonnes", "Colonnes d’un fichier choisies"),
    ("importations.libelles", "Libellés d’un fichier reliés aux indicateurs"),
    ("importations.confirmee", "Valeurs d’un fichier enregistrées"),
    ("importations.abandonnee", "Importation abandonnée"),
)

MENU = (
    EntreeMenu(
        "Fichiers reçus",
        "importations:importations",
        "file-spreadsheet",
        "Pilotage",
        LIRE,
        78,
        sous="dossiers:dossiers",
    ),
    EntreeMenu(
        "Fichier d’indicateurs",
        "importations:nouvelle",
        "file-spreadsheet",
        "Nouveau",
        permission=MODIFIER,
        ordre=40,
    ),
)
