"""People, groups, offices: dates, who reads what, rights that follow."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from fabriques.adhesions import AdhesionFabrique, make_cotisation, make_mandat
from fabriques.droits import enter, make_membre
from fabriques.personnes import AppartenanceFabrique, GroupeFabrique, PersonneFabrique
from maillon.communaute.adhesions import services as adhesions
from maillon.communaute.adhesions.alertes import list_alertes
from maillon.communaute.adhesions.enums import College, Fonction
from maillon.communaute.adhesions.models import CollegeStatutaire, MandatStatutaire
from maillon.communaute.adhesions.selectors import get_choix_colleges
from maillon.communaute.adhesions.services import AdhesionRefusee
from maillon.communaute.personnes import services
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.selectors import groupes_of, people_of_groupe
from maillon.socle import horloge
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Mandat
from maillon.socle.droits.services import invite_membre
from maillon.socle.horloge import now, today

pytestmark = pytest.mark.django_db
ELUS = date(2025, 6, 1)


@pytest.fixture
def coordination(client, cpts):
    return enter(client, make_membre(cpts, Role.COORDINATION).compte)


def test_a_group_between_two_dates_and_back(cpts, by):
    groupe, personne = GroupeFabrique(cpts=cpts), PersonneFabrique(cpts=cpts)
    row = services.join_groupe(groupe=groupe, personne=personne, depuis=date(2025, 1, 1), by=by)
    again = services.join_groupe(groupe=groupe, personne=personne, depuis=date(2025, 3, 1), responsable=True, by=by)
    assert again.pk == row.pk
    assert again.responsable
    services.leave_groupe(appartenance=again, on=date(2025, 6, 1), by=by)
    assert list(people_of_groupe(groupe, on=date(2025, 5, 31))) == [personne]
    assert groupes_of(personne.pk, on=date(2025, 6, 1)) == []
    services.rejoin_groupe(appartenance=again, by=by)
    assert groupes_of(personne.pk, on=date(2026, 1, 1)) == [groupe]


def test_who_left_leaves_the_groups_and_comes_back_to_them(cpts, by):
    personne = PersonneFabrique(cpts=cpts)
    groupe = AppartenanceFabrique(cpts=cpts, groupe=GroupeFabrique(cpts=cpts), personne=personne).groupe
    services.depart_personne(personne=personne, on=today(), by=by)
    assert list(people_of_groupe(groupe, on=today())) == []
    services.return_personne(personne=personne, by=by)
    assert list(people_of_groupe(groupe, on=today())) == [personne]


def test_an_invited_account_is_the_person_already_kept(cpts, by):
    personne = AdhesionFabrique(cpts=cpts).professionnel
    kept = services.keep_professionnel(cpts_id=cpts.pk, professionnel=personne, by=by)
    membre = invite_membre(
        cpts, email="x@example.org", prenom="X", nom="Y", rpps=personne.rpps, roles=[Role.PROFESSIONNEL], by=by
    )
    kept.refresh_from_db()
    assert kept.membre == membre
    make_membre(cpts, Role.SECRETARIAT)  # by another way than an invitation
    assert services.link_membres(cpts_id=cpts.pk) == 2  # this one, and the coordinator of these tests
    assert services.link_membres(cpts_id=cpts.pk) == 0


# Offices


def test_an_office_gives_the_seats_and_the_rights_for_its_dates(cpts, by):
    membre = make_membre(cpts, Role.PROFESSIONNEL)
    personne = services.keep_membre(membre=membre, by=by)
    mandat = adhesions.give_mandat(
        personne=personne, fonction=Fonction.TRESORIER, debut=ELUS, fin=date(2028, 6, 1), ouvre_acces=True, by=by
    )
    assert {g.instance for g in groupes_of(personne.pk, on=date(2026, 1, 1))} == {"ca", "bureau"}
    assert groupes_of(personne.pk, on=date(2028, 6, 1)) == []
    membre.refresh_from_db()
    assert Role.BUREAU in membre.roles
    with pytest.raises(ValidationError, match="déjà tenue par une autre personne"):
        adhesions.give_mandat(
            personne=PersonneFabrique(cpts=cpts),
            fonction=Fonction.TRESORIER,
            debut=date(2027, 1, 1),
            fin=None,
            ouvre_acces=False,
            by=by,
        )
    adhesions.give_mandat(
        personne=personne, fonction=Fonction.ADMINISTRATEUR, debut=ELUS, fin=None, ouvre_acces=True, by=by
    )
    adhesions.end_mandat(mandat=mandat, on=date(2026, 2, 1), by=by)
    assert {g.instance for g in groupes_of(personne.pk, on=date(2026, 3, 1))} == {"ca"}  # a councillor still
    assert Mandat.objects.get(membre=membre, role=Role.BUREAU).periode.upper == date(2026, 2, 1)
    with pytest.raises(AdhesionRefusee, match="déjà terminé"):
        adhesions.end_mandat(mandat=MandatStatutaire.objects.get(pk=mandat.pk), on=date(2026, 3, 1), by=by)


def test_the_home_page_says_what_waits_ends_or_is_late(cpts, by):
    make_mandat(cpts, fonction=Fonction.PRESIDENT, periode=DateRange(ELUS, date(2026, 5, 1)))
    make_mandat(cpts, fonction=Fonction.TRESORIER, periode=DateRange(ELUS, date(2026, 5, 1)))
    make_mandat(cpts, fonction=Fonction.TRESORIER, periode=DateRange(date(2026, 5, 1), None))  # follows the former
    make_cotisation(cpts)
    with horloge.at(datetime(2026, 4, 10, 9, tzinfo=ZoneInfo("Europe/Paris"))):
        phrases = [alerte.phrase for alerte in list_alertes(cpts.pk, by, now())]
    assert len(phrases) == 2
    assert "(présidence) finit le 30\u00a0avril" in phrases[0]
    assert phrases[1].replace("\u00a0", " ") == "1 cotisation en retard reste à payer : 30 €."


def test_colleges_of_the_community_replace_the_usual_ones(cpts, by):
    assert [code for code, _ in get_choix_colleges(cpts.pk)] == College.values
    adhesions.add_college(cpts_id=cpts.pk, nom="Usagers", by=by)
    adhesions.rename_college(cpts_id=cpts.pk, code="medecins", nom="médecins libéraux", by=by)
    adhesions.close_college(cpts_id=cpts.pk, code="partenaires", ferme=True, by=by)
    assert get_choix_colleges(cpts.pk) == [
        ("medecins", "médecins libéraux"),
        ("professionnels", "autres professionnels de santé"),
        ("structures", "structures de soins"),
        ("usagers", "Usagers"),
    ]
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        adhesions.add_college(cpts_id=cpts.pk, nom="Usagers", by=by)
    assert CollegeStatutaire.objects.count() == 5


# Pages


def test_a_sheet_gathers_what_every_room_knows(coordination, cpts, by):
    cotisation = make_cotisation(cpts)
    personne = cotisation.adhesion.professionnel.personnes.get()
    adhesions.give_mandat(
        personne=personne, fonction=Fonction.SECRETAIRE, debut=ELUS, fin=None, ouvre_acces=False, by=by
    )
    text = coordination.get(reverse("personnes_fiche", args=[cpts.slug, personne.pk])).content.decode()
    for expected in ("Adhésion", "Cotisation 2026", "Secrétariat général", "Bureau", personne.courriel):
        assert expected in text


def test_other_members_read_only_what_a_person_shows(client, cpts):
    personne = PersonneFabrique(cpts=cpts, courriel="secret@example.org", montre_courriel=False)
    compte = make_membre(cpts, Role.PROFESSIONNEL).compte
    enter(client, compte)
    page = reverse("personnes_fiche", args=[cpts.slug, personne.pk])
    assert "secret@example.org" not in client.get(page).content.decode()
    groupe = AppartenanceFabrique(cpts=cpts, groupe=GroupeFabrique(cpts=cpts), personne=personne).groupe
    export = reverse("personnes_groupe", args=[cpts.slug, groupe.pk])
    assert "secret@example.org" not in client.get(export, {"export": "csv", "col": "courriel"}).content.decode()
    own = reverse("personnes_coordonnees", args=[cpts.slug])
    assert client.post(own, {"courriel": "pas une adresse"}).status_code == 422
    client.post(own, {"courriel": "moi@example.org", "telephone": "04 77 12 34 56", "montre_courriel": "on"})
    me = Personne.objects.get(membre__compte=compte)
    assert (me.courriel, me.montre_courriel, me.montre_telephone) == ("moi@example.org", True, False)


def test_a_group_is_made_filled_and_closed_from_its_pages(coordination, cpts):
    people = [PersonneFabrique(cpts=cpts, nom=nom) for nom in ("Albert", "Berthe")]
    form = {"nom": "Parcours", "genre": "commission", "mission": "parcours"}
    assert coordination.post(reverse("personnes_groupe_ajouter", args=[cpts.slug]), form).status_code == 302
    assert coordination.post(reverse("personnes_groupe_ajouter", args=[cpts.slug]), form).status_code == 422
    groupe = Groupe.objects.get()
    page = reverse("personnes_groupe", args=[cpts.slug, groupe.pk])
    assert coordination.post(page + "composer/", {"depuis": today().isoformat()}).status_code == 422
    coordination.post(page + "composer/", {"personnes": [str(p.pk) for p in people], "depuis": today().isoformat()})
    text = coordination.get(page).content.decode()
    assert "Albert" in text
    assert "Berthe" in text
    row = groupe.appartenances.get(personne=people[0])
    coordination.post(f"{page}personnes/{row.pk}/responsable/", {"oui": "1"})
    coordination.post(f"{page}personnes/{row.pk}/retirer/", {"le": (today() + timedelta(days=1)).isoformat()})
    row.refresh_from_db()
    assert row.responsable
    assert row.jusqu_a == today() + timedelta(days=1)
    coordination.post(page + "fermer/")
    assert "Aucun groupe" in coordination.get(reverse("personnes_groupes", args=[cpts.slug])).content.decode()
    coordination.post(page + "rouvrir/")
    groupe.refresh_from_db()
    assert groupe.ferme_le is None


def test_an_office_is_noted_and_ended_from_the_page(coordination, cpts):
    personne = PersonneFabrique(cpts=cpts)
    donner = reverse("adhesions_mandat_donner", args=[cpts.slug])
    form = {"personne": str(personne.pk), "fonction": "president", "debut": "2025-06-01", "fin": "2025-05-01"}
    assert coordination.post(donner, form).status_code == 422
    assert coordination.post(donner, {**form, "fin": "2099-06-01"}).status_code == 302
    mandat = MandatStatutaire.objects.get()
    assert mandat.dernier_jour == date(2099, 6, 1)
    assert str(personne) in coordination.get(reverse("adhesions_mandats", args=[cpts.slug])).content.decode()
    coordination.post(reverse("adhesions_mandat_finir", args=[cpts.slug, mandat.pk]), {"le": today().isoformat()})
    mandat.refresh_from_db()
    assert mandat.periode.upper == today()


def test_queries_do_not_grow_with_people(coordination, cpts, django_assert_max_num_queries):
    groupe = GroupeFabrique(cpts=cpts)
    for _ in range(12):
        AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=PersonneFabrique(cpts=cpts))
    coordination.get(reverse("personnes_liste", args=[cpts.slug]))
    for name, arguments in (("personnes_liste", []), ("personnes_groupes", []), ("personnes_groupe", [groupe.pk])):
        with django_assert_max_num_queries(24):
            coordination.get(reverse(name, args=[cpts.slug, *arguments]))
