"""What the budget offers to upper rooms: menu, sentences of the home page, personal data, its documents."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from maillon.pilotage.contrats.mentions import SuiteAnnee
from maillon.pilotage.contrats.selectors import resume_annee
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import (
    AccesFichier,
    Alerte,
    DonneesPersonnelles,
    EntreeMenu,
    SourceAlertes,
    SourceElementsAction,
)
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import accorder, compter, format_euros

from . import phrases, selectors
from .liens import find_url_poste
from .permissions import ECRIRE, LIRE, LIRE_MISSION

EVENEMENTS = (
    ("budget.operation_saisie", "Opération saisie"),
    ("budget.operation_modifiee", "Opération corrigée"),
    ("budget.operation_payee", "Opération payée"),
    ("budget.operation_annulee", "Opération annulée"),
    ("budget.operation_retablie", "Opération rétablie"),
    ("budget.operation_contrepassee", "Opération contre-passée"),
    ("budget.operation_approuvee", "Dépense approuvée par le bureau"),
    ("budget.operation_refusee", "Dépense refusée par le bureau"),
    ("budget.piece_jointe", "Pièce jointe à une opération"),
    ("budget.serie_creee", "Dépense mensuelle créée"),
    ("budget.serie_arretee", "Dépense mensuelle arrêtée"),
    ("budget.solde_note", "Solde de banque noté"),
    ("budget.reaffectation", "Réaffectation entre enveloppes"),
    ("budget.ligne_prevue", "Ligne du budget prévue"),
    ("budget.ligne_retiree", "Ligne du budget retirée"),
    ("budget.reglages", "Réglages du budget changés"),
    ("budget.compte", "Compte comptable choisi"),
    ("budget.import_depose", "Fichier d’opérations déposé"),
    ("budget.import_lu", "Colonnes d’un import choisies"),
    ("budget.import_applique", "Opérations importées"),
    ("budget.import_abandonne", "Import d’opérations abandonné"),
    ("budget.exporte", "Budget exporté"),
)
CAISSE_PROCHE = timedelta(days=90)

MENU = (
    EntreeMenu("Budget", "budget:accueil", "wallet", "Pilotage", permission=LIRE_MISSION, ordre=70),
    EntreeMenu("Opération du budget", "budget:operation_nouvelle", "wallet", "Nouveau", permission=ECRIRE, ordre=80),
)

SUITES_ANNEE = (
    SuiteAnnee(
        "Ouvrir le budget",
        "Ce que l’année assure, ce qui est payé, ce qui est engagé.",
        "budget:accueil",
        "wallet",
        LIRE_MISSION,
        50,
    ),
)


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """Envelopes that would not last, cash below zero soon, spending that waits for the bureau, payments without
    document; constant queries."""
    on = timezone.localtime(now).date()
    resume = resume_annee(cpts_id, on)
    if resume is None:
        return []
    budget = selectors.build_budget(resume.annee)
    slug = get_slug(cpts_id)
    page, liste = reverse("budget:accueil", args=[slug]), reverse("budget:operations", args=[slug])
    alertes = [
        Alerte(
            "expire",
            phrases.say_risque(enveloppe, budget, detail=False),
            find_url_poste(slug, enveloppe.poste),
            le=enveloppe.epuisee_le,
            urgente=enveloppe.epuisee_le is not None and enveloppe.epuisee_le <= on,
        )
        for enveloppe in budget.risques
    ]
    caisse = selectors.compute_caisse(budget.annee)
    negatif = caisse.tresorerie.negatif if caisse.tresorerie else None
    if caisse.tresorerie is not None and negatif is not None and negatif.le <= on + CAISSE_PROCHE:
        alertes.append(
            Alerte("expire", phrases.say_caisse(caisse.tresorerie), f"{page}#tresorerie", le=negatif.le, urgente=True)
        )
    operations = selectors.list_operations(cpts_id, for_acteur=acteur)
    attente = list(operations.waiting_approval().values_list("montant", flat=True))
    if attente:
        total = format_euros(sum(attente))
        nombre = f"{compter(len(attente), 'dépense')} {accorder(len(attente), 'attend', 'attendent')}"
        phrase = f"{nombre} l’accord du bureau\u00a0: {total}."
        alertes.append(Alerte("attend", phrase, f"{liste}?accord=oui", nombre=len(attente)))
    nues = list(operations.without_piece().values_list("montant", flat=True))
    if nues:
        phrase = (
            f"{compter(len(nues), 'opération payée', 'opérations payées')} sans pièce\u00a0: {format_euros(sum(nues))}."
        )
        alertes.append(Alerte("preuve", phrase, f"{liste}?sans_piece=oui", nombre=len(nues)))
    return alertes


ALERTES = (SourceAlertes(list_alertes, permission=LIRE),)
ELEMENTS_ACTION = (SourceElementsAction("budget", "Dépenses", selectors.list_elements_action),)
ACCES_FICHIERS = (AccesFichier(LIRE_MISSION, selectors.may_open_fichier),)
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "budget.Operation",
        "Tenir le budget : la personne payée peut être nommée.",
        "Durée du contrat, puis dix ans pour les pièces comptables.",
    ),
    DonneesPersonnelles(
        "budget.Serie",
        "Tenir le budget : la personne payée chaque mois peut être nommée.",
        "Durée du contrat, puis dix ans pour les pièces comptables.",
    ),
)
