"""States, kinds and reasons of openings, slots, bookings and requests, with their tables of transitions."""

from django.db import models


class Modalite(models.TextChoices):
    """How care is given; the FHIR codes (AMB, HH, VR) live in `api`."""

    CABINET = "cabinet", "au cabinet"
    DOMICILE = "domicile", "au domicile du patient"
    DISTANCE = "distance", "à distance"


class Audience(models.TextChoices):
    """Who may be shown a slot: they combine. The centre 15 and the SAS are shown all of them, as the national guide
    wants; SNP alone is for nobody else."""

    PUBLIC = "PUBLIC", "tout le monde"
    PRO = "PRO", "les professionnels"
    SNP = "SNP", "le centre 15 et le SAS"
    CPTS = "CPTS", "les membres de la communauté"


class Horaire(models.TextChoices):
    """Whether the hours of a slot count for the mission: those of the PDSA do not."""

    MISSION = "mission", "heures de la mission"
    PDSA = "pdsa", "permanence des soins, hors ACI"


class Feries(models.TextChoices):
    """What an opening does on public holidays."""

    COMMUNAUTE = "communaute", "comme la communauté en a décidé"
    OUVERT = "ouvert", "ouvert"
    FERME = "ferme", "fermé"


class Origine(models.TextChoices):
    """How an opening or a booking came in."""

    AGENDA = "agenda", "page des créneaux"
    EXPRES = "expres", "en un geste"
    LIEN = "lien", "par un lien"
    GUICHET = "guichet", "au téléphone, par le guichet"
    GARDE = "garde", "tableau de garde"
    REGULATION = "regulation", "par le centre 15"
    PHARMACIE = "pharmacie", "par une pharmacie"
    PROFESSIONNEL = "professionnel", "par un professionnel"


class DemiJournee(models.TextChoices):
    """When places are opened in one gesture."""

    MATIN = "matin", "ce matin"
    APRES_MIDI = "apres_midi", "cet après-midi"


class EtatCreneau(models.TextChoices):
    LIBRE = "libre", "libre"
    RETENU = "retenu", "retenu quelques minutes"
    RESERVE = "reserve", "réservé"
    OCCUPE = "occupe", "occupé dans un autre agenda"
    RETIRE = "retire", "retiré"


# What stands in the professional's time: two of these never overlap.
TENUS = (EtatCreneau.LIBRE, EtatCreneau.RETENU, EtatCreneau.RESERVE)


class EtatRendezVous(models.TextChoices):
    RETENU = "retenu", "retenu, à confirmer"
    CONFIRME = "confirme", "confirmé"
    HONORE = "honore", "honoré"
    ABSENT = "absent", "patient absent"
    ANNULE = "annule", "annulé"
    EXPIRE = "expire", "non confirmé à temps"


TRANSITIONS_RENDEZ_VOUS: dict[EtatRendezVous, frozenset[EtatRendezVous]] = {
    EtatRendezVous.RETENU: frozenset({EtatRendezVous.CONFIRME, EtatRendezVous.ANNULE, EtatRendezVous.EXPIRE}),
    EtatRendezVous.CONFIRME: frozenset({EtatRendezVous.HONORE, EtatRendezVous.ABSENT, EtatRendezVous.ANNULE}),
    EtatRendezVous.HONORE: frozenset({EtatRendezVous.CONFIRME, EtatRendezVous.ABSENT}),
    EtatRendezVous.ABSENT: frozenset({EtatRendezVous.CONFIRME, EtatRendezVous.HONORE}),
    EtatRendezVous.ANNULE: frozenset({EtatRendezVous.CONFIRME}),
    EtatRendezVous.EXPIRE: frozenset(),
}
# What takes the slot.
PRIS = (EtatRendezVous.RETENU, EtatRendezVous.CONFIRME, EtatRendezVous.HONORE, EtatRendezVous.ABSENT)


class MotifAnnulation(models.TextChoices):
    PATIENT = "patient", "à la demande du patient"
    PROFESSIONNEL = "professionnel", "professionnel indisponible"
    DEPLACE = "deplace", "déplacé"
    AUTRE_SOLUTION = "autre_solution", "autre solution trouvée"
    ERREUR = "erreur", "saisi par erreur"


class Chute(models.TextChoices):
    """Why an appointment falls."""

    ABSENCE = "absence", "professionnel absent"
    RETRAIT = "retrait", "créneaux retirés"
    ANNULE = "annule", "annulé, pas encore dit"


