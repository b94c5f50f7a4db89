"""No trace, no read."""

import pytest
from django.db import ProgrammingError, connection, transaction

from fabriques.droits import make_cpts
from fabriques.patients import make_patient
from maillon.communaute.patients.models import Identite, IndexIdentite, Patient
from maillon.communaute.patients.selectors import has_relation, read_identites, search_patients
from maillon.communaute.patients.services import close_relation, record_opposition
from maillon.socle.contexte import Contexte, use_contexte, use_cpts
from maillon.socle.droits.acteur import PUBLIC, SYSTEME, Acteur
from maillon.socle.droits.enums import Genre, Role
from maillon.socle.identifiants import new_id
from maillon.socle.journal.models import Lecture

pytestmark = pytest.mark.django_db
RPPS = "99900000001"


def make_lecteur(cpts, *roles: Role, rpps: str | None = None) -> Acteur:
    return Acteur(genre=Genre.MEMBRE, compte_id=new_id(), cpts_id=cpts.pk, rpps=rpps, roles=frozenset(roles), fort=True)


def test_each_read_leaves_one_trace_a_patient(cpts) -> None:
    patients = [make_patient(cpts), make_patient(cpts, nom="Bérard")]
    by = make_lecteur(cpts, Role.COORDINATION)
    read = read_identites([p.pk for p in patients], quoi="identite", pourquoi="appel du patient", by=by)
    assert {identite.nom for identite in read.values()} == {"Martin", "Bérard"}
    traces = Lecture.objects.all()
    assert {trace.patient_id for trace in traces} == {p.pk for p in patients}
    assert {(t.acteur, t.compte_id, t.quoi, t.pourquoi) for t in traces} == {
        ("membre:coordination", by.compte_id, "identite", "appel du patient")
    }


def test_the_trace_names_who_asks_inside_the_transaction_of_somebody_else(cpts, django_assert_num_queries) -> None:
    patient, by = make_patient(cpts), make_lecteur(cpts, Role.COORDINATION)
    with (
        use_contexte(Contexte(cpts_id=cpts.pk, compte_id=by.compte_id, acteur=by.etiquette)),
        django_assert_num_queries(1),
    ):
        read_identites([patient.pk], quoi="telephone", pourquoi="prévenir", by=SYSTEME)
    [trace] = Lecture.objects.filter(patient_id=patient.pk)
    assert (trace.acteur, trace.compte_id) == ("systeme", None)


def test_queries_do_not_grow_with_patients(cpts, django_assert_num_queries) -> None:
    ids = [make_patient(cpts).pk for _ in range(5)]
    with django_assert_num_queries(1):
        read_identites(ids, quoi="identite", pourquoi="essai", by=SYSTEME)


@pytest.mark.parametrize("model", [Identite, IndexIdentite])
def test_runtime_role_cannot_select_identities(cpts, model) -> None:
    patient = make_patient(cpts)
    assert list(model.objects.values_list("patient_id", flat=True).distinct()) == [patient.pk]  # the control
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(model.objects.all())
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.filter(**{"nom" if model is Identite else "empreinte": b"x"}).exists()


@pytest.mark.parametrize("contexte", [{"acteur": "systeme"}, {"cpts": True}], ids=["no community", "no actor"])
def test_function_refuses_without_community_or_actor(cpts, contexte) -> None:
    patient = make_patient(cpts)
    place = Contexte(cpts_id=cpts.pk if "cpts" in contexte else None, acteur=contexte.get("acteur", ""))
    for call, arguments in (
        ("maillon_lire_identites(%s, 'identite', 'essai')", [[patient.pk]]),
        ("maillon_chercher_patients(%s, 'essai', 10, NULL, CURRENT_DATE)", [[b"x"]]),
    ):
        with (
            pytest.raises(ProgrammingError, match="names its community"),
            use_contexte(place),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT * FROM {call}", arguments)


@pytest.mark.parametrize(("quoi", "pourquoi"), [("", "essai"), ("identite", " ")])
def test_function_refuses_without_reason(cpts, quoi, pourquoi) -> None:
    patient = make_patient(cpts)
    with pytest.raises(ProgrammingError, match="reason"), transaction.atomic():
        read_identites([patient.pk], quoi=quoi, pourquoi=pourquoi, by=SYSTEME)


def test_functions_are_closed_to_others(cpts) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosecdef, has_function_privilege('public', oid, 'execute'),"
            " has_function_privilege(oid, 'execute'), pg_get_userbyid(proowner) <> current_user"
            " FROM pg_proc WHERE proname IN ('maillon_lire_identites', 'maillon_chercher_patients')"
        )
        rows = cursor.fetchall()
    assert len(rows) == 2
    for name, definer, public, runtime, not_owner in rows:
        assert (definer, public, runtime, not_owner) == (True, False, True, True), name


def test_trace_shares_the_fate_of_the_read(cpts) -> None:
    """The trace lives in the transaction that reads: both are kept, or the answer never left."""
    patient = make_patient(cpts)
    with transaction.atomic():
        read_identites([patient.pk], quoi="identite", pourquoi="essai", by=SYSTEME)
        assert Lecture.objects.count() == 1
        transaction.set_rollback(True)
    assert not Lecture.objects.exists()


