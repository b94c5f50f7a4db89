"""Completing what an indicator says of itself: never its tiers nor its euros, which only an avenant changes."""

from django.db import transaction

from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from ..enums import Periodicite
from ..models import Indicateur
from .suites import request_releve


@transaction.atomic
def complete_fiche(
    *, indicateur: Indicateur, definition: str, preuve_demandee: str, periodicite: str, by: Acteur
) -> Indicateur:
    """Write the definition, the evidence asked for and the periodicity. Raises SaisieInvalide for the last one.

    The same texts written twice change nothing.
    """
    if periodicite not in Periodicite.values:
        raise SaisieInvalide(f"La périodicité « {periodicite} » n’existe pas.")
    voulus = {"definition": definition, "preuve_demandee": preuve_demandee, "periodicite": periodicite}
    changes = [champ for champ, valeur in voulus.items() if getattr(indicateur, champ) != valeur]
    if not changes:
        return indicateur
    for champ in changes:
        setattr(indicateur, champ, voulus[champ])
    indicateur.save(update_fields=changes)
    journal.record("pilotage.fiche_completee", indicateur, by=by, champs=",".join(changes))
    request_releve(indicateur.cpts_id)
    return indicateur
