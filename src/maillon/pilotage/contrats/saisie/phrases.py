"""The contract of an entry said in words. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from maillon.regles import aci
from maillon.socle.ui.typographie import compter, format_euros

from ..donnees import DonneesContrat, DonneesIndicateur, DonneesMission
from ..enums import CodeMission, StatutMission
from .verification import find_taille


def say_contrat(donnees: DonneesContrat, *, on: date) -> list[str]:
    """The contract in words."""
    taille = find_taille(donnees)
    habitants = f", {compter(donnees.population, 'habitant')}" if donnees.population else ""
    annees = aci.compute_anniversaires(donnees.signe_le, on=donnees.bareme_le or donnees.signe_le)
    numero = max((n for n in range(1, len(annees)) if on >= annees[n - 1]), default=1)
    phrases = [
        f"Contrat de taille {taille}{habitants}, signé le {donnees.signe_le:%d/%m/%Y} pour {len(annees) - 1} ans, "
        f"jusqu’au {annees[-1]:%d/%m/%Y}.",
        f"Il en est à son année {numero}, du {annees[numero - 1]:%d/%m/%Y} au {annees[numero]:%d/%m/%Y}.",
    ]
    engagees = [m for m in donnees.missions if m.statut != StatutMission.PREVUE]
    prevues = [m for m in donnees.missions if m.statut == StatutMission.PREVUE]
    if engagees:
        phrases.append(f"Missions démarrées : {', '.join(_say_mission(m, donnees) for m in engagees)}.")
    if prevues:
        phrases.append(f"Missions prévues : {', '.join(str(CodeMission(m.code).label) for m in prevues)}.")
    if donnees.indicateurs:
        phrases.append(_say_indicateurs(donnees.indicateurs))
    return phrases


def _say_mission(mission: DonneesMission, donnees: DonneesContrat) -> str:
    return f"{CodeMission(mission.code).label} (le {mission.debut or donnees.signe_le:%d/%m/%Y})"


def _say_indicateurs(indicateurs: Sequence[DonneesIndicateur]) -> str:
    calcules = sum(bool(indicateur.code_declare) for indicateur in indicateurs)
    total = sum((max(p.montant for p in i.paliers) for i in indicateurs), Decimal(0))
    suite = f" ; Maillon en calcule {calcules} à partir de vos actes" if calcules else ""
    return f"{compter(len(indicateurs), 'indicateur')}, {format_euros(total)} au plus par an{suite}."
