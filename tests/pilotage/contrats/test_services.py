"""Entering a contract and its values: what services refuse in French, and what the database refuses by itself."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from fabriques.pilotage import DonneesContratFabrique, DonneesIndicateurFabrique, palier
from maillon.pilotage.contrats.donnees import DonneesMission, Piece
from maillon.pilotage.contrats.enums import EtatConstat, EtatContrat, StatutMission
from maillon.pilotage.contrats.models import Constat, Contrat, Palier, Preuve
from maillon.pilotage.contrats.services import (
    attach_preuve,
    create_contrat,
    declare_livrable,
    record_constat,
    start_mission,
)
from maillon.regles.erreurs import DefinitionContradictoire, ErreurRegle, SaisieInvalide
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.identifiants import new_id
from maillon.socle.journal.models import Entree


def create(cpts, etat=EtatContrat.ACTIF, **options):
    return create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(**options), etat=etat, by=SYSTEME)


def plain(texte: object) -> str:
    return str(texte).replace("\u202f", " ").replace("\u00a0", " ")


@contextmanager
def committing():
    """What the block writes is checked at its end, as a commit would do, and undone when it is refused."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_contract_is_entered_whole_and_journalled(dans_cpts):
    with committing():
        contrat = create(dans_cpts)
    assert (contrat.taille, contrat.periode.upper) == (3, date(2028, 12, 22))
    assert contrat.missions.get().enveloppe == 35000
    entree = Entree.objects.get(evenement="pilotage.contrat_saisi")
    assert entree.details["indicateurs"] == 2


def test_the_service_refuses_indicators_that_do_not_sum_to_the_envelope(dans_cpts):
    with pytest.raises(DefinitionContradictoire) as refus:
        create(dans_cpts, indicateurs=[DonneesIndicateurFabrique(ald=True)])
    assert "totalisent 9 000 € pour une enveloppe variable de 35 000 €" in plain(refus.value)
    assert not Contrat.objects.exists()


def test_the_database_refuses_them_too(dans_cpts):
    contrat = create(dans_cpts)
    phrase = r"totalisent 35001.00 € pour une enveloppe variable de 35000.00 €"
    with pytest.raises(IntegrityError, match=phrase), committing():
        Palier.objects.filter(indicateur__contrat=contrat, montant=9000).update(montant=9001)


def test_the_database_refuses_an_indicator_taken_away(dans_cpts):
    contrat = create(dans_cpts)
    with pytest.raises(IntegrityError, match="pour une enveloppe"), committing():
        contrat.indicateurs.get(code="annuaire").delete()


def test_a_contract_in_preparation_may_be_incomplete_until_it_is_in_force(dans_cpts):
    with committing():
        create(dans_cpts, etat=EtatContrat.BROUILLON, indicateurs=[DonneesIndicateurFabrique(ald=True)])
    with pytest.raises(IntegrityError, match="pour une enveloppe"), committing():
        Contrat.objects.update(etat=EtatContrat.ACTIF)


def test_a_mission_not_started_waits_for_its_indicators(dans_cpts):
    prevention = DonneesMission(code="prevention", statut=StatutMission.PREVUE)
    with committing():
        contrat = create(dans_cpts, missions=[DonneesMission(code="acces"), prevention])
    mission = contrat.missions.get(mission="prevention")
    with pytest.raises(DefinitionContradictoire, match="enveloppe variable"):
        start_mission(mission=mission, le=date(2024, 6, 1), by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="pas encore passé"):
        start_mission(mission=mission, le=date(2027, 6, 1), by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="le contrat va du 22/12/2023"):
        start_mission(mission=mission, le=date(2023, 6, 1), by=SYSTEME)


def test_a_mission_starts_when_its_indicators_are_there(dans_cpts):
    contrat = create(dans_cpts, missions=[DonneesMission(code="acces", statut=StatutMission.PREVUE)])
    with committing():
        mission = start_mission(mission=contrat.missions.get(), le=date(2024, 3, 1), by=SYSTEME)
    assert (mission.statut, mission.debut) == (StatutMission.DEMARREE, date(2024, 3, 1))


