"""The catalogue, the projections, the curve and the control of definitions, as people read them."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_membre
from fabriques.pilotage import (
    DonneesContratFabrique,
    DonneesIndicateurFabrique,
    create_acte,
    make_contrat_ald,
    palier,
)
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.catalogue import (
    compute_echeances,
    count_mois,
    find_retards,
    list_indicateurs,
    say_age,
    say_retards,
)
from maillon.pilotage.contrats.coherence import control_contrat, count_problemes
from maillon.pilotage.contrats.courbes import build_courbe, draw_courbe
from maillon.pilotage.contrats.declarations import list_alertes
from maillon.pilotage.contrats.donnees import DonneesMission
from maillon.pilotage.contrats.enums import Periodicite, StatutMission
from maillon.pilotage.contrats.models import Palier
from maillon.pilotage.contrats.projections import project_indicateur
from maillon.pilotage.contrats.services import complete_fiche, create_contrat, record_constat
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now, today


@pytest.fixture
def contrat(cpts):
    """ALD fed by acts, screening, a told count and a deliverable."""
    with use_cpts(cpts.pk):
        yield create_contrat(
            cpts_id=cpts.pk,
            donnees=DonneesContratFabrique(
                missions=[DonneesMission(code="acces"), DonneesMission(code="prevention", variable=Decimal(17500))],
                indicateurs=[
                    DonneesIndicateurFabrique(ald=True, code_declare="essai.actes"),
                    DonneesIndicateurFabrique(code="annuaire", paliers=[palier(1, 26000)]),
                    DonneesIndicateurFabrique(depistage=True),
                    DonneesIndicateurFabrique(participants=True),
                ],
            ),
            by=SYSTEME,
        )


def constate(contrat, code: str, valeur: str, le: date, par: str = "CPAM") -> None:
    record_constat(
        indicateur=contrat.indicateurs.get(code=code),
        valeur=Decimal(valeur),
        le=le,
        by=SYSTEME,
        source="essai",
        certifie_par=par,
    )


def projete(contrat, code: str):
    annee = compute_annee(contrat, today())
    return project_indicateur(next(x for x in annee.indicateurs if x.indicateur.code == code), annee)


def read(reponse) -> str:
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " "))


# Projections ----------------------------------------------------------------------------------------------------------


def test_a_stock_leaves_from_its_last_value_and_moves_by_acts(contrat):
    """24/11/2026 included, 27 days remain; 105 on 1 September, 3 acts in the 338 days of the year, all after it."""
    constate(contrat, "ald", "105", date(2026, 9, 1))
    for jour in range(3):
        create_acte(contrat.cpts_id, date(2026, 10, 1), jours=jour)
    resultat = projete(contrat, "ald")
    # From 219 on 22/12/2023 to 105 without any act: −114 in 984 days, so −12.98 over the 112 days to the anniversary.
    # 105 − 3 − 12.98 = 89.02; acts to come: P(0) = (338/365)^3.5 = 0.764, P(1) = 0.198: 0, 0, 1.
    # Margin 3.078 × √(114/984 × (112 + 112²/984)) = 3.078 × √14.45 = 11.70: from 76.3 to 100.7.
    assert resultat.projection is not None
    assert (resultat.projection.bas, resultat.projection.central, resultat.projection.haut) == (76, 89, 101)
    # The real annex: 219–101 → 3 000, 100–51 → 6 000.
    assert resultat.issues is not None
    assert (resultat.issues.defavorable.euros, resultat.issues.centrale.euros) == (3000, 6000)
    # Nothing of it enters the year: its euros are those of 105 certified and 102 forecast, 3 000 either way.
    montants = compute_annee(contrat, today()).indicateurs[0].montants
    assert (montants.constate, montants.a_confirmer) == (3000, 0)


def test_a_rate_needs_three_values_reference_included(contrat):
    constate(contrat, "sein", "68", date(2025, 6, 1))
    assert projete(contrat, "sein").raison == "Pas assez de valeurs : 2 constatées, il en faut 3 pour une tendance."
    constate(contrat, "sein", "69.9", date(2026, 9, 1))
    resultat = projete(contrat, "sein")
    assert resultat.is_ouverte
    assert resultat.projection.observations == 3


def test_a_declared_value_gives_no_trend(contrat):
    for jour, valeur in ((1, "67"), (2, "68")):
        constate(contrat, "sein", valeur, date(2026, 3, jour), par="")
    assert "1 constatée" in projete(contrat, "sein").raison


def test_a_told_count_needs_two_values_of_the_year(contrat):
    assert projete(contrat, "participants").raison.startswith("Aucune valeur cette année")
    constate(contrat, "participants", "4", date(2026, 2, 1), par="")
    assert projete(contrat, "participants").raison.startswith("Une seule valeur cette année")
    constate(contrat, "participants", "10", date(2026, 11, 1), par="")
    # 6 more in 273 days, 51 days to the anniversary: P(0) = (273/324)^6.5 = 0.328, P(1) = 0.336, P(2) = 0.198, P(3) =
    # 0.088; cumulated 0.328, 0.664, 0.863, 0.951: 0, 1 or 3 to come.
    projection = projete(contrat, "participants").projection
    assert (projection.bas, projection.central, projection.haut) == (10, 11, 13)
    constate(contrat, "participants", "3", date(2026, 11, 20), par="")
    assert "a baissé" in projete(contrat, "participants").raison


def test_a_deliverable_is_not_projected(contrat):
    assert "ne se projette pas" in projete(contrat, "annuaire").raison


def project_all(annee):
    return [project_indicateur(ligne, annee) for ligne in annee.indicateurs]


def test_a_year_that_is_over_settles(contrat):
    constate(contrat, "participants", "12", date(2025, 12, 1))
    annee = compute_annee(contrat, today(), numero=2)
    par_code = {x.ligne.indicateur.code: x for x in project_all(annee)}
    assert par_code["participants"].projection.haut == 12
    assert not par_code["participants"].is_ouverte
    assert par_code["ald"].projection.certaine
    vide = {x.ligne.indicateur.code: x for x in project_all(compute_annee(contrat, today(), numero=1))}
    assert vide["participants"].raison == "Aucune valeur n’a été donnée cette année."


# Curve ----------------------------------------------------------------------------------------------------------------


def test_one_certified_value_draws_its_point_against_every_tier(contrat):
    contrat.indicateurs.filter(code="sein").update(reference=None, reference_le=None)
    constate(contrat, "sein", "69.9", date(2026, 9, 1))
    annee = compute_annee(contrat, today())
    ligne = next(x for x in annee.indicateurs if x.indicateur.code == "sein")
    courbe = build_courbe(ligne, annee.annee, project_indicateur(ligne, annee))
    assert courbe is not None
    assert len(courbe.traces[0].marques) == 1
    assert [re.sub(r"\s", " ", c) for c in courbe.cibles] == [
        "69,7 % : 1 000 €",
        "72,4 % : 2 500 €",
        "75 % : 3 500 €",
    ]


def test_the_projection_is_drawn_to_the_anniversary_with_its_range(contrat):
    constate(contrat, "ald", "105", date(2026, 9, 1))
    constate(contrat, "ald", "107", date(2026, 8, 1), par="")
    annee = compute_annee(contrat, today())
    ligne = annee.indicateurs[0]
    courbe = build_courbe(ligne, annee.annee, project_indicateur(ligne, annee))
    assert [serie.libelle for serie in courbe.series] == ["Constaté", "Déclaré", "Prévu par les actes", "Projeté"]
    assert courbe.bande.points[-1][0] == annee.annee.fin
    assert courbe.lignes[-1][0] == "22/12/2026"


def test_nothing_known_draws_nothing():
    vide = draw_courbe([], paliers=[], prevu=None, on=today(), fin=today(), unite="", titre="Rien")
    assert vide is None


# Catalogue ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("le", "on", "mois"),
    [(date(2026, 4, 24), date(2026, 11, 24), 7), (date(2026, 4, 25), date(2026, 11, 24), 6)],
)
def test_an_age_is_in_whole_months(le, on, mois):
    assert count_mois(le, on) == mois


def test_a_value_is_late_after_its_period_and_fifteen_days():
    """31 August minus six months is 28 February, minus fifteen days 13 February."""
    echeances = compute_echeances(date(2026, 8, 31))
    assert echeances[Periodicite.SEMESTRIELLE] == date(2026, 2, 13)
    assert echeances[Periodicite.ANNUELLE] == date(2025, 8, 16)


def test_an_old_value_is_said_by_the_list_and_on_the_home_page(contrat):
    complete_fiche(
        indicateur=contrat.indicateurs.get(code="sein"),
        definition="",
        preuve_demandee="",
        periodicite="semestrielle",
        by=SYSTEME,
    )
    constate(contrat, "sein", "69.9", date(2026, 4, 24))
    for code, valeur in (("ald", "100"), ("annuaire", "1"), ("participants", "5")):
        constate(contrat, code, valeur, date(2026, 11, 1))
    retards = find_retards(compute_annee(contrat, today()))
    assert say_retards(retards) == "La valeur « Dépistage du cancer du sein » date de 7\u00a0mois."
    etats = {i.code: i.etat_valeur for i in list_indicateurs(contrat, SYSTEME, today())}
    assert etats == {"ald": "certifie", "annuaire": "certifie", "sein": "retard", "participants": "certifie"}
    phrases = [alerte.phrase for alerte in list_alertes(contrat.cpts_id, SYSTEME, now())]
    assert "La valeur « Dépistage du cancer du sein » date de 7\u00a0mois." in phrases


def test_what_never_had_a_value_is_late_after_its_period_and_the_most_euros_come_first(contrat):
    retards = find_retards(compute_annee(contrat, today()))
    assert [r.indicateur.code for r in retards] == ["annuaire", "participants", "ald", "sein"]
    assert say_retards(retards) == "« Annuaire en ligne » n’a encore aucune valeur. 3 autres valeurs sont en retard."
    assert say_age(None, today()) == ""
    assert say_age(date(2026, 11, 12), today()) == "12\u00a0jours"


def test_the_list_sorts_by_euros_filters_and_exports_with_constant_queries(
    contrat, cpts, django_assert_max_num_queries
):
    constate(contrat, "participants", "5", date(2026, 11, 1), par="")
    client = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
    adresse = reverse("pilotage:indicateurs", args=[cpts.slug])
    texte = read(client.get(adresse))
    assert texte.index("Annuaire en ligne") < texte.index("Participants") < texte.index("Dépistage")
    assert "5 participants" in texte
    assert "actes de Maillon" in texte
    with django_assert_max_num_queries(60):
        filtre = read(client.get(adresse + "?etat=declare&mission=prevention&col=paliers&col=definition"))
    assert "1 indicateur " in filtre
    assert "à partir de 10 : 2 000 € ; à partir de 20 : 14 000 €" in filtre
    export = client.get(adresse + "?export=csv").content.decode("utf-8-sig")
    assert export.count("\n") == 5


def test_a_professional_lists_the_indicators_of_own_missions(contrat, cpts):
    client = enter(Client(), make_membre(cpts, Role.PROFESSIONNEL, mission="prevention").compte)
    texte = read(client.get(reverse("pilotage:indicateurs", args=[cpts.slug])))
    assert "Dépistage" in texte
    assert "Annuaire en ligne" not in texte
    assert client.get(reverse("pilotage:coherence", args=[cpts.slug])).status_code == 404
    assert client.get(reverse("pilotage:catalogue", args=[cpts.slug])).status_code == 200


def test_without_contract_the_list_leads_to_the_year(cpts):
    client = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
    for nom in ("indicateurs", "coherence"):
        reponse = client.get(reverse(f"pilotage:{nom}", args=[cpts.slug]))
        assert reponse.url == reverse("pilotage:annee", args=[cpts.slug])


# Sheet and definitions ------------------------------------------------------------------------------------------------


def test_an_empty_sheet_is_proposed_the_texts_of_the_catalogue(contrat, cpts):
    client = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
    sein = contrat.indicateurs.get(code="sein")
    sein.preuve_demandee = ""
    sein.save()
    adresse = reverse("pilotage:fiche", args=[cpts.slug, sein.pk])
    page = read(client.get(adresse))
    assert "Le catalogue reconnaît cet indicateur" in page
    assert "Part des femmes de 50 à 74 ans" in page
    donnees = {"definition": "Notre texte.", "preuve_demandee": "statistique", "periodicite": "trimestrielle"}
    assert client.post(adresse, donnees).status_code == 302
    sein.refresh_from_db()
    assert (sein.definition, sein.preuve_demandee, sein.periodicite) == tuple(donnees.values())
    assert client.post(adresse, {}).status_code == 422


def test_the_sheet_refuses_an_unknown_periodicity_and_keeps_the_same_in_silence(contrat):
    sein = contrat.indicateurs.get(code="sein")
    memes = {"definition": sein.definition, "preuve_demandee": sein.preuve_demandee}
    assert complete_fiche(indicateur=sein, **memes, periodicite=sein.periodicite, by=SYSTEME) is sein
    with pytest.raises(SaisieInvalide, match="n’existe pas"):
        complete_fiche(indicateur=sein, **memes, periodicite="parfois", by=SYSTEME)


def test_definitions_are_shown_with_their_numbers(contrat, cpts):
    controles = {c.mission.mission: c for c in control_contrat(contrat, today())}
    # 219 to 50: −169; 9 000 + 26 000 = 35 000, the variable part of access in size 3.
    ald = controles["acces"].indicateurs[0]
    assert (ald.reference, ald.cible, ald.variation) == (219, 50, -169)
    assert (controles["acces"].somme, controles["acces"].enveloppe) == (35000, 35000)
    assert count_problemes(controles.values()) == 0
    client = enter(Client(), make_membre(cpts, Role.BUREAU).compte)
    assert "la somme est exacte" in read(client.get(reverse("pilotage:coherence", args=[cpts.slug])))


def test_a_contradiction_that_entered_another_way_is_seen(contrat, cpts):
    """The year cannot be computed any more; the page still shows which numbers disagree."""
    Palier.objects.filter(indicateur__code="ald", seuil=100).update(montant=2000)
    client = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
    texte = read(client.get(reverse("pilotage:coherence", args=[cpts.slug])))
    assert "1 mission où des nombres ne s’accordent pas" in texte
    assert "le palier 100 paie 2 000 €, pas plus que le palier plus facile 219 qui paie 3 000 €" in texte


def test_a_sum_that_is_not_the_envelope_is_a_contradiction_once_the_mission_has_started(contrat):
    (controle,) = (c for c in control_contrat(contrat, today()) if c.mission.mission == "acces")
    moins = replace(controle, somme=Decimal(34000))
    assert (moins.ecart, moins.is_coherente) == (1000, False)
    moins.mission.statut = StatutMission.PREVUE
    assert moins.is_coherente
    assert not replace(moins, somme=Decimal(36000)).is_coherente
    assert replace(moins, enveloppe=None).is_coherente


def test_what_an_avenant_ended_is_neither_listed_nor_controlled(contrat):
    contrat.indicateurs.filter(code="sein").update(jusqu_a=date(2026, 6, 1))
    assert "sein" not in {i.code for i in list_indicateurs(contrat, SYSTEME, today())}
    prevention = next(c for c in control_contrat(contrat, today()) if c.mission.mission == "prevention")
    assert [c.indicateur.code for c in prevention.indicateurs] == ["participants"]
    contrat.indicateurs.filter(code="sein").update(jusqu_a=None)


def test_the_page_says_the_sources_the_gap_and_the_three_cases(cpts):
    with use_cpts(cpts.pk):
        contrat = make_contrat_ald(cpts)
        for jour in range(4):
            create_acte(cpts.pk, date(2026, 10, 1), jours=jour)
        pk = contrat.indicateurs.get(code="ald").pk
    client = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
    texte = read(client.get(reverse("pilotage:indicateur", args=[cpts.slug, pk])))
    assert "Actes de Maillon 101 patients en ALD 4 actes comptés" in texte
    assert "4 de moins que le constat" in texte
    for mot in ("Défavorable", "Central", "Favorable", "Intervalle à 80 %", "vraisemblable"):
        assert mot in texte
    assert "Ces euros ne sont ni constatés ni à confirmer" in texte
