"""Calls to the person or the carer: each is logged, and says when the next one is made."""

from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.suivi import Issue as IssueRegle
from maillon.regles.suivi import compute_rappel
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import APPELS, EtatTache, IssueAppel, Personne, Quoi
from ..models import ActionRefusee, AppelTelephonique, Demande, TacheGuichet
from .commun import lock
from .taches import note_tache


@transaction.atomic
def record_appel(
    *,
    demande_id: UUID,
    issue: IssueAppel,
    vers: Personne = Personne.PATIENT,
    rappeler_le: date | None = None,
    by: Acteur,
) -> AppelTelephonique:
    """Log a call made for a request that somebody follows, and move its next date as the outcome says.

    Where the next step is not a call (a doctor's answer is awaited), the next call is a task. Raises ActionRefusee
    when nobody follows the request any more, or without a day for « rappeler ».
    """
    demande = lock(demande_id)
    if not demande.is_suivie:
        raise ActionRefusee(f"La demande {demande.reference} est terminée : rouvrez-la pour y noter un appel.")
    try:
        jour = compute_rappel(IssueRegle(issue), on=today(), choisi=rappeler_le)
    except SaisieInvalide as error:
        raise ActionRefusee(str(error)) from error
    appel = AppelTelephonique(
        cpts_id=demande.cpts_id,
        demande=demande,
        par_id=by.membre_id,
        vers=vers,
        issue=issue,
        rappeler_le=None if issue == IssueAppel.JOINT else jour,
        action_avant=demande.prochaine_action,
        date_avant=demande.prochaine_date,
    )
    journal.record("medecin_traitant.appelee", demande, by=by, issue=str(issue), vers=str(vers))
    _plan_next(demande, appel, jour, by=by)
    appel.save(force_insert=True)
    return appel


def _plan_next(demande: Demande, appel: AppelTelephonique, jour: date, *, by: Acteur) -> None:
    if demande.prochaine_action in APPELS:
        demande.prochaine_date = jour
        demande.save()
    elif appel.issue != IssueAppel.JOINT:
        appel.tache = note_tache(demande, quoi=Quoi.RAPPELER, echeance=jour, by=by)


@transaction.atomic
def cancel_appel(*, appel_id: UUID, by: Acteur) -> AppelTelephonique:
    """Take back a call noted by mistake: the next date is again what it was, unless something else moved it since."""
    demande = lock(AppelTelephonique.objects.only("demande_id").get(pk=appel_id).demande_id)
    appel = AppelTelephonique.objects.select_for_update().get(pk=appel_id)
    if appel.annule_le is not None:
        return appel
    latest = demande.appels.filter(annule_le=None).order_by("-le", "-id").first()
    appel.annule_le = now()
    appel.save(update_fields=["annule_le"])
    untouched = demande.prochaine_action == appel.action_avant and latest is not None and latest.pk == appel.pk
    if demande.is_suivie and untouched and appel.action_avant in APPELS:
        demande.prochaine_date = appel.date_avant
        demande.save()
    if appel.tache_id:
        own = TacheGuichet.objects.filter(pk=appel.tache_id, etat=EtatTache.A_FAIRE)
        own.update(etat=EtatTache.ANNULEE, finie_le=now())
    journal.record("medecin_traitant.appel_annule", demande, by=by)
    return appel
