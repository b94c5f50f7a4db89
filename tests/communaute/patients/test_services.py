"""Creating, changing, opposing, erasing."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from fabriques.patients import make_identite, make_patient
from maillon.communaute.patients import services
from maillon.communaute.patients.models import Identite, IndexIdentite, Patient, RelationSoin
from maillon.communaute.patients.selectors import read_identites, search_patients
from maillon.socle import horloge
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.journal.models import Ecriture, Entree

pytestmark = pytest.mark.django_db
RPPS = "99900000001"


def test_create_keeps_year_notice_and_retention(cpts, settings) -> None:
    settings.MAILLON_CONSERVATION_PATIENTS_MOIS = 24
    patient = make_patient(cpts)
    patient.refresh_from_db()
    assert patient.annee_naissance == 1950
    assert patient.notice_version == "2026-11"
    assert patient.conserver_jusque == services.retention_end(horloge.today())
    assert patient.reference == f"P{str(patient.pk)[-8:].upper()}"
    entree = Entree.objects.get(objet_id=patient.pk)
    assert (entree.evenement, entree.details) == ("patients.cree", {"origine": "public", "notice": "2026-11"})


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 1, 31), date(2028, 1, 31)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2026, 12, 5), date(2028, 12, 5)),
    ],
)
def test_retention_end(settings, day: date, end: date) -> None:
    settings.MAILLON_CONSERVATION_PATIENTS_MOIS = 24
    assert services.retention_end(day) == end


def test_implausible_year_is_refused(cpts) -> None:
    known = make_patient(cpts)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.create_patient(
            cpts_id=cpts.pk,
            identite=make_identite(),
            commune_id=known.commune_id,
            annee_naissance=1066,
            origine="public",
            notice_version="2026-11",
            by=SYSTEME,
        )
    assert list(Patient.objects.all()) == [known]


def test_update_replaces_identity_and_index(cpts) -> None:
    patient = make_patient(cpts)
    services.update_identite(
        patient=patient, identite=make_identite(nom="Bérard", naissance=date(1951, 1, 2), telephone=""), by=SYSTEME
    )
    assert search_patients("martin", pourquoi="essai", by=SYSTEME) == []
    assert search_patients("berard", pourquoi="essai", by=SYSTEME) == [patient.pk]
    read = read_identites([patient.pk], quoi="identite", pourquoi="essai", by=SYSTEME)[patient.pk]
    assert (read.nom, read.telephone) == ("Bérard", "")
    patient.refresh_from_db()
    assert patient.annee_naissance == 1951


def test_touch_starts_retention_again(cpts) -> None:
    patient = make_patient(cpts)
    later = horloge.now() + timedelta(days=100)
    with horloge.at(later):
        services.touch_patient(patient=patient)
    patient.refresh_from_db()
    assert patient.derniere_activite_le == later
    assert patient.conserver_jusque > services.retention_end(horloge.today())


def test_relation_opens_once_and_shuts_at_once(cpts) -> None:
    patient = make_patient(cpts)
    first = services.open_relation(patient=patient, rpps=RPPS, motif="accepte", by=SYSTEME)
    assert services.open_relation(patient=patient, rpps=RPPS, motif="autre", by=SYSTEME) == first
    assert services.close_relation(patient=patient, rpps=RPPS, by=SYSTEME)
    assert not services.close_relation(patient=patient, rpps=RPPS, by=SYSTEME)
    assert not RelationSoin.objects.in_force().exists()
    services.open_relation(patient=patient, rpps=RPPS, motif="retour", by=SYSTEME)
    assert RelationSoin.objects.in_force().count() == 1


def test_erase_leaves_nothing_that_identifies(cpts) -> None:
    patient = make_patient(cpts, soignant=RPPS)
    erased = services.erase_patient(patient=patient, by=SYSTEME)
    assert erased["patients.identite"] == 1
    assert erased["patients.indexidentite"] == 6
    for model in (Identite, IndexIdentite, RelationSoin):
        assert not model.objects.values_list("id").exists()
    patient.refresh_from_db()
    assert patient.annee_naissance is None
    assert patient.efface_le is not None
    assert patient.commune_id == "42218"
    with pytest.raises(ValueError, match="effacée"):
        services.update_identite(patient=patient, identite=make_identite(), by=SYSTEME)
    assert sum(services.erase_patient(patient=patient, by=SYSTEME).values()) == 0
    assert Entree.objects.filter(evenement="patients.efface").count() == 1


def test_erase_calls_what_other_rooms_declare(cpts, monkeypatch) -> None:
    from maillon.socle.declarations import EffacementPatient

    asked = []

    def efface(cpts_id, patient_id) -> int:
        asked.append((cpts_id, patient_id))
        return 3

    monkeypatch.setattr(services, "collect", lambda kind: iter([EffacementPatient("autre.Piece", efface)]))
    patient = make_patient(cpts)
    assert services.erase_patient(patient=patient, by=SYSTEME)["autre.Piece"] == 3
    assert asked == [(cpts.pk, patient.pk)]


def test_erase_expired_and_its_dry_run(cpts) -> None:
    old, recent = make_patient(cpts), make_patient(cpts, nom="Bérard")
    Patient.objects.filter(pk=old.pk).update(conserver_jusque=date(2026, 1, 31))
    last_day = services.erase_expired(cpts_id=cpts.pk, on=date(2026, 1, 31), dry_run=True)
    assert last_day.patients == 0
    dry = services.erase_expired(cpts_id=cpts.pk, on=date(2026, 2, 1), dry_run=True)
    assert (dry.patients, dry.essai) == (1, True)
    assert Identite.objects.values_list("id").count() == 2
    assert services.erase_expired(cpts_id=cpts.pk, on=date(2026, 2, 1)).patients == 1
    assert list(Identite.objects.values_list("patient_id", flat=True)) == [recent.pk]


def test_history_keeps_no_identity(cpts) -> None:
    """The trigger's rows name columns; the values kept are dates and states."""
    patient = make_patient(cpts, nom="Canarinoir")
    services.update_identite(patient=patient, identite=make_identite(nom="Canariblanc"), by=SYSTEME)
    services.erase_patient(patient=patient, by=SYSTEME)
    kept = str(list(Ecriture.objects.values())) + str(list(Entree.objects.values()))
    assert "canari" not in kept.lower()
    assert Ecriture.objects.filter(table_nom="patients_identite", operation="update").exists()