def test_one_contract_in_force_at_a_date(dans_cpts):
    premier = create(dans_cpts)
    with pytest.raises(SaisieInvalide, match="déjà un contrat en vigueur"):
        create(dans_cpts, signe_le=date(2026, 1, 1))
    premier.pk = new_id()
    with pytest.raises(IntegrityError, match="contrat_un_seul_en_vigueur"), transaction.atomic():
        premier.save(force_insert=True)
    create(dans_cpts, signe_le=date(2026, 1, 1), etat=EtatContrat.BROUILLON)
    create(dans_cpts, signe_le=date(2028, 12, 22))  # the day the first one ends


def test_two_tiers_cannot_share_a_threshold(dans_cpts):
    with pytest.raises(DefinitionContradictoire, match="deux fois"):
        create(dans_cpts, indicateurs=[DonneesIndicateurFabrique(code="x", paliers=[palier(1, 1), palier(1, 35000)])])
    contrat = create(dans_cpts)
    indicateur = contrat.indicateurs.get(code="ald")
    with pytest.raises(IntegrityError, match="palier_seuil_unique"), transaction.atomic():
        Palier.objects.create(cpts=dans_cpts, indicateur=indicateur, seuil=100, montant=1)


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ({"missions": [DonneesMission(code="soins")]}, "La mission « soins » est inconnue"),
        ({"population": None}, "soit la population, soit la taille"),
        ({"taille": 2}, "Le contrat dit taille 2, mais 97 000 habitants font une taille 3"),
        ({"signe_le": date(2021, 1, 1), "missions": [DonneesMission(code="crise")]}, "n’existe pas encore"),
        ({"signe_le": date(2021, 1, 1)}, "ne publie que le plafond"),
        ({"missions": [DonneesMission(code="acces", debut=date(2020, 1, 1))]}, "ne peut pas démarrer"),
        ({"missions": [DonneesMission(code="acces"), DonneesMission(code="acces")]}, "donnée deux fois"),
        ({"missions": [DonneesMission(code="acces", fixe=Decimal(-1))]}, "ne peut pas être « -1 »"),
        ({"indicateurs": [DonneesIndicateurFabrique(depistage=True)]}, "n’est pas au contrat"),
        ({"indicateurs": [DonneesIndicateurFabrique(code_declare="rien")]}, "que Maillon ne connaît pas"),
        (
            {"indicateurs": [DonneesIndicateurFabrique(ald=True, variation=Decimal(-100), cible=Decimal(50))]},
            "donnent 119, mais la cible est 50",
        ),
    ],
)
def test_what_disagrees_is_refused_with_its_numbers_and_nothing_is_written(dans_cpts, options, phrase):
    with pytest.raises(ErreurRegle) as refus:
        create(dans_cpts, **options)
    assert phrase in plain(refus.value)
    assert not Contrat.objects.exists()


def test_a_certified_value_names_its_certifier(dans_cpts):
    indicateur = create(dans_cpts).indicateurs.get(code="ald")
    certifie = record_constat(
        indicateur=indicateur,
        valeur=Decimal(105),
        le=date(2026, 9, 1),
        by=SYSTEME,
        source="courrier",
        certifie_par="CPAM",
    )
    declare = record_constat(
        indicateur=indicateur, valeur=Decimal(99), le=date(2026, 10, 1), by=SYSTEME, source="tableau"
    )
    assert (certifie.etat, declare.etat) == (EtatConstat.CERTIFIE, EtatConstat.DECLARE)
    with pytest.raises(IntegrityError, match="constat_certifie_par_quelqu_un"), transaction.atomic():
        Constat.objects.create(
            cpts=dans_cpts, indicateur=indicateur, valeur=1, le=date(2026, 9, 1), etat=EtatConstat.CERTIFIE, source="x"
        )


