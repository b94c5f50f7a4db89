"""Writing patients: every change in the caller's transaction, with its author and its journal entry."""

import json
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from maillon.socle.declarations import EffacementPatient, collect
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import now, today
from maillon.socle.identifiants import new_id
from maillon.socle.journal.services import record, record_many

from .enums import Origine
from .identites import SaisieIdentite, get_empreintes, seal
from .models import Identite, IndexIdentite, Patient, RelationSoin

__all__ = [
    "NouveauPatient",
    "SaisieIdentite",
    "close_relation",
    "create_patient",
    "create_patients",
    "delete_patients",
    "describe_acte",
    "erase_expired",
    "erase_patient",
    "move_patient",
    "open_relation",
    "record_opposition",
    "touch_patient",
    "update_identite",
]


def retention_end(day: date) -> date:
    """The day until which data of an activity of that `day` are kept (MAILLON_CONSERVATION_PATIENTS_MOIS months)."""
    months = day.month - 1 + settings.MAILLON_CONSERVATION_PATIENTS_MOIS
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@transaction.atomic
def create_patient(
    *,
    cpts_id: UUID,
    identite: SaisieIdentite,
    commune_id: str,
    annee_naissance: int | None,
    origine: Origine | str,
    notice_version: str,
    by: Acteur,
) -> Patient:
    """Write a patient, the encrypted identity and its fingerprints.

    `commune_id` is the key of a territoire.Commune; without `annee_naissance`, the year of the birth date is taken.
    IntegrityError when the commune is unknown or the year is not plausible. The identity of a patient just created
    by a professional is not open to them: open a care relation with `open_relation`.
    """
    if annee_naissance is None and identite.naissance:
        annee_naissance = identite.naissance.year
    patient = Patient.objects.create(
        cpts_id=cpts_id,
        commune_id=commune_id,
        annee_naissance=annee_naissance,
        notice_version=notice_version,
        origine=origine,
        conserver_jusque=retention_end(today()),
    )
    identite_id = new_id()
    Identite.objects.create(
        id=identite_id, cpts_id=cpts_id, patient=patient, **seal(identite, cpts_id=cpts_id, row_id=identite_id)
    )
    _write_index(patient, identite)
    record("patients.cree", patient, by=by, origine=str(origine), notice=notice_version)
    return patient


@dataclass(frozen=True, slots=True, kw_only=True)
class NouveauPatient:
    """A person of a list."""

    identite: SaisieIdentite
    commune_id: str
    annee_naissance: int | None


@transaction.atomic
def create_patients(
    *, cpts_id: UUID, saisies: Sequence[NouveauPatient], origine: Origine | str, notice_version: str, by: Acteur
) -> list[Patient]:
    """Write the people of a list as `create_patient` does, in four statements whatever their number.

    An empty `notice_version` says that they were not informed yet.
    """
    end = retention_end(today())
    patients = [
        Patient(
            cpts_id=cpts_id,
            commune_id=saisie.commune_id,
            annee_naissance=saisie.annee_naissance,
            notice_version=notice_version,
            origine=origine,
            conserver_jusque=end,
        )
        for saisie in saisies
    ]
    identites = []
    index: list[tuple[UUID, bytes]] = []
    for patient, saisie in zip(patients, saisies, strict=True):
        row_id = new_id()
        sealed = seal(saisie.identite, cpts_id=cpts_id, row_id=row_id)
        identites.append(Identite(id=row_id, cpts_id=cpts_id, patient=patient, **sealed))
        index += [(patient.pk, value) for value in get_empreintes(saisie.identite, cpts_id=cpts_id)]
    Patient.objects.bulk_create(patients)
    Identite.objects.bulk_create(identites)
    with connection.cursor() as cursor:  # some ten rows a person: objects would cost more than all the rest
        cursor.execute(
            "INSERT INTO patients_indexidentite (id, cpts_id, patient_id, empreinte)"
            " SELECT i, %s, p, e FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[]) AS u (i, p, e)",
            [cpts_id, [new_id() for _ in index], [pk for pk, _ in index], [value for _, value in index]],
        )
    record_many("patients.cree", patients, by=by, origine=str(origine), notice=notice_version)
    return patients


@transaction.atomic
def delete_patients(*, cpts_id: UUID, patient_ids: Sequence[UUID], by: Acteur) -> int:
    """Remove people whom a list brought by mistake, as if it had never been recorded; the journal keeps that it was.

    IntegrityError when anything still points to one of them.
    """
    patients = list(Patient.objects.filter(cpts_id=cpts_id, pk__in=patient_ids))
    record_many("patients.retire", patients, by=by)
    for model in (IndexIdentite, Identite, RelationSoin):
        model.objects.filter(cpts_id=cpts_id, patient_id__in=patient_ids).delete()
    Patient.objects.filter(cpts_id=cpts_id, pk__in=patient_ids).delete()
    return len(patients)


def _write_index(patient: Patient, identite: SaisieIdentite) -> None:
    IndexIdentite.objects.filter(patient_id=patient.pk).delete()
    IndexIdentite.objects.bulk_create(
        IndexIdentite(cpts_id=patient.cpts_id, patient_id=patient.pk, empreinte=value)
        for value in get_empreintes(identite, cpts_id=patient.cpts_id)
    )


