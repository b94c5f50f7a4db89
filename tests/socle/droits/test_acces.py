"""Access as whole requests: inviting, roles and their dates, closing; the invitation's door; patient rooms."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fabriques.droits import PHRASE, enter, make_agent, make_compte, make_cpts, make_membre
from maillon.socle import horloge
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits import services
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Genre, Mission, Role, RoleTerritorial
from maillon.socle.droits.middleware import AccesMiddleware
from maillon.socle.droits.models import Lien, Mandat, Membre
from maillon.socle.droits.permissions import acces_public
from maillon.socle.droits.selectors import acteur_of_compte, may_open
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db
MARIE = {"prenom": "Marie-Françoise", "nom": "Le Goff", "email": "mf.legoff@example.org", "roles": ["secretariat"]}


@pytest.fixture
def cpts() -> Cpts:
    return make_cpts("CPTS du Pilat")


@pytest.fixture
def coordination(client: Client, cpts: Cpts) -> Membre:
    membre = make_membre(cpts, Role.COORDINATION)
    enter(client, membre.compte)
    return membre


def read_lien(cpts: Cpts, email: str = MARIE["email"]) -> str:
    """The path written in the last message to this person."""
    with use_cpts(cpts.pk):
        texte = Message.objects.order_by("-cree_le").first().texte
    return urlsplit(re.search(r"http\S+", texte).group(0)).path


def invite(client: Client, cpts: Cpts, **changes: object) -> HttpResponse:
    return client.post(f"/c/{cpts.slug}/communaute/acces/inviter/", {**MARIE, **changes})


def test_invited_person_chooses_a_password_and_enrols(client: Client, cpts: Cpts, coordination: Membre) -> None:
    assert invite(client, cpts).status_code == 302
    lien = read_lien(cpts)
    guest = Client()
    assert "CPTS du Pilat" in guest.get(lien).content.decode()
    assert guest.get(lien).status_code == 200, "reading does not use it up"
    short = guest.post(lien, {"password1": "court", "password2": "court"})
    assert (short.status_code, "14 caractères" in short.content.decode().replace("\xa0", " ")) == (422, True)
    other = guest.post(lien, {"password1": PHRASE, "password2": "autre"})
    assert "différents" in other.content.decode()
    assert guest.post(lien, {"password1": PHRASE, "password2": PHRASE}).url == "/compte/2fa/"
    assert guest.get("/compte/2fa/totp/activate/").status_code == 200, "the password is not asked again at once"
    assert guest.get(lien).status_code == 410, "used up"
    with use_cpts(cpts.pk):
        own = Entree.objects.filter(evenement__startswith="droits.").order_by("id")
        events = list(own.values_list("evenement", flat=True))
    assert events[-3:] == ["droits.role_donne", "droits.invitation", "droits.invitation_acceptee"]


def test_a_mandate_that_ended_yesterday_opens_nothing_before_the_nightly_job(client: Client, cpts: Cpts) -> None:
    membre = make_membre(cpts, Role.COORDINATION, Role.PROFESSIONNEL)
    enter(client, membre.compte)
    adresse = f"/c/{cpts.slug}/communaute/acces/"
    assert client.get(adresse).status_code == 200
    hier = horloge.today() - timedelta(days=1)
    with use_cpts(cpts.pk):
        Mandat.objects.filter(membre=membre, role=Role.COORDINATION).update(periode=DateRange(date(2020, 1, 1), hier))
        assert Role.COORDINATION in Membre.objects.get(pk=membre.pk).roles, "the job has not run"
    assert client.get(adresse).status_code == 404


def test_removals_of_coordinators_wait_for_each_other(cpts: Cpts) -> None:
    """Two who remove each other at once would both see that the other one stays."""
    premier, second = make_membre(cpts, Role.COORDINATION), make_membre(cpts, Role.COORDINATION)
    with use_cpts(cpts.pk), CaptureQueriesContext(connection) as faites:
        mandat = Mandat.objects.select_related("membre__compte", "membre__cpts").get(membre=premier)
        services.end_role(mandat=mandat, on=horloge.today(), by=SYSTEME)
        with pytest.raises(services.DerniereCoordination):
            services.deactivate_membre(membre=second, by=SYSTEME)
    ecrits = [q["sql"] for q in faites if "FOR NO KEY UPDATE" in q["sql"] or q["sql"].startswith("UPDATE")]
    assert sum("FOR NO KEY UPDATE" in sql for sql in ecrits) == 2
    assert "cpts_cpts" in ecrits[0]


def test_invitation_never_opens_an_existing_account(client: Client, cpts: Cpts, coordination: Membre) -> None:
    compte = make_compte(phrase=PHRASE, email=MARIE["email"], prenom="Marie", nom="Legoff")
    invite(client, cpts, email=MARIE["email"].upper())
    assert read_lien(cpts) == f"/c/{cpts.slug}/", "news, not a link to a password"
    compte.refresh_from_db()
    assert (compte.nom, compte.check_password(PHRASE)) == ("Legoff", True)
    with use_cpts(cpts.pk):
        assert Membre.objects.get(compte=compte).roles == ["secretariat"]


def test_an_invitation_does_not_stand_for_a_second_factor(client: Client, cpts: Cpts, coordination: Membre) -> None:
    """Somebody who signs in by Pro Santé Connect may have a key and no password."""
    make_compte(email=MARIE["email"], totp=True)
    invite(client, cpts)
    guest = Client()
    assert guest.post(read_lien(cpts), {"password1": PHRASE, "password2": PHRASE}).url == "/compte/login/"
    assert not get_user(guest).is_authenticated


def test_two_communities_invite_the_same_newcomer(client: Client, cpts: Cpts, coordination: Membre) -> None:
    invite(client, cpts)
    first = read_lien(cpts)
    with use_cpts((other := make_cpts()).pk):
        services.invite_membre(other, email=MARIE["email"], prenom="M", nom="L", roles=[Role.BUREAU], by=SYSTEME)
    assert Client().post(first, {"password1": PHRASE, "password2": PHRASE}).status_code == 302
    late = Client().post(
        read_lien(other), {"password1": "un voleur de mot de passe", "password2": "un voleur de mot de passe"}
    )
    assert "Vous avez déjà un compte" in late.content.decode()
    assert Compte.objects.get(email=MARIE["email"]).check_password(PHRASE)


def test_sending_again_stops_the_former_link(client: Client, cpts: Cpts, coordination: Membre) -> None:
    invite(client, cpts)
    former = read_lien(cpts)
    with use_cpts(cpts.pk):
        membre = Membre.objects.get(compte__email=MARIE["email"])
    client.post(f"/c/{cpts.slug}/communaute/acces/{membre.pk}/relancer/")
    assert Client().get(former).status_code == 410
    assert Client().get(read_lien(cpts)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "pas un courriel"}, "adresse"),
        ({"roles": []}, "obligatoire"),
        ({"rpps": "123"}, "11 chiffres"),
        ({"roles": ["referent_mission"]}, "Choisissez la mission"),
        ({"roles": ["roi"]}, "roi"),
        ({"rpps": "99990000017"}, "déjà celui d’un autre compte"),
        ({"roles": ["president"]}, "déjà tenue par une autre personne"),
    ],
)
def test_refused_invitations_write_nothing(client, cpts, coordination, changes, sentence) -> None:
    make_membre(cpts, Role.PRESIDENT, rpps="99990000017")
    before = Compte.objects.count(), Lien.objects.count()
    answer = invite(client, cpts, **changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("\xa0", " ")
    assert (Compte.objects.count(), Lien.objects.count()) == before


def test_list_costs_the_same_for_three_or_thirty(client, cpts, coordination, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page = f"/c/{cpts.slug}/communaute/acces/"
    counts = []
    for more in (2, 27):
        for _ in range(more):
            make_membre(cpts, Role.BUREAU, Role.SECRETARIAT)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).content.decode().count("<tr>") == 2 + sum(counts and [2]) + more
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_role_over_dates(client: Client, cpts: Cpts, coordination: Membre) -> None:
    membre = make_membre(cpts)
    base = f"/c/{cpts.slug}/communaute/acces/{membre.pk}/"
    today = horloge.today()
    wrong = client.post(f"{base}role/", {"role": "bureau", "debut": today, "fin": today - timedelta(days=1)})
    assert "finirait avant de commencer" in wrong.content.decode()
    given = {"role": "referent_mission", "mission": "acces", "debut": today, "fin": today + timedelta(days=30)}
    assert client.post(f"{base}role/", given).status_code == 302
    assert "déjà ce rôle" in client.post(f"{base}role/", given).content.decode()
    later = {"role": "bureau", "debut": today + timedelta(days=10)}
    client.post(f"{base}role/", later)
    with use_cpts(cpts.pk):
        membre.refresh_from_db()
        assert (membre.roles, membre.missions) == (["referent_mission"], [Mission.ACCES])
        with horloge.at(horloge.now() + timedelta(days=31)):
            services.refresh_roles(membre=membre, on=horloge.today())
        assert (membre.roles, membre.missions) == (["bureau"], [])
        mandat = Mandat.objects.get(membre=membre, role="bureau")
    client.post(f"{base}mandats/{mandat.pk}/fin/")
    with use_cpts(cpts.pk):
        assert not Mandat.objects.filter(pk=mandat.pk).exists(), (
            "a mandate that had not begun leaves no trace but the journal"
        )


def test_last_manager_stays(client: Client, cpts: Cpts, coordination: Membre) -> None:
    base = f"/c/{cpts.slug}/communaute/acces/{coordination.pk}/"
    with use_cpts(cpts.pk):
        mandat = coordination.mandats.get()
    for path in (f"{base}fermer/", f"{base}mandats/{mandat.pk}/fin/"):
        answer = client.post(path, follow=True)
        assert "dernière personne" in answer.content.decode()
    with use_cpts(cpts.pk):
        coordination.refresh_from_db()
    assert (coordination.actif, coordination.roles) == (True, ["coordination"])


def test_close_and_open_again(client: Client, cpts: Cpts, coordination: Membre) -> None:
    membre = make_membre(cpts, Role.BUREAU)
    base = f"/c/{cpts.slug}/communaute/acces/{membre.pk}/"
    assert "est fermé" in client.post(f"{base}fermer/", follow=True).content.decode()
    assert "est rouvert" in client.post(f"{base}rouvrir/", follow=True).content.decode()


def test_office_is_held_by_one_person(cpts: Cpts) -> None:
    make_membre(cpts, Role.PRESIDENT)
    with pytest.raises(ValidationError, match="déjà tenue par une autre personne"):
        make_membre(cpts, Role.PRESIDENT)


@acces_public(patients=True)
def room(request, slug: str) -> HttpResponse:
    return HttpResponse("ouvert")


@pytest.mark.parametrize(
    ("champs", "status"),
    [
        ({}, 403),
        ({"fictive": True}, 200),
        ({"patients_ouverts_le": date(2020, 1, 1)}, 200),
        ({"patients_ouverts_le": date(2999, 1, 1)}, 403),
    ],
)
def test_patient_rooms_open_on_conditions(rf, champs: dict, status: int) -> None:
    cpts = make_cpts(**champs)
    request = rf.get("/")
    answer = AccesMiddleware(lambda request: HttpResponse()).process_view(request, room, (), {"slug": cpts.slug})
    assert answer.status_code == status
    assert ("pas encore ouvert ce service" in answer.content.decode()) == (status == 403)


def test_a_person_reads_own_memberships_everywhere_and_writes_none_from_elsewhere() -> None:
    """The policy that lets somebody choose a community does not let a request change another one's rows."""
    here, there = make_cpts(), make_cpts()
    compte = make_compte()
    make_membre(here, Role.COORDINATION, compte=compte)
    elsewhere = make_membre(there, Role.PROFESSIONNEL, compte=compte)
    with use_cpts(here.pk, compte_id=compte.pk):
        assert Membre.objects.filter(compte=compte).count() == 2
        assert Membre.objects.filter(pk=elsewhere.pk).update(actif=False) == 0
        assert Membre.objects.filter(pk=elsewhere.pk).delete()[0] == 0


