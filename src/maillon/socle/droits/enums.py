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


class Genre(models.TextChoices):
    """The kinds of actor: what `by=` and `visible_to` take."""

    PUBLIC = "public", "public"
    LIEN = "lien", "lien signé"
    COMPTE = "compte", "compte sans communauté"
    MEMBRE = "membre", "membre"
    AGENT = "agent", "agent"
    MACHINE = "machine", "machine"
    SYSTEME = "systeme", "Maillon"


# Offices that one person at a time holds in a community.
OFFICES = (Role.PRESIDENT,)
