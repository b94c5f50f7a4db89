"""What changed since a seal, in sentences that name the figures; and nothing when nothing changed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from fabriques.pilotage import create_acte, make_contrat_ald
from maillon.pilotage.arretes.contenu import build_contenu
from maillon.pilotage.arretes.differences import compare, compare_contenus
from maillon.pilotage.arretes.selectors import find_publie
from maillon.pilotage.arretes.services import freeze_periode, publish_annees
from maillon.pilotage.contrats import actes
from maillon.pilotage.contrats.actes import make_reference
from maillon.pilotage.contrats.donnees import DonneesPreuve, Piece
from maillon.pilotage.contrats.models import Indicateur
from maillon.pilotage.contrats.services import attach_documents, attach_preuve, record_constat, withdraw_preuve
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import at, today
from maillon.socle.journal.models import Entree

APRES = datetime(2027, 1, 5, 12, tzinfo=UTC)
PLUS_TARD = datetime(2027, 2, 9, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _after_the_anniversary(_horloge):
    with at(APRES):
        yield


@pytest.fixture
def contrat(dans_cpts):
    contrat = make_contrat_ald(dans_cpts)
    for jour in range(12):
        create_acte(dans_cpts.pk, date(2026, 10, 1), jours=jour, empreinte="" if jour < 2 else "a" * 64)
    return contrat


@pytest.fixture
def arrete(contrat):
    return freeze_periode(contrat=contrat, numero=3, by=SYSTEME, motif="Évaluation")


def phrases(arrete) -> list[str]:
    actuel = build_contenu(arrete.contrat, arrete.annee, on=today())
    return [difference.phrase.replace("\u00a0", " ") for difference in compare(arrete, actuel)]


def test_nothing_changed_weeks_later(arrete):
    with at(PLUS_TARD):
        assert phrases(arrete) == []


def test_a_reopened_act_and_a_late_one(arrete, dans_cpts, monkeypatch):
    """An act that leaves the list, as a reopened request does: the journal's rows themselves are never removed."""
    partie = Entree.objects.filter(evenement="essai.acte").order_by("le").last()
    declare = actes.find_declare(Indicateur(code="ald", code_declare="essai.actes"))
    sans = replace(declare, rows=lambda *bornes: declare.rows(*bornes).exclude(pk=partie.pk))
    monkeypatch.setattr(actes, "collect", lambda kind: iter((sans,)))
    reference = make_reference(str(partie.objet_id), code="ald", cpts_id=dans_cpts.pk)
    assert phrases(arrete) == [
        f"12 actes → 11 : l’acte {reference} n’y est plus, rouvert ou corrigé.",
        "Valeur prévue : 93 → 94.",
    ]
    tardif = create_acte(dans_cpts.pk, date(2026, 11, 3))
    nouvelle = make_reference(str(tardif.objet_id), code="ald", cpts_id=dans_cpts.pk)
    assert phrases(arrete) == [
        f"12 actes → 12 : l’acte {reference} n’y est plus, rouvert ou corrigé ; l’acte {nouvelle} s’y ajoute."
    ]


def test_many_acts_are_counted_beyond_three(arrete, dans_cpts):
    for _ in range(5):
        create_acte(dans_cpts.pk, date(2026, 11, 3))
    assert "et 2 autres s’y ajoutent." in phrases(arrete)[0]


def test_a_value_certified_since_and_its_euros(arrete, contrat):
    record_constat(
        indicateur=contrat.indicateurs.get(code="ald"),
        valeur=Decimal(50),
        le=date(2026, 12, 20),
        by=SYSTEME,
        source="courrier",
        certifie_par="CPAM",
    )
    assert phrases(arrete) == [
        "Valeur constatée : 105 au 01/09/2026 → 50 au 20/12/2026.",
        "Valeur prévue : 93 → 50.",
        "Euros constatés : 3 000 € → 9 000 €.",
        "Euros à confirmer : 3 000 € → 0 €.",
    ]


def test_evidence_added_to_an_act_and_to_the_indicator_then_withdrawn(arrete, contrat, dans_cpts):
    ald = contrat.indicateurs.get(code="ald")
    nus = [str(e.objet_id) for e in Entree.objects.filter(evenement="essai.acte", details__empreinte="")]
    donnees = DonneesPreuve(libelle="Émargement", le=date(2026, 10, 1))
    attach_documents(indicateur=ald, donnees=donnees, pieces=[Piece("a.txt", b"a")], actes=nus[:1], by=SYSTEME)
    reference = make_reference(nus[0], code="ald", cpts_id=dans_cpts.pk)
    assert phrases(arrete) == [f"L’acte {reference} a reçu un justificatif."]
    preuve = attach_preuve(indicateur=ald, libelle="Liste", le=date(2026, 10, 2), nom="b.txt", contenu=b"b", by=SYSTEME)
    assert phrases(arrete)[1:] == ["Justificatif ajouté : Liste (02/10/2026)."]
    suivant = freeze_periode(contrat=contrat, numero=3, by=SYSTEME, motif="Encore")
    withdraw_preuve(preuve=preuve, motif="Erreur", by=SYSTEME)
    assert phrases(suivant) == ["Justificatif remplacé ou retiré : Liste (02/10/2026)."]


def test_a_changed_definition_and_changed_tiers(arrete, contrat):
    ald = contrat.indicateurs.get(code="ald")
    ald.definition = "Autre définition"
    ald.save(update_fields=["definition"])
    ald.paliers.filter(seuil=50).update(seuil=45)
    assert phrases(arrete)[0] == "Définition changée : la définition et les paliers."


def test_changes_of_the_contract_itself(arrete):
    """Each part of the contract has its sentence; an indicator gone or come too."""
    avant = arrete.contenu
    chiffres = {**avant["chiffres"], "taille": 4, "population": 120000}
    chiffres["plafond"] = {**chiffres["plafond"], "total": {"euros": "1.00", "a_confirmer": False}}
    mission = {
        **chiffres["missions"][0],
        "statut": "déployée",
        "indicateurs": chiffres["missions"][0]["indicateurs"][1:],
    }
    chiffres["missions"] = [mission, {**mission, "code": "crise", "libelle": "Crise sanitaire", "indicateurs": []}]
    dites = [d.phrase.replace("\u00a0", " ") for d in compare_contenus(avant, {**avant, "chiffres": chiffres})]
    assert "Taille : 3 → 4." in dites
    assert "Population : 97 000 → 120 000 habitants." in dites
    assert any(dite.startswith("Plafond de l’année : ") and dite.endswith("→ 1 €.") for dite in dites)
    assert "Mission Crise sanitaire : entrée au contrat." in dites
    assert any("déployée le 22/12/2023" in dite for dite in dites)
    assert "Cet indicateur n’est plus au contrat." in dites


def test_cpam_and_ars_compare_with_what_is_published(arrete, dans_cpts):
    assert compare(arrete, find_publie(arrete)) == []
    create_acte(dans_cpts.pk, date(2026, 11, 3))
    assert compare(arrete, find_publie(arrete)) == []  # until the night
    assert publish_annees(cpts_id=dans_cpts.pk) == 1
    publies = compare(arrete, find_publie(arrete))
    assert [d.phrase for d in publies] == [
        d.phrase for d in compare(arrete, build_contenu(arrete.contrat, 3, on=today()))
    ]
    assert len(publies) == 2
