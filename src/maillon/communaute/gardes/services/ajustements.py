"""A duty is given to somebody, or taken from them, by hand: at once a draft, or official when the roster is published.
The rules are checked first; who builds the roster may go beyond them, knowingly, never beyond what the database
refuses."""

from uuid import UUID

from django.db import transaction

from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.ui.typographie import format_date

from ..enums import EtatGarde, EtatTableau, OrigineGarde
from ..models import ActionRefusee, Garde, Participant, Passation, Poste, Tableau
from ..selectors.empechements import Registre, list_empechements
from ..selectors.probleme import build_probleme, list_affectations
from .commun import close_call, find_place, lock_professionnels, lock_tableau, lock_tableau_of, refuse_in_french
from .envois import tell_changement

PAS_LA = "Les gardes se placent quand les vœux sont clos."


@transaction.atomic
def assign_garde(
    *,
    poste_id: UUID,
    participant_id: UUID,
    by: Acteur,
    origine: OrigineGarde = OrigineGarde.MAIN,
    malgre: bool = False,
) -> Garde:
    """Give a free place of a shift to somebody; who is already on it stays. Raises ActionRefusee with every rule that
    it would break, unless `malgre`."""
    tableau = lock_tableau(Poste.objects.values_list("tableau", flat=True).get(pk=poste_id))
    poste = Poste.objects.get(pk=poste_id)
    participant = Participant.objects.select_related("personne", "professionnel").get(
        pk=participant_id, tableau=tableau
    )
    if tableau.etat not in (EtatTableau.CALCUL, EtatTableau.PUBLIE):
        raise ActionRefusee(PAS_LA)
    held = Garde.objects.vivantes().filter(poste=poste, participant=participant).first()
    if held is not None:
        return held
    raisons = check_regles(tableau, participant, poste)
    if raisons and not malgre:
        raise ActionRefusee(f"{raisons}.")
    garde = write_garde(tableau, poste, participant, origine=origine)
    journal.record("gardes.garde_donnee", garde, by=by, origine=str(origine), malgre=bool(raisons))
    if garde.etat == EtatGarde.PUBLIEE:
        close_call(poste, by=by)
        tell_changement(tableau, [participant])
    return garde


def check_regles(tableau: Tableau, participant: Participant, poste: Poste, *, contre: Poste | None = None) -> str:
    """The rules that somebody would break by taking a shift, leaving another one if they give it (`contre`), as one
    text; empty when they may. Of a published roster, the professional is held until the transaction ends: the limits
    count all that they hold, and two rosters could otherwise give at once what only one may."""
    if tableau.etat == EtatTableau.PUBLIE:
        lock_professionnels([participant.professionnel_id])
    registre = Registre.build(build_probleme(tableau), list_affectations(tableau))
    return "\u00a0; ".join(list_empechements(registre, participant.pk, poste.pk, sauf=[contre.pk] if contre else ()))


def write_garde(tableau: Tableau, poste: Poste, participant: Participant, *, origine: OrigineGarde) -> Garde:
    """The row, draft or official as the roster is. Raises ActionRefusee when the database refuses it."""
    officiel = tableau.etat == EtatTableau.PUBLIE
    if officiel:
        lock_professionnels([participant.professionnel_id])
    with refuse_in_french():
        garde = Garde.objects.create(
            cpts_id=tableau.cpts_id,
            tableau=tableau,
            poste=poste,
            place=find_place(poste),
            participant=participant,
            professionnel_id=participant.professionnel_id,
            debut=poste.debut,
            fin=poste.fin,
            etat=EtatGarde.PUBLIEE if officiel else EtatGarde.PROJET,
            origine=origine,
            publiee_le=now() if officiel else None,
        )
    # What was left for who gave this place up is for who holds it now.
    left = Passation.objects.filter(suivante__poste=poste, suivante__etat=EtatGarde.RETIREE, lue_le=None)
    left.update(suivante=garde)
    return garde


@transaction.atomic
def withdraw_garde(*, garde_id: UUID, by: Acteur) -> Garde:
    """Take a duty from somebody: a draft disappears, an official one is withdrawn and the person is told.

    Raises ActionRefusee for a duty that has begun.
    """
    tableau, garde = lock_tableau_of(garde_id)
    if garde.etat == EtatGarde.PROJET:
        journal.record("gardes.garde_reprise", garde, by=by)
        garde.delete()
        return garde
    end_garde(garde)
    journal.record("gardes.garde_reprise", garde, by=by)
    tell_changement(tableau, [garde.participant])
    return garde


def end_garde(garde: Garde, *, remplacee_par: Garde | None = None) -> None:
    """Withdraw an official duty that has not begun."""
    if garde.debut <= now():
        raise ActionRefusee(
            f"Cette garde de {format_date(garde.debut)} a commencé\u00a0: dites après coup si elle a été tenue."
        )
    garde.move_to(EtatGarde.RETIREE)
    garde.remplacee_par = remplacee_par
    garde.save(update_fields=["etat", "sequence", "remplacee_par"])
    garde.echanges.filter(etat="propose").update(etat="retire", repondu_le=now())
    garde.echanges_demandes.filter(etat="propose").update(etat="retire", repondu_le=now())
