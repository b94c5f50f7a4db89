"""The one JSON from which every document of a pack is made: the year, its payments, its acts and its evidence.

The year, its acts and its evidence are those of `arretes.contenu`: as sealed, or as known today. Beside it stand the
terms that no seal holds: ceiling of each year, schedule of payments, money received. No patient, no professional.
"""

from datetime import datetime
from typing import Any

from maillon.pilotage.arretes.contenu import build_contenu
from maillon.pilotage.contrats import regles
from maillon.pilotage.contrats.models import Contrat, MissionContrat, VersementRecu
from maillon.regles import aci
from maillon.regles.parametres import Statut
from maillon.socle.horloge import now, today

from .documents.chiffres import Chiffre, list_chiffres


def build_plafonds(contrat: Contrat, missions: list[MissionContrat], duree: int) -> list[dict[str, Any]]:
    """The ceiling of each contract year, with and without crisis."""
    plafonds = []
    for annee in range(1, duree + 1):
        plafond = regles.compute_plafond(contrat, missions, annee)
        plafonds.append(
            {
                "annee": annee,
                "total": str(plafond.total.valeur),
                "hors_activation": str(plafond.hors_activation.valeur),
                "activation": str(plafond.activation.valeur),
                "a_confirmer": plafond.total.statut is Statut.MEMOIRE,
            }
        )
    return plafonds


def build_versements(contrat: Contrat, missions: list[MissionContrat]) -> dict[str, Any]:
    """What is due on each date over the contract, and what was received."""
    return {
        "echeancier": [_versement(versement) for versement in _list_versements(contrat, missions)],
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


def _list_versements(contrat: Contrat, missions: list[MissionContrat]) -> tuple[aci.Versement, ...]:
    """Missions not yet started are due nothing. Empty when the contract is only known by its total."""
    echeancier = regles.compute_versements(contrat, missions, contrat.avenants.prefetch_related("missions"))
    return echeancier.versements if echeancier else ()


def _versement(versement: aci.Versement) -> dict[str, Any]:
    assert versement.date is not None  # fixed parts are due on known days
    return {
        "le": versement.date.isoformat(),
        "annee": versement.annee_contrat,
        "poste": versement.poste,
        "libelle": versement.libelle,
        "nature": versement.nature.libelle,
        "euros": str(versement.montant.valeur),
        "a_confirmer": versement.montant.statut is Statut.MEMOIRE,
    }


def assemble(
    *, contrat: Contrat, contenu: dict[str, Any], etabli_le: datetime, arrete: dict[str, str] | None
) -> dict[str, Any]:
    """The whole matter of a pack. `arrete`: the hash and day of the seal, None for a year under way."""
    missions = sorted(contrat.missions.all(), key=lambda m: list(aci.Mission).index(aci.Mission(m.mission)))
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
        "preuves": contenu["preuves"],
        "plafonds": build_plafonds(contrat, missions, chiffres["duree"]),
        "versements": build_versements(contrat, missions),
    }


def list_chiffres_of(contrat: Contrat) -> list[Chiffre]:
    """The figures that a table may ask for, as they are today."""
    annee, _, _ = regles.find_annee(contrat, today())
    contenu = build_contenu(contrat, annee, on=today())
    return list_chiffres(assemble(contrat=contrat, contenu=contenu, etabli_le=now(), arrete=None))
