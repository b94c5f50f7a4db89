"""Files in and out: what is refused row by row, what comes back identical, entries that balance."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from itertools import groupby

import openpyxl
import pytest

from fabriques.budget import CSV, make_import, make_operation, make_serie
from fabriques.droits import make_cpts
from maillon.pilotage.budget import services
from maillon.pilotage.budget.export import export_classeur, export_fec
from maillon.pilotage.budget.fec import COLONNES
from maillon.pilotage.budget.models import Operation
from maillon.pilotage.budget.selectors.imports import preview_import
from maillon.pilotage.budget.tableur import read_montant
from maillon.pilotage.contrats.enums import NatureVersement
from maillon.pilotage.contrats.models import VersementRecu
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import today

TETE = "Référence;Date;Mission;Catégorie;Libellé;Montant;État\n"


def read_refus(cpts, lignes: str, tete: str = TETE) -> list[str]:
    return [ligne.refus for ligne in preview_import(make_import(cpts, tete + lignes)).refusees]


@pytest.mark.parametrize(
    ("ligne", "refus"),
    [
        ("A1;32/13/2026;acces;locaux;Loyer;10;", "n’est pas une date"),
        ("A1;03/03/2026;dentaire;locaux;Loyer;10;", "n’est pas reconnu pour la mission"),
        ("A1;03/03/2026;acces;voyages;Loyer;10;", "n’est pas reconnu pour la catégorie"),
        ("A1;03/03/2026;acces;locaux;;10;", "libellé est vide"),
        ("A1;03/03/2026;acces;locaux;Loyer;-10;", "montant positif"),
        ("A1;03/03/2026;acces;locaux;Loyer;dix;", "montant positif"),
        ("A1;03/03/2027;acces;locaux;Loyer;10;payée", "pas encore passé"),
        ("A1;03/03/1926;acces;locaux;Loyer;10;", "vérifiez l’année"),
        (f"A1;03/03/2026;acces;locaux;{'x' * 161};10;", "dépasse 160"),
        ("A1;03/03/2026;acces;locaux;Loyer;10;perdue", "pour l’état"),
    ],
)
def test_each_bad_row_says_why(dans_cpts, ligne, refus):
    (raison,) = read_refus(dans_cpts, ligne + "\n")
    assert refus in raison


def test_a_reference_twice_in_a_file_is_refused(dans_cpts):
    ligne = "A1;03/03/2026;acces;locaux;Loyer;10;\n"
    assert read_refus(dans_cpts, ligne * 2) == ["La référence « A1 » est déjà à la ligne 2."]


def test_nothing_is_written_before_it_is_applied_then_good_rows_only(dans_cpts):
    bonne = "A1;03/03/2026;Prévention;Frais de réunion;Salle;1 234,50 €;payée\n"
    depot = make_import(dans_cpts, TETE + bonne + "A2;x;;;;;\n")
    assert not Operation.objects.exists()
    depot = services.apply_import(depot=depot, by=SYSTEME)
    assert (depot.creees, depot.refusees, depot.doublons) == (1, 1, 0)
    operation = Operation.objects.get()
    assert (operation.montant, operation.poste, operation.categorie) == (Decimal("1234.50"), "prevention", "reunions")
    with pytest.raises(SaisieInvalide, match="déjà importé"):
        services.apply_import(depot=depot, by=SYSTEME)


def test_the_same_file_twice_creates_nothing_with_or_without_reference(dans_cpts):
    for contenu in (CSV, TETE + "A1;03/03/2026;acces;locaux;Loyer;10;\n"):
        services.apply_import(depot=make_import(dans_cpts, contenu), by=SYSTEME)
        depot = make_import(dans_cpts, contenu)
        assert len(preview_import(depot).doublons) == 1
        with pytest.raises(SaisieInvalide, match="Aucune ligne"):
            services.apply_import(depot=depot, by=SYSTEME)
    assert Operation.objects.count() == 2


def test_two_alike_rows_without_reference_are_two_operations_once(dans_cpts):
    contenu = CSV + CSV.splitlines()[1] + "\n"
    depot = services.apply_import(depot=make_import(dans_cpts, contenu), by=SYSTEME)
    assert depot.creees == 2
    assert len(preview_import(make_import(dans_cpts, contenu)).doublons) == 2


def test_a_race_writes_nothing_by_halves(dans_cpts, monkeypatch):
    """One row fails at the last moment: none of the others stays."""
    depot = make_import(dans_cpts, TETE + "".join(f"A{n};03/03/2026;acces;locaux;Loyer;10;\n" for n in range(3)))
    sauve = Operation.save

    def save(self, **options):
        if self.reference == "A2":
            raise RuntimeError("panne")
        sauve(self, **options)

    monkeypatch.setattr(Operation, "save", save)
    with pytest.raises(RuntimeError):
        services.apply_import(depot=depot, by=SYSTEME)
    assert not Operation.objects.exists()


def test_columns_chosen_are_kept_for_the_same_heads(dans_cpts):
    contenu = "Quand;Quoi;Combien;Axe;Genre\n03/03/2026;Salle;80;crise;reunions\n"
    depot = make_import(dans_cpts, contenu)
    assert preview_import(depot).refusees
    choix = {"le": "Quand", "libelle": "Quoi", "montant": "Combien", "poste": "Axe", "categorie": "Genre"}
    with pytest.raises(SaisieInvalide, match="Choisissez la colonne de : Date"):
        services.match_colonnes(depot=depot, colonnes=choix | {"le": ""}, by=SYSTEME)
    depot = services.match_colonnes(depot=depot, colonnes=choix, by=SYSTEME)
    services.apply_import(depot=depot, by=SYSTEME)
    assert make_import(dans_cpts, contenu.replace("03/03", "04/03")).colonnes == choix


def test_above_the_threshold_a_paid_row_is_refused(dans_cpts):
    services.save_reglages(cpts_id=dans_cpts.pk, seuil_approbation=Decimal(500), siren="", by=SYSTEME)
    assert "seuil du bureau" in read_refus(dans_cpts, "A1;03/03/2026;acces;locaux;Loyer;500;payée\n")[0]
    services.apply_import(
        depot=make_import(dans_cpts, TETE + "A1;03/03/2026;acces;locaux;Loyer;500;engagée\n"), by=SYSTEME
    )
    assert Operation.objects.get().attend_accord


def test_what_leaves_comes_back_identical(db):
    ici, la = make_cpts(), make_cpts()
    with use_cpts(ici.pk):
        payee = make_operation(ici, libelle="=SOMME(A1)", tiers="+33 4", montant=Decimal("12.34"), payee=True)
        services.reverse_operation(operation=payee, le=today(), by=SYSTEME)
        make_operation(ici, sens="recette", poste="prevention", categorie="autre", libelle="Subvention d’été")
        services.cancel_operation(operation=make_operation(ici), by=SYSTEME)
        make_serie(ici)
        parti = export_classeur(cpts_id=ici.pk, by=SYSTEME)
        nombre = Operation.objects.count()
    with use_cpts(la.pk):
        depot = services.apply_import(depot=make_import(la, parti, "budget.xlsx"), by=SYSTEME)
        assert (depot.creees, depot.refusees) == (nombre, 0)
        revenu = export_classeur(cpts_id=la.pk, by=SYSTEME)
        assert Operation.objects.filter(libelle="=SOMME(A1)", tiers="+33 4").count() == 2
    assert read_cells(revenu) == read_cells(parti)


def read_cells(contenu: bytes) -> list[tuple]:
    return list(openpyxl.load_workbook(io.BytesIO(contenu)).active.values)


def test_a_workbook_that_unfolds_into_gigabytes_is_refused(dans_cpts, monkeypatch):
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 90 * 1024 * 1024)
    with pytest.raises(SaisieInvalide, match="trop gros une fois ouvert"):
        make_import(dans_cpts, sortie.getvalue(), "bombe.xlsx")


def test_a_file_that_is_not_a_table_says_so(dans_cpts):
    with pytest.raises(SaisieInvalide, match="n’est pas un classeur Excel"):
        make_import(dans_cpts, b"PK\x03\x04 rien", "faux.xlsx")
    with pytest.raises(SaisieInvalide, match="guillemet jamais fermé"):
        make_import(dans_cpts, 'Date;Montant\n"' + "1" * 140_000, "guillemet.csv")
    with pytest.raises(SaisieInvalide, match="pas de lignes"):
        make_import(dans_cpts, "Date;Montant\n", "vide.csv")


@pytest.mark.parametrize(
    ("brut", "lu"),
    [("1 234,56 €", "1234.56"), ("1.234,56", "1234.56"), (12.1, "12.10"), ("abc", None), (True, None), ("inf", None)],
)
def test_amounts_as_people_write_them(brut, lu):
    assert read_montant(brut) == (Decimal(lu) if lu else None)


# Accounting ---------------------------------------------------------------------------------------------------------


def test_a_cover_sheet_and_blank_rows_do_not_shift_the_numbers_of_rows(dans_cpts):
    classeur = openpyxl.Workbook()
    classeur.active.append(["Budget 2026"])
    feuille = classeur.create_sheet("Dépenses")
    for rangee in (["Dépenses au 1er mars"], [], ["Date", "Mission", "Catégorie", "Libellé", "Montant"], [], ["hier"]):
        feuille.append(rangee)
    sortie = io.BytesIO()
    classeur.save(sortie)
    refusees = preview_import(make_import(dans_cpts, sortie.getvalue(), "budget.xlsx")).refusees
    assert [ligne.numero for ligne in refusees] == [5]


def read_fec(contenu: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(contenu.decode()), delimiter="\t"))


def euros(texte: str) -> Decimal:
    return Decimal(texte.replace(",", "."))


def test_the_eighteen_columns_of_the_article():
    # Livre des procédures fiscales, article A. 47 A-1, VII, 1°.
    assert COLONNES == (
        "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum",
        "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate",
        "Montantdevise", "Idevise",
    )  # fmt: skip


def test_entries_balance_and_follow_without_gap(dans_cpts, contrat):
    payee = make_operation(dans_cpts, le=date(2026, 3, 3), montant=Decimal("120.50"), payee=True, libelle="=A\t1")
    services.reverse_operation(operation=payee, le=date(2026, 4, 1), by=SYSTEME)
    make_operation(dans_cpts, le=date(2026, 5, 1), sens="recette", categorie="autre", montant=Decimal(50), payee=True)
    make_operation(dans_cpts, le=date(2026, 6, 1))  # committed only: not an entry
    make_operation(dans_cpts, le=date(2025, 6, 1), payee=True)  # of another year
    VersementRecu(
        cpts_id=dans_cpts.pk, contrat=contrat, le=date(2026, 1, 5), montant=Decimal(60000), annee=3,
        nature=NatureVersement.AVANCE,
    ).save(force_insert=True)  # fmt: skip
    nom, contenu = export_fec(cpts=dans_cpts, debut=date(2026, 1, 1), cloture=date(2026, 12, 31), by=SYSTEME)
    assert nom == f"{dans_cpts.slug}FEC20261231.txt"
    lignes = read_fec(contenu)
    assert contenu.decode().splitlines()[0].count("\t") == 17
    ecritures = [list(groupe) for _, groupe in groupby(lignes, key=lambda ligne: ligne["EcritureNum"])]
    assert [e[0]["EcritureNum"] for e in ecritures] == ["1", "2", "3", "4"]
    for ecriture in ecritures:
        assert sum(euros(ligne["Debit"]) for ligne in ecriture) == sum(euros(ligne["Credit"]) for ligne in ecriture) > 0
    assert sum(euros(ligne["Debit"]) for ligne in lignes) == Decimal("60291.00")
    assert [e[0]["EcritureDate"] for e in ecritures] == ["20260105", "20260303", "20260401", "20260501"]
    # Money in debits the bank; money out credits it; a reversal is the mirror of what it reverses.
    banque = [next(ligne for ligne in e if ligne["CompteNum"] == "512000") for e in ecritures]
    assert [(b["Debit"], b["Credit"]) for b in banque] == [
        ("60000,00", "0,00"),
        ("0,00", "120,50"),
        ("120,50", "0,00"),
        ("50,00", "0,00"),
    ]
    assert ecritures[1][0]["EcritureLib"] == "'=A 1"


def test_the_community_s_own_accounts_and_siren_win(dans_cpts):
    services.save_reglages(cpts_id=dans_cpts.pk, seuil_approbation=None, siren="123456789", by=SYSTEME)
    services.save_compte(cpts_id=dans_cpts.pk, cle="prestations", numero="622800", libelle="Divers", by=SYSTEME)
    make_operation(dans_cpts, le=date(2026, 3, 3), payee=True)
    nom, contenu = export_fec(cpts=dans_cpts, debut=date(2026, 1, 1), cloture=date(2026, 12, 31), by=SYSTEME)
    assert nom == "123456789FEC20261231.txt"
    assert {ligne["CompteNum"] for ligne in read_fec(contenu)} == {"622800", "512000"}
