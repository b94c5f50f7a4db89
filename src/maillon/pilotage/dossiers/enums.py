from django.db import models


class EtatDossier(models.TextChoices):
    EN_COURS = "en_cours", "en préparation"
    PRET = "pret", "prêt"
    ECHEC = "echec", "à refaire"


class GenrePiece(models.TextChoices):
    """The documents of a pack, in the order in which they are made."""

    DOSSIER = "dossier", "Dossier de dialogue de gestion (PDF)"
    INDICATEURS = "indicateurs", "Indicateurs et euros (XLSX qui se recalcule)"
    RAPPORT_WORD = "rapport_word", "Rapport d’activité à compléter (Word)"
    RAPPORT_PDF = "rapport_pdf", "Rapport d’activité, chiffres et tableaux (PDF)"
    TABLEAU = "tableau", "Tableau de la CPAM, rempli (XLSX)"
    ARCHIVE = "archive", "Tout le dossier et ses justificatifs (ZIP)"
    ARCHIVE_COMPLETE = "archive_complete", "Justificatifs nominatifs compris, pour la communauté seule (ZIP)"


# They hold the acts day by day, which a doctor of the bureau could tie to a patient: who prepares the pack opens them,
# and the CPAM and the ARS, which already read those acts.
GENRES_RESERVES = (GenrePiece.ARCHIVE, GenrePiece.ARCHIVE_COMPLETE)
