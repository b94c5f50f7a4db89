"""What attendance, minutes and decisions offer to upper rooms; `declarations` gathers it with what comes before."""

from maillon.socle.declarations import AccesFichier, DonneesPersonnelles, EntreeMenu, SourceAlertes

from .alertes_apres import list_alertes
from .permissions import OUVRIR_DOCUMENTS, VOIR
from .selectors.presences import may_open_fichier

RUBRIQUE = "Communauté"
MENU = (EntreeMenu("Mes tâches", "reunions:mes_taches", "checklist", RUBRIQUE, VOIR, 47, sous="reunions:liste"),)
ALERTES = (SourceAlertes(list_alertes, permission=VOIR),)
ACCES_FICHIERS = (AccesFichier(OUVRIR_DOCUMENTS, may_open_fichier),)
EVENEMENTS = (
    ("reunions.presence_relevee", "Présence relevée"),
    ("reunions.presence_annulee", "Présence annulée"),
    ("reunions.absence_relevee", "Absence relevée"),
    ("reunions.inscrite_sur_place", "Personne ajoutée sur place"),
    ("reunions.heures_corrigees", "Heures de présence corrigées"),
    ("reunions.feuille_reprise", "Feuille d’émargement reprise"),
    ("reunions.tablette_ouverte", "Liste de présence ouverte sur tablette"),
    ("reunions.liens_envoyes", "Liens de présence envoyés"),
    ("reunions.tenue", "Réunion close"),
    ("reunions.presences_figees", "Présences figées"),
    ("reunions.compte_rendu_commence", "Compte rendu commencé"),
    ("reunions.compte_rendu_soumis", "Compte rendu soumis à approbation"),
    ("reunions.compte_rendu_approuve", "Compte rendu approuvé"),
    ("reunions.compte_rendu_valide", "Compte rendu validé"),
    ("reunions.compte_rendu_repris", "Rédaction d’un compte rendu reprise"),
    ("reunions.compte_rendu_envoye", "Compte rendu envoyé"),
    ("reunions.decision_prise", "Décision enregistrée"),
    ("reunions.decision_retiree", "Décision retirée"),
    ("reunions.tache_donnee", "Tâche confiée"),
    ("reunions.tache_retiree", "Tâche retirée"),
    ("reunions.tache_faite", "Tâche faite"),
    ("reunions.tache_rouverte", "Tâche rouverte"),
)
_DUREE = "Cinq ans après la réunion"
_PREUVE = "Durée du contrat, puis cinq ans pour le contrôle des sommes versées"
DONNEES_PERSONNELLES = (
    DonneesPersonnelles("reunions.Emargement", "Prouver une présence : signature, heures", _PREUVE),
    DonneesPersonnelles("reunions.DocumentReunion", "Prouver une réunion : émargements, comptes rendus", _PREUVE),
    DonneesPersonnelles("reunions.CompteRendu", "Vie de l’association : qui signe le compte rendu", _DUREE),
    DonneesPersonnelles("reunions.PointCompteRendu", "Vie de l’association : ce qui s’est dit en réunion", _DUREE),
    DonneesPersonnelles("reunions.VersionCompteRendu", "Garder le compte rendu tel qu’il a été approuvé", _PREUVE),
    DonneesPersonnelles("reunions.Approbation", "Savoir qui a approuvé un compte rendu", _PREUVE),
    DonneesPersonnelles("reunions.Decision", "Vie de l’association : ce qui a été décidé", _DUREE),
    DonneesPersonnelles("reunions.Tache", "Vie de l’association : qui fait quoi après une réunion", _DUREE),
)
