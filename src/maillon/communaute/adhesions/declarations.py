"""What memberships offer to upper rooms."""

from maillon.socle.declarations import (
    DonneesPersonnelles,
    EntreeMenu,
    SourceAdherents,
    SourceAlertes,
    SourceElementsPersonne,
)

from .adherents import build_adresse_fiche, build_adresse_inviter, list_adherents
from .alertes import list_alertes
from .elements import list_adhesions, list_cotisations, list_mandats
from .permissions import COTISATIONS, GERER_ADHESIONS, MON_ADHESION, VOIR_MEMBRES

MENU = (
    EntreeMenu("Membres", "adhesions_membres", "users", "Communauté", VOIR_MEMBRES, ordre=10),
    EntreeMenu(
        "Candidatures",
        "adhesions_candidatures",
        "user-plus",
        "Communauté",
        GERER_ADHESIONS,
        11,
        sous="adhesions_membres",
    ),
    EntreeMenu(
        "Cotisations", "adhesions_cotisations", "coin-euro", "Communauté", COTISATIONS, 13, sous="adhesions_membres"
    ),
    EntreeMenu("Bureau et CA", "adhesions_mandats", "gavel", "Communauté", VOIR_MEMBRES, 15, sous="adhesions_membres"),
    EntreeMenu(
        "Mon adhésion", "adhesions_mienne", "certificate", "Communauté", MON_ADHESION, 94, sous="adhesions_membres"
    ),
)
ADHERENTS = (SourceAdherents(list_adherents, build_adresse_inviter, build_adresse_fiche),)
ALERTES = (SourceAlertes(list_alertes),)
ELEMENTS_PERSONNE = (
    SourceElementsPersonne("adhesions", "Adhésion", list_adhesions),
    SourceElementsPersonne("mandats", "Mandats", list_mandats),
    SourceElementsPersonne("cotisations", "Cotisations", list_cotisations),
)
EVENEMENTS = (
    ("adhesions.demandee", "Adhésion demandée"),
    ("adhesions.admise", "Adhésion admise"),
    ("adhesions.terminee", "Adhésion terminée"),
    ("adhesions.reprise", "Fin d’adhésion annulée"),
    ("adhesions.college", "Collège d’un membre changé"),
    ("adhesions.college_ecrit", "Collège écrit"),
    ("adhesions.candidature", "Candidature reçue"),
    ("adhesions.candidature_identifiee", "Candidature rapprochée de l’annuaire"),
    ("adhesions.candidature_acceptee", "Candidature acceptée"),
    ("adhesions.candidature_refusee", "Candidature refusée"),
    ("adhesions.candidature_retiree", "Candidature sans suite"),
    ("adhesions.decision_annulee", "Décision annulée"),
    ("adhesions.invitee", "Invitation à adhérer"),
    ("adhesions.rattachement", "Professionnel rattaché à une structure membre"),
    ("adhesions.rattachement_fini", "Professionnel détaché d’une structure membre"),
    ("adhesions.representant", "Représentant d’une structure désigné"),
    ("adhesions.campagne_ouverte", "Campagne de cotisation ouverte"),
    ("adhesions.campagne_modifiee", "Campagne de cotisation corrigée"),
    ("adhesions.campagne_completee", "Campagne de cotisation complétée"),
    ("adhesions.campagne_close", "Campagne de cotisation close"),
    ("adhesions.campagne_rouverte", "Campagne de cotisation rouverte"),
    ("adhesions.cotisation_demandee", "Cotisation demandée"),
    ("adhesions.cotisation_payee", "Cotisation payée"),
    ("adhesions.cotisation_exemptee", "Cotisation exemptée"),
    ("adhesions.reglement_annule", "Paiement de cotisation annulé"),
    ("adhesions.recu_ouvert", "Reçu de cotisation ouvert"),
    ("adhesions.mandat_donne", "Mandat de l’association donné"),
    ("adhesions.mandat_fini", "Mandat de l’association fini"),
)
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "adhesions.Adhesion",
        "Vie de l’association : membres, collèges, dates d’adhésion",
        "Cinq ans après la fin de l’adhésion",
    ),
    DonneesPersonnelles(
        "adhesions.Candidature",
        "Vie de l’association : étudier une candidature",
        "Celle d’un membre, comme son adhésion ; les autres, un an. L’adresse réseau, sous empreinte : un jour",
    ),
    DonneesPersonnelles(
        "adhesions.Rattachement",
        "Vie de l’association : professionnels des structures membres",
        "Cinq ans après la fin de l’adhésion de la structure",
    ),
    DonneesPersonnelles(
        "adhesions.Cotisation",
        "Vie de l’association : ce que doit chaque membre",
        "Dix ans, comme les pièces comptables (code de commerce, art. L123-22)",
    ),
    DonneesPersonnelles(
        "adhesions.Reglement",
        "Vie de l’association : paiements et reçus",
        "Dix ans, comme les pièces comptables (code de commerce, art. L123-22)",
    ),
    DonneesPersonnelles(
        "adhesions.MandatStatutaire",
        "Vie de l’association : qui la dirige, entre quelles dates",
        "Cinq ans après la fin du mandat",
    ),
)
