"""The pages of an assignment, as the desk goes through them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_membre
from fabriques.medecin_traitant import Guichet, make_demande, make_medecin
from fabriques.repartition import make_repartition, send
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.enums_repartition import Decision, EtatRepartition
from maillon.missions.medecin_traitant.models import LigneRepartition, Repartition
from maillon.missions.medecin_traitant.selectors.alertes_repartition import list_alertes_repartition
from maillon.missions.medecin_traitant.tasks import calculer_repartition, envoyer_repartition
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.droits.selectors import acteur_of_membre
from maillon.socle.horloge import now
from maillon.socle.journal.models import Entree, Lecture
from maillon.socle.ui.typographie import format_date

pytestmark = pytest.mark.django_db
OPTIONS = {"niveaux": "toutes", "minutes_max": "45", "reserve": "0", "medecins": "2", "par_vague": "1", "jours": "5"}


def url(guichet: Guichet, name: str, *args: object) -> str:
    return reverse(f"medecin_traitant_{name}", args=[guichet.cpts.slug, *args])


def fill(guichet: Guichet, demandes: int = 1, **medecin) -> Repartition:
    """Requests that wait, a doctor, and a computed run."""
    with use_cpts(guichet.cpts.pk):
        make_medecin(guichet, **medecin)
        for _ in range(demandes):
            make_demande(guichet, etat=Etat.QUALIFIEE, nom="Canari")
        return make_repartition(guichet)


def read(response) -> str:
    """The page as a person reads it: figures and nouns held together count as plain spaces."""
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def line(guichet: Guichet, repartition: Repartition) -> LigneRepartition:
    with use_cpts(guichet.cpts.pk):
        return LigneRepartition.objects.filter(repartition=repartition).order_by("rang")[0]


def test_from_the_options_to_the_sending(desk: Client, guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        make_medecin(guichet, places=3)
        demande = make_demande(guichet, etat=Etat.QUALIFIEE)
    page = read(desk.get(url(guichet, "repartir")))
    assert "1 demande attend un médecin ; 1 médecin offre 3 places." in page
    posted = desk.post(url(guichet, "repartir"), OPTIONS)
    assert posted.status_code == 302
    page = read(desk.get(posted.url))
    assert "vous pouvez quitter cette page" in page
    assert "Le calcul est en cours" in page
    assert "Aucune demande n’attendait" not in page
    with use_cpts(guichet.cpts.pk):
        pk = Repartition.objects.get().pk
    assert desk.get(url(guichet, "repartition_avancement", pk)).status_code == 200
    calculer_repartition(cpts_id=str(guichet.cpts.pk), repartition_id=str(pk))
    assert desk.get(url(guichet, "repartition_avancement", pk)).headers["HX-Refresh"] == "true"
    page = read(desk.get(posted.url))
    assert "1 demande sur 1 a un médecin." in page
    assert "optimal, prouvé" in page
    assert "Solliciter 1 médecin pour 1 demande ?" in page
    assert "Sollicité en premier" in read(desk.get(url(guichet, "repartition_medecins", pk)))
    assert "Saint-Étienne" in read(desk.get(url(guichet, "repartition_carte", pk)))
    assert desk.post(url(guichet, "repartition_envoyer", pk)).status_code == 302
    again = read(desk.post(url(guichet, "repartition_envoyer", pk), follow=True))
    assert "déjà partie" in again
    envoyer_repartition(cpts_id=str(guichet.cpts.pk), repartition_id=str(pk))
    assert "1 demande est partie." in read(desk.get(posted.url))
    with use_cpts(guichet.cpts.pk):
        demande.refresh_from_db()
        assert demande.etat == Etat.PROPOSEE


def test_options_that_contradict_each_other_are_refused(desk: Client, guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        make_demande(guichet, etat=Etat.QUALIFIEE)
    page = desk.post(url(guichet, "repartir"), OPTIONS | {"medecins": "1", "par_vague": "2"})
    assert page.status_code == 422
    assert "plus à la fois" in page.content.decode()
    assert desk.post(url(guichet, "repartir"), OPTIONS | {"jours": "90"}).status_code == 422


def test_an_empty_list_and_a_living_run_are_said(desk: Client, guichet: Guichet):
    assert "Personne n’attend" in read(desk.get(url(guichet, "repartir")))
    fill(guichet)
    assert "déjà en cours" in read(desk.get(url(guichet, "repartir")))
    assert "déjà en cours" in read(desk.post(url(guichet, "repartir"), OPTIONS))


def test_a_line_is_kept_taken_out_changed_and_put_back(desk: Client, guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        other = make_medecin(guichet, places=2, commune=guichet.villars, nom="Ailleurs")
    run = fill(guichet, places=1)
    ligne = line(guichet, run)
    address = url(guichet, "repartition_ligne", run.pk, ligne.pk)
    decide = url(guichet, "repartition_decider", run.pk, ligne.pk)
    page = read(desk.get(address))
    assert "Ailleurs" in page
    assert "min de plus" in page
    assert "Canari" not in page, "nobody's name is read for this"
    for decision, medecin, expected in (
        ("garder", "", Decision.GARDER),
        ("changer", str(other.pk), Decision.CHANGER),
        ("retirer", "", Decision.RETIRER),
    ):
        page = read(desk.post(decide, {"decision": decision, "medecin": medecin}, follow=True))
        assert line(guichet, run).decision == expected
        assert url(guichet, "repartition_remettre", run.pk, ligne.pk) in page, "undo is offered"
    desk.post(url(guichet, "repartition_remettre", run.pk, ligne.pk))
    back = line(guichet, run)
    assert (back.decision, back.professionnel_id) == (Decision.PROPOSEE, ligne.professionnel_id)
    page = desk.post(decide, {"decision": "changer", "medecin": str(ligne.professionnel_id)}, follow=True)
    assert "plus de place" in page.content.decode()
    assert "Choisissez" in read(desk.post(decide, {"decision": "rien"}, follow=True))
    with use_cpts(guichet.cpts.pk):
        assert not Lecture.objects.exists()


def test_recompute_and_abandon(desk: Client, guichet: Guichet):
    run = fill(guichet)
    desk.post(url(guichet, "repartition_recalculer", run.pk))
    calculer_repartition(cpts_id=str(guichet.cpts.pk), repartition_id=str(run.pk))
    page = read(desk.get(url(guichet, "repartition", run.pk)))
    assert "aucune demande n’a changé de médecin" in page
    desk.post(url(guichet, "repartition_abandonner", run.pk))
    assert "abandonnée" in read(desk.get(url(guichet, "repartition", run.pk)))


def test_a_computation_that_breaks_is_told(desk: Client, guichet: Guichet, monkeypatch: pytest.MonkeyPatch):
    run = fill(guichet)
    desk.post(url(guichet, "repartition_recalculer", run.pk))
    monkeypatch.setattr(services, "apply_rule", lambda matiere: 1 / 0)
    calculer_repartition(cpts_id=str(guichet.cpts.pk), repartition_id=str(run.pk))
    page = read(desk.get(url(guichet, "repartition", run.pk)))
    assert "Le calcul s’est arrêté" in page
    with use_cpts(guichet.cpts.pk):
        assert Repartition.objects.get(pk=run.pk).etat == EtatRepartition.ECHEC


def test_filters_and_export(desk: Client, guichet: Guichet):
    run = fill(guichet, demandes=3, places=2)
    address = url(guichet, "repartition", run.pk)
    assert "1 demande<" in read(desk.get(address, {"situation": "attend"}))
    assert "2 demandes<" in read(desk.get(address, {"situation": "retenue", "medecin": ""}))
    exported = desk.get(address, {"export": "csv"}).content.decode("utf-8-sig")
    assert exported.count("MT-") == 3
    assert "Canari" not in exported
    with use_cpts(guichet.cpts.pk):
        assert Entree.objects.filter(evenement="medecin_traitant.repartition_exportee").count() == 1


def test_who_sees_totals_sees_communes_but_no_small_number(guichet: Guichet):
    run = fill(guichet, demandes=3)
    with use_cpts(guichet.cpts.pk):
        president = enter(Client(), make_membre(guichet.cpts, Role.PRESIDENT).compte)
    page = president.get(url(guichet, "repartition_carte", run.pk)).content.decode()
    assert "non communiqué" in page
    assert "3 demandes" not in page
    assert president.get(url(guichet, "repartition", run.pk)).status_code == 404


def test_the_home_page_says_that_an_assignment_waits_to_be_read(guichet: Guichet):
    """The desk with its number and its page, the president with the communes and no number, nobody once it left."""
    run = fill(guichet, demandes=3)
    with use_cpts(guichet.cpts.pk):
        membre = make_membre(guichet.cpts, Role.PRESIDENT)
        president = acteur_of_membre(membre.compte, membre, fort=True)
        (desk,) = list_alertes_repartition(guichet.cpts.pk, guichet.acteur, now())
        (carte,) = list_alertes_repartition(guichet.cpts.pk, president, now())
        assert "3\u00a0demandes ont un médecin" in desk.phrase
        assert desk.url == url(guichet, "repartition", run.pk)
        assert carte.url == url(guichet, "repartition_carte", run.pk)
        assert "3" not in carte.phrase.replace(format_date(run.lancee_le, jour=False), "")
        send(guichet, run)
        assert list_alertes_repartition(guichet.cpts.pk, guichet.acteur, now()) == []
        assert list_alertes_repartition(guichet.cpts.pk, president, now() + timedelta(days=31)) == []


def test_queries_do_not_grow_with_the_list(desk: Client, guichet: Guichet, django_assert_max_num_queries):
    run = fill(guichet, demandes=12, places=8)
    with use_cpts(guichet.cpts.pk):
        for _ in range(6):
            make_medecin(guichet)
    ligne = line(guichet, run)
    for name, args, most in (
        ("repartition", (run.pk,), 26),
        ("repartition_medecins", (run.pk,), 22),
        ("repartition_carte", (run.pk,), 22),
        ("repartition_ligne", (run.pk, ligne.pk), 34),
        ("repartir", (), 22),
    ):
        with django_assert_max_num_queries(most):
            assert desk.get(url(guichet, name, *args)).status_code == 200


def test_the_runs_are_listed_while_one_is_computed_and_when_nobody_has_a_doctor(desk: Client, guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        make_demande(guichet, etat=Etat.QUALIFIEE)
        services.abandon_repartition(repartition_id=make_repartition(guichet).pk, by=guichet.acteur)
        make_repartition(guichet, calculee=False)
    page = desk.get(url(guichet, "repartir"))
    assert page.status_code == 200
    cells = re.findall(r'<td class="nombre">(.*?)</td>', page.content.decode())
    assert cells == ["—", "—", "1", "0"]
