"""Writing a waiting list in one transaction, and undoing it whole while nobody of it has answered."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from maillon.communaute.patients.enums import Origine as OriginePatient
from maillon.communaute.patients.services import NouveauPatient, create_patients, delete_patients
from maillon.communaute.reprise.enums import EtatReprise
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.lots import batched
from maillon.socle.progres import show_progres
from maillon.socle.taches import enqueue

from ..attente.lecture import LigneLue
from ..enums import Accord, Action, IssueAttente, Origine
from ..models import ActionRefusee, Demande, LigneAttente, ListeAttente
from ..selectors import get_poids
from ..selectors.attente import examine
from .commun import list_guichet, set_priorite
from .depot import FaitsSaisis, hash_code, make_cle, make_code, next_references
from .listes import lock_liste, move_liste, on_behalf

JOURS_POUR_RECONTACTER = 14
LOT = 500


@transaction.atomic
def ask_application_attente(*, liste_id: UUID, by: Acteur) -> ListeAttente:
    """Have a list written by a job: the person may leave the page. Raises ActionRefusee."""
    liste = lock_liste(liste_id)
    list_guichet(liste.cpts_id)
    move_liste(liste, EtatReprise.APPLICATION)
    liste.appliquee_par, liste.erreur = by.compte_id, ""
    liste.save(update_fields=["etat", "appliquee_par", "erreur"])
    cle = f"mt-liste:{liste.pk}"
    enqueue("medecin_traitant.appliquer_liste", cpts_id=liste.cpts_id, once=cle, liste_id=str(liste.pk))
    return liste


@transaction.atomic
def apply_liste(*, liste_id: UUID, by: Acteur) -> None:
    """Write every person who may be added, or none. The list is read again, so that a request filed since the dry run
    counts; then its content is gone. A second call does nothing.

    Nobody has agreed yet: each request waits for a call, and is erased on a given day without it.
    """
    liste = lock_liste(liste_id)
    if liste.etat != EtatReprise.APPLICATION:
        return
    ecrivain = _Ecrivain(liste, by=on_behalf(by, liste.appliquee_par))
    comptes: Counter[str] = Counter()
    fait = 0
    for lot in batched(examine(liste, by=by), LOT):
        comptes.update(str(verdict.issue) for verdict in lot)
        ecrivain.write([v.lue for v in lot if v.lue is not None and v.issue == IssueAttente.AJOUT])
        fait += len(lot)
        show_progres(liste.pk, fait, liste.lues)
    move_liste(liste, EtatReprise.APPLIQUEE)
    liste.comptes, liste.appliquee_le = dict(comptes), now()
    liste.seal("")
    liste.save(update_fields=["etat", "comptes", "appliquee_le", "contenu"])
    journal.record("medecin_traitant.liste_appliquee", liste, by=ecrivain.by, lignes=dict(comptes))


class _Ecrivain:
    """Writes rows by lots: patients, requests and journal in a dozen statements a lot."""

    def __init__(self, liste: ListeAttente, *, by: Acteur) -> None:
        self.liste, self.by = liste, by
        self.fuseau = ZoneInfo(Cpts.objects.values_list("fuseau", flat=True).get(pk=liste.cpts_id))
        self.guichet: Iterator[Membre] = cycle(list_guichet(liste.cpts_id))
        self.poids = get_poids(liste.cpts_id, on=today())
        self.a_effacer_le = today() + timedelta(days=settings.MAILLON_RECONTACT_JOURS)
        self.prochaine_date = min(today() + timedelta(days=JOURS_POUR_RECONTACTER), self.a_effacer_le)

    def write(self, lues: Sequence[LigneLue]) -> None:
        if not lues:
            return
        patients = create_patients(
            cpts_id=self.liste.cpts_id,
            saisies=[
                NouveauPatient(identite=lue.identite, commune_id=lue.commune_id, annee_naissance=lue.annee_naissance)
                for lue in lues
            ],
            origine=OriginePatient.ACCUEIL,
            notice_version="",
            by=self.by,
        )
        references = next_references(self.liste.cpts_id, len(lues))
        demandes = [
            self._build(lue, patient_id=patient.pk, reference=reference)
            for lue, patient, reference in zip(lues, patients, references, strict=True)
        ]
        Demande.objects.bulk_create(demandes)
        journal.record_many("medecin_traitant.reprise_de_liste", demandes, by=self.by, liste=str(self.liste.pk))

    def _build(self, lue: LigneLue, *, patient_id: UUID, reference: str) -> Demande:
        faits = replace(FaitsSaisis(), **dict.fromkeys(lue.faits, True), langue=lue.langue)
        demande = Demande(
            cpts_id=self.liste.cpts_id,
            reference=reference,
            patient_id=patient_id,
            commune_id=lue.commune_id,
            origine=Origine.LISTE,
            liste=self.liste,
            responsable=next(self.guichet),
            prochaine_action=Action.RECONTACTER,
            prochaine_date=self.prochaine_date,
            accord=Accord.A_RECUEILLIR,
            a_effacer_le=self.a_effacer_le,
            deposee_le=self._date(lue.demandee_le),
            code_suivi=hash_code(make_code(), cpts_id=self.liste.cpts_id),
            cle_depot=make_cle(),
            **faits.as_champs(lue.annee_naissance, today().year),
        )
        set_priorite(demande, poids=self.poids)
        return demande

    def _date(self, jour: date | None) -> datetime:
        """The rank of a request is the day when it was first made."""
        return datetime.combine(jour, time(12), tzinfo=self.fuseau) if jour and jour < today() else now()


@transaction.atomic
def ask_annulation_attente(*, liste_id: UUID, by: Acteur) -> ListeAttente:
    """Have what a list wrote undone, whole. Raises ActionRefusee when somebody of it has been dealt with since."""
    liste = lock_liste(liste_id)
    move_liste(liste, EtatReprise.ANNULATION)
    _refuse_suites(liste)
    liste.annulee_par, liste.erreur = by.compte_id, ""
    liste.save(update_fields=["etat", "annulee_par", "erreur"])
    cle = f"mt-liste:{liste.pk}"
    enqueue("medecin_traitant.annuler_liste", cpts_id=liste.cpts_id, once=cle, liste_id=str(liste.pk))
    return liste


@transaction.atomic
def undo_liste(*, liste_id: UUID, by: Acteur) -> None:
    """Remove the requests and the people that a list brought. A second call does nothing. Raises ActionRefusee."""
    liste = lock_liste(liste_id)
    if liste.etat != EtatReprise.ANNULATION:
        return
    by = on_behalf(by, liste.annulee_par)
    _refuse_suites(liste)
    cles = list(Demande.objects.select_for_update().filter(liste=liste).order_by("pk").values_list("pk", "patient"))
    fait = 0
    try:
        with transaction.atomic():
            for lot in batched(cles, LOT):
                # What would hang on one of these is refused by the database, never removed with it.
                rows = Demande.objects.filter(pk__in=[pk for pk, _ in lot])
                rows._raw_delete(rows.db)
                delete_patients(cpts_id=liste.cpts_id, patient_ids=[patient for _, patient in lot], by=by)
                fait += len(lot)
                show_progres(liste.pk, fait, len(cles))
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError:
        raise ActionRefusee(
            "Cette liste ne peut plus être annulée : d’autres enregistrements dépendent de ses personnes."
        ) from None
    LigneAttente.objects.filter(liste=liste).delete()
    move_liste(liste, EtatReprise.ANNULEE)
    liste.annulee_le = now()
    liste.save(update_fields=["etat", "annulee_le"])
    journal.record("medecin_traitant.liste_annulee", liste, by=by, demandes=len(cles))


def _refuse_suites(liste: ListeAttente) -> None:
    suites = Demande.objects.filter(liste=liste).exclude(pk__in=Demande.objects.sans_accord().filter(liste=liste))
    if nombre := suites.count():
        deja = "une personne a déjà répondu" if nombre == 1 else f"{nombre} personnes ont déjà répondu"
        raise ActionRefusee(
            f"Cette liste ne peut plus être annulée : {deja}, ou leur demande est close. "
            "Continuez les appels, ou closez les demandes une à une."
        )
