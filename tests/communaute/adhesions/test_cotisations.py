"""Dues: asked once, paid once, receipted, reminded by steps and never twice."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from fabriques.adhesions import AdhesionFabrique, make_campagne, make_cotisation, make_reglement
from fabriques.droits import enter, make_compte, make_membre
from maillon.communaute.adhesions import services
from maillon.communaute.adhesions.documents.recus import build_recu, write_recu
from maillon.communaute.adhesions.enums import EtatCotisation, ModePaiement
from maillon.communaute.adhesions.models import Cotisation, Reglement, Relance
from maillon.communaute.adhesions.relances import describe_palier, find_palier, find_prochain
from maillon.communaute.adhesions.selectors import compute_bilan
from maillon.communaute.adhesions.services import AdhesionRefusee, DonneesCampagne
from maillon.socle import horloge
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import today

pytestmark = pytest.mark.django_db
ECHEANCE = date(2026, 3, 31)
PALIERS = (-30, 0, 30, 60)


def on(day: date):
    return horloge.at(datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Europe/Paris")))


def pay(cotisation: Cotisation, by, recu_le: date = date(2026, 3, 2)) -> Reglement:
    return services.record_reglement(cotisation=cotisation, recu_le=recu_le, mode=ModePaiement.VIREMENT, by=by)


@pytest.mark.parametrize(
    ("jour", "palier", "prochain"),
    [
        (date(2026, 2, 28), None, date(2026, 3, 1)),
        (date(2026, 3, 1), -30, ECHEANCE),
        (date(2026, 3, 30), -30, ECHEANCE),
        (ECHEANCE, 0, date(2026, 4, 30)),
        (date(2026, 5, 30), 60, None),
        (date(2027, 1, 1), 60, None),
    ],
)
def test_the_ladder(jour: date, palier: int | None, prochain: date | None):
    assert find_palier(ECHEANCE, PALIERS, on=jour) == palier
    assert find_prochain(ECHEANCE, PALIERS, on=jour) == prochain


def test_steps_in_words():
    assert [describe_palier(p) for p in PALIERS] == ["J−30", "jour de l’échéance", "J+30", "J+60"]


def test_a_campaign_asks_each_member_at_the_amount_of_the_college(cpts, by):
    AdhesionFabrique(cpts=cpts, college="medecins")
    AdhesionFabrique(cpts=cpts)
    AdhesionFabrique(cpts=cpts, de_structure=True)
    AdhesionFabrique(cpts=cpts, terminee=True)
    donnees = DonneesCampagne(
        echeance=ECHEANCE,
        consigne="par virement",
        tarifs={"medecins": Decimal(50), "professionnels": Decimal("30.50"), "structures": Decimal(0)},
        paliers=PALIERS,
    )
    campagne = services.open_campagne(cpts_id=cpts.pk, annee=2026, donnees=donnees, by=by)
    assert sorted(Cotisation.objects.values_list("montant", flat=True)) == [Decimal("30.50"), Decimal(50)]
    with pytest.raises(ValidationError, match="déjà une campagne"):
        services.open_campagne(cpts_id=cpts.pk, annee=2026, donnees=donnees, by=by)
    paid = Cotisation.objects.get(montant=50)
    pay(paid, by)
    dearer = DonneesCampagne(
        echeance=ECHEANCE, consigne="chèque", tarifs={c: Decimal(60) for c in donnees.tarifs}, paliers=(0,)
    )
    services.change_campagne(campagne=campagne, donnees=dearer, by=by)
    assert sorted(Cotisation.objects.values_list("montant", flat=True)) == [Decimal(50), Decimal(60)]
    assert services.ask_missing(campagne=campagne, by=by) == 1  # structures pay now
    bilan = compute_bilan(campagne)
    assert (bilan.attendu, bilan.recu, bilan.reste, bilan.payees) == (Decimal(170), Decimal(50), Decimal(120), 1)
    assert bilan.sans_adresse == 2


def test_paid_once_numbered_and_the_receipt_follows_by_mail(cpts, by):
    first, second = make_cotisation(cpts), make_cotisation(cpts)
    assert [pay(first, by).reference, pay(second, by).reference] == ["2026-0001", "2026-0002"]
    with pytest.raises(AdhesionRefusee, match="déjà payée"):
        pay(first, by)
    services.cancel_reglement(cotisation=first, by=by)
    assert pay(first, by).reference == "2026-0003"  # a number never serves twice
    third = make_cotisation(cpts)
    assert pay(third, by, date(2025, 12, 30)).reference == "2025-0001"
    with pytest.raises(AdhesionRefusee, match="ne peut pas être à venir"):
        pay(make_cotisation(cpts), by, today() + timedelta(days=1))
    assert Message.objects.filter(sujet="Votre reçu de cotisation", etat=EtatCourriel.A_ENVOYER).count() == 3


def test_a_receipt_says_the_same_for_ever(cpts, by):
    reglement = pay(make_cotisation(cpts), by)
    first = write_recu(reglement, cpts)
    with on(date(2031, 1, 1)):
        assert write_recu(reglement, cpts) == first
    facts = dict(build_recu(reglement, cpts)["faits"])
    assert facts["Reçu le"] == "2\u00a0mars 2026"
    assert facts["Moyen de paiement"] == "virement"
    assert b"/StructTreeRoot" in first  # tagged


def test_the_database_refuses_a_second_payment_and_a_second_reminder(cpts):
    cotisation = make_cotisation(cpts, etat=EtatCotisation.PAYEE)
    make_reglement(cpts, cotisation=cotisation)
    with pytest.raises(IntegrityError, match="reglement_un_seul"), transaction.atomic():
        make_reglement(cpts, cotisation=cotisation)
    Relance.objects.create(cpts=cpts, cotisation=cotisation, palier=30)
    with pytest.raises(IntegrityError, match="relance_une_par_palier"), transaction.atomic():
        Relance.objects.create(cpts=cpts, cotisation=cotisation, palier=30)


def test_reminders_go_step_by_step_and_stop_at_the_payment(cpts, by):
    due, paid, mute = (make_cotisation(cpts) for _ in range(3))
    mute.adhesion.professionnel.personnes.update(courriel="")
    ended = make_cotisation(cpts)
    services.end_adhesion(adhesion=ended.adhesion, fin=date(2026, 1, 15), by=by)
    sent = []
    for jour in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 2), date(2026, 5, 31), date(2026, 6, 1)):
        with on(jour):
            sent.append(services.send_relances(cpts_id=cpts.pk))
        if jour == date(2026, 3, 2):
            with on(jour):
                pay(paid, by, jour)
    # Nothing before J-30; J-30 to two members, once; J0 and J+30 passed unseen, so that only J+60 goes.
    assert sent == [0, 2, 0, 1, 0]
    assert list(due.relances.values_list("palier", flat=True)) == [-30, 60]
    assert list(paid.relances.values_list("palier", flat=True)) == [-30]
    last = Message.objects.filter(objet_id=due.pk).latest("cree_le").texte
    assert "dernier rappel" in last
    assert "31\u00a0mars" in last
    assert "par virement" in last


def test_a_closed_campaign_and_an_exemption_remind_nobody(cpts, by):
    exempted, other = make_cotisation(cpts), make_cotisation(cpts)
    services.exempt_cotisation(cotisation=exempted, motif="première année", by=by)
    with on(ECHEANCE):
        assert services.send_relances(cpts_id=cpts.pk) == 1
        services.close_campagne(campagne=other.campagne, by=by)
    with on(date(2026, 4, 30)):
        assert services.send_relances(cpts_id=cpts.pk) == 0
    services.require_cotisation(cotisation=exempted, by=by)
    exempted.refresh_from_db()
    assert (exempted.etat, exempted.motif) == (EtatCotisation.DUE, "")


def test_a_reminder_not_sent_yet_is_cancelled_by_the_payment(cpts, by):
    cotisation = make_cotisation(cpts)
    with on(ECHEANCE):
        services.send_relances(cpts_id=cpts.pk)
    pay(cotisation, by)
    assert Message.objects.get(sujet="Votre cotisation").etat == EtatCourriel.ANNULE


# Pages


@pytest.fixture
def client_bureau(client, cpts):
    return enter(client, make_membre(cpts, Role.BUREAU).compte)


def test_a_campaign_from_its_opening_to_the_receipt(client_bureau, cpts):
    AdhesionFabrique(cpts=cpts, college="medecins", professionnel__nom="Zuber")
    accueil = reverse("adhesions_cotisations", args=[cpts.slug])
    assert "Ouvrir une campagne" in client_bureau.get(accueil).content.decode()
    form = {
        "annee": "2026",
        "echeance": "2026-03-31",
        "consigne": "par virement",
        "paliers": ["-30", "0"],
        **{f"montant_{c}": "20" for c in ("medecins", "professionnels", "structures", "partenaires")},
    }
    ouvrir = reverse("adhesions_campagne_ouvrir", args=[cpts.slug])
    assert client_bureau.post(ouvrir, {**form, "montant_medecins": "-1"}).status_code == 422
    assert client_bureau.post(ouvrir, form).status_code == 302
    text = client_bureau.get(accueil, {"q": "zuber"}).content.decode()
    assert "Zuber" in text
    assert "en retard" in text
    cotisation = Cotisation.objects.get()
    fiche = reverse("adhesions_cotisation", args=[cpts.slug, cotisation.pk])
    assert client_bureau.post(fiche + "regler/", {"mode": "cheque", "recu_le": "2099-01-01"}).status_code == 422
    client_bureau.post(fiche + "regler/", {"mode": "cheque", "recu_le": "2026-03-02"})
    assert "2026-0001" in client_bureau.get(fiche).content.decode()
    recu = client_bureau.get(reverse("adhesions_recu", args=[cpts.slug, Reglement.objects.get().pk]))
    assert recu.content.startswith(b"%PDF")
    assert "recu-cotisation-2026-0001.pdf" in recu["Content-Disposition"]


def test_the_link_of_the_mail_gives_the_receipt_until_it_is_cancelled(client, cpts, by):
    cotisation = make_cotisation(cpts)
    pay(cotisation, by)
    page = "/l/" + Message.objects.get(sujet="Votre reçu de cotisation").texte.split("/l/")[1].split("\n")[0]
    assert client.get(page).content.startswith(b"%PDF")
    services.cancel_reglement(cotisation=cotisation, by=by)
    assert client.get(page).status_code == 410


def test_a_member_opens_own_receipt_and_nobody_else_s(client, cpts, by):
    mine, other = make_cotisation(cpts), make_cotisation(cpts)
    own, foreign = pay(mine, by), pay(other, by)
    compte = make_compte(rpps=mine.adhesion.professionnel.rpps)
    enter(client, make_membre(cpts, Role.PROFESSIONNEL, compte=compte).compte)
    assert own.reference in client.get(reverse("adhesions_mienne", args=[cpts.slug])).content.decode()
    assert client.get(reverse("adhesions_recu", args=[cpts.slug, own.pk])).status_code == 200
    assert client.get(reverse("adhesions_recu", args=[cpts.slug, foreign.pk])).status_code == 404


def test_queries_do_not_grow_with_dues(client_bureau, cpts, django_assert_max_num_queries):
    campagne = make_campagne(cpts)
    for _ in range(12):
        make_cotisation(cpts, campagne=campagne)
    page = reverse("adhesions_campagne", args=[cpts.slug, campagne.pk])
    client_bureau.get(page)
    with django_assert_max_num_queries(32):
        client_bureau.get(page)