@pytest.mark.parametrize(
    ("valeur", "le", "phrase"),
    [
        ("-1", date(2026, 9, 1), "positif ou nul"),
        ("NaN", date(2026, 9, 1), "impossible"),
        ("1", date(2026, 12, 1), "pas encore passé"),
        ("1", date(2023, 1, 1), "hors du contrat"),
    ],
)
def test_impossible_values_are_refused(dans_cpts, valeur, le, phrase):
    indicateur = create(dans_cpts).indicateurs.get(code="ald")
    with pytest.raises(SaisieInvalide, match=phrase):
        record_constat(indicateur=indicateur, valeur=Decimal(valeur), le=le, by=SYSTEME, source="x")
    assert not Constat.objects.exists()


def test_values_and_evidence_are_kept_for_ever(dans_cpts):
    indicateur = create(dans_cpts).indicateurs.get(code="ald")
    record_constat(indicateur=indicateur, valeur=Decimal(1), le=date(2026, 9, 1), by=SYSTEME, source="x")
    attach_preuve(
        indicateur=indicateur, libelle="Suivi", le=date(2026, 9, 1), nom="suivi.pdf", contenu=b"%PDF-1.7", by=SYSTEME
    )
    for refuse in (
        lambda: Constat.objects.update(valeur=0),
        lambda: Constat.objects.all()._raw_delete(using="default"),
        lambda: Preuve.objects.update(libelle="autre"),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            refuse()


def test_a_deliverable_is_declared_with_its_document_then_certified(dans_cpts):
    indicateur = create(dans_cpts).indicateurs.get(code="annuaire")
    preuve = attach_preuve(
        indicateur=indicateur, libelle="Annuaire", le=date(2026, 9, 1), nom="a.txt", contenu=b"annuaire", by=SYSTEME
    )
    constat = declare_livrable(indicateur=indicateur, le=date(2026, 9, 1), by=SYSTEME, document=preuve.fichier)
    assert (constat.valeur, constat.etat, constat.document) == (1, EtatConstat.DECLARE, preuve.fichier)
    with pytest.raises(SaisieInvalide, match="n’est pas un livrable"):
        declare_livrable(indicateur=indicateur.contrat.indicateurs.get(code="ald"), le=date(2026, 9, 1), by=SYSTEME)


def test_what_is_sent_twice_is_kept_once(dans_cpts):
    indicateur = create(dans_cpts).indicateurs.get(code="ald")
    for _ in range(2):
        record_constat(
            indicateur=indicateur,
            valeur=Decimal(105),
            le=date(2026, 9, 1),
            by=SYSTEME,
            source="courrier",
            certifie_par="CPAM",
            document=Piece("courrier.pdf", b"%PDF-1.7"),
        )
        attach_preuve(
            indicateur=indicateur, libelle="Suivi", le=date(2026, 9, 1), nom="a.pdf", contenu=b"%PDF-1.7", by=SYSTEME
        )
    assert (indicateur.constats.count(), indicateur.preuves.count()) == (1, 1)
    assert Fichier.objects.count() == 2  # one for the value, one for the evidence


def test_a_refused_document_keeps_nothing(dans_cpts):
    indicateur = create(dans_cpts).indicateurs.get(code="ald")
    with pytest.raises(FichierRefuse):
        record_constat(
            indicateur=indicateur,
            valeur=Decimal(105),
            le=date(2026, 9, 1),
            by=SYSTEME,
            source="courrier",
            document=Piece("courrier.pdf", b"<html>"),
        )
    assert not Constat.objects.exists()


def test_evidence_proves_something(dans_cpts):
    with pytest.raises(SaisieInvalide, match="quel indicateur ou quel acte"):
        attach_preuve(libelle="x", le=date(2026, 9, 1), nom="a.txt", contenu=b"x", by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="quelle communauté"):
        attach_preuve(acte="r", libelle="x", le=date(2026, 9, 1), nom="a.txt", contenu=b"x", by=SYSTEME)
