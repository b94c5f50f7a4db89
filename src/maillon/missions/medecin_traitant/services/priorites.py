"""What people decide of priorities: a level for one request until a day, the weights that the bureau adopts."""

from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.regles.priorite import Fait, Niveau, PoidsPriorite
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums import MotifPriorite
from ..models import ActionRefusee, DecisionPriorite, Demande, PoidsAdoptes
from ..selectors import is_forcee, last_day_of_decision
from .commun import lock, set_priorite


@transaction.atomic
def force_priorite(
    *, demande_id: UUID, niveau: Niveau, motif: MotifPriorite, jusque: date, precision: str = "", by: Acteur
) -> Demande:
    """Decide the level of an open request until a day, six months at most: lists and the assignment follow it.

    The reason is a code; `precision` is encrypted and shown to the desk only. A second decision replaces the first.
    Raises ActionRefusee for a closed request or a day out of reach.
    """
    demande = lock(demande_id)
    if not demande.is_ouverte:
        raise ActionRefusee(f"La demande {demande.reference} n’est plus ouverte : sa priorité ne compte plus.")
    if not today() <= jusque <= last_day_of_decision():
        raise ActionRefusee("Choisissez un jour à venir, dans les six mois : une priorité décidée se revoit.")
    decision = DecisionPriorite(
        cpts_id=demande.cpts_id, demande=demande, niveau=niveau.value, motif=motif, jusque=jusque, par_id=by.membre_id
    )
    decision.write_texte(precision.strip())
    decision.save(force_insert=True)
    demande.niveau_impose, demande.niveau_impose_jusque = niveau.value, jusque
    set_priorite(demande)
    demande.save()
    journal.record("medecin_traitant.priorite_decidee", demande, by=by, niveau=niveau.value, motif=str(motif))
    return demande


@transaction.atomic
def release_priorite(*, demande_id: UUID, by: Acteur) -> Demande:
    """Give a request back to the rule. Without a decision in force, nothing changes."""
    demande = lock(demande_id)
    if not is_forcee(demande, on=today()):
        return demande
    DecisionPriorite.objects.create(cpts_id=demande.cpts_id, demande=demande, par_id=by.membre_id)
    demande.niveau_impose, demande.niveau_impose_jusque = "", None
    set_priorite(demande)
    demande.save()
    journal.record("medecin_traitant.priorite_rendue", demande, by=by)
    return demande


@transaction.atomic
def adopt_poids(*, cpts_id: UUID, poids: PoidsPriorite, decision: str, by: Acteur) -> PoidsAdoptes:
    """Record the weights that the bureau decided, from `poids.depuis` (today or later) on; former ones stay readable.

    `decision` says where it was decided. Open requests are counted again by a job, the same day.
    """
    if poids.depuis < today():
        raise ActionRefusee("Les points s’appliquent aujourd’hui ou plus tard : le passé ne se recalcule pas.")
    if not decision.strip():
        raise ActionRefusee("Dites quelle réunion l’a décidé, et quand.")
    adoptes = PoidsAdoptes.objects.create(
        cpts_id=cpts_id,
        depuis=poids.depuis,
        decision=decision.strip(),
        points={fait.value: poids.points[fait] for fait in Fait if fait is not Fait.ATTENTE},
        jours_par_point=poids.jours_par_point,
        attente_maximum=poids.attente_maximum,
        seuil_moyenne=poids.seuil_moyenne,
        seuil_haute=poids.seuil_haute,
        par_id=by.membre_id,
    )
    journal.record("medecin_traitant.poids_adoptes", adoptes, by=by, depuis=poids.depuis.isoformat())
    enqueue("medecin_traitant.priorites", cpts_id=cpts_id, once=f"medecin_traitant.priorites:{cpts_id}")
    return adoptes