def test_each_territorial_role_keeps_to_its_own_territory() -> None:
    """An agent of the CPAM of the Loire who also regulates in the Rhône does not read the contracts of the Rhône."""
    loire, rhone = make_cpts(), make_cpts(departement="69")
    agent = make_agent(RoleTerritorial.CPAM, departement="42")
    make_agent(RoleTerritorial.REGULATEUR, departement="69", compte=agent.compte)
    acteur = acteur_of_compte(agent.compte, fort=True)
    assert acteur.cpts_lues == {loire.pk}
    assert acteur.cpts_regulees == {rhone.pk}
    assert acteur.departements == {"42", "69"}


def test_links_are_shown_only_to_pages_that_open(cpts: Cpts) -> None:
    acces = f"/c/{cpts.slug}/communaute/acces/"
    coordinatrice = Acteur(genre=Genre.MEMBRE, cpts_id=cpts.pk, roles=frozenset({Role.COORDINATION}))
    partenaire = Acteur(genre=Genre.MEMBRE, cpts_id=cpts.pk, roles=frozenset({Role.PARTENAIRE}))
    assert may_open(coordinatrice, f"{acces}?q=le+goff")
    assert not may_open(partenaire, acces)
    assert may_open(partenaire, "/sante/")
    assert not may_open(coordinatrice, "/nulle-part/")
