"""What rosters offer to upper rooms."""

from datetime import timedelta

from maillon.socle.declarations import (
    DonneesPersonnelles,
    EntreeMenu,
    GenreSollicitation,
    SourceAgenda,
    SourceAlertes,
    SourceElementsPersonne,
    SourceOccupations,
    SourceParticipations,
)

from . import indicateurs
from .alertes import list_alertes
from .enums import MotifRefus
from .notifications import GardeProposee, RappelGarde
from .permissions import GERER, REPONDRE, VOIR
from .selectors import find_occupations
from .services import GENRE as GENRE_APPEL
from .services import find_disponibles, follow_appel, lock_poste
from .sources import GENRE, SOURCE, list_agenda, list_gardes_of, list_participations, present_postes

MENU = (
    EntreeMenu("Gardes", "gardes_liste", "calendar-stats", "Accès aux soins", permission=VOIR, ordre=40),
    EntreeMenu(
        "Mes gardes",
        "gardes_miennes",
        "calendar-time",
        "Accès aux soins",
        permission=REPONDRE,
        ordre=12,
        telephone=True,
        court="Gardes",
    ),
    EntreeMenu("Tableau de garde", "gardes_nouveau", "calendar-plus", "Nouveau", permission=GERER, ordre=40),
)
ALERTES = (SourceAlertes(list_alertes, permission=VOIR),)
AGENDA = (SourceAgenda(GENRE, "Gardes", list_agenda),)
OCCUPATIONS = (SourceOccupations(find_occupations),)
INDICATEURS = indicateurs.INDICATEURS
PARTICIPATIONS = (SourceParticipations(SOURCE, "Gardes tenues", list_participations),)
ELEMENTS_PERSONNE = (SourceElementsPersonne("gardes", "Gardes", list_gardes_of),)

SOLLICITATIONS = (
    GenreSollicitation(
        code=GENRE_APPEL,
        libelle="Garde à prendre",
        titre="Une garde est à prendre",
        attente=("garde est à prendre", "gardes sont à prendre"),
        motifs=tuple((motif.value, str(motif.label)) for motif in MotifRefus),
        repondre=REPONDRE,
        gerer=GERER,
        verrouille=lock_poste,
        suit=follow_appel,
        presente=present_postes,
        disponibles=find_disponibles,
        courriel=GardeProposee,
        rappel=RappelGarde,
        rappel_avant=timedelta(hours=4),
        accepte="Je prends cette garde",
        merci="Merci. Cette garde est à vous : elle est dans « Mes gardes » et dans votre agenda.",
        suite="C’est noté. La garde est proposée à d’autres.",
        occupe=True,
    ),
)

EVENEMENTS = (
    ("gardes.tableau_cree", "Tableau de garde préparé"),
    ("gardes.tableau_modifie", "Tableau de garde modifié"),
    ("gardes.tableau_supprime", "Tableau de garde supprimé"),
    ("gardes.poste_ajoute", "Garde à pourvoir ajoutée"),
    ("gardes.poste_modifie", "Garde à pourvoir modifiée"),
    ("gardes.poste_retire", "Garde à pourvoir retirée"),
    ("gardes.participants_ajoutes", "Personnes ajoutées à un tableau de garde"),
    ("gardes.participant_modifie", "Part de temps modifiée dans un tableau de garde"),
    ("gardes.participant_retire", "Personne retirée d’un tableau de garde"),
    ("gardes.voeux_demandes", "Vœux demandés pour un tableau de garde"),
    ("gardes.voeux_relances", "Vœux relancés"),
    ("gardes.voeux_dits", "Vœux dits"),
    ("gardes.voeux_clos", "Vœux clos"),
    ("gardes.calcul_lance", "Calcul d’un tableau de garde lancé"),
    ("gardes.calcul_fait", "Calcul d’un tableau de garde terminé"),
    ("gardes.calcul_echoue", "Calcul d’un tableau de garde arrêté"),
    ("gardes.variante_retenue", "Variante retenue"),
    ("gardes.garde_donnee", "Garde donnée à la main"),
    ("gardes.garde_reprise", "Garde retirée à la main"),
    ("gardes.tableau_publie", "Tableau de garde publié"),
    ("gardes.tableau_clos", "Tableau de garde terminé"),
    ("gardes.tableau_rouvert", "Tableau de garde rouvert"),
    ("gardes.remplacement", "Remplacement mis en place"),
    ("gardes.echange_propose", "Échange de garde proposé"),
    ("gardes.echange_repondu", "Réponse à un échange de garde"),
    ("gardes.cedee", "Garde cédée"),
    ("gardes.reprise", "Garde cédée, puis reprise par la même personne"),
    ("gardes.prise", "Garde ouverte prise"),
    ("gardes.volontaires_appeles", "Volontaires appelés pour une garde"),
    ("gardes.volontaire_trouve", "Volontaire trouvé pour une garde"),
    ("gardes.volontaires_epuises", "Aucun volontaire pour une garde"),
    ("gardes.constatee", "Garde constatée"),
    ("gardes.constatees", "Gardes constatées tenues"),
    ("gardes.constat_annule", "Constat d’une garde annulé"),
    ("gardes.passation", "Passation de garde écrite"),
)

_DUREE = "Cinq ans après la fin du tableau"

DONNEES_PERSONNELLES = (
    DonneesPersonnelles("gardes.Participant", "Construire le tableau de garde : qui en est, à quelle part", _DUREE),
    DonneesPersonnelles(
        "gardes.Voeu",
        "Construire le tableau de garde : jours impossibles, voulus ou évités, sans leur raison",
        _DUREE,
    ),
    DonneesPersonnelles("gardes.Variante", "Comparer les plans calculés et expliquer le tableau retenu", _DUREE),
    DonneesPersonnelles("gardes.Garde", "Savoir qui est de garde, et l’indemniser", _DUREE),
    DonneesPersonnelles("gardes.Echange", "Échanger et céder des gardes", _DUREE),
    DonneesPersonnelles(
        "gardes.Passation", "Transmettre l’organisation d’une garde à la suivante, sans aucun patient", _DUREE
    ),
)
