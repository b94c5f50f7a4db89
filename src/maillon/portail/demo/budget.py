"""The budget of two communities of the demonstration: a plausible year, wholly fictitious."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from maillon.communaute.actions.models import Action
from maillon.pilotage.budget.donnees import DonneesOperation, DonneesSerie
from maillon.pilotage.budget.enums import EtatOperation
from maillon.pilotage.budget.models import Operation
from maillon.pilotage.budget.permissions import LIRE_MISSION
from maillon.pilotage.budget.services import (
    add_ligne,
    attach_piece,
    create_operation,
    create_serie,
    pay_operation,
    record_reaffectation,
    record_solde,
    save_reglages,
)
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.selectors import find_annee
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.services import store_fichier

from .communautes import Communaute
from .personnes import read_donnees

RECUL = timedelta(days=300)
PIECES = 6  # documents stored: enough to open some, and quick to load


def spend_budget(communaute: Communaute, contrat: Contrat, *, now: datetime) -> None:
    """Enter what the community spends, when the demonstration knows a budget for it."""
    donnees = next((d for d in read_donnees("budgets") if d["cpts"] == communaute.cpts.slug), None)
    if donnees is None:
        return
    on = now.date()
    with use_cpts(communaute.cpts.pk), horloge.at(now):
        cpts_id = communaute.cpts.pk
        save_reglages(cpts_id=cpts_id, seuil_approbation=None, siren="", by=SYSTEME)
        numero, _, fin = find_annee(contrat, on)
        depuis = (on - RECUL).replace(day=1)
        for row in donnees["mensuelles"]:
            _play_serie(contrat, row, depuis=depuis, fin=fin, on=on)
        for rang, row in enumerate(donnees["ponctuelles"]):
            _play_operation(contrat, row, rang, on=on)
        save_reglages(cpts_id=cpts_id, seuil_approbation=Decimal(donnees["seuil"]), siren="", by=SYSTEME)
        for row in donnees["engagees"]:
            le = on + timedelta(days=row["jours"])
            create_operation(cpts_id=cpts_id, donnees=_read(row, le), by=SYSTEME)
        for row in donnees["prevues"]:
            add_ligne(contrat=contrat, annee=numero, by=SYSTEME, **{**row, "prevu": Decimal(row["prevu"])})
        if "reaffectation" in donnees:
            _decide(contrat, donnees["reaffectation"], numero, on)
        record_solde(
            cpts_id=cpts_id,
            le=on - timedelta(days=donnees["solde"]["jours"]),
            montant=Decimal(donnees["solde"]["montant"]),
            source="relevé bancaire fictif de la démonstration",
            by=SYSTEME,
        )


def _play_serie(contrat: Contrat, row: dict[str, Any], *, depuis: date, fin: date, on: date) -> None:
    """Every month until the next anniversary but one; what has passed is paid."""
    serie = create_serie(
        cpts_id=contrat.cpts_id,
        donnees=DonneesSerie(
            poste=row["poste"],
            categorie=row["categorie"],
            libelle=row["libelle"],
            montant=Decimal(row["montant"]),
            jour=row["jour"],
            du=depuis,
            au=min(fin + timedelta(days=366), contrat.periode.upper),
        ),
        by=SYSTEME,
    )
    contenu = f"Pièce fictive de la démonstration de Maillon : {row['libelle']}.\n".encode()
    piece = store_fichier(
        cpts_id=contrat.cpts_id,
        nom=f"{row['categorie']}-{row['poste']}.txt",
        contenu=contenu,
        by=SYSTEME,
        permission=LIRE_MISSION.code,
    )
    # In bulk: the demonstration loads in seconds, and each month was entered the same way.
    Operation.objects.filter(serie=serie, le__lte=on).update(
        etat=EtatOperation.PAYEE, validee_le=horloge.now(), piece=piece
    )


def _play_operation(contrat: Contrat, row: dict[str, Any], rang: int, *, on: date) -> None:
    le = on - timedelta(days=row["jours"])
    operation = create_operation(cpts_id=contrat.cpts_id, donnees=_read(row, le), by=SYSTEME)
    if rang < PIECES:
        contenu = f"Facture fictive de la démonstration de Maillon : {row['libelle']}, {row['montant']} €.\n".encode()
        attach_piece(operation=operation, piece=Piece(f"facture-{operation.reference}.txt", contenu), by=SYSTEME)
    pay_operation(operation=operation, le=le, by=SYSTEME)


def _read(row: dict[str, Any], le: date) -> DonneesOperation:
    return DonneesOperation(
        le=le,
        poste=row["poste"],
        categorie=row["categorie"],
        libelle=row["libelle"],
        montant=Decimal(str(row["montant"])),
        sens=row.get("sens", "depense"),
        tiers=row.get("tiers", ""),
        action=Action.objects.get(titre=row["action"]) if "action" in row else None,
    )


def _decide(contrat: Contrat, row: dict[str, Any], numero: int, on: date) -> None:
    record_reaffectation(
        contrat=contrat,
        annee=numero,
        de=row["de"],
        vers=row["vers"],
        montant=Decimal(row["montant"]),
        decidee_le=on - timedelta(days=row["jours"]),
        texte=row["texte"],
        by=SYSTEME,
    )
