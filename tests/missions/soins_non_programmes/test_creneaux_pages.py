"""Pages of openings and slots: one touch, a week, an opening in plain French, the morning's link."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from fabriques.droits import enter
from fabriques.soins import make_creneau, make_plage, make_pro, make_rendez_vous
from maillon.communaute.patients.models import Patient
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import EtatCreneau
from maillon.missions.soins_non_programmes.models import Creneau, Habitude, Plage, Reglages, RendezVous
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.services import create_lien
from maillon.socle.journal.models import Lecture

pytestmark = pytest.mark.django_db
# Monday 23 November 2026, 10:00 in Paris.
LUNDI = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _lundi():
    with horloge.at(LUNDI):
        yield


@pytest.fixture
def pro(soins):
    with use_cpts(soins.cpts.pk):
        return make_pro(soins, generaliste=True)


@pytest.fixture
def medecin(client, pro):
    return enter(client, pro.membre.compte)


def at(nom: str, soins, *args, **question) -> str:
    url = reverse(f"soins_{nom}", args=[soins.cpts.slug, *args])
    return url + ("?" + "&".join(f"{k}={v}" for k, v in question.items()) if question else "")


def read(reponse) -> str:
    """The page, with ordinary spaces."""
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def undo_of(reponse) -> str:
    """Where « Annuler » posts."""
    annonces = read(reponse).rpartition('id="annonces"')[2]
    return re.search(r'<form[^>]*action="([^"]+)"[^>]*>(?:(?!</form>).)*Annuler', annonces, re.S)[1].replace(
        "&amp;", "&"
    )


def test_three_places_in_one_touch_and_back(soins, pro, medecin) -> None:
    page = medecin.post(
        at("ouvrir_places", soins, pro.professionnel.pk), {"places": "3", "quand": "apres_midi"}, follow=True
    )
    assert "3 créneaux ouverts cet après-midi." in read(page)
    with use_cpts(soins.cpts.pk):
        assert Creneau.objects.filter(etat=EtatCreneau.LIBRE).count() == 3
    page = medecin.post(undo_of(page), follow=True)
    assert "en moins" in read(page)
    with use_cpts(soins.cpts.pk):
        assert not Creneau.objects.filter(etat=EtatCreneau.LIBRE).exists()
    medecin.post(undo_of(page))
    with use_cpts(soins.cpts.pk):
        assert Creneau.objects.filter(etat=EtatCreneau.LIBRE).count() == 3


def test_from_the_home_page_too(soins, pro, medecin) -> None:
    accueil = reverse("accueil_cpts", args=[soins.cpts.slug])
    assert at("ouvrir_places", soins, pro.professionnel.pk) in read(medecin.get(accueil))
    reponse = medecin.post(
        at("ouvrir_places", soins, pro.professionnel.pk),
        {"places": "1", "quand": "apres_midi", "retour": "accueil"},
    )
    assert reponse.headers["Location"] == accueil


@pytest.mark.parametrize("donnees", [{"places": "99", "quand": "matin"}, {"places": "2"}, {}])
def test_an_odd_number_of_places_is_refused(soins, pro, medecin, donnees) -> None:
    page = medecin.post(at("ouvrir_places", soins, pro.professionnel.pk), donnees, follow=True)
    assert "d’une à douze places" in read(page)


def test_nobody_opens_for_a_colleague(soins, pro, medecin) -> None:
    with use_cpts(soins.cpts.pk):
        autre = make_pro(soins)
        plage, creneau = make_plage(soins, autre), make_creneau(soins, autre)
        visite = make_rendez_vous(soins, make_creneau(soins, autre, dans=5))
    for nom, pk in [
        ("ouvrir_places", autre.professionnel.pk), ("plage_retirer", plage.pk), ("creneau_retirer", creneau.pk),
        ("venue", visite.pk), ("lieu_fermer", autre.lieu.pk),
    ]:  # fmt: skip
        assert medecin.post(at(nom, soins, pk), {"places": "1", "quand": "matin"}).status_code == 404, nom


def test_the_week_names_who_comes_and_leaves_a_trace(soins, pro, medecin) -> None:
    with use_cpts(soins.cpts.pk):
        make_rendez_vous(soins, make_creneau(soins, pro, dans=5), nom="Remarquable")
        make_creneau(soins, pro, dans=6)
    page = read(medecin.get(at("mes_creneaux", soins)))
    assert "REMARQUABLE" in page
    assert "1 place libre" in page
    with use_cpts(soins.cpts.pk):
        assert Lecture.objects.filter(pourquoi="rendez-vous de la semaine").count() == 1


def test_a_week_costs_the_same_queries_however_full(soins, pro, medecin, django_assert_max_num_queries) -> None:
    medecin.get(at("mes_creneaux", soins))
    with use_cpts(soins.cpts.pk):
        for n in range(8):
            creneau = make_creneau(soins, pro, dans=5 + n)
            if n % 2:
                make_rendez_vous(soins, creneau, nom=f"Nom{n}")
    with django_assert_max_num_queries(32):
        medecin.get(at("mes_creneaux", soins))


def test_who_came_is_said_in_one_touch_and_taken_back(soins, pro, medecin) -> None:
    with use_cpts(soins.cpts.pk):
        visite = make_rendez_vous(soins, make_creneau(soins, pro, dans=0.1))
    with horloge.at(LUNDI + timedelta(minutes=10)):
        assert "Venue" in read(medecin.get(at("mes_creneaux", soins)))
        page = medecin.post(at("venue", soins, visite.pk), {"venue": "absent", "jour": "2026-11-23"}, follow=True)
        assert "n’est pas venue" in read(page)
        medecin.post(undo_of(page))
        medecin.post(at("venue", soins, visite.pk), {"venue": "honore"})
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.get(pk=visite.pk).etat == "honore"


def saisie(pro, **champs):
    values = {
        "lieu": pro.lieu.pk, "modalite": "cabinet", "frequence": "1", "jours": ["1", "3"], "rang": "1",
        "jour": "2026-11-23", "de": "14:00", "a": "15:00", "duree": "20", "audiences": ["CPTS", "SNP"],
        "reservable": "on", "feries": "communaute", **champs,
    }  # fmt: skip
    return {nom: valeur for nom, valeur in values.items() if valeur is not None}


def test_an_opening_is_said_in_french_before_it_is_written(soins, pro, medecin) -> None:
    adresse = at("plage_nouvelle", soins, pro.professionnel.pk)
    assert medecin.get(adresse).status_code == 200
    apercu = read(medecin.post(adresse, {**saisie(pro), "apercu": "1"}, headers={"HX-Request": "true"}))
    assert "Tous les mardis et jeudis" in apercu
    assert "36 créneaux" in apercu
    assert "<html" not in apercu
    manque = medecin.post(adresse, {**saisie(pro, jours=None), "apercu": "1"})
    assert "au moins un jour de la semaine" in read(manque)
    with use_cpts(soins.cpts.pk):
        assert not Plage.objects.exists()
    page = medecin.post(adresse, saisie(pro), follow=True)
    assert "36 créneaux ouverts." in read(page)
    with use_cpts(soins.cpts.pk):
        plage = Plage.objects.get()
    assert plage.regle == "FREQ=WEEKLY;BYDAY=TU,TH"
    assert "Tous les mardis et jeudis, de 14" in read(medecin.get(at("plage", soins, plage.pk)))


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"a": "13:00"}, "L’heure de fin"),
        ({"jusque": "2026-11-01"}, "Le dernier jour"),
        ({"audiences": None}, "audiences"),
        ({"frequence": "une_fois", "jour": "2026-11-20"}, "passé"),
        ({"frequence": "une_fois", "de": "08:00", "a": "08:10", "duree": "20"}, "Aucun créneau"),
    ],
)
def test_a_refused_opening_says_what_to_change(soins, pro, medecin, champs, mot) -> None:
    reponse = medecin.post(at("plage_nouvelle", soins, pro.professionnel.pk), saisie(pro, **champs))
    assert reponse.status_code == 422
    assert mot in read(reponse)


def test_the_desk_opens_on_the_telephone_and_sees_all(client, soins, pro) -> None:
    guichet = enter(client, soins.membre.compte)
    page = read(guichet.get(at("plages", soins)))
    assert "Aucune plage ouverte" in page
    vers = guichet.get(at("choisir", soins, professionnel=pro.professionnel.pk))
    assert vers.headers["Location"] == at("semaine", soins, pro.professionnel.pk)
    assert guichet.get(at("choisir", soins)).headers["Location"] == at("plages", soins)
    guichet.post(at("ouvrir_places", soins, pro.professionnel.pk), {"places": "2", "quand": "apres_midi"})
    with use_cpts(soins.cpts.pk):
        assert Plage.objects.get().origine == "guichet"
    assert pro.professionnel.nom in read(guichet.get(at("plages", soins)))
    assert guichet.get(at("semaine", soins, pro.professionnel.pk)).status_code == 200


def test_a_day_is_withdrawn_with_the_hours_that_stay(soins, pro, medecin) -> None:
    with use_cpts(soins.cpts.pk):
        make_rendez_vous(soins, make_creneau(soins, pro, dans=5))
        make_creneau(soins, pro, dans=6)
    adresse = at("jour_retirer", soins, pro.professionnel.pk, "2026-11-23")
    page = medecin.post(adresse, follow=True)
    assert "1 créneau retiré" in read(page)
    assert "Un rendez-vous y était donné" in read(page)
    assert "15 h" in read(page), "who is to be told, and of which hour"
    medecin.post(undo_of(page))
    with use_cpts(soins.cpts.pk):
        assert Creneau.objects.filter(etat=EtatCreneau.LIBRE).count() == 1
    assert medecin.post(at("jour_retirer", soins, pro.professionnel.pk, "demain")).status_code == 404
    assert medecin.post(at("jour_rouvrir", soins, pro.professionnel.pk, "2026-11-23")).status_code == 404


def test_a_slot_is_withdrawn_and_given_back(soins, pro, medecin) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, pro, dans=5)
    page = medecin.post(at("creneau_retirer", soins, creneau.pk), {"jour": "2026-11-23"}, follow=True)
    assert "est retiré" in read(page)
    medecin.post(undo_of(page))
    with use_cpts(soins.cpts.pk):
        assert Creneau.objects.get().etat == EtatCreneau.LIBRE


def test_habits_and_places(soins, pro, medecin) -> None:
    assert medecin.get(at("habitudes", soins)).status_code == 200
    donnees = {
        "lieu": pro.lieu.pk,
        "duree": "30",
        "modalite": "cabinet",
        "audiences": ["SNP"],
        "matin": "on",
        "jours": ["0"],
    }
    medecin.post(at("habitudes", soins), donnees)
    with use_cpts(soins.cpts.pk):
        habitude = Habitude.objects.get()
    assert (habitude.duree, habitude.matin, habitude.jours) == (30, True, [0])
    assert medecin.post(at("habitudes", soins), {**donnees, "audiences": []}).status_code == 422
    lieu = {
        "libelle": "Maison de santé",
        "adresse": "",
        "code_postal": "42390",
        "commune": soins.villars.pk,
        "telephone": "",
    }
    adresse = at("lieu_nouveau", soins, pro.professionnel.pk)
    assert medecin.get(adresse).status_code == 200
    assert medecin.post(adresse, lieu).status_code == 302
    assert medecin.post(adresse, lieu).status_code == 422, "the name is taken"
    assert medecin.get(at("lieu", soins, pro.lieu.pk)).status_code == 200
    assert medecin.post(at("lieu_fermer", soins, pro.lieu.pk)).status_code == 302


def test_an_account_that_the_directory_does_not_know_has_no_slots(soins, pro, medecin) -> None:
    pro.membre.compte.rpps = None
    pro.membre.compte.save(update_fields=["rpps"])
    assert medecin.get(at("mes_creneaux", soins)).status_code == 404


def test_the_community_decides(client, soins) -> None:
    from fabriques.droits import make_membre
    from maillon.socle.droits.enums import Role

    coordination = enter(client, make_membre(soins.cpts, Role.COORDINATION).compte)
    assert "à confirmer" in read(coordination.get(at("reglages", soins)))
    donnees = {
        "promis_de": "13:00", "promis_a": "19:00", "promis": ["10"], "pdsa_refusee": "on", "retenue_minutes": "4",
        "vague_minutes": "10", "par_vague": "2", "rappel_heures": "3",
    }  # fmt: skip
    assert coordination.post(at("reglages", soins), donnees).status_code == 302
    with use_cpts(soins.cpts.pk):
        assert Reglages.objects.get().retenue_minutes == 4
    assert coordination.post(at("reglages", soins), {**donnees, "promis_a": "12:00"}).status_code == 422


def test_the_morning_s_link_opens_places_and_shows_no_patient(client, soins, pro) -> None:
    with use_cpts(soins.cpts.pk):
        make_rendez_vous(soins, make_creneau(soins, pro, dans=6), nom="Remarquable")
        habitude = services.take_habitude(cpts_id=soins.cpts.pk, professionnel=pro.professionnel, by=pro.acteur)
        jeton = create_lien(but=services.LIEN_PLACES, cpts_id=soins.cpts.pk, objet_id=habitude.pk)
    adresse = reverse("soins_lien_places", args=[jeton])
    assert "REMARQUABLE" not in read(client.get(adresse))
    page = client.post(adresse, {"places": "2", "quand": "apres_midi"})
    assert "2 créneaux ouverts cet après-midi." in read(page)
    assert client.post(adresse, {"places": "2", "quand": "apres_midi", "deja": "0"}).status_code == 422
    assert client.post(adresse, {"places": "0", "quand": "matin"}).status_code == 422
    with use_cpts(soins.cpts.pk):
        assert Plage.objects.get().origine == "lien"
        assert Patient.objects.count() == 1
