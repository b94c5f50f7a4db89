"""Completing what an indicator says of itself and which acts feed it: never its tiers nor its euros, which only an
avenant changes."""

from django.db import transaction

from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from ..actes import find_declare
from ..enums import Periodicite
from ..models import Indicateur
from .suites import request_releve


@transaction.atomic
def complete_fiche(
    *,
    indicateur: Indicateur,
    definition: str,
    preuve_demandee: str,
    periodicite: str,
    code_declare: str | None = None,
    by: Acteur,
) -> Indicateur:
    """Write the definition, the evidence asked for, the periodicity and the figure of Maillon that feeds it (None
    leaves it). Raises SaisieInvalide for a periodicity or a figure that does not exist.

    The same texts written twice change nothing.
    """
    if periodicite not in Periodicite.values:
        raise SaisieInvalide(f"La périodicité « {periodicite} » n’existe pas.")
    voulus = {"definition": definition, "preuve_demandee": preuve_demandee, "periodicite": periodicite}
    if code_declare is not None and code_declare != indicateur.code_declare:
        voulus["code_declare"] = code_declare
        if code_declare and find_declare(Indicateur(code=indicateur.code, code_declare=code_declare)) is None:
            raise SaisieInvalide(f"Maillon ne connaît pas le chiffre « {code_declare} ».")
    changes = [champ for champ, valeur in voulus.items() if getattr(indicateur, champ) != valeur]
    if not changes:
        return indicateur
    for champ in changes:
        setattr(indicateur, champ, voulus[champ])
    indicateur.save(update_fields=changes)
    journal.record("pilotage.fiche_completee", indicateur, by=by, champs=",".join(changes))
    request_releve(indicateur.cpts_id)
    return indicateur
