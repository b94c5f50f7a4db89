"""Why a stock moved: the acts, what apps declare, what nobody explains; the certified value stays what it is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_agent, make_membre
from fabriques.pilotage import DECLARE, create_acte, make_contrat_ald
from maillon.pilotage.contrats import ecarts
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.models import Releve
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.socle.contexte import use_cpts
from maillon.socle.declarations import CertitudeMouvement, ExplicationStock, MouvementStock
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.horloge import today

DEPART = MouvementStock(
    "Départ d’un médecin", Decimal(40), CertitudeMouvement.DECLARE, "annoncé au guichet", "/ailleurs/"
)
PETIT = MouvementStock("Décès connus", Decimal(-2), CertitudeMouvement.DECLARE)


@pytest.fixture
def mouvements(monkeypatch):
    """What the apps declare, by the first day asked; recorded, so that windows are seen."""
    demandes: list[tuple[date, date]] = []
    par_debut: dict[date, list[MouvementStock]] = {}

    def declare(cpts_id, debut, fin):
        demandes.append((debut, fin))
        return par_debut.get(debut, [])

    explications = (ExplicationStock(DECLARE.code, declare), ExplicationStock("autre.chiffre", declare))
    monkeypatch.setattr(ecarts, "collect", lambda kind: iter(explications if kind == "explications_stock" else ()))
    par_debut["demandes"] = demandes
    return par_debut


@pytest.fixture
def contrat(cpts):
    """219 at the signature, 105 certified on 1 September 2026; 30 acts before, 4 since."""
    with use_cpts(cpts.pk):
        contrat = make_contrat_ald(cpts)
        for jour in range(30):
            create_acte(cpts.pk, date(2026, 6, 1), jours=jour)
        for jour in range(4):
            create_acte(cpts.pk, date(2026, 10, 1), jours=jour)
    return contrat


def explain(contrat):
    annee = compute_annee(contrat, today())
    return ecarts.explain_ecarts(next(ligne for ligne in annee.indicateurs if ligne.indicateur.code == "ald"), annee)


def test_terms_add_up_to_the_certified_value(cpts, contrat, mouvements):
    """219 − 30 acts + 40 left by a doctor − 124 unexplained = 105."""
    mouvements[date(2023, 12, 23)] = [DEPART]
    with use_cpts(cpts.pk):
        passe, depuis = explain(contrat)
    assert [t.variation for t in passe.termes] == [-30, 40]
    assert passe.reste == -124
    assert passe.depart.valeur + sum(t.variation for t in passe.termes) + passe.reste == passe.arrivee.valeur == 105
    assert passe.de_reference
    assert passe.is_constate
    assert passe.termes[0].url == "?annee=1#actes"
    # Half-open windows: a value tells its own day, and no day is counted twice.
    assert mouvements["demandes"] == [
        (date(2023, 12, 23), date(2026, 9, 2)),
        (date(2026, 9, 2), date(2026, 11, 25)),
    ]
    assert (depuis.arrivee.valeur, depuis.prevu_actes, depuis.reste) == (101, 101, None)
    assert {t.certitude for t in depuis.termes} == {CertitudeMouvement.A_CONFIRMER}


def test_declared_movements_are_expected_but_never_in_the_forecast(cpts, contrat, mouvements):
    mouvements[date(2026, 9, 2)] = [DEPART]
    with use_cpts(cpts.pk):
        depuis = explain(contrat)[-1]
        annee = compute_annee(contrat, today())
    assert (depuis.arrivee.valeur, depuis.prevu_actes) == (141, 101)
    assert next(ligne for ligne in annee.indicateurs if ligne.indicateur.code == "ald").prevision.valeur == 101


def test_nothing_since_the_last_value_is_not_drawn(cpts, mouvements):
    with use_cpts(cpts.pk):
        assert [ecart.is_constate for ecart in explain(make_contrat_ald(cpts))] == [True]


def test_an_indicator_that_acts_do_not_lower_is_not_explained(cpts, contrat, mouvements):
    with use_cpts(cpts.pk):
        annee = compute_annee(contrat, today())
        annuaire = next(ligne for ligne in annee.indicateurs if ligne.indicateur.code == "annuaire")
        assert ecarts.explain_ecarts(annuaire, annee) == []


def test_the_page_opens_each_term_to_whoever_may(cpts, contrat, mouvements):
    mouvements[date(2026, 9, 2)] = [DEPART, replace(PETIT, url="/compte/")]
    with use_cpts(cpts.pk):
        pk = contrat.indicateurs.get(code="ald").pk
    client = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
    page = client.get(reverse("pilotage:indicateur", args=[cpts.slug, pk])).content.decode()
    assert "De 105 à 139 patients en ALD" in page
    assert "Part non expliquée" in page
    assert 'href="/compte/"' in page
    assert "/ailleurs/" not in page
    assert "compte les actes seuls" in page


def test_cpam_reads_the_gap_without_small_numbers(cpts, contrat, mouvements):
    mouvements[date(2023, 12, 23)] = [DEPART, PETIT]
    mouvements[date(2026, 9, 2)] = [PETIT]
    with use_cpts(cpts.pk):
        refresh_releve(cpts_id=cpts.pk)
        releve = Releve.objects.get(courant=True)
        pk = contrat.indicateurs.get(code="ald").pk
        passe, depuis = ecarts.read_ecarts(releve.explications[str(pk)])
    assert [t.libelle for t in passe.termes] == ["Actes de la communauté", "Départ d’un médecin"]
    assert passe.reste == -124, "the small movement joins what is not explained"
    assert passe.depart.valeur + sum(t.variation for t in passe.termes) + passe.reste == 105
    assert (len(depuis.termes), depuis.arrivee.valeur) == (1, 101)
    assert not any(t.url for t in passe.termes)
    client = enter(Client(), make_agent(RoleTerritorial.CPAM, departement=cpts.departement).compte)
    page = client.get(reverse("portefeuille:indicateur", args=[contrat.pk, pk])).content.decode()
    assert "Pourquoi le chiffre bouge" in page
    assert "Décès" not in page


def test_queries_do_not_grow_with_acts(cpts, contrat, mouvements, django_assert_max_num_queries):
    with use_cpts(cpts.pk):
        annee = compute_annee(contrat, today())
        ligne = next(ligne for ligne in annee.indicateurs if ligne.indicateur.code == "ald")
        with django_assert_max_num_queries(2):
            ecarts.explain_ecarts(ligne, annee)
