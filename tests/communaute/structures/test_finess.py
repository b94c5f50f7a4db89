"""Establishments of FINESS: both forms of the file, twice, and what is not one."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from fabriques.structures import StructureFabrique
from maillon.communaute.lecture import FichierRefuse
from maillon.communaute.structures.commands import importer
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.finess import CHAMPS, build_commune, find_type
from maillon.communaute.structures.importation import import_finess
from maillon.communaute.structures.models import Structure

base = pytest.mark.django_db
HOPITAL = {
    "section": "structureet", "nofinesset": "420000010", "nofinessej": "420000011", "rs": "CH DES FORGES",
    "rslongue": "CENTRE HOSPITALIER DES FORGES NOIRÉTABLE", "numvoie": "12", "typvoie": "R", "voie": "DES FORGES",
    "commune": "218", "departement": "42", "ligneacheminement": "42000 ST ETIENNE", "telephone": "0477000000",
    "categetab": "355", "libcategetab": "Centre Hospitalier (C.H.)", "siret": "12345678900011",
}  # fmt: skip


def _write(chemin: Path, *lignes: dict[str, str], titres: bool = False, codage: str = "utf-8", fin: str = "\n") -> Path:
    champs = [champ for champ in CHAMPS if champ != "section"] if titres else CHAMPS
    premiere = ";".join(champs) if titres else "finess;etalab;93;2026-11-02"
    textes = [premiere, *(";".join(ligne.get(champ, "") for champ in champs) for ligne in lignes)]
    chemin.write_bytes("".join(texte + fin for texte in textes).encode(codage))
    return chemin


@base
@pytest.mark.parametrize(
    ("titres", "codage", "fin"), [(False, "utf-8", "\n"), (True, "utf-8-sig", "\r\n"), (False, "cp1252", "\r\n")]
)
def test_both_forms_twice_then_a_change(tmp_path: Path, titres: bool, codage: str, fin: str):
    fictive = StructureFabrique(finess="420000099", nom="Fictive")
    known = StructureFabrique(finess="420000010", fictive=False, nom="Ancien nom", lits=82, courriel="a@example.org")
    autre = HOPITAL | {"nofinesset": "2A0000012", "departement": "2A", "commune": "004"}
    fichier = _write(
        tmp_path / "etalab-cs1100502-stock-20261102.csv",
        HOPITAL, autre, HOPITAL | {"nofinesset": "420000099"},
        titres=titres, codage=codage, fin=fin,
    )  # fmt: skip
    rapport = import_finess(chemin=fichier)
    assert (rapport.lignes, rapport.ajoutees, rapport.modifiees, rapport.absentes) == (3, 1, 1, 0)
    assert str(rapport.extrait_le) == "2026-11-02"
    known.refresh_from_db()
    assert (known.nom, known.type, known.commune_id) == (HOPITAL["rslongue"], TypeStructure.HOPITAL, "42218")
    assert (known.adresse, known.code_postal, known.siret) == ("12 R DES FORGES", "42000", "12345678900011")
    assert (known.lits, known.courriel) == (82, "a@example.org")
    assert known.nom_recherche == "centre hospitalier des forges noiretable"
    assert Structure.objects.get(finess="2A0000012").commune_id == "2A004"
    fictive.refresh_from_db()
    assert fictive.nom == "Fictive"
    again = import_finess(chemin=fichier)
    assert (again.ajoutees, again.modifiees) == (0, 0)


@base
def test_refused_lines_and_a_trial(tmp_path: Path):
    fichier = _write(
        tmp_path / "finess.csv",
        HOPITAL,
        HOPITAL,
        HOPITAL | {"nofinesset": "=1+1"},
        HOPITAL | {"nofinesset": "420000012", "rs": "", "rslongue": ""},
        HOPITAL | {"nofinesset": "420000013", "commune": "999"},
        {"section": "geolocalisation", "nofinesset": "420000010"},
    )
    answer = CliRunner().invoke(importer, [str(fichier), "--essai", "--rapport", str(tmp_path / "refus.csv")])
    texte = answer.output.replace("\xa0", " ").replace("\u202f", " ")
    assert answer.exit_code == 0
    assert "5 établissements : 2 ajoutés, 0 modifié, 3 refusés." in texte
    assert "commune inconnue de Maillon, sans commune : 1" in texte
    assert len((tmp_path / "refus.csv").read_text(encoding="utf-8-sig").splitlines()) == 4
    assert not Structure.objects.exists()


@base
def test_other_files_and_truncated_ones_are_refused(tmp_path: Path):
    lignes = [HOPITAL | {"nofinesset": f"42{n:07d}"} for n in range(200)]
    import_finess(chemin=_write(tmp_path / "1.csv", *lignes))
    coupe = _write(tmp_path / "2.csv", *lignes[:100])
    with pytest.raises(FichierRefuse, match="100 des 200 structures connues"):
        import_finess(chemin=coupe)
    assert import_finess(chemin=coupe, force=True).absentes == 100
    assert Structure.objects.count() == 200
    (tmp_path / "3.csv").write_text("nom;prenom\nA;B\n")
    answer = CliRunner().invoke(importer, [str(tmp_path / "3.csv")])
    assert answer.exit_code == 2
    assert "n’est pas l’extraction des établissements de FINESS" in answer.output


@pytest.mark.parametrize(
    ("libelle", "attendu"),
    [
        ("Maison de santé (L.6223-3)", TypeStructure.MSP),
        ("Communautés professionnelles territoriales de santé (CPTS)", TypeStructure.CPTS),
        ("Etablissement d'hébergement pour personnes âgées dépendantes", TypeStructure.EHPAD),
        ("Service de Soins Infirmiers A Domicile (S.S.I.A.D)", TypeStructure.SSIAD),
        ("Pharmacie d'Officine", TypeStructure.PHARMACIE),
        ("Laboratoire de Biologie Médicale", TypeStructure.LABORATOIRE),
        ("Résidences autonomie", TypeStructure.RESIDENCE_AUTONOMIE),
        ("Centre de Santé", TypeStructure.CENTRE_SANTE),
        ("Institut Médico-Educatif (I.M.E.)", TypeStructure.AUTRE),
    ],
)
def test_kinds_by_the_label_of_the_file(libelle: str, attendu: TypeStructure):
    assert find_type(libelle) == attendu


@pytest.mark.parametrize(
    ("departement", "commune", "code"),
    [("42", "218", "42218"), ("2A", "004", "2A004"), ("9A", "101", "97101"), ("42", "42218", "42218"), ("", "218", "")],
)
def test_insee_codes(departement: str, commune: str, code: str):
    assert build_commune(departement, commune) == code