@transaction.atomic
def update_identite(*, patient: Patient, identite: SaisieIdentite, by: Acteur) -> None:
    """Replace the whole identity. ValueError when it was erased: the person must be informed and entered anew."""
    row_id = Identite.objects.filter(patient_id=patient.pk).values_list("id", flat=True).first()
    if row_id is None:
        raise ValueError("L’identité de ce patient a été effacée.")
    Identite.objects.filter(pk=row_id).update(**seal(identite, cpts_id=patient.cpts_id, row_id=row_id))
    _write_index(patient, identite)
    if identite.naissance and identite.naissance.year != patient.annee_naissance:
        patient.annee_naissance = identite.naissance.year
        patient.save(update_fields=["annee_naissance"])
    record("patients.identite_modifiee", patient, by=by)
    touch_patient(patient=patient)


@transaction.atomic
def move_patient(*, patient: Patient, commune_id: str, by: Acteur) -> None:
    """The person lives in another commune."""
    patient.commune_id = commune_id
    patient.save(update_fields=["commune"])
    record("patients.commune_modifiee", patient, by=by, commune=commune_id)
    touch_patient(patient=patient)


def touch_patient(*, patient: Patient) -> None:
    """Something happened for this patient: the retention starts again. Once a day is written, no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT maillon_toucher_patient(%s, %s, %s)", [patient.pk, now(), retention_end(today())])


def describe_acte(by: Acteur, *, jour: date | None = None) -> str:
    """Who acts and when, as the functions of the database that write the life of a patient take it."""
    acte = {
        "acteur": by.etiquette,
        "compte": by.compte_id,
        "moment": now(),
        "jour": jour or today(),
        "conserver": retention_end(today()),
        "relation": new_id(),
    }
    return json.dumps(acte, default=str)


@transaction.atomic
def record_opposition(*, patient: Patient, by: Acteur, opposed: bool = True) -> None:
    """Record that the person opposes the processing (or takes it back): read and search stop at once, for everybody.

    What is under way for the person is closed by each app (`OPPOSITIONS` of its declarations): nobody could be called
    any more. Taking the opposition back opens nothing again. The identity stays until it is erased, because an
    opposition may be taken back; `erase_patient` ends it.
    """
    if patient.opposition == opposed:
        return
    fermees: dict[str, int] = {}
    for declared in collect("oppositions") if opposed else ():
        fermees[declared.modele] = declared.ferme(patient.cpts_id, patient.pk, by)
    patient.refresh_from_db()
    patient.opposition, patient.opposition_le = opposed, now()
    patient.save(update_fields=["opposition", "opposition_le"])
    record("patients.opposition" if opposed else "patients.opposition_levee", patient, by=by, lignes=fermees)


def open_relation(*, patient: Patient, rpps: str, motif: str, by: Acteur, since: date | None = None) -> RelationSoin:
    """Open the patient's identity to a professional; the open relation is returned when there is one already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT maillon_ouvrir_relation(%s, %s, %s, %s)",
            [patient.pk, rpps, motif, describe_acte(by, jour=since)],
        )
        [key] = cursor.fetchone()
    return RelationSoin.objects.get(pk=key)


@transaction.atomic
def close_relation(*, patient: Patient, rpps: str, by: Acteur) -> bool:
    """Close the professional's relation: the identity shuts at once. False when none was open."""
    closed = RelationSoin.objects.filter(patient=patient, rpps=rpps, jusque__isnull=True).update(jusque=today())
    if closed:
        record("patients.relation_fermee", patient, by=by, rpps=rpps)
    return bool(closed)


@transaction.atomic
def erase_patient(*, patient: Patient, by: Acteur) -> dict[str, int]:
    """Erase who the patient is, everywhere; returns the number of rows erased, by model. Idempotent.

    Identity, fingerprints and care relations go, and each app erases what it holds (`EFFACEMENTS` of its
    declarations). The row stays with its commune, so that the acts counted by indicators and paid by the contract
    keep their place; the year of birth goes, because with a small commune and a date it could point at one person.
    """
    erased: dict[str, int] = {}
    for declared in collect("effacements"):
        assert isinstance(declared, EffacementPatient)
        erased[declared.modele] = declared.efface(patient.cpts_id, patient.pk)
    for model in (IndexIdentite, Identite, RelationSoin):
        count, _ = model.objects.filter(patient_id=patient.pk).delete()
        erased[model._meta.label_lower] = count
    if patient.efface_le is None:
        patient.annee_naissance, patient.efface_le = None, now()
        patient.save(update_fields=["annee_naissance", "efface_le"])
        record("patients.efface", patient, by=by, lignes=erased)
    return erased


@dataclass(frozen=True, slots=True)
class BilanEffacement:
    """What an erasure did, or would do: `essai` says which."""

    cpts_id: UUID
    jour: date
    patients: int
    lignes: int
    essai: bool


def erase_expired(*, cpts_id: UUID, on: date, dry_run: bool = False, by: Acteur = SYSTEME) -> BilanEffacement:
    """Erase the patients whose retention ended before `on`; with `dry_run`, only count them.

    To be reapplied after a restore: it takes all that has expired, not only what expired that day.
    """
    due = Patient.objects.filter(cpts_id=cpts_id, efface_le__isnull=True, conserver_jusque__lt=on)
    if dry_run:
        return BilanEffacement(cpts_id, on, patients=due.count(), lignes=0, essai=True)
    patients = rows = 0
    # Patients are not locked first: services lock a request, then its patient, and each erasure does the same.
    for patient in due:
        if not due.filter(pk=patient.pk).exists():  # something happened for this person in the meantime
            continue
        rows += sum(erase_patient(patient=patient, by=by).values())
        patients += 1
    return BilanEffacement(cpts_id, on, patients=patients, lignes=rows, essai=False)
