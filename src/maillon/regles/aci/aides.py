"""Aids of the ARS, outside the ACI."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from maillon.regles.aci.bareme import load_bareme
from maillon.regles.aci.types import Montant
from maillon.regles.erreurs import SaisieInvalide


def compute_aide_demarrage(*, on: date, nombre: int = 1) -> Montant:
    """Start-up aid of the ARS for ``nombre`` communities, in euros (press documents of 2019, 2022 and 2023)."""
    if nombre < 0:
        raise SaisieInvalide(f"Le nombre de CPTS ne peut pas être « {nombre} ».")
    unitaire = Montant.of_bareme(
        load_bareme()["aide_demarrage_ars"].at(on).get(), libelle="Aide de l’ARS au démarrage d’une CPTS"
    )
    if nombre == 1:
        return unitaire
    return unitaire.derive(
        unitaire.valeur * Decimal(nombre),
        libelle=f"Aide de l’ARS au démarrage de {nombre} CPTS",
        regle=f"{nombre} fois l’aide d’une CPTS.",
    )
