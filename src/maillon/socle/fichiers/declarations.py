from maillon.socle.declarations import DonneesPersonnelles

EVENEMENTS = (
    ("fichiers.depose", "Document déposé"),
    ("fichiers.produit", "Document produit par Maillon"),
    ("fichiers.ouvert", "Document ouvert"),
)
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "fichiers.Fichier",
        "Justificatifs des indicateurs du contrat : émargements, comptes rendus, conventions.",
        "Durée du contrat, puis cinq ans pour le contrôle des sommes versées.",
    ),
)
