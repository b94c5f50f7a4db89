"""Lines of the national files: the quick way and the plain one say the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabriques.annuaire_national import (
    ANCIENS,
    TITRES,
    TITRES_DIPLOMES,
    TITRES_SAVOIR_FAIRE,
    make_activite,
    write_ligne,
)
from maillon.communaute.annuaire.importation import lignes as module
from maillon.communaute.annuaire.importation.colonnes import read_entete
from maillon.communaute.annuaire.importation.empreintes import Connues, compute_empreintes
from maillon.communaute.annuaire.importation.lignes import Lecteur
from maillon.communaute.annuaire.importation.noms import normalize_noms
from maillon.communaute.lecture import Codage, FichierRefuse
from maillon.communaute.recherche import normalize_nom

ENTETE = "|".join(TITRES).encode()
TEXTES = st.text(st.characters(exclude_characters="|\r\n\0", exclude_categories=["Cs"]), max_size=12)
LIGNES = st.builds(
    lambda n, fin, **champs: (write_ligne(make_activite(n, **champs)) + fin).encode(),
    st.integers(0, 99),
    st.sampled_from(["", "", "", "|", "||", "|x"]),
    type=st.sampled_from(["8", "8", "8", "0", "9", ""]),
    identifiant=st.sampled_from(["99800000001", "99800000002", "9980000000", "42A123456", "9980000000x", ""]),
    nom=TEXTES,
    prenom=TEXTES,
    telephone=TEXTES,
    savoir_faire=st.sampled_from(["", "SM54", "CAPA_TRES_LONG"]),
    libelle_savoir_faire=TEXTES,
)


def _read(lignes: list[bytes], entete: bytes = ENTETE) -> tuple[Lecteur, list[bytes], list[tuple[int, str]]]:
    lecteur = Lecteur(read_entete(entete, "essai.txt"))
    rows, refus = lecteur.read(lignes, compute_empreintes(lignes))
    return lecteur, sorted(rows), sorted(refus)


@given(st.lists(LIGNES, min_size=1, max_size=12))
def test_lines_cut_together_are_those_cut_one_by_one(lignes: list[bytes]):
    un_par_un, lent, refus_lents = _read(lignes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PEU", 1)
        ensemble, rapide, refus_rapides = _read(lignes)
    assert (rapide, refus_rapides) == (lent, refus_lents)
    assert ensemble.libelles.keys() == un_par_un.libelles.keys()
    assert ensemble.mots == un_par_un.mots


ENTIERS = st.integers(-(2**63), 2**63 - 1) | st.sampled_from([-(2**63), -1, 0, 1, 2**63 - 1])


@given(st.lists(ENTIERS, max_size=40), st.lists(ENTIERS, max_size=40), st.data())
def test_new_fingerprints_are_those_that_the_table_has_not(connues: list[int], autres: list[int], data: st.DataObject):
    lues = autres + data.draw(st.lists(st.sampled_from(connues or [0]), max_size=8))
    nouvelles = Connues(np.unique(np.array(connues, dtype=np.int64))).find_new(np.array(lues, dtype=np.int64))
    assert nouvelles.tolist() == [rang for rang, lue in enumerate(lues) if lue not in connues]


@given(
    st.lists(
        TEXTES | st.sampled_from(["St st Ste", "ŒUVRÉ-d’Étienne", "ÉLÉA ÇELIK", "ÀÿÝ ß", "  ", "x" * 130]), max_size=8
    )
)
def test_names_are_normalised_as_everywhere(noms: list[str]):
    assert normalize_noms([nom.encode() for nom in noms])[0] == [
        normalize_nom(nom).encode()[:120].strip() for nom in noms
    ]


def test_columns_come_in_any_order_and_some_are_missing():
    ligne = make_activite(1, savoir_faire="SM54", libelle_savoir_faire="Médecine générale")
    for titres in (TITRES, tuple(reversed(TITRES)), ANCIENS, (*TITRES, "Colonne à venir"), (*TITRES, "")):
        lignes = [write_ligne(ligne, titres).encode()] * 300
        lecteur, rows, refus = _read(lignes, "|".join(titres).encode())
        lue = dict(zip(lecteur.entete.champs, rows[0].decode().split("|"), strict=True))
        assert refus == []
        assert lecteur.libelles["savoir_faire", "SM54"] == "Médecine générale"
        assert (lue["nom"], lue["prenom"], lue["commune"], lue["voie"]) == ("VALMONT 1", "Chloé", "42218", "DES FORGES")
        assert lue["nom_recherche"] == "valmont 1 chloe"
        assert np.int64(lue["empreinte"]) == compute_empreintes(lignes)[0]


def test_the_three_files_are_told_apart_by_their_titles():
    genres = [
        read_entete("|".join(titres).encode(codage), "essai").forme.genre
        for titres in (TITRES, TITRES_DIPLOMES, TITRES_SAVOIR_FAIRE)
        for codage in ("utf-8", "utf-8-sig", "cp1252")
    ]
    assert genres == ["inscription"] * 3 + ["diplome"] * 3 + ["savoirfaire"] * 3


@pytest.mark.parametrize(
    ("entete", "phrase"),
    [
        ("nom;prenom;rpps", "n’est pas un fichier de l’annuaire"),
        ("|".join(TITRES[2:]), "n’a pas la colonne « type d identifiant pp »"),
        ("|".join([*TITRES, TITRES[7]]), "deux colonnes du même titre"),
        ("\0\1\2", "n’est pas un fichier de l’annuaire"),
    ],
)
def test_wrong_headers_are_refused(entete: str, phrase: str):
    with pytest.raises(FichierRefuse, match=phrase):
        read_entete(entete.encode(), "essai.txt")


def _check(*blocs: list[bytes]) -> tuple[list[bytes], list[int]]:
    codage, lues, refus = Codage(), [], []
    for bloc in blocs:
        lignes, refusees = codage.check(bloc, b"\n".join(bloc))
        refus += [len(lues) + rang for rang, _ in refusees]
        lues += lignes
    return lues, refus


@given(st.lists(st.binary(max_size=80).filter(lambda ligne: b"\n" not in ligne), max_size=8))
def test_no_bytes_at_all_break_the_reader(bruit: list[bytes]):
    lignes = [b"|".join([b"8", b"99800000001", *[ligne] * 54]) for ligne in bruit] + bruit
    propres, refus = Codage().check(lignes, b"\n".join(lignes))
    lues = [ligne for ligne in propres if ligne]
    _, rows, refusees = _read(lues)
    assert len(rows) + len(refusees) == len(lues)
    assert all(len(row.split(b"|")) == len(Lecteur(read_entete(ENTETE, "essai")).entete.champs) for row in rows)
    assert len(propres) == len(lignes)
    assert all(not propres[rang] for rang, _ in refus)


def test_one_encoding_a_file_decided_by_its_first_accent():
    plain, utf8, cp1252 = b"A|B", "Zoé|Côté".encode(), "Zoé|Côté".encode("cp1252")
    assert _check([plain, utf8], [utf8]) == ([plain, utf8, utf8], [])
    assert _check([plain, cp1252], [plain, cp1252]) == ([plain, utf8, plain, utf8], [])
    assert _check([utf8], [cp1252, plain]) == ([utf8, b"", plain], [1])
    assert _check([cp1252], [utf8, cp1252]) == ([utf8, b"", utf8], [1])
    assert _check([b"a\0b", b"a\rb", b"\x81", plain])[1] == [0, 1, 2]
