"""Who a person is in a community or over a territory."""

from django.db import models


class Role(models.TextChoices):
    """Roles held in one community, by a dated mandate."""

    PRESIDENT = "president", "président"
    BUREAU = "bureau", "membre du bureau"
    COORDINATION = "coordination", "coordination"
    INTERLOCUTEUR_SOCIAL = "interlocuteur_social", "interlocuteur social"
    SECRETARIAT = "secretariat", "secrétariat"
    REFERENT_MISSION = "referent_mission", "référent de mission"
    REFERENT_DONNEES = "referent_donnees", "référent des données"
    PROFESSIONNEL = "professionnel", "professionnel de santé"
    PHARMACIEN = "pharmacien", "pharmacien"
    PARTENAIRE = "partenaire", "partenaire"


class RoleTerritorial(models.TextChoices):
    """Roles held over départements or régions, across communities."""

    CPAM = "cpam", "Assurance Maladie (CPAM)"
    ARS = "ars", "agence régionale de santé (ARS)"
    REGULATEUR = "regulateur", "régulateur du centre 15"
    OSNP = "osnp", "opérateur de soins non programmés"


class Mission(models.TextChoices):
    """The missions of a contract, of which a member may be the referent."""

    ACCES = "acces", "accès aux soins"
    PARCOURS = "parcours", "parcours pluriprofessionnels"
    PREVENTION = "prevention", "prévention"
    CRISE = "crise", "réponse aux crises sanitaires"
    QUALITE = "qualite", "qualité et pertinence des soins"
    ACCOMPAGNEMENT = "accompagnement", "accompagnement des professionnels"


class Genre(models.TextChoices):
    """The kinds of actor: what `by=` and `visible_to` take."""

    PUBLIC = "public", "public"
    LIEN = "lien", "lien signé"
    COMPTE = "compte", "compte sans communauté"
    MEMBRE = "membre", "membre"
    AGENT = "agent", "agent"
    MACHINE = "machine", "machine"
    SYSTEME = "systeme", "Maillon"


# What each comes for, in a sentence.
RAISONS: dict[Role | RoleTerritorial, str] = {
    Role.PRESIDENT: "Décider, signer, voir l’argent et les engagements.",
    Role.BUREAU: "Suivre l’année et préparer les décisions.",
    Role.COORDINATION: "Voir ce qui expire, ce qui manque de preuve, qui attend trop longtemps.",
    Role.INTERLOCUTEUR_SOCIAL: "Recueillir, qualifier et faire avancer les demandes.",
    Role.SECRETARIAT: "Saisir les demandes et tenir les listes à jour.",
    Role.REFERENT_MISSION: "Suivre les actes et les indicateurs de sa mission.",
    Role.REFERENT_DONNEES: "Relire qui a consulté quoi, répondre aux personnes.",
    Role.PROFESSIONNEL: "Accepter ou refuser une demande depuis son téléphone.",
    Role.PHARMACIEN: "Orienter une personne sans médecin traitant.",
    Role.PARTENAIRE: "Adresser une personne et suivre ce qu’elle devient.",
    RoleTerritorial.CPAM: "Suivre les contrats et les preuves, sans patient.",
    RoleTerritorial.ARS: "Voir la couverture du territoire et les échéances.",
    RoleTerritorial.REGULATEUR: "Trouver un rendez-vous pour aujourd’hui.",
    RoleTerritorial.OSNP: "Trouver un rendez-vous pour aujourd’hui.",
}

# Offices that one person at a time holds in a community.
OFFICES = (Role.PRESIDENT,)
