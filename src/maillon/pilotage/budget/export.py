"""What leaves the budget in files. Each leaves its trace in the journal."""

from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from .fec import build_lignes, name_fec, write_fec
from .lignes_import import CHAMPS
from .models import Operation
from .selectors import get_compte_plan, get_reglages, list_operations, list_paiements
from .tableur import write_classeur


@transaction.atomic
def export_classeur(*, cpts_id: UUID, by: Acteur) -> bytes:
    """Every operation that the person may read, under the heads that an import recognises."""
    operations = list(list_operations(cpts_id, for_acteur=by).select_related("contrepasse").order_by("le", "reference"))
    journal.record("budget.exporte", get_reglages(cpts_id), by=by, format="xlsx", lignes=len(operations))
    return write_classeur("operations", [noms[0] for noms in CHAMPS.values()], [_ligne(o) for o in operations])


def _ligne(operation: Operation) -> list[object]:
    return [
        operation.reference,
        operation.le,
        operation.get_sens_display(),
        operation.get_etat_display(),
        operation.get_poste_display(),
        operation.get_categorie_display(),
        operation.libelle,
        operation.tiers,
        operation.montant,
        "oui" if operation.recurrente else "non",
        operation.contrepasse.reference if operation.contrepasse else "",
    ]


@transaction.atomic
def export_fec(*, cpts: Cpts, debut: date, cloture: date, by: Acteur) -> tuple[str, bytes]:
    """The name and the content of the file of entries of a year."""
    reglages = get_reglages(cpts.pk)
    lignes = build_lignes(list_paiements(cpts.pk, debut, cloture), get_compte_plan(cpts.pk, cloture))
    journal.record("budget.exporte", reglages, by=by, format="fec", lignes=len(lignes), cloture=cloture.isoformat())
    return name_fec(reglages.siren or cpts.slug, cloture), write_fec(lignes)
