"""The contract year: euros by word, forecasts, next tiers, evidence that lacks."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fabriques.pilotage import (
    DonneesContratFabrique,
    DonneesIndicateurFabrique,
    create_acte,
    palier,
)
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.donnees import DonneesMission
from maillon.pilotage.contrats.enums import StatutMission
from maillon.pilotage.contrats.phrases import say_nombre
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.pilotage.contrats.selectors import find_ligne, get_actes, resume_annee
from maillon.pilotage.contrats.services import attach_preuve, create_contrat, declare_livrable, record_constat
from maillon.regles.aci import Repartition
from maillon.socle.droits.acteur import SYSTEME

AUJOURD_HUI = date(2026, 11, 24)
PDF = b"%PDF-1.7\n%%EOF\n"


def euros(*montants: int) -> Repartition:
    return Repartition(*(Decimal(m) for m in montants))


def create(cpts, **options):
    return create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(**options), by=SYSTEME)


def with_ald(code_declare: str = "essai.actes"):
    return [
        DonneesIndicateurFabrique(ald=True, code_declare=code_declare),
        DonneesIndicateurFabrique(code="annuaire", paliers=[palier(1, 26000)]),
    ]


def certify(contrat, valeur, le, code="ald"):
    return record_constat(
        indicateur=contrat.indicateurs.get(code=code),
        valeur=Decimal(valeur),
        le=le,
        by=SYSTEME,
        source="statistiques",
        certifie_par="CPAM de la Loire",
    )


def ligne_of(contrat, code="ald", on=AUJOURD_HUI):
    annee = compute_annee(contrat, on)
    return find_ligne(annee, contrat.indicateurs.get(code=code))


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (219, (3000, 0, 6000, 0)),
        (101, (3000, 0, 6000, 0)),
        (100, (6000, 0, 3000, 0)),
        (51, (6000, 0, 3000, 0)),
        (50, (9000, 0, 0, 0)),
        (0, (9000, 0, 0, 0)),
        (220, (0, 0, 9000, 0)),
    ],
)
def test_the_best_tier_reached_pays_alone(dans_cpts, valeur, attendu):
    contrat = create(dans_cpts)
    certify(contrat, valeur, date(2026, 9, 1))
    assert ligne_of(contrat).montants == euros(*attendu)


def test_acts_move_the_forecast_and_never_the_certified_euros(dans_cpts):
    contrat = create(dans_cpts, indicateurs=with_ald())
    certify(contrat, 105, date(2026, 9, 1))
    for jour in range(4):
        create_acte(dans_cpts.pk, date(2026, 9, 2), jours=jour)
    create_acte(dans_cpts.pk, date(2026, 9, 1))  # already in the certified value

    avant = ligne_of(contrat)
    assert avant.prevision.valeur == 101
    assert avant.prevision.actes == 4
    assert avant.montants == euros(3000, 0, 6000, 0)
    assert avant.resultat.prochain.distance == 1
    assert avant.resultat.prochain.gain == 3000

    create_acte(dans_cpts.pk, AUJOURD_HUI)
    apres = ligne_of(contrat)
    assert apres.prevision.valeur == 100
    assert apres.montants == euros(3000, 3000, 3000, 0)
    assert "105 au 01/09/2026" in apres.prevision.methode


def test_without_certified_value_the_stock_starts_from_its_reference(dans_cpts):
    contrat = create(dans_cpts, indicateurs=with_ald())
    create_acte(dans_cpts.pk, date(2024, 1, 10))
    ligne = ligne_of(contrat)
    assert ligne.prevision.valeur == 218
    assert "Valeur de référence (219" in ligne.prevision.methode


def test_a_reference_without_date_is_that_of_the_signature(dans_cpts):
    """The acts of former years have lowered the stock too, and the sentence names no invented day."""
    indicateurs = [DonneesIndicateurFabrique(ald=True, code_declare="essai.actes", reference_le=None), with_ald()[1]]
    contrat = create(dans_cpts, indicateurs=indicateurs)
    for le in (date(2024, 1, 10), date(2026, 1, 10)):
        create_acte(dans_cpts.pk, le)
    prevision = ligne_of(contrat).prevision
    assert (prevision.valeur, prevision.actes) == (217, 2)
    assert "219 au 22/12/2023" in prevision.methode


def test_a_count_adds_the_acts_after_the_certified_value_and_starts_again_each_year(dans_cpts):
    contrat = create(
        dans_cpts,
        missions=[DonneesMission(code="prevention")],
        indicateurs=[
            DonneesIndicateurFabrique(participants=True, code_declare="essai.actes"),
            DonneesIndicateurFabrique(depistage=True),
        ],
    )
    for _ in range(3):
        create_acte(dans_cpts.pk, date(2025, 6, 1))  # year 2
    for _ in range(2):
        create_acte(dans_cpts.pk, date(2026, 10, 1))
    assert ligne_of(contrat, "participants").prevision.valeur == 2
    certify(contrat, 9, date(2026, 9, 30), code="participants")
    ligne = ligne_of(contrat, "participants")
    assert ligne.prevision.valeur == 11
    assert ligne.montants == euros(0, 2000, 12000, 0)
    assert compute_annee(contrat, AUJOURD_HUI, numero=2).indicateurs[0].prevision.valeur == 3


def test_a_certified_value_of_an_older_year_only_starts_the_forecast(dans_cpts):
    contrat = create(dans_cpts)
    certify(contrat, 90, date(2025, 11, 1))
    ligne = ligne_of(contrat)
    assert ligne.certifie is None
    assert ligne.prevision.valeur == 90
    assert ligne.montants == euros(0, 6000, 3000, 0)


def test_the_newest_value_wins_and_the_history_stays(dans_cpts):
    contrat = create(dans_cpts)
    certify(contrat, 90, date(2026, 9, 1))
    certify(contrat, 40, date(2026, 6, 1))
    assert ligne_of(contrat).certifie.valeur == 90
    certify(contrat, 101, date(2026, 9, 1))  # corrects the first
    ligne = ligne_of(contrat)
    assert ligne.certifie.valeur == 101
    assert len(ligne.constats) == 3


def test_a_value_of_the_anniversary_closes_the_year_that_ends(dans_cpts):
    contrat = create(dans_cpts)
    certify(contrat, 50, date(2025, 12, 22))
    assert compute_annee(contrat, AUJOURD_HUI, numero=2).montants.constate == 9000
    assert compute_annee(contrat, AUJOURD_HUI).montants.constate == 0


def test_a_closed_year_loses_what_was_not_reached(dans_cpts):
    contrat = create(dans_cpts)
    certify(contrat, 90, date(2025, 12, 1))
    annee = compute_annee(contrat, AUJOURD_HUI, numero=2)
    assert annee.montants == euros(6000, 0, 0, 29000)
    assert annee.jours_restants == 0


def test_parts_sum_to_the_envelope(dans_cpts):
    contrat = create(dans_cpts, indicateurs=with_ald())
    certify(contrat, 120, date(2026, 9, 1))
    declare_livrable(indicateur=contrat.indicateurs.get(code="annuaire"), le=date(2026, 10, 1), by=SYSTEME)
    annee = compute_annee(contrat, AUJOURD_HUI)
    assert annee.montants.maximum == 35000 == annee.variable
    assert annee.montants == euros(3000, 26000, 6000, 0)


def test_the_published_ceiling_with_and_without_crisis(dans_cpts):
    contrat = create(dans_cpts, croix_rousse=True)
    premiere = compute_annee(contrat, AUJOURD_HUI, numero=1)
    assert premiere.plafond.total.valeur == 457500
    assert premiere.plafond.hors_activation.valeur == 390000
    troisieme = compute_annee(contrat, AUJOURD_HUI)
    assert troisieme.plafond.hors_activation.valeur == 367500
    assert troisieme.plafond.activation.valeur == 67500
    assert troisieme.variable == 107500
    assert troisieme.non_reparti == 72500
    assert not troisieme.a_confirmer


def test_the_sentences_of_the_year(dans_cpts):
    create(dans_cpts, croix_rousse=True)
    phrases = [p.replace("\u202f", " ").replace("\u00a0", " ") for p in resume_annee(dans_cpts.pk, AUJOURD_HUI).phrases]
    assert phrases[0].startswith(
        "Votre année 3 finit dans 28 jours. Hors crise elle vaut 367 500 €, dont 107 500 € à démontrer."
    )
    assert "67 500 € s’y ajoutent (435 000 € au plus)" in phrases[0]
    assert phrases[1].startswith("Constaté 0 € ; à confirmer 0 € ; encore possible 107 500 €.")


def test_recalled_amounts_stay_to_be_confirmed(dans_cpts):
    contrat = create(
        dans_cpts,
        population=30000,
        missions=[DonneesMission(code="acces", statut=StatutMission.PREVUE)],
        indicateurs=[],
    )
    annee = compute_annee(contrat, AUJOURD_HUI)
    assert annee.a_confirmer
    assert annee.missions[0].a_confirmer


def test_the_contracts_own_amounts_win(dans_cpts):
    contrat = create(
        dans_cpts,
        population=30000,
        indicateurs=[DonneesIndicateurFabrique(paliers=[palier(1, 20000)])],
        missions=[DonneesMission(code="acces", fixe=Decimal(50000), variable=Decimal(20000))],
        fonctionnement=Decimal(48000),
    )
    annee = compute_annee(contrat, AUJOURD_HUI)
    assert annee.plafond.total.valeur == 118000
    assert not annee.a_confirmer


def test_only_the_total_of_an_old_contract_is_known(dans_cpts):
    contrat = create(
        dans_cpts,
        signe_le=date(2022, 1, 10),
        population=66000,
        plafond_publie=Decimal(210000),
        indicateurs=[],
        missions=[DonneesMission(code="acces"), DonneesMission(code="parcours"), DonneesMission(code="prevention")],
    )
    annee = compute_annee(contrat, AUJOURD_HUI)
    assert annee.plafond.total.valeur == 210000
    assert annee.fonctionnement is None
    assert annee.variable == 0


def test_what_lacks_evidence_by_euros(dans_cpts):
    contrat = create(
        dans_cpts,
        indicateurs=[
            DonneesIndicateurFabrique(soirees=True),
            DonneesIndicateurFabrique(code="annuaire", paliers=[palier(1, 30000)]),
        ],
    )
    soirees = contrat.indicateurs.get(code="soirees")
    declare_livrable(indicateur=soirees, le=date(2026, 10, 1), by=SYSTEME)
    declare_livrable(indicateur=contrat.indicateurs.get(code="annuaire"), le=date(2026, 10, 1), by=SYSTEME)
    resume = resume_annee(dans_cpts.pk, AUJOURD_HUI)
    assert resume.phrases[-1].replace("\u202f", " ").replace("\u00a0", " ") == (
        "35 000 € sans justificatif : un compte rendu, deux émargements."
    )
    for nom in ("un.pdf", "deux.pdf"):
        contenu = PDF + nom.encode()
        attach_preuve(
            indicateur=soirees,
            libelle="Émargement",
            le=date(2026, 9, 1),
            nom=nom,
            contenu=contenu,
            by=SYSTEME,
        )
    assert [lacune.indicateur.code for lacune in compute_annee(contrat, AUJOURD_HUI).lacunes] == ["annuaire"]


def test_acts_without_evidence_are_said_once_the_releve_is_written(dans_cpts):
    contrat = create(dans_cpts, indicateurs=with_ald())
    certify(contrat, 101, date(2026, 9, 1))
    acte = create_acte(dans_cpts.pk, date(2026, 9, 10), empreinte="")
    refresh_releve(cpts_id=dans_cpts.pk)
    (lacune,) = compute_annee(contrat, AUJOURD_HUI).lacunes
    assert (lacune.nombre, lacune.euros, lacune.libelle) == (1, 3000, "suivi nominatif")
    attach_preuve(
        cpts_id=dans_cpts.pk,
        acte=str(acte.objet_id),
        libelle="Déclaration",
        le=date(2026, 9, 10),
        nom="d.pdf",
        contenu=PDF,
        by=SYSTEME,
    )
    refresh_releve(cpts_id=dans_cpts.pk)
    assert compute_annee(contrat, AUJOURD_HUI).lacunes == ()


def test_a_figure_and_its_drill_down_are_the_same(dans_cpts):
    contrat = create(dans_cpts, indicateurs=with_ald())
    certify(contrat, 105, date(2026, 9, 1))
    for jour in range(-3, 5):
        create_acte(dans_cpts.pk, date(2026, 9, 1), jours=jour)
    annee = compute_annee(contrat, AUJOURD_HUI)
    ligne = find_ligne(annee, contrat.indicateurs.get(code="ald"))
    actes = get_actes(ligne, annee)
    assert len(actes.comptes) == ligne.prevision.actes == 4
    assert len(actes.deja_constates) == 4
    assert ligne.prevision.valeur == 105 - len(actes.comptes)


def test_queries_do_not_grow_with_acts(dans_cpts):
    contrat = create(dans_cpts, indicateurs=with_ald())

    def count() -> int:
        with CaptureQueriesContext(connection) as requetes:
            compute_annee(contrat, AUJOURD_HUI)
        return len(requetes)

    peu = count()
    for jour in range(40):
        create_acte(dans_cpts.pk, date(2026, 9, 2), jours=jour % 20)
        certify(contrat, 200 - jour, date(2026, 9, 1))
    refresh_releve(cpts_id=dans_cpts.pk)
    assert count() == peu <= 8


@pytest.mark.parametrize(
    ("nombre", "nom", "attendu"),
    [
        (2, "émargement", "deux émargements"),
        (1, "compte rendu", "un compte rendu"),
        (2, "compte rendu", "deux comptes rendus"),
        (12, "avis", "12 avis"),
        (1, "liste des médecins", "une liste des médecins"),
        (2, "journal des créneaux", "deux journaux des créneaux"),
        (3, "maître de stage ou tuteur", "trois maîtres de stage ou tuteurs"),
        (4, "créneau ouvert", "quatre créneaux ouverts"),
    ],
)
def test_numbers_are_said(nombre, nom, attendu):
    assert say_nombre(nombre, nom) == attendu
