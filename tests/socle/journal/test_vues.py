"""The journal's pages: who opens them, what they show, and never a patient's name."""

import pytest
from django.test import Client

from fabriques.droits import enter, make_cpts, make_membre
from fabriques.patients import make_patient
from maillon.communaute.patients.selectors import read_identites
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre, Role
from maillon.socle.droits.models import Membre
from maillon.socle.journal.listes import describe_acteur, describe_details
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db
PAGES = ("journal", "journal/evenements", "journal/ecritures")


def acteur_of(membre: Membre) -> Acteur:
    return Acteur(
        genre=Genre.MEMBRE,
        compte_id=membre.compte_id,
        cpts_id=membre.cpts_id,
        roles=frozenset(Role(role) for role in membre.roles),
        fort=True,
    )


@pytest.fixture
def scene():
    """A community, its référent, and a secretary who read two patients."""
    cpts = make_cpts()
    referent = make_membre(cpts, Role.REFERENT_DONNEES)
    secretary = make_membre(cpts, Role.SECRETARIAT, prenom="Nadia", nom="Belkacem")
    with use_cpts(cpts.pk):
        patients = [make_patient(cpts, nom="Canarinoir"), make_patient(cpts, nom="Canariblanc")]
        ids = [patient.pk for patient in patients]
        read_identites(ids, quoi="identité", pourquoi="appel du patient", by=acteur_of(secretary))
    return cpts, referent, secretary, patients


def read(client: Client, cpts, page: str, **query: str):
    return client.get(f"/c/{cpts.slug}/{page}/", query)


def plain(answer) -> str:
    """The page with ordinary spaces."""
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.REFERENT_DONNEES, 200),
        (Role.PRESIDENT, 200),
        (Role.COORDINATION, 404),
        (Role.SECRETARIAT, 404),
        (Role.PROFESSIONNEL, 404),
    ],
)
def test_who_opens(client, page, role, status) -> None:
    cpts = make_cpts()
    enter(client, make_membre(cpts, role).compte)
    assert read(client, cpts, page).status_code == status
    assert read(client, make_cpts(), page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_no_name_of_a_patient(client, scene, page) -> None:
    cpts, referent, _, _ = scene
    enter(client, referent.compte)
    body = plain(read(client, cpts, page))
    assert "Canari" not in body
    assert "canari" not in body


def test_reads_show_who_what_when_why(client, scene) -> None:
    cpts, referent, _, patients = scene
    enter(client, referent.compte)
    body = plain(read(client, cpts, "journal"))
    for text in ("Nadia Belkacem", "secrétariat", "identité", "appel du patient", patients[0].reference, "2 lectures"):
        assert text in body


@pytest.mark.parametrize("typed", ["reference", "lower", "end"])
def test_filter_by_patient_and_person(client, scene, typed) -> None:
    cpts, referent, secretary, patients = scene
    enter(client, referent.compte)
    reference = patients[0].reference
    value = {"reference": reference, "lower": reference.lower(), "end": reference[-4:]}[typed]
    assert "1 lecture<" in plain(read(client, cpts, "journal", patient=value))
    by_person = plain(read(client, cpts, "journal", personne=str(secretary.compte_id)))
    assert "2 lectures" in by_person
    nobody = plain(read(client, cpts, "journal", personne=str(referent.compte_id)))
    assert "Rien ne correspond" in nobody


@pytest.mark.parametrize("page", PAGES)
def test_queries_do_not_grow(client, scene, page, django_assert_max_num_queries) -> None:
    cpts, referent, secretary, patients = scene
    enter(client, referent.compte)
    read(client, cpts, page)
    with django_assert_max_num_queries(30) as few:
        read(client, cpts, page)
    with use_cpts(cpts.pk):
        for _ in range(10):
            patients.append(make_patient(cpts))
        ids = [patient.pk for patient in patients]
        read_identites(ids, quoi="identité", pourquoi="essai", by=acteur_of(secretary))
    with django_assert_max_num_queries(len(few)):
        read(client, cpts, page)


def test_export_is_itself_in_the_journal(client, scene) -> None:
    cpts, referent, _, patients = scene
    enter(client, referent.compte)
    answer = read(client, cpts, "journal", export="csv")
    assert answer.status_code == 200
    assert patients[0].reference in answer.content.decode("utf-8-sig")
    with use_cpts(cpts.pk):
        entry = Entree.objects.get(evenement="journal.exporte")
    assert (entry.compte_id, entry.details["lignes"], entry.details["format"]) == (referent.compte_id, 2, "csv")


def test_traces_of_one_patient(client, scene) -> None:
    cpts, referent, _, patients = scene
    enter(client, referent.compte)
    page = f"patients/{patients[0].pk}/traces"
    body = plain(read(client, cpts, page))
    assert "Nadia Belkacem" in body
    assert "1 accès" in body
    assert "Canari" not in body
    assert "Nadia Belkacem" in read(client, cpts, page, export="csv").content.decode("utf-8-sig")
    with use_cpts(cpts.pk):
        lues = Entree.objects.filter(evenement="patients.traces_lues", objet_id=patients[0].pk)
        assert lues.count() == 2
    client.get(f"/c/{cpts.slug}/{page}/", {"export": "csv"}, headers={"HX-Target": "resultats"})
    with use_cpts(cpts.pk):
        assert lues.count() == 3, "whatever the browser says of its request"
    other = make_cpts()
    enter(client, make_membre(other, Role.REFERENT_DONNEES).compte)
    assert read(client, other, page).status_code == 404
    assert read(client, cpts, page).status_code == 404


@pytest.mark.parametrize("role", [Role.COORDINATION, Role.PRESIDENT, Role.SECRETARIAT])
def test_traces_are_for_the_referent(client, scene, role) -> None:
    cpts, _, _, patients = scene
    enter(client, make_membre(cpts, role).compte)
    assert read(client, cpts, f"patients/{patients[0].pk}/traces").status_code == 404


def test_words() -> None:
    assert describe_acteur("membre:coordination+secretariat") == "coordination, secrétariat"
    assert describe_acteur("systeme") == "tâche automatique"
    assert describe_acteur("lien") == "lien signé"
    key = "01a20117-9634-702a-9496-2896c8e2f9a6"
    assert describe_details({"membre": key, "n": 0, "lignes": {"a.b": 2, "a.c": 0}, "vide": None}) == (
        "membre : C8E2F9A6 ; n : 0 ; lignes : b 2"
    )
