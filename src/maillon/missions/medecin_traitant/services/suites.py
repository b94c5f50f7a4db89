"""What follows an acceptance: the patient's yes or no, closing, reopening."""

import hashlib
import json
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from maillon.communaute.patients.services import close_relation, open_relation
from maillon.communaute.sollicitations.enums import EtatSollicitation, MotifRetrait
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import close_appel, release, settle
from maillon.socle.courriels.services import cancel_for, forget_for
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.services import revoke_liens
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.journal.models import Entree

from ..enums import OUVERTS, Accord, Action, Cloture, Etat, Issue, Langue
from ..models import GENRE, ActionRefusee, DecisionPriorite, Demande, PersonneDejaPlacee, TacheGuichet, Tour
from ..notifications import NouveauPatient, absolute
from ..selectors import FAITS, get_courriel_medecin
from ..selectors.doubles import find_placee
from .capacites import give_place_back
from .commun import (
    JOURS_POUR_QUALIFIER,
    LIEN_REPONSE,
    LIEN_SUIVI,
    choose_responsable,
    in_days,
    lock,
    move,
    plan,
    refresh_pilotage,
    set_priorite,
)
from .equipe import end_equipe, restore_equipe
from .nouvelles import LIEN_NOUVELLES, end_suivi, plan_suite
from .propositions import notify_responsable
from .taches import cancel_taches


