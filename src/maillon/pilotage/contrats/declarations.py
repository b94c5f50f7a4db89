"""What steering offers to upper rooms: menu, sentences of the home page, personal data."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import (
    AccesFichier,
    Alerte,
    Cible,
    DonneesPersonnelles,
    EntreeMenu,
    SourceAlertes,
    SourceCibles,
)
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import compter

from .catalogue import find_retards, say_retards
from .enums import EtatContrat
from .permissions import LIRE, LIRE_MISSION
from .registre import may_open_fichier
from .regles import is_in_force
from .selectors import get_contrat, resume_annee, say_lacunes, say_prochain

EVENEMENTS = (
    ("pilotage.contrat_saisi", "Contrat saisi"),
    ("pilotage.avenant_signe", "Avenant enregistré"),
    ("pilotage.versement_recu", "Versement reçu enregistré"),
    ("pilotage.versement_retire", "Versement reçu retiré"),
    ("pilotage.decision_de_paiement", "Décision de paiement enregistrée"),
    ("pilotage.contrat_resilie", "Contrat résilié"),
    ("pilotage.contrat_clos", "Contrat arrivé à son terme"),
    ("pilotage.contrat_renouvele", "Contrat suivant préparé"),
    ("pilotage.contrat_en_vigueur", "Contrat mis en vigueur"),
    ("pilotage.mission_demarree", "Mission démarrée"),
    ("pilotage.mission_deployee", "Mission déployée"),
    ("pilotage.valeur_declare", "Valeur d’indicateur déclarée"),
    ("pilotage.valeur_certifie", "Valeur d’indicateur certifiée"),
    ("pilotage.preuve_jointe", "Justificatif joint"),
    ("pilotage.fiche_completee", "Fiche d’indicateur complétée"),
    ("pilotage.preuve_remplacee", "Nouvelle version d’un justificatif"),
    ("pilotage.preuve_retiree", "Justificatif retiré"),
    ("pilotage.justificatifs_exportes", "Registre des justificatifs exporté"),
    ("pilotage.saisie_commencee", "Saisie du contrat commencée"),
    ("pilotage.saisie_modifiee", "Saisie du contrat poursuivie"),
    ("pilotage.saisie_enregistree", "Saisie du contrat enregistrée"),
    ("pilotage.saisie_abandonnee", "Saisie du contrat abandonnée"),
)
RUBRIQUE = "Pilotage"
FIN_PROCHE = 60  # days before the anniversary from which its end is said
PALIER_PROCHE = Decimal("0.1")  # share of the threshold that still lacks

MENU = (
    EntreeMenu(
        "L’année", "pilotage:annee", "report-money", RUBRIQUE, permission=LIRE_MISSION, ordre=60, telephone=True
    ),
    EntreeMenu("Les indicateurs", "pilotage:indicateurs", "chart-bar", RUBRIQUE, permission=LIRE_MISSION, ordre=62),
    EntreeMenu("Justificatifs", "pilotage:justificatifs", "paperclip", RUBRIQUE, permission=LIRE_MISSION, ordre=64),
    EntreeMenu("Le contrat", "pilotage:contrat", "signature", RUBRIQUE, permission=LIRE, ordre=66),
)


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """The end of the year, what lacks evidence, the nearest tier; constant queries."""
    resume = resume_annee(cpts_id, timezone.localtime(now).date())
    if resume is None:
        return []
    annee = resume.annee
    slug = get_slug(cpts_id)
    page = reverse("pilotage:annee", args=[slug])
    alertes = []
    if 0 < annee.jours_restants <= FIN_PROCHE:
        alertes.append(
            Alerte(
                "expire",
                f"L’année {annee.annee.numero} du contrat finit dans {compter(annee.jours_restants, 'jour')}.",
                page,
                le=annee.annee.fin,
                urgente=annee.jours_restants <= 30,
            )
        )
    for prochain in resume.prochains[:1] if annee.jours_restants <= FIN_PROCHE else ():
        seuil = prochain.seuil or Decimal(1)
        if prochain.distance is not None and prochain.distance <= max(Decimal(1), seuil * PALIER_PROCHE):
            url = reverse("pilotage:indicateur", args=[slug, prochain.indicateur.pk])
            alertes.append(Alerte("expire", say_prochain(prochain), url, le=annee.annee.fin))
    if retards := find_retards(annee):
        url = reverse("pilotage:indicateurs", args=[slug]) + "?etat=retard"
        alertes.append(Alerte("attend", say_retards(retards), url, nombre=len(retards)))
    if resume.lacunes:
        nombre = sum(lacune.nombre for lacune in resume.lacunes)
        manquants = reverse("pilotage:manquants", args=[slug])
        alertes.append(Alerte("preuve", say_lacunes(resume.lacunes), manquants, nombre=nombre))
    return alertes


def list_cibles(cpts_id: UUID) -> list[Cible]:
    """The indicators of the contract in force, those of its annex today; three queries."""
    contrat = get_contrat(cpts_id)
    if contrat is None or contrat.etat != EtatContrat.ACTIF:
        return []
    le = today()
    return [Cible(i.code, i.libelle, i.mission) for i in contrat.indicateurs.all() if is_in_force(i, le)]


CIBLES = (SourceCibles(list_cibles),)

ACCES_FICHIERS = (AccesFichier(LIRE_MISSION, may_open_fichier),)

ALERTES = (SourceAlertes(list_alertes, permission=LIRE),)

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "pilotage.Preuve",
        "Prouver ce que le contrat paie : émargements, comptes rendus, conventions.",
        "Durée du contrat, puis cinq ans pour le contrôle des sommes versées.",
    ),
    DonneesPersonnelles(
        "pilotage.RetraitPreuve",
        "Dire pourquoi un justificatif joint ne prouve plus rien.",
        "Comme le justificatif.",
    ),
    DonneesPersonnelles(
        "pilotage.ContratSigne",
        "Savoir qui a signé le contrat pour chaque partie.",
        "Durée du contrat, puis cinq ans pour le contrôle des sommes versées.",
    ),
    DonneesPersonnelles(
        "pilotage.BrouillonContrat",
        "Garder la saisie du contrat d’un jour à l’autre : noms des signataires, libellés saisis.",
        "Jusqu’à l’enregistrement ou l’abandon, qui vident la saisie.",
    ),
)
