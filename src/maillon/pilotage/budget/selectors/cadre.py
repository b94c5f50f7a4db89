"""The settings, the accounts and the balance of a community."""

from datetime import date
from uuid import UUID

from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.selectors import find_annee

from ..comptes import Compte, build_plan
from ..models import CompteComptable, Reglages, SoldeBanque


def get_reglages(cpts_id: UUID) -> Reglages:
    """What the community decided; empty settings before it decides anything."""
    return Reglages.objects.filter(cpts_id=cpts_id).first() or Reglages(cpts_id=cpts_id)


def get_compte_plan(cpts_id: UUID, on: date) -> dict[str, Compte]:
    """The accounts of the accounting export, the community's own first."""
    propres = CompteComptable.objects.filter(cpts_id=cpts_id).values_list("cle", "numero", "libelle")
    return build_plan(on, {cle: (numero, libelle) for cle, numero, libelle in propres})


def get_solde(cpts_id: UUID, on: date) -> SoldeBanque | None:
    """The latest balance of the bank known at `on`."""
    return SoldeBanque.objects.filter(cpts_id=cpts_id, le__lte=on).order_by("-le", "-saisi_le").first()


def list_contrat_annees(contrat: Contrat, on: date) -> list[int]:
    """The contract years that may be planned: those begun, and the next one."""
    courante, _, _ = find_annee(contrat, on)
    duree = contrat.periode.upper.year - contrat.periode.lower.year
    return list(range(1, min(courante + 1, duree) + 1))