def compute_empreinte(demande: Demande) -> str:
    """SHA-256 (hexadecimal) of the facts of a placement and of the journal entries that prove it.

    Frozen at placement: facts changed afterwards no longer give this hash.
    """
    facts = {
        "demande": str(demande.pk),
        "medecin": str(demande.medecin_id),
        "commune": demande.patient.commune_id,
        "age": demande.age_placement,
        "deposee_le": demande.deposee_le.isoformat(),
        "placee_le": demande.placee_le.isoformat() if demande.placee_le else "",
        "faits": [name for name in FAITS if getattr(demande, name)],
        "journal": list(
            Entree.objects.filter(
                cpts_id=demande.cpts_id,
                objet_id=demande.pk,
                evenement__startswith="medecin_traitant.",
                le__lte=demande.placee_le,
            )
            .order_by("id")
            .values_list("id", flat=True)
        ),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@transaction.atomic
def confirm_by_patient(*, demande_id: UUID, oui: bool, by: Acteur) -> Demande:
    """The patient's own answer, by the link or told to the desk.

    Yes: the doctor becomes theirs, the care relation opens the identity to that doctor, the act counts.
    No: the doctor's place is free again; the request keeps its rank and goes to the next wave, or back to the desk.
    Raises ActionRefusee when no doctor waits for an answer, PersonneDejaPlacee when the same person already has a
    doctor by another request: one person counts once.
    """
    demande = lock(demande_id)
    if demande.etat != Etat.ACCEPTEE:
        raise ActionRefusee("Cette réponse n’est plus attendue : ouvrez le suivi de la demande pour voir où elle est.")
    acceptee = demande.sollicitations.select_related("professionnel").get(etat=EtatSollicitation.ACCEPTEE)
    if oui:
        _check_person_once(demande)
        _place(demande, acceptee, by=by)
    else:
        give_place_back(demande, by=by)
        plan(demande, Action.PROPOSER, today())
        move(demande, Etat.QUALIFIEE, medecin=None, acceptee_le=None)
        journal.record("medecin_traitant.declinee_patient", demande, by=by, proposition=str(acceptee.pk))
        release(genre=GENRE, objet=demande, by=by)
        notify_responsable(demande, occasion=f"non:{acceptee.pk}")
    revoke_liens(but=LIEN_REPONSE, objet_id=acceptee.pk)
    return demande


def _check_person_once(demande: Demande) -> None:
    """One placement at once in a community, so that two requests of one person see each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"mt-placement:{demande.cpts_id}"])
    if placee := find_placee(demande):
        raise PersonneDejaPlacee(demande_id=placee.pk, reference=placee.reference)


def _place(demande: Demande, acceptee: Sollicitation, *, by: Acteur) -> None:
    annee = demande.patient.annee_naissance
    journal.record("medecin_traitant.placee", demande, by=by, proposition=str(acceptee.pk))
    demande.placee_le = moment = now()  # after its entry in the journal: the hash covers it
    demande.age_placement = None if annee is None else max(0, today().year - annee)
    demande.issue = Issue.MEDECIN_SUIVI if demande.ame else Issue.MEDECIN_TRAITANT
    plan_suite(demande)
    demande.empreinte = compute_empreinte(demande)
    move(demande, Etat.PLACEE)
    settle(genre=GENRE, objet=demande, by=by)
    cancel_for(cpts_id=demande.cpts_id, objet_id=acceptee.pk)
    end_equipe(demande, by=by)
    open_relation(patient=demande.patient, rpps=acceptee.professionnel.rpps, motif="medecin_traitant", by=by)
    NouveauPatient(
        cpts=demande.cpts,
        objet_id=demande.pk,
        lien=absolute("mes_patients", slug=demande.cpts.slug),
    ).queue(
        to=get_courriel_medecin(acceptee.professionnel, cpts_id=demande.cpts_id),
        occasion=f"{acceptee.pk}:{moment:%Y%m%dT%H%M%S}",
    )
    refresh_pilotage(demande.cpts_id)


@transaction.atomic
def close_demande(*, demande_id: UUID, motif: Cloture, by: Acteur) -> Demande:
    """Close an open request with a reason; proposals are taken back. Closing twice raises ActionRefusee."""
    demande = lock(demande_id)
    demande.check_transition(Etat.CLOSE)
    retirees = end_appel(demande, MotifRetrait.CLOTURE, by=by)
    give_place_back(demande, by=by)
    cancel_taches(demande)
    end_equipe(demande, by=by)
    demande.prochaine_action, demande.prochaine_date = "", None
    move(demande, Etat.CLOSE, close_le=now(), motif_cloture=motif, medecin=None, acceptee_le=None)
    cancel_for(cpts_id=demande.cpts_id, objet_id=demande.pk)
    journal.record("medecin_traitant.close", demande, by=by, motif=str(motif), retirees=retirees)
    return demande


def end_appel(demande: Demande, motif: MotifRetrait, *, by: Acteur) -> int:
    """Nobody is asked any more, and the patient's answer is no longer awaited; returns how many doctors had it."""
    held = close_appel(genre=GENRE, objet=demande, motif=motif, by=by)
    for sollicitation in held:
        revoke_liens(but=LIEN_REPONSE, objet_id=sollicitation.pk)
    return len(held)


@transaction.atomic
def reopen_demande(*, demande_id: UUID, by: Acteur) -> Demande:
    """Open again a closed or placed request at its former rank. A placement no longer counts, and the doctor no longer
    reads the identity. Raises ActionRefusee when it is open, or when the person may not be called any more."""
    demande = lock(demande_id)
    if demande.is_ouverte:
        raise ActionRefusee(
            f"La demande {demande.reference} est déjà ouverte. Rechargez la page pour voir où elle en est."
        )
    if demande.patient.efface_le is not None:
        raise ActionRefusee(
            f"L’identité de la demande {demande.reference} est effacée : personne ne pourrait être appelé. "
            "Si la personne revient, saisissez une nouvelle demande."
        )
    if demande.patient.opposition:
        raise ActionRefusee(
            f"La personne de la demande {demande.reference} s’oppose au traitement de ses données : "
            "levez d’abord l’opposition, si elle le demande."
        )
    placee = demande.etat == Etat.PLACEE
    etat = Etat.QUALIFIEE if demande.qualifiee_le else Etat.DEPOSEE
    demande.check_transition(etat)
    if placee and demande.medecin:
        close_relation(patient=demande.patient, rpps=demande.medecin.rpps, by=by)
        end_appel(demande, MotifRetrait.REOUVERTURE, by=by)
    demande.responsable = choose_responsable(demande.cpts_id, prefer=demande.responsable_id)
    fini_le = _file_tour(demande)
    forget_placement(demande)
    if demande.qualifiee_le:
        plan(demande, Action.PROPOSER, today())
    else:
        action = Action.QUALIFIER if demande.accord == Accord.RECUEILLI else Action.RECONTACTER
        plan(demande, action, in_days(JOURS_POUR_QUALIFIER))
    set_priorite(demande)
    move(demande, etat, medecin=None, acceptee_le=None, close_le=None, motif_cloture="")
    restore_equipe(demande, since=timezone.localtime(fini_le).date(), by=by)
    journal.record("medecin_traitant.rouverte", demande, by=by, depuis="placee" if placee else "close")
    if placee:
        refresh_pilotage(demande.cpts_id)
    return demande


def _file_tour(demande: Demande) -> datetime:
    """Keep the round that ends here as it was; returns when it ended."""
    fini_le = demande.placee_le or demande.close_le or now()
    Tour.objects.create(
        cpts_id=demande.cpts_id,
        demande=demande,
        numero=demande.tours.count() + 1,
        fini_le=fini_le,
        motif_cloture=demande.motif_cloture,
        medecin=demande.medecin,
        issue=demande.issue,
        premier_rdv_le=demande.premier_rdv_le,
        declaration=demande.declaration,
        declaration_le=demande.declaration_le,
        bilan=demande.bilan,
    )
    return fini_le


def forget_placement(demande: Demande) -> None:
    """Empty what only a placed request has; the caller moves and saves it."""
    demande.placee_le = demande.age_placement = demande.premier_rdv_le = None
    demande.declaration_le = demande.bilan_le = demande.suivi_fini_le = None
    demande.suite_demandee_le = demande.suite_relancee_le = None
    demande.empreinte = demande.issue = demande.declaration = demande.bilan = ""
    revoke_liens(but=LIEN_NOUVELLES, objet_id=demande.pk)


@transaction.atomic
def close_opposed(*, cpts_id: UUID, patient_id: UUID, by: Acteur) -> int:
    """Close what is open for a patient who opposes the processing, and ask nothing more of a placement; returns how
    many requests were touched."""
    suivies = Demande.objects.suivies().filter(cpts_id=cpts_id, patient_id=patient_id).order_by("pk")
    demandes = list(suivies.select_for_update(no_key=True).values_list("pk", "etat"))
    for pk, etat in demandes:
        if etat in OUVERTS:
            close_demande(demande_id=pk, motif=Cloture.OPPOSITION, by=by)
        else:
            end_suivi(demande_id=pk, by=by)
        revoke_liens(but=LIEN_SUIVI, objet_id=pk)
    return len(demandes)


@transaction.atomic
def erase_faits(*, cpts_id: UUID, patient_id: UUID, by: Acteur = SYSTEME) -> int:
    """When a patient's identity is erased: close what is open, forget the facts that no indicator counts, the address
    of the mails sent, and shut the links that were in them.

    Kept: dates, states, ALD, C2S, AME, over 70. Returns how many requests were touched.
    """
    siennes = Demande.objects.filter(cpts_id=cpts_id, patient_id=patient_id).order_by("pk")
    # All are locked before the first change writes the patient: everybody locks requests, then patients.
    demandes = list(siennes.select_for_update(no_key=True).values_list("pk", "etat", "suivi_fini_le"))
    for pk, etat, fini_le in demandes:
        if etat in OUVERTS:
            close_demande(demande_id=pk, motif=Cloture.ABANDON, by=by)
        elif etat == Etat.PLACEE and fini_le is None:
            end_suivi(demande_id=pk, by=by)
        for table in (TacheGuichet, DecisionPriorite):
            table.objects.filter(demande=pk).update(precision=b"")
        revoke_liens(but=LIEN_SUIVI, objet_id=pk)
        asked = Sollicitation.objects.of_objets(GENRE, [pk]).values_list("pk", flat=True)
        forget_for(cpts_id=cpts_id, objet_ids=[pk, *asked])
        Demande.objects.filter(pk=pk).update(
            ne_peut_se_deplacer=False,
            grossesse=False,
            sortie_hopital=False,
            isolement=False,
            acces_pmr=False,
            medecin_souhaite=None,
            langue=Langue.FRANCAIS,
            priorite_lignes=[],
        )
    return len(demandes)
