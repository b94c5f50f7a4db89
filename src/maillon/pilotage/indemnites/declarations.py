"""What pay offers to upper rooms."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from maillon.communaute.personnes.selectors import get_personne_of
from maillon.regles import indemnites as regles
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import (
    AccesFichier,
    Alerte,
    DonneesPersonnelles,
    ElementAction,
    ElementPersonne,
    EntreeMenu,
    SourceAlertes,
    SourceDepenses,
    SourceElementsAction,
    SourceElementsPersonne,
)
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import accorder, compter, format_delai

from .enums import Etat
from .models import Declaration
from .permissions import APPROUVER, DECLARER, LIRE, PAYER, SUIVRE, VERIFIER
from .phrases import say_gardes_sans_tarif, say_sans_situation
from .selectors.annees import count_sans_situation, get_situation, list_proches
from .selectors.approbation import count_attentes, list_elements, list_of_personne, may_open_fichier
from .selectors.paiements import find_attentes, list_depenses, may_open_campagne
from .selectors.tarifs import FENETRE, count_gardes_sans_tarif, list_finissantes

EVENEMENTS = (
    ("indemnites.declaree", "Participation déclarée"),
    ("indemnites.proposee", "Participations proposées depuis les présences"),
    ("indemnites.confirmee", "Participation confirmée"),
    ("indemnites.ecartee", "Participation écartée"),
    ("indemnites.corrigee", "Participation ou frais corrigés"),
    ("indemnites.verifiee", "Participation ou frais vérifiés"),
    ("indemnites.approuvee", "Participation ou frais approuvés"),
    ("indemnites.refusee", "Participation ou frais refusés"),
    ("indemnites.contrepassee", "Participation ou frais contre-passés"),
    ("indemnites.frais_declares", "Frais déclarés"),
    ("indemnites.situation", "Situation de l’année déclarée (autres CPTS)"),
    ("indemnites.tarif", "Tarif décidé"),
    ("indemnites.tarif_clos", "Tarif, barème ou convention clos"),
    ("indemnites.calcul", "Calcul par profession enregistré"),
    ("indemnites.bareme", "Barème kilométrique décidé"),
    ("indemnites.convention", "Convention d’employeur enregistrée"),
    ("indemnites.lien_envoye", "Lien de déclaration envoyé"),
    ("indemnites.etat", "Relevé, récapitulatif ou attestation produit"),
    ("indemnites.compte_bancaire", "Compte bancaire enregistré"),
    ("indemnites.campagne", "Campagne de paiement préparée"),
    ("indemnites.campagne_emise", "Fichier de virements produit"),
    ("indemnites.campagne_annulee", "Campagne de paiement annulée"),
    ("indemnites.virement_ecarte", "Virement écarté de la campagne"),
    ("indemnites.virement_remis", "Virement remis dans la campagne"),
    ("indemnites.virement_paye", "Virement payé"),
    ("indemnites.virement_rejete", "Virement rejeté par la banque"),
)
FIN_PROCHE = timedelta(days=60)
COMPTABLE = "Dix ans (pièces comptables)"
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "indemnites.Declaration", "Payer les membres : qui a participé à quoi, pour combien", COMPTABLE
    ),
    DonneesPersonnelles("indemnites.Frais", "Rembourser les frais des membres, avec leurs justificatifs", COMPTABLE),
    DonneesPersonnelles("indemnites.CompteBancaire", "Payer les membres : IBAN chiffrés", COMPTABLE),
    DonneesPersonnelles("indemnites.Virement", "Payer les membres : virements, payés ou rejetés", COMPTABLE),
    DonneesPersonnelles("indemnites.LignePayee", "Payer les membres : ce que chaque virement paie", COMPTABLE),
    DonneesPersonnelles(
        "indemnites.SituationAnnuelle", "Tenir le plafond annuel : ce qu’une autre CPTS verse à la personne", COMPTABLE
    ),
)

MENU = (
    EntreeMenu("Mes indemnités", "indemnites:miennes", "coin-euro", "Communauté", permission=DECLARER, ordre=66),
    EntreeMenu("Indemnités", "indemnites:accueil", "coin-euro", "Pilotage", permission=SUIVRE, ordre=75),
    EntreeMenu(
        "Participation à déclarer", "indemnites:declarer", "coin-euro", "Nouveau", permission=DECLARER, ordre=85
    ),
)


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """What waits for my check or my agreement, who is near the cap, who has not answered; constant queries."""
    annee = timezone.localtime(now).year
    slug = get_slug(cpts_id)
    page = reverse("indemnites:accueil", args=[slug])
    alertes = []
    for etat, permission, geste in (
        (Etat.DECLAREE, VERIFIER, "votre vérification"),
        (Etat.VERIFIEE, APPROUVER, "votre accord"),
    ):
        if acteur.can(permission) and (n := count_attentes(acteur, etat)):
            gens = compter(n, "indemnité ou note de frais", "indemnités ou notes de frais")
            phrase = f"{gens} {accorder(n, 'attend', 'attendent')} {geste}."
            alertes.append(Alerte("attend", phrase, page, nombre=n))
    if acteur.can(LIRE):
        if sans := count_sans_situation(cpts_id, annee):
            alertes.append(Alerte("attend", say_sans_situation(sans), page, nombre=sans))
        for personne, compte in list_proches(cpts_id, annee)[:5]:
            url = reverse("indemnites:personne", args=[slug, personne.pk])
            depasse = compte.compte.alerte in (regles.Alerte.ATTEINT, regles.Alerte.DEPASSE)
            mot = "atteint" if depasse else "approche"
            phrase = f"{personne} {mot} le plafond annuel des indemnités de {annee}."
            alertes.append(Alerte("expire", phrase, url, urgente=depasse))
        on = timezone.localtime(now).date()
        if sans := count_gardes_sans_tarif(cpts_id, on - FENETRE, on):
            alertes.append(
                Alerte("attend", say_gardes_sans_tarif(sans), reverse("indemnites:tarifs", args=[slug]), nombre=sans)
            )
        for convention in list_finissantes(cpts_id, on, on + FIN_PROCHE):
            fin = convention.periode.upper
            phrase = f"La convention d’employeur avec {convention.structure} finit {format_delai(fin, today=on)}."
            alertes.append(Alerte("expire", phrase, reverse("indemnites:tarifs", args=[slug]), le=fin))
    return alertes


def list_miennes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """What waits for my own word: attendance to confirm, the question of the year; constant queries."""
    personne = get_personne_of(acteur)
    if personne is None:
        return []
    annee = timezone.localtime(now).year
    slug = get_slug(cpts_id)
    page = reverse("indemnites:miennes", args=[slug])
    lignes = Declaration.objects.filter(cpts_id=cpts_id, personne=personne)
    alertes = []
    if n := lignes.filter(etat=Etat.PROPOSEE).count():
        phrase = f"{compter(n, 'présence', 'présences')} à confirmer pour être {accorder(n, 'payée', 'payées')}."
        alertes.append(Alerte("attend", phrase, page, nombre=n))
    if lignes.en_cours().of_annee(annee).exists() and get_situation(personne.pk, annee) is None:
        phrase = f"Dites si une autre CPTS vous paie en {annee}\u00a0: rien ne peut être approuvé avant."
        alertes.append(Alerte("attend", phrase, page))
    return alertes


def list_paiements(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """Runs that wait for their file or for the bank, transfers to make again; constant queries."""
    attentes = find_attentes(cpts_id, now=now)
    slug = get_slug(cpts_id)
    alertes = []
    for campagnes, dit in (
        (attentes.a_envoyer, "attend son fichier de virements."),
        (attentes.a_rapprocher, "n’est pas encore notée payée : déposez le relevé de la banque."),
    ):
        alertes += [
            Alerte("attend", f"La campagne {c.reference} {dit}", reverse("indemnites:campagne", args=[slug, c.pk]))
            for c in campagnes
        ]
    if n := attentes.a_refaire:
        rejets = compter(n, "virement rejeté", "virements rejetés")
        phrase = f"{rejets} par la banque {accorder(n, 'est', 'sont')} à refaire."
        url = reverse("indemnites:campagnes", args=[slug])
        alertes.append(Alerte("attend", phrase, url, nombre=n, urgente=True))
    return alertes


def list_elements_action(cpts_id: UUID, action_id: UUID, acteur: Acteur) -> list[ElementAction]:
    """What an action costs in participations and expenses, each without a name."""
    slug = get_slug(cpts_id)
    return list_elements(action_id, acteur, slug)


def list_elements_personne(cpts_id: UUID, personne_id: UUID, acteur: Acteur) -> list[ElementPersonne]:
    """What was lately asked for or approved for a person; nothing for who does not read the pay of the community."""
    if not acteur.can(LIRE):
        return []
    return list_of_personne(personne_id, acteur, get_slug(cpts_id))


ALERTES = (
    SourceAlertes(list_alertes, permission=SUIVRE),
    SourceAlertes(list_miennes, permission=DECLARER),
    SourceAlertes(list_paiements, permission=PAYER),
)
ACCES_FICHIERS = (AccesFichier(DECLARER, may_open_fichier), AccesFichier(PAYER, may_open_campagne))
DEPENSES = (SourceDepenses("indemnites", "Indemnités, rémunérations et frais", list_depenses),)
ELEMENTS_PERSONNE = (SourceElementsPersonne("indemnites", "Indemnités et rémunérations", list_elements_personne),)
ELEMENTS_ACTION = (SourceElementsAction("indemnites", "Indemnités et frais", list_elements_action),)
