"""Pages as people open them: who sees what, and what each action says."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fabriques.budget import make_ligne, make_operation, make_serie, read, url
from maillon.pilotage.budget import services
from maillon.pilotage.budget.declarations import list_alertes
from maillon.pilotage.budget.models import LigneBudget, Operation, Reaffectation, Serie, SoldeBanque
from maillon.pilotage.budget.selectors import budget as lecture
from maillon.pilotage.budget.selectors import compute_budget, compute_caisse
from maillon.pilotage.budget.selectors import operations as lecture_operations
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.enums import NatureVersement
from maillon.pilotage.contrats.models import VersementRecu
from maillon.pilotage.contrats.services import terminate_contrat
from maillon.socle.contexte import use_cpts
from maillon.socle.declarations import DepenseDeclaree, EtatDepense, SourceDepenses
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now, today


def solde(cpts, montant: int, le: date = date(2026, 11, 20)) -> None:
    services.record_solde(cpts_id=cpts.pk, le=le, montant=Decimal(montant), source="relevé", by=SYSTEME)


@pytest.fixture
def anime(cpts, contrat):
    """Year 3 of Croix-Rousse: spending in two missions, and a balance of the bank."""
    with use_cpts(cpts.pk):
        make_operation(cpts, le=date(2026, 3, 3), montant=Decimal(12_000), payee=True, libelle="Étude acces")
        make_operation(cpts, le=date(2026, 12, 1), montant=Decimal(3_000), poste="crise", libelle="Exercice crise")
        make_operation(cpts, le=date(2026, 12, 5), montant=Decimal(40_000), poste="fonctionnement", libelle="Salaires")
        solde(cpts, 30_000)
    return cpts


# The figures --------------------------------------------------------------------------------------------------------


def test_envelopes_follow_the_contract(dans_cpts, contrat):
    """Year 3, size 3 (avenant 2): fonctionnement 75 000, accès 90 000 fixed, crise 22 500 from year 2; what has not
    started is due nothing; the variable part counts once certified only."""
    budget = compute_budget(dans_cpts.pk, today())
    fixes = {e.poste: e.base.fixe for e in budget.enveloppes}
    assert fixes == {
        "fonctionnement": Decimal(75_000),
        "acces": Decimal(90_000),
        "parcours": 0,
        "prevention": 0,
        "crise": Decimal(22_500),
        "accompagnement": 0,
    }
    assert budget.sure == Decimal(187_500)


def test_the_cash_waits_for_what_the_schedule_says(dans_cpts, contrat):
    """At the anniversary of 22/12/2026: 75 % of fonctionnement, accès and crise of year 4, and 25 % of year 3."""
    solde(dans_cpts, 1_000)
    budget = compute_budget(dans_cpts.pk, today())
    caisse = compute_caisse(budget.annee)
    le_22 = [a for a in caisse.attendus if a.le == date(2026, 12, 22) and a.certain]
    assert sum(a.montant for a in le_22) == Decimal(187_500)
    assert caisse.jusqu_a == date(2027, 12, 22)
    assert caisse.tresorerie.points[-1].certain == Decimal(1_000) + 2 * Decimal(187_500)


def test_a_payment_received_is_no_longer_expected(dans_cpts, contrat):
    solde(dans_cpts, 1_000, date(2025, 12, 1))
    annee = compute_budget(dans_cpts.pk, today()).annee
    avant = compute_caisse(annee)
    assert sum(p.montant for p in avant.retards) == Decimal(187_500)  # the anniversary of 22/12/2025, not recorded
    VersementRecu(
        cpts_id=dans_cpts.pk, contrat=contrat, le=date(2026, 1, 5), montant=Decimal(67_500), annee=3,
        poste="acces", nature=NatureVersement.AVANCE,
    ).save(force_insert=True)  # fmt: skip
    apres = compute_caisse(annee)
    assert sum(p.montant for p in apres.retards) == Decimal(120_000)
    assert apres.tresorerie.actuel == Decimal(68_500)


def test_a_terminated_contract_brings_no_more_cash_and_takes_its_advances_back(dans_cpts, contrat):
    """Ended after 100 days of 365: due 75 000, 90 000 and 22 500 × 100/365, three quarters advanced."""
    solde(dans_cpts, 200_000, date(2025, 12, 1))
    terminate_contrat(contrat=contrat, le=date(2026, 4, 1), by=SYSTEME)
    contrat.refresh_from_db()
    caisse = compute_caisse(compute_annee(contrat, today()))
    rendre = {a.libelle.split(",")[0]: a.montant for a in caisse.attendus if a.montant < 0}
    assert sorted(rendre.values()) == [Decimal("-42842.47"), Decimal("-35702.05"), Decimal("-10710.62")]
    assert not [a for a in caisse.attendus if a.montant > 0 and a.certain]
    assert caisse.jusqu_a == date(2027, 11, 24)
    assert caisse.tresorerie.points[-1].certain == Decimal(200_000) + sum(rendre.values())


SOURCE = SourceDepenses(
    "essai",
    "Indemnités d’essai",
    lambda cpts_id, debut, fin: [
        d
        for d in (
            DepenseDeclaree("1", date(2026, 2, 1), "acces", "indemnites", Decimal(700), EtatDepense.PAYEE, "Février"),
            DepenseDeclaree("2", date(2026, 12, 1), "acces", "indemnites", Decimal(300), EtatDepense.ENGAGEE, "Déc."),
            DepenseDeclaree("3", date(2024, 2, 1), "acces", "indemnites", Decimal(9), EtatDepense.PAYEE, "Autre année"),
        )
        if debut <= d.le < fin
    ],
)


def test_spending_declared_by_another_room_weighs_in_the_budget(dans_cpts, contrat, monkeypatch):
    avant = compute_budget(dans_cpts.pk, today()).find("acces").depenses
    for module in (lecture, lecture_operations):
        monkeypatch.setattr(module, "collect", lambda kind: iter((SOURCE,)) if kind == "depenses" else iter(()))
    budget = compute_budget(dans_cpts.pk, today())
    apres = budget.find("acces")
    assert (apres.depenses.paye - avant.paye, apres.depenses.engage - avant.engage) == (Decimal(700), Decimal(300))
    assert apres.categories["indemnites"].total == Decimal(1000)
    assert budget.declares == ("Indemnités d’essai",)
    paiements = lecture_operations.list_paiements(dans_cpts.pk, date(2026, 1, 1), date(2026, 12, 31))
    assert [(p.reference, p.montant) for p in paiements] == [("essai:1", Decimal(-700))]


def test_a_category_that_the_budget_does_not_know_is_an_error(dans_cpts, contrat):
    faux = SourceDepenses(
        "faux", "Faux",
        lambda *_: [DepenseDeclaree("1", today(), "acces", "voyages", Decimal(1), EtatDepense.PAYEE, "x")],
    )  # fmt: skip
    with pytest.raises(ValueError, match="voyages"):
        lecture.read_source(faux, dans_cpts.pk, date(2026, 1, 1), date(2026, 12, 31))


# The pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.PRESIDENT, Role.BUREAU, Role.COORDINATION])
def test_the_bureau_reads_one_page(anime, membre, role):
    texte = read(membre(role).get(url("accueil", anime)))
    assert "Sur 187 500 € assurés cette année, 12 000 € sont payés et 43 000 € engagés" in texte
    assert "La trésorerie passerait sous zéro le 5 décembre : 13 000 € manquent." in texte
    assert "1 opération payée sans pièce" in texte
    assert ("Saisir une opération" in texte) == (role is Role.COORDINATION)


def test_a_referent_reads_their_mission_and_nothing_else(anime, membre):
    client = membre(Role.REFERENT_MISSION, mission="crise")
    texte = read(client.get(url("accueil", anime)))
    assert "Crise sanitaire" in texte
    assert "90 000 €" not in texte
    assert "trésorerie" not in texte
    liste = read(client.get(url("operations", anime)))
    assert "Exercice crise" in liste
    assert "Étude acces" not in liste
    assert client.get(url("poste", anime), {"poste": "crise"}).status_code == 200
    assert client.get(url("poste", anime), {"poste": "acces"}).status_code == 404
    with use_cpts(anime.pk):
        etude = Operation.objects.get(libelle="Étude acces")
    assert client.get(url("operation", anime, etude.pk)).status_code == 404


def test_without_contract_the_page_says_where_to_begin(cpts, membre):
    for nom in ("accueil", "poste", "previsionnel", "reaffectations"):
        assert "Le budget part du contrat" in read(membre(Role.COORDINATION).get(url(nom, cpts)))


def test_the_year_asked_for(anime, membre):
    client = membre(Role.BUREAU)
    assert "Budget de l’année 1" in read(client.get(url("accueil", anime), {"annee": "1"}))
    assert client.get(url("accueil", anime), {"annee": "4"}).status_code == 404
    assert client.get(url("accueil", anime), {"annee": "x"}).status_code == 404


@pytest.mark.parametrize("nom", ["accueil", "poste", "operations", "series", "previsionnel"])
def test_queries_do_not_grow_with_the_operations(anime, membre, nom, django_assert_max_num_queries):
    client = membre(Role.COORDINATION)
    client.get(url(nom, anime))
    with django_assert_max_num_queries(200) as peu:
        client.get(url(nom, anime))
    with use_cpts(anime.pk):
        for n in range(8):
            make_operation(anime, libelle=f"Encore {n}")
            make_serie(anime, libelle=f"Loyer {n}")
        make_ligne((Operation.objects.none() and None) or lecture.get_contrat(anime.pk))
    with django_assert_max_num_queries(len(peu)):
        client.get(url(nom, anime))


def test_from_entry_to_payment_to_reversal(cpts, contrat, membre):
    client = membre(Role.COORDINATION)
    donnees = {
        "sens": "depense", "le": "2026-11-24", "poste": "acces", "categorie": "locaux", "libelle": "Salle",
        "montant": "120,50", "tiers": "",
    }  # fmt: skip
    assert client.post(url("operation_nouvelle", cpts), donnees | {"montant": "0"}).status_code == 422
    piece = SimpleUploadedFile("facture.txt", b"Facture.\n")
    reponse = client.post(url("operation_nouvelle", cpts), donnees | {"piece": piece})
    with use_cpts(cpts.pk):
        operation = Operation.objects.get()
        assert (operation.montant, operation.piece is not None) == (Decimal("120.50"), True)
    assert reponse.url == url("operation", cpts, operation.pk)
    assert (
        client.post(url("operation_modifier", cpts, operation.pk), donnees | {"libelle": "Salle B"}).status_code == 302
    )
    texte = read(client.post(url("operation_annuler", cpts, operation.pk), follow=True))
    assert "est annulée" in texte
    client.post(url("operation_retablir", cpts, operation.pk))
    assert client.post(url("operation_payer", cpts, operation.pk), {"le": "2027-01-01"}).status_code == 422
    client.post(url("operation_payer", cpts, operation.pk), {"le": "2026-11-23"})
    texte = read(client.get(url("operation", cpts, operation.pk)))
    assert "Une opération payée ne se modifie plus" in texte
    texte = read(client.post(url("operation_contrepasser", cpts, operation.pk), {"le": "2026-11-24"}, follow=True))
    assert "Contre-passée par 2026-0002" in texte
    with use_cpts(cpts.pk):
        assert sum(o.signe for o in Operation.objects.all()) == 0


def test_the_bureau_approves_or_says_why_not(cpts, contrat, membre):
    with use_cpts(cpts.pk):
        services.save_reglages(cpts_id=cpts.pk, seuil_approbation=Decimal(100), siren="", by=SYSTEME)
        oui, non = make_operation(cpts), make_operation(cpts)
        (alerte,) = [a for a in list_alertes(cpts.pk, SYSTEME, now()) if a.colonne == "attend"]
        assert alerte.phrase.replace("\u00a0", " ") == "2 dépenses attendent l’accord du bureau : 200 €."
    coordination, bureau = membre(Role.COORDINATION), membre(Role.BUREAU)
    texte = read(coordination.post(url("operation_payer", cpts, oui.pk), {"le": "2026-11-24"}))
    assert "attend l’accord du bureau" in texte
    assert coordination.post(url("operation_approuver", cpts, oui.pk)).status_code == 404
    assert "est approuvée" in read(bureau.post(url("operation_approuver", cpts, oui.pk), follow=True))
    assert bureau.post(url("operation_refuser", cpts, non.pk), {"motif": ""}).status_code == 422
    texte = read(bureau.post(url("operation_refuser", cpts, non.pk), {"motif": "Trop cher"}, follow=True))
    assert "Refusée par le bureau Trop cher" in texte
    assert "Refusée par le bureau" in texte
    suite = read(bureau.get(url("operation", cpts, oui.pk)))
    assert re.search(r"Approuvée par le bureau [^.]{0,60}Camille Durand", suite)
    assert coordination.post(url("operation_payer", cpts, oui.pk), {"le": "2026-11-24"}).status_code == 302


def test_the_frame_is_entered(cpts, contrat, membre):
    client = membre(Role.COORDINATION)
    solde_saisi = {"le": "2026-11-20", "montant": "-12,5", "source": "Relevé"}
    assert client.post(url("solde_noter", cpts), solde_saisi | {"le": "2026-12-20"}).status_code == 422
    assert client.post(url("solde_noter", cpts), solde_saisi).status_code == 302
    decision = {"de": "crise", "vers": "acces", "montant": "500", "decidee_le": "2026-11-20", "texte": "Bureau."}
    assert client.post(url("reaffecter", cpts), decision | {"vers": "crise"}).status_code == 422
    assert client.post(url("reaffecter", cpts), decision).status_code == 302
    ligne = {"annee": "3", "poste": "acces", "categorie": "locaux", "libelle": "Local", "prevu": "900"}
    assert client.post(url("ligne_ajouter", cpts), ligne).status_code == 302
    assert client.post(url("ligne_ajouter", cpts), ligne).status_code == 422
    serie = {"poste": "acces", "categorie": "locaux", "libelle": "Loyer", "montant": "100", "jour": "5"}
    dates = {"du": "2026-12-01", "au": "2027-02-28"}
    assert client.post(url("serie_nouvelle", cpts), serie | dates | {"au": "2026-11-01"}).status_code == 422
    assert client.post(url("serie_nouvelle", cpts), serie | dates).status_code == 302
    assert client.post(url("reglages", cpts), {"seuil_approbation": "", "siren": "12"}).status_code == 422
    assert client.post(url("reglages", cpts), {"seuil_approbation": "1000", "siren": "123456789"}).status_code == 302
    assert client.post(url("compte", cpts), {"cle": "locaux", "numero": "9", "libelle": "x"}).status_code == 422
    assert (
        client.post(url("compte", cpts), {"cle": "locaux", "numero": "613500", "libelle": "Salle"}).status_code == 302
    )
    with use_cpts(cpts.pk):
        assert SoldeBanque.objects.get().montant == Decimal("-12.50")
        assert Reaffectation.objects.get().annee == 3
        enveloppe = compute_budget(cpts.pk, today()).find("crise")
        assert enveloppe.sure == Decimal(22_000)
        prevue, mensuelle = LigneBudget.objects.get(), Serie.objects.get()
    assert client.post(url("ligne_changer", cpts, prevue.pk), {"prevu": "x"}).status_code == 422
    assert client.post(url("ligne_changer", cpts, prevue.pk), {"prevu": "950"}).status_code == 302
    assert client.post(url("ligne_retirer", cpts, prevue.pk)).status_code == 302
    assert client.post(url("serie_arreter", cpts, mensuelle.pk), {"au": "2028-01-01"}).status_code == 422
    texte = read(client.post(url("serie_arreter", cpts, mensuelle.pk), {"au": "2026-12-31"}, follow=True))
    assert "2 échéances annulées" in texte


def test_home_says_what_is_at_risk(anime):
    with use_cpts(anime.pk):
        make_operation(anime, le=date(2026, 12, 10), poste="crise", montant=Decimal(30_000))
        alertes = list_alertes(anime.pk, SYSTEME, now())
    phrases = [a.phrase.replace("\u00a0", " ") for a in alertes]
    assert (
        "L’enveloppe Crise sanitaire serait épuisée le 10 décembre : 10 500 € manqueraient à l’anniversaire." in phrases
    )
    assert any(p.startswith("La trésorerie passerait sous zéro le 5 décembre") for p in phrases)
    assert "1 opération payée sans pièce : 12 000 €." in phrases