class Besoin(models.TextChoices):
    """What is sought, in the words of who asks: no diagnosis, no symptom."""

    CONSULTATION = "consultation", "voir un médecin"
    SOIN_INFIRMIER = "soin_infirmier", "soin infirmier"
    KINESITHERAPIE = "kinesitherapie", "kinésithérapie"
    SAGE_FEMME = "sage_femme", "sage-femme"
    DENTAIRE = "dentaire", "soin dentaire"
    AUTRE = "autre", "autre professionnel"


class EtatDemande(models.TextChoices):
    OUVERTE = "ouverte", "sans réponse"
    SOLLICITEE = "sollicitee", "des professionnels sont sollicités"
    ESCALADEE = "escaladee", "personne n’a pu : à la garde et à la régulation"
    ACCEPTEE = "acceptee", "un professionnel a accepté"
    POURVUE = "pourvue", "rendez-vous donné"
    ORIENTEE = "orientee", "autre réponse donnée"
    ANNULEE = "annulee", "annulée par le demandeur"


TRANSITIONS_DEMANDE: dict[EtatDemande, frozenset[EtatDemande]] = {
    EtatDemande.OUVERTE: frozenset(
        {
            EtatDemande.SOLLICITEE,
            EtatDemande.ESCALADEE,
            EtatDemande.POURVUE,
            EtatDemande.ORIENTEE,
            EtatDemande.ANNULEE,
        }
    ),
    EtatDemande.SOLLICITEE: frozenset(
        {
            EtatDemande.ACCEPTEE,
            EtatDemande.ESCALADEE,
            EtatDemande.POURVUE,
            EtatDemande.ORIENTEE,
            EtatDemande.ANNULEE,
        }
    ),
    EtatDemande.ESCALADEE: frozenset(
        {
            EtatDemande.SOLLICITEE,
            EtatDemande.ACCEPTEE,
            EtatDemande.POURVUE,
            EtatDemande.ORIENTEE,
            EtatDemande.ANNULEE,
        }
    ),
    EtatDemande.ACCEPTEE: frozenset(
        {EtatDemande.POURVUE, EtatDemande.SOLLICITEE, EtatDemande.ESCALADEE, EtatDemande.ORIENTEE, EtatDemande.ANNULEE}
    ),
    EtatDemande.POURVUE: frozenset({EtatDemande.OUVERTE}),
    EtatDemande.ORIENTEE: frozenset({EtatDemande.OUVERTE}),
    EtatDemande.ANNULEE: frozenset({EtatDemande.OUVERTE}),
}
SANS_REPONSE = (EtatDemande.OUVERTE, EtatDemande.SOLLICITEE, EtatDemande.ESCALADEE, EtatDemande.ACCEPTEE)
REPONDUES = (EtatDemande.POURVUE, EtatDemande.ORIENTEE)


class Reponse(models.TextChoices):
    """What a person was told when no slot of the community served."""

    RENDEZ_VOUS = "rendez_vous", "rendez-vous donné"
    ACCUEIL = "accueil", "reçu sans rendez-vous"
    REGULATION = "regulation", "centre 15 prévenu"
    AILLEURS = "ailleurs", "adressé hors de la communauté"
    CONSEIL = "conseil", "conseil donné par un professionnel"


class MotifRefus(models.TextChoices):
    """Why a solicited professional says no."""

    COMPLET = "complet", "Plus de place aujourd’hui"
    ABSENT = "absent", "Absent"
    TROP_LOIN = "trop_loin", "Trop loin"
    PAS_MON_DOMAINE = "domaine", "Ce n’est pas de mon domaine"
    AUTRE = "autre", "Autre raison"


# Which profession each need is for; the others are asked for by their name.
PROFESSION_DU_BESOIN: dict[Besoin, str] = {
    Besoin.CONSULTATION: "10",
    Besoin.SOIN_INFIRMIER: "60",
    Besoin.KINESITHERAPIE: "70",
    Besoin.SAGE_FEMME: "50",
    Besoin.DENTAIRE: "40",
}


class Quand(models.TextChoices):
    """The days of a search."""

    AUJOURD_HUI = "aujourdhui", "Aujourd’hui"
    DEMAIN = "demain", "Demain"
    SEMAINE = "semaine", "7 jours"


class Tri(models.TextChoices):
    TOT = "tot", "Le plus tôt"
    PRES = "pres", "Le plus près"


class Delai(models.TextChoices):
    """By when who asks wishes for an answer."""

    DEUX_HEURES = "2h", "Dans les deux heures"
    SOIR = "soir", "Avant ce soir"
    DEMAIN = "demain", "D’ici demain soir"
