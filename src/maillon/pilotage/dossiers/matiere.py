"""The one JSON from which every document of a pack is made: the year, its payments, its acts and its evidence.

The year, its acts and its evidence are those of `arretes.contenu`: as sealed, or as known today. Beside it stand the
terms that no seal holds: ceiling of each year, schedule of payments, money received. No patient, no professional.
"""

from datetime import date, datetime
from typing import Any

from maillon.pilotage.arretes.contenu import build_contenu
from maillon.pilotage.contrats import regles
from maillon.pilotage.contrats.echeances import compute_echeancier
from maillon.pilotage.contrats.models import Contrat, VersementRecu
from maillon.pilotage.contrats.termes import read_rows
from maillon.regles import aci
from maillon.socle.horloge import now, today

from .documents.chiffres import Chiffre, list_chiffres


def build_plafonds(contrat: Contrat, duree: int) -> list[dict[str, Any]]:
    """The ceiling of each contract year, with and without crisis, under the terms of its time."""
    missions, avenants = read_rows(contrat)
    plafonds = []
    for annee in range(1, duree + 1):
        plafond = regles.compute_plafond(contrat, missions, annee, avenants)
        plafonds.append(
            {
                "annee": annee,
                "total": str(plafond.total.valeur),
                "hors_activation": str(plafond.hors_activation.valeur),
                "activation": str(plafond.activation.valeur),
                "a_confirmer": plafond.total.a_confirmer,
            }
        )
    return plafonds


def build_versements(contrat: Contrat, on: date) -> dict[str, Any]:
    """What is surely due on each date over the contract, and what was received.

    What depends on the evaluation or on a crisis has no place in a schedule. Nothing is due when only the total of the
    contract is known.
    """
    echeancier = compute_echeancier(contrat, on)
    versements = echeancier.echeancier.versements if echeancier else ()
    return {
        "echeancier": [_versement(v) for v in versements if v.date is not None and v.certain],
        "recus": [
            {
                "le": recu.le.isoformat(),
                "annee": recu.annee,
                "nature": recu.get_nature_display(),
                "libelle": recu.libelle,
                "euros": str(recu.montant),
            }
            for recu in VersementRecu.objects.filter(contrat=contrat)
        ],
    }


def _versement(versement: aci.Versement) -> dict[str, Any]:
    assert versement.date is not None
    return {
        "le": versement.date.isoformat(),
        "annee": versement.annee_contrat,
        "poste": versement.poste,
        "libelle": versement.libelle,
        "nature": versement.nature.libelle,
        "euros": str(versement.valeur),
        "a_confirmer": versement.statut.a_confirmer,
    }


def assemble(
    *, contrat: Contrat, contenu: dict[str, Any], etabli_le: datetime, arrete: dict[str, str] | None
) -> dict[str, Any]:
    """The whole matter of a pack. `arrete`: the hash and day of the seal, None for a year under way."""
    chiffres = contenu["chiffres"]
    return {
        "communaute": contenu["cpts"],
        "arrete": arrete,
        "au": contenu["au"],
        "close": contenu["au"] >= chiffres["fin"],
        "etabli_le": etabli_le.isoformat(),
        "source": contrat.source,
        "bareme_le": contrat.bareme_le.isoformat(),
        "chiffres": chiffres,
        "actes": contenu["actes"],
        # Lists that say of a person what few may know: no day of them in what the bureau opens.
        "discrets": contenu["discrets"],
        "preuves": contenu["preuves"],
        "plafonds": build_plafonds(contrat, chiffres["duree"]),
        "versements": build_versements(contrat, date.fromisoformat(contenu["au"])),
    }


def list_chiffres_of(contrat: Contrat) -> list[Chiffre]:
    """The figures that a table may ask for, as they are today."""
    annee, _, _ = regles.find_annee(contrat, today())
    contenu = build_contenu(contrat, annee, on=today())
    return list_chiffres(assemble(contrat=contrat, contenu=contenu, etabli_le=now(), arrete=None))