def test_other_community_reads_and_finds_nothing(cpts) -> None:
    patient = make_patient(cpts)
    other = make_cpts()
    with use_cpts(other.pk):
        assert not Patient.objects.exists()
        assert read_identites([patient.pk], quoi="identite", pourquoi="essai", by=SYSTEME) == {}
        assert search_patients("martin", pourquoi="essai", by=SYSTEME) == []
        with connection.cursor() as cursor:  # the function itself, without the queryset in front
            cursor.execute("SELECT * FROM maillon_lire_identites(%s, 'identite', 'essai')", [[patient.pk]])
            assert cursor.fetchall() == []


@pytest.mark.parametrize("role", [Role.COORDINATION, Role.INTERLOCUTEUR_SOCIAL, Role.SECRETARIAT])
def test_desk_reads_by_role(cpts, role) -> None:
    patient = make_patient(cpts)
    by = make_lecteur(cpts, role)
    assert search_patients("jeanne martin", pourquoi="essai", by=by) == [patient.pk]
    assert patient.pk in read_identites([patient.pk], quoi="identite", pourquoi="essai", by=by)


def test_professional_reads_with_a_relation_only(cpts) -> None:
    patient, other = make_patient(cpts, soignant=RPPS), make_patient(cpts)
    by = make_lecteur(cpts, Role.PROFESSIONNEL, rpps=RPPS)
    assert has_relation(patient, RPPS)
    assert not has_relation(other, RPPS)
    assert search_patients("martin", pourquoi="essai", by=by) == [patient.pk]
    assert set(read_identites([patient.pk, other.pk], quoi="identite", pourquoi="essai", by=by)) == {patient.pk}
    assert {trace.patient_id for trace in Lecture.objects.all()} == {patient.pk}
    close_relation(patient=patient, rpps=RPPS, by=SYSTEME)
    assert search_patients("martin", pourquoi="essai", by=by) == []
    assert read_identites([patient.pk], quoi="identite", pourquoi="essai", by=by) == {}


@pytest.mark.parametrize("role", [Role.PRESIDENT, Role.BUREAU, Role.REFERENT_DONNEES, Role.PARTENAIRE, Role.PHARMACIEN])
def test_other_roles_read_nothing(cpts, role) -> None:
    patient = make_patient(cpts)
    by = make_lecteur(cpts, role)
    assert search_patients("martin", pourquoi="essai", by=by) == []
    assert read_identites([patient.pk], quoi="identite", pourquoi="essai", by=by) == {}
    assert Patient.objects.traceable_by(by).exists() == (role is Role.REFERENT_DONNEES)


def test_public_and_links_read_nothing(cpts) -> None:
    make_patient(cpts)
    for by in (PUBLIC, Acteur(genre=Genre.LIEN, cpts_id=cpts.pk), Acteur(genre=Genre.AGENT)):
        assert not Patient.objects.visible_to(by).exists()
        assert search_patients("martin", pourquoi="essai", by=by) == []


def test_opposition_holds_everywhere(cpts) -> None:
    patient = make_patient(cpts, oppose=True)
    by = make_lecteur(cpts, Role.COORDINATION)
    assert search_patients("martin", pourquoi="essai", by=by) == []
    assert read_identites([patient.pk], quoi="identite", pourquoi="essai", by=SYSTEME) == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM maillon_lire_identites(%s, 'identite', 'essai')", [[patient.pk]])
        assert cursor.fetchall() == []
    assert not Lecture.objects.exists()
    record_opposition(patient=patient, by=SYSTEME, opposed=False)
    assert search_patients("martin", pourquoi="essai", by=by) == [patient.pk]


@pytest.mark.parametrize("typed", ["martin", "MARTIN", "mar", "marti", "jeanne martin", "12/03/1950", "0477010203"])
def test_search(cpts, typed) -> None:
    patient = make_patient(cpts)
    make_patient(cpts, nom="Bérard", prenom="Luc", naissance=None, telephone="04 77 99 99 99")
    assert search_patients(typed, pourquoi="essai", by=SYSTEME) == [patient.pk]
    assert list(Lecture.objects.values_list("patient_id", "quoi", "pourquoi")) == [(patient.pk, "recherche", "essai")]


@pytest.mark.parametrize("typed", ["", "durand", "jeanne berard", "12/03/1951", "0477010204"])
def test_search_without_hit_leaves_no_trace(cpts, typed) -> None:
    make_patient(cpts)
    make_patient(cpts, nom="Bérard", prenom="Luc")
    assert search_patients(typed, pourquoi="essai", by=SYSTEME) == []
    assert not Lecture.objects.exists()


def test_search_is_limited_and_recent_first(cpts) -> None:
    patients = [make_patient(cpts) for _ in range(3)]
    assert search_patients("martin", pourquoi="essai", by=SYSTEME, limite=2) == [patients[2].pk, patients[1].pk]
    assert Lecture.objects.count() == 2
