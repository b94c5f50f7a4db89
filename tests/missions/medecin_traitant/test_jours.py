"""The totals kept of past days: they say what the requests say, whatever changes, and are read instead of them."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError

from fabriques.entrees import make_sans_accord
from fabriques.medecin_traitant import Guichet, make_demande, make_guichet, make_medecin
from maillon.communaute.patients.services import erase_patient, move_patient
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.declarations import INDICATEURS
from maillon.missions.medecin_traitant.enums import Accord, Bilan, Cloture, Etat, GenreJour, Origine
from maillon.missions.medecin_traitant.models import Demande, JourGuichet
from maillon.missions.medecin_traitant.selectors import apres, besoins, delais, flux, jours
from maillon.pilotage.contrats.actes import Fenetre, list_actes, measure, to_decimal
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import now, today

SITUATIONS = (
    # state, days ago, facts
    (Etat.DEPOSEE, 0, {}),
    (Etat.DEPOSEE, 3, {}),
    (Etat.QUALIFIEE, 40, {"ald": True}),
    (Etat.PLACEE, 2, {"ald": True, "annee_naissance": 1941}),
    (Etat.PLACEE, 9, {"ald": True, "c2s": True}),
    (Etat.PLACEE, 9, {"ame": True, "ald": True}),
    (Etat.PLACEE, 75, {"annee_naissance": 2020}),
    (Etat.PLACEE, 150, {}),
    (Etat.CLOSE, 20, {}),
    (Etat.CLOSE, 75, {}),
)


def build_guichet() -> Guichet:
    guichet, debut = make_guichet(), now()
    with use_cpts(guichet.cpts.pk):
        with horloge.at(debut - timedelta(days=300)):
            medecin = make_medecin(guichet, places=20)
        for etat, ago, champs in SITUATIONS:
            with horloge.at(debut - timedelta(days=ago, hours=1)):
                make_demande(guichet, etat=etat, medecins=[medecin], **champs)
        with horloge.at(debut - timedelta(days=5)):
            make_sans_accord(guichet)
    return guichet


@pytest.fixture
def guichet() -> Guichet:
    return build_guichet()


def read_all(guichet: Guichet) -> dict[str, Any]:
    """Every figure that the totals feed, of three lengths of period."""
    cpts_id, found = guichet.cpts.pk, {}
    for semaines in (13, 52):
        periode = flux.find_periode(semaines)
        found[f"flux {semaines}"] = asdict(flux.compute_flux(cpts_id, periode))
        found[f"bilan {semaines}"] = asdict(flux.compute_bilan(cpts_id, periode))
        found[f"avant {semaines}"] = asdict(flux.compute_bilan(cpts_id, periode.avant))
        found[f"delais {semaines}"] = [
            (a.niveau, a.placees, a.delai_median, a.delai_p90) for a in delais.compute_attentes(cpts_id, periode)
        ]
        found[f"apres {semaines}"] = asdict(apres.compute_apres(cpts_id, periode))
        origines = flux.count_by_origine(cpts_id, periode)
        found[f"origines {semaines}"] = sorted((o.origine, o.arrivees, o.placees, o.closes) for o in origines)
    return found


def count_again(guichet: Guichet) -> dict[str, Any]:
    """The same without any kept day."""
    with transaction.atomic():
        JourGuichet.objects.all().delete()
        found = read_all(guichet)
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_kept_days_say_what_the_requests_say(guichet):
    with use_cpts(guichet.cpts.pk):
        avant = read_all(guichet)
        kept = services.keep_jours(cpts_id=guichet.cpts.pk)
        assert kept == JourGuichet.objects.count() > 150 * 2
        assert not JourGuichet.objects.filter(jour__gte=today()).exists()
        assert read_all(guichet) == avant
        assert services.keep_jours(cpts_id=guichet.cpts.pk) == 0


@pytest.mark.django_db
def test_kept_days_are_what_is_read(guichet):
    """The control of the test above: were the days not read, a false one would change nothing."""
    with use_cpts(guichet.cpts.pk):
        services.keep_jours(cpts_id=guichet.cpts.pk)
        avant = read_all(guichet)["flux 13"]["motifs"].get(Cloture.HORS_TERRITOIRE.value, 0)
        jour = JourGuichet.objects.filter(genre=GenreJour.CLOSES, jour=today() - timedelta(days=20))
        assert jour.update(chiffres={Cloture.HORS_TERRITOIRE.value: avant + 7}) == 1
        assert read_all(guichet)["flux 13"]["motifs"][Cloture.HORS_TERRITOIRE.value] == avant + 7


CHANGEMENTS = (
    (Etat.PLACEE, {"c2s": True, "ald": False}),
    (Etat.PLACEE, {"ame": True}),
    (Etat.PLACEE, {"priorite_niveau": "moyenne"}),
    (Etat.PLACEE, {"age_placement": 3}),
    (Etat.PLACEE, {"bilan": Bilan.SUIVI, "bilan_le": now()}),
    (Etat.PLACEE, {"placee_le": now() - timedelta(days=30)}),
    (Etat.PLACEE, {"premier_rdv_le": today()}),
    (Etat.CLOSE, {"motif_cloture": Cloture.DECES}),
    (Etat.CLOSE, {"close_le": now() - timedelta(days=45)}),
    (Etat.CLOSE, {"etat": Etat.QUALIFIEE, "close_le": None, "motif_cloture": ""}),
    (Etat.DEPOSEE, {"deposee_le": now() - timedelta(days=60)}),
    (Etat.DEPOSEE, {"origine": Origine.MAIRIE}),
    (Etat.DEPOSEE, {"accord": Accord.RECUEILLI, "a_effacer_le": None}),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("etat", "change"), CHANGEMENTS)
def test_a_change_forgets_its_days(guichet, etat, change):
    """Whoever writes, by a service or not. With its control: the days as they were are false by now."""
    with use_cpts(guichet.cpts.pk):
        services.keep_jours(cpts_id=guichet.cpts.pk)
        kept = list(JourGuichet.objects.all())
        demandes = Demande.objects.filter(etat=etat, deposee_le__lt=now() - timedelta(days=1))
        if "accord" in change:
            demandes = demandes.filter(accord=Accord.A_RECUEILLIR)
        elif etat == Etat.DEPOSEE:
            demandes = demandes.filter(accord=Accord.RECUEILLI)
        if change.get("ame"):
            demandes = demandes.filter(ame=False, ald=True)
        demande = demandes.order_by("-deposee_le").first()
        champs = dict(change)
        if "etat" in change:
            champs |= {"responsable": guichet.membre, "prochaine_action": "proposer", "prochaine_date": today()}
        Demande.objects.filter(pk=demande.pk).update(**champs)
        assert read_all(guichet) == count_again(guichet)
        measured = {i.code: i.totaux(guichet.cpts.pk, *list_bornes()) for i in INDICATEURS if i.totaux}
        forgotten = {jour.pk for jour in kept} - set(JourGuichet.objects.values_list("pk", flat=True))
        assert forgotten
        JourGuichet.objects.bulk_create([jour for jour in kept if jour.pk in forgotten])
        again = {i.code: i.totaux(guichet.cpts.pk, *list_bornes()) for i in INDICATEURS if i.totaux}
        assert read_all(guichet) != count_again(guichet) or measured != again


def list_bornes() -> tuple[date, date]:
    return today() - timedelta(days=200), today() + timedelta(days=1)


@pytest.mark.django_db
def test_what_counts_nothing_forgets_nothing(guichet):
    with use_cpts(guichet.cpts.pk):
        kept = services.keep_jours(cpts_id=guichet.cpts.pk)
        Demande.objects.filter(etat=Etat.QUALIFIEE).update(prochaine_date=today() + timedelta(days=2))
        assert JourGuichet.objects.count() == kept


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [False, True])
def test_totals_of_indicators_are_those_of_their_rows(guichet, kept):
    """The figure of the contract, its list and its published acts are one, whatever the window."""
    with use_cpts(guichet.cpts.pk):
        if kept:
            services.keep_jours(cpts_id=guichet.cpts.pk)
        suivis = [indicateur for indicateur in INDICATEURS if indicateur.totaux is not None]
        assert len(suivis) == 5
        for debut, fin in ((200, -1), (100, 5), (9, 8), (3, 0)):
            fenetre = Fenetre(today() - timedelta(days=debut), today() - timedelta(days=fin))
            listes = list_actes(guichet.cpts.pk, [(indicateur, fenetre) for indicateur in suivis])
            for indicateur, actes in zip(suivis, listes, strict=True):
                rows = indicateur.rows(guichet.cpts.pk, fenetre.debut, fenetre.fin)
                nombre, valeur = indicateur.totaux(guichet.cpts.pk, fenetre.debut, fenetre.fin)[indicateur.code]
                assert (nombre, to_decimal(valeur)) == measure(indicateur, rows)
                assert actes == [indicateur.to_acte(row) for row in rows]


@pytest.mark.django_db
def test_the_request_lives_where_its_person_lives(guichet):
    with use_cpts(guichet.cpts.pk):
        demande = Demande.objects.filter(etat=Etat.PLACEE, patient__annee_naissance=2020).get()
        autre = guichet.villars if demande.commune_id != guichet.villars.pk else guichet.saint_etienne
        assert demande.annee_naissance == 2020
        move_patient(patient=demande.patient, commune_id=autre.pk, by=SYSTEME)
        Demande.objects.filter(pk=demande.pk).update(annee_naissance=1900)  # refused in silence: the patient's holds
        demande.refresh_from_db()
        assert (demande.commune_id, demande.annee_naissance) == (autre.pk, 2020)
        erase_patient(patient=demande.patient, by=SYSTEME)
        demande.refresh_from_db()
        assert demande.annee_naissance is None
        champs = ("commune", "patient__commune", "annee_naissance", "patient__annee_naissance")
        for commune, sienne, annee, sa_naissance in Demande.objects.values_list(*champs):
            assert (commune, annee) == (sienne, sa_naissance)


@pytest.mark.django_db
def test_children_are_those_of_the_patients(guichet):
    with use_cpts(guichet.cpts.pk):
        make_demande(guichet, etat=Etat.QUALIFIEE, annee_naissance=today().year - 5)
        assert besoins.compute_offre(guichet.cpts.pk).besoins[-1].attendent == 1


def test_ranges_of_days():
    debut = today()
    connus = {debut + timedelta(days=n) for n in (0, 2, 3)}
    a = [((d - debut).days, (f - debut).days) for d, f in jours.list_plages(debut, debut + timedelta(days=6), connus)]
    assert a == [(1, 2), (4, 6)]


@pytest.mark.django_db
def test_many_forgotten_days_are_counted_in_one_reading(guichet, django_assert_num_queries):
    with use_cpts(guichet.cpts.pk):
        avant = read_all(guichet)
        services.keep_jours(cpts_id=guichet.cpts.pk)
        for ago in range(1, 80, 3):
            JourGuichet.objects.filter(jour=today() - timedelta(days=ago)).delete()
        assert read_all(guichet) == avant
        with django_assert_num_queries(2):
            jours.read_jours(guichet.cpts.pk, GenreJour.PLACEES, today() - timedelta(days=90), today())


ADRESSE = ("dbname", "user", "host", "port", "password")


@pytest.mark.commits
def test_the_job_waits_for_whoever_is_writing():
    """A request changed but not yet committed when the job comes: it waits, instead of keeping what is no longer true.
    What counts nothing does not make it wait."""
    guichet = build_guichet()
    with use_cpts(guichet.cpts.pk):
        pk = Demande.objects.filter(etat=Etat.CLOSE).order_by("deposee_le").first().pk
    params = {cle: v for cle, v in connection.get_connection_params().items() if cle in ADRESSE}
    with psycopg.connect(**params) as autre:
        autre.execute("SELECT set_config('maillon.cpts_id', %s, true)", [str(guichet.cpts.pk)])
        autre.execute("UPDATE medecin_traitant_demande SET rappel_patient_le = now() WHERE id = %s", [pk])
        assert keep_soon(guichet) > 0
        autre.execute("UPDATE medecin_traitant_demande SET motif_cloture = 'deces' WHERE id = %s", [pk])
        with pytest.raises(OperationalError):
            keep_soon(guichet)
        autre.commit()
    assert keep_soon(guichet) == 1
    with use_cpts(guichet.cpts.pk):
        assert read_all(guichet) == count_again(guichet)
        assert read_all(guichet)["flux 52"]["motifs"]["deces"] == 1


def keep_soon(guichet: Guichet) -> int:
    """Keep the days, or give up when the lock does not come."""
    with use_cpts(guichet.cpts.pk), transaction.atomic():
        with connection.cursor() as curseur:
            curseur.execute("SET LOCAL lock_timeout = '300ms'")
        return services.keep_jours(cpts_id=guichet.cpts.pk)
