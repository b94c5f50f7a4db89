"""After the patient's yes: the first appointment, the declaration, news after three months. Each is asked by mail,
reminded once, then by telephone; nothing of it is ever concluded without somebody."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from maillon.regles.suivi import Etape, FaitsSuite, compute_etape, load_delais
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import SUITES, Action, Bilan, Declaration, Etat, Issue, Quoi
from ..models import ActionRefusee, Demande
from ..notifications import NouvellesDemandees, NouvellesRappelees, absolute
from .commun import get_courriel_patient, in_days, lock, plan, refresh_pilotage
from .taches import note_once

LIEN_NOUVELLES = "medecin_traitant.nouvelles"
JOURS_LIEN_NOUVELLES = 120


def plan_suite(demande: Demande) -> None:
    """Say what is to be learnt next of a placement, and from which day on; the caller saves. The next step is asked
    afresh: whoever was asked about the former one is reminded of nothing."""
    assert demande.placee_le is not None
    etape, jour = compute_etape(
        FaitsSuite(
            placee_le=timezone.localtime(demande.placee_le).date(),
            premier_rdv_le=demande.premier_rdv_le,
            declaration_attendue=demande.issue == Issue.MEDECIN_TRAITANT,
            declaration_connue=demande.declaration != "",
            bilan_connu=demande.bilan != "",
        ),
        on=today(),
    )
    assert etape is not Etape.FINI
    assert jour is not None
    if demande.prochaine_action != etape.value:
        demande.suite_demandee_le = demande.suite_relancee_le = None
    plan(demande, Action(etape.value), jour)


def _lock_placee(demande_id: UUID) -> Demande:
    demande = lock(demande_id)
    if demande.etat != Etat.PLACEE or demande.suivi_fini_le is not None:
        raise ActionRefusee(f"Plus rien n’est attendu pour la demande {demande.reference} : son suivi est fini.")
    return demande


@transaction.atomic
def record_premier_rdv(*, demande_id: UUID, le: date | None, by: Acteur) -> Demande:
    """Record the day of the first appointment, past or to come, or (None) that it is not known after all."""
    demande = _lock_placee(demande_id)
    assert demande.placee_le is not None
    if le is not None and not timezone.localtime(demande.placee_le).date() <= le <= today() + timedelta(days=366):
        raise ActionRefusee("Le premier rendez-vous vient après l’accord du patient, et dans l’année.")
    demande.premier_rdv_le = le
    _go_on(demande)
    journal.record("medecin_traitant.premier_rdv", demande, by=by, le=le.isoformat() if le else "")
    return demande


@transaction.atomic
def record_declaration(
    *, demande_id: UUID, declaration: Declaration | None, le: date | None = None, by: Acteur
) -> Demande:
    """Record whether the doctor is declared to the Assurance Maladie, and when; None forgets a mistake.

    Raises ActionRefusee for a médecin de suivi: a person with AME declares none.
    """
    demande = _lock_placee(demande_id)
    if demande.issue == Issue.MEDECIN_SUIVI:
        raise ActionRefusee("Une personne à l’AME n’a pas de médecin traitant déclaré : il n’y a rien à déclarer.")
    _set_declaration(demande, declaration, le)
    _go_on(demande)
    journal.record("medecin_traitant.declaration", demande, by=by, declaration=str(declaration or ""))
    refresh_pilotage(demande.cpts_id)
    return demande


# Read by the desk alone.
DECLARATION_INATTENDUE = "Le médecin dit la déclaration faite, l’AME est notée : vérifier la couverture."


@transaction.atomic
def declare_by_medecin(*, demande_id: UUID, by: Acteur) -> Demande:
    """The doctor says that the declaration is made. A doctor must not learn here that a person has AME: nothing is
    refused, somebody of the desk looks into it, asked once."""
    demande = _lock_placee(demande_id)
    if demande.issue != Issue.MEDECIN_SUIVI:
        return record_declaration(demande_id=demande_id, declaration=Declaration.FAITE, by=by)
    note_once(demande, quoi=Quoi.PIECE, precision=DECLARATION_INATTENDUE, by=by)
    return demande


def _set_declaration(demande: Demande, declaration: Declaration | None, le: date | None) -> None:
    assert demande.placee_le is not None
    jour = (le or today()) if declaration == Declaration.FAITE else None
    if jour is not None and not timezone.localtime(demande.placee_le).date() <= jour <= today():
        raise ActionRefusee("La déclaration se fait après l’accord du patient, et pas après aujourd’hui.")
    demande.declaration, demande.declaration_le = declaration or "", jour


def _go_on(demande: Demande) -> None:
    """What comes next; a decision that waits goes on waiting."""
    if demande.prochaine_action != Action.DECIDER:
        plan_suite(demande)
    demande.save()


@transaction.atomic
def record_bilan(*, demande_id: UUID, suivie: bool, declaree: bool | None = None, by: Acteur) -> Demande:
    """What the person says, by the link or to the desk: does this doctor follow them, is the doctor declared.

    Followed (and declared where it is expected): the follow-up ends well. Otherwise somebody decides today whether to
    look for a doctor again.
    """
    demande = _lock_placee(demande_id)
    if declaree is not None and demande.issue == Issue.MEDECIN_TRAITANT:
        known = demande.declaration == Declaration.FAITE
        if declaree and not known:
            _set_declaration(demande, Declaration.FAITE, None)
        elif not declaree:
            _set_declaration(demande, Declaration.NON_FAITE, None)
    demande.bilan = Bilan.SUIVI if suivie else Bilan.NON_SUIVI
    demande.bilan_le = now()
    journal.record("medecin_traitant.nouvelles", demande, by=by, bilan=demande.bilan)
    if suivie and demande.declaration != Declaration.NON_FAITE:
        finish_suivi(demande, by=by)
    else:
        plan(demande, Action.DECIDER, today())
    demande.save()
    revoke_liens(but=LIEN_NOUVELLES, objet_id=demande.pk)
    refresh_pilotage(demande.cpts_id)
    return demande


@transaction.atomic
def end_suivi(*, demande_id: UUID, by: Acteur) -> Demande:
    """The desk ends the follow-up of a placement: without news after calls, or because the person wants it so."""
    demande = _lock_placee(demande_id)
    if not demande.bilan:
        demande.bilan, demande.bilan_le = Bilan.SANS_NOUVELLES, now()
    finish_suivi(demande, by=by)
    demande.save()
    refresh_pilotage(demande.cpts_id)
    return demande


def finish_suivi(demande: Demande, *, by: Acteur) -> None:
    """Nothing is awaited any more of a placement; the caller saves."""
    demande.suivi_fini_le = now()
    demande.prochaine_action, demande.prochaine_date = "", None
    revoke_liens(but=LIEN_NOUVELLES, objet_id=demande.pk)
    journal.record("medecin_traitant.suivi_fini", demande, by=by, bilan=demande.bilan)


@transaction.atomic
def resume_suivi(*, demande_id: UUID, by: Acteur) -> Demande:
    """A follow-up ended by mistake goes on: the news recorded are forgotten, and asked today."""
    demande = lock(demande_id)
    if demande.etat != Etat.PLACEE or demande.suivi_fini_le is None:
        raise ActionRefusee(f"Le suivi de la demande {demande.reference} n’est pas fini : rechargez la page.")
    if demande.patient.efface_le is not None or demande.patient.opposition:
        raise ActionRefusee("Cette personne ne peut plus être appelée : son suivi reste fini.")
    demande.suivi_fini_le, demande.bilan, demande.bilan_le = None, "", None
    plan_suite(demande)
    demande.save()
    journal.record("medecin_traitant.suivi_repris", demande, by=by)
    return demande


def ask_suites(*, cpts_id: UUID) -> int:
    """Ask, then remind once, those of whom something is due; without an address, the desk calls. Returns how many
    mails left."""
    due = Demande.objects.filter(
        cpts_id=cpts_id,
        etat=Etat.PLACEE,
        suivi_fini_le__isnull=True,
        suite_relancee_le__isnull=True,
        prochaine_action__in=SUITES,
        prochaine_date__lte=today(),
    )
    return sum(_ask(pk) for pk in list(due.order_by("prochaine_date").values_list("pk", flat=True)))


@transaction.atomic
def _ask(demande_id: UUID) -> int:
    demande = lock(demande_id)
    if demande.suivi_fini_le is not None or demande.suite_relancee_le is not None or demande.etat != Etat.PLACEE:
        return 0
    if demande.prochaine_action not in SUITES or (demande.prochaine_date or today()) > today():
        return 0
    plan_suite(demande)  # what was due may have become the news after three months
    rappel = demande.suite_demandee_le is not None
    courriel = get_courriel_patient(demande)
    if courriel:
        _send(demande, courriel, rappel=rappel)
    if rappel or not courriel:
        demande.suite_relancee_le = now()
    demande.suite_demandee_le = demande.suite_demandee_le or now()
    if courriel:
        demande.prochaine_date = in_days(load_delais(on=today()).relance)
    demande.save()
    return 1 if courriel else 0


def _send(demande: Demande, courriel: str, *, rappel: bool) -> None:
    revoke_liens(but=LIEN_NOUVELLES, objet_id=demande.pk)
    jeton = create_lien(
        but=LIEN_NOUVELLES,
        cpts_id=demande.cpts_id,
        objet_id=demande.pk,
        expire_le=now() + timedelta(days=JOURS_LIEN_NOUVELLES),
    )
    courriel_classe = NouvellesRappelees if rappel else NouvellesDemandees
    courriel_classe(cpts=demande.cpts, objet_id=demande.pk, lien=absolute("donner_nouvelles", jeton=jeton)).queue(
        to=courriel, occasion=f"{demande.prochaine_action}:{today().isoformat()}"
    )
    event = "medecin_traitant.nouvelles_rappelees" if rappel else "medecin_traitant.nouvelles_demandees"
    journal.record(event, demande, by=SYSTEME, etape=demande.prochaine_action)
