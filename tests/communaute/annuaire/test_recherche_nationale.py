"""Searching the national directory, and taking professionals from it."""

from pathlib import Path

import pytest

from fabriques.annuaire import ActiviteFabrique, ProfessionnelFabrique
from fabriques.annuaire_national import TITRES_SAVOIR_FAIRE, make_activite, write_fichier
from fabriques.droits import make_cpts
from fabriques.structures import StructureFabrique
from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.annuaire.selectors import get_libelles, get_mouvements, search_inscriptions
from maillon.communaute.annuaire.selectors.mots import count_fautes
from maillon.communaute.annuaire.services import AbsentDeLAnnuaire, adopt_professionnel, import_annuaire
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db

GENS = [
    make_activite(
        1, nom="LEFÈVRE-NGUYEN", prenom="Zoé", profession="10", savoir_faire="SM54", libelle_savoir_faire="Généraliste"
    ),
    make_activite(
        1, nom="LEFÈVRE-NGUYEN", prenom="Zoé", profession="10", savoir_faire="SM54", structure="B", commune="42237"
    ),
    make_activite(2, nom="MARTIN", prenom="Jean"),
    make_activite(3, nom="MARTINEZ", prenom="Jeanne", commune="69123"),
    make_activite(4, nom="JEAN", prenom="Martin", profession="70", commune="69123"),
    make_activite(5, nom="PETIT", prenom="Sophie", profession="10", savoir_faire="SM04"),
    make_activite(6, nom="BENHADDOU", prenom="Inès", type="0", identifiant="429876543"),
]


@pytest.fixture(autouse=True)
def _annuaire(tmp_path: Path, db: None) -> None:
    import_annuaire(chemins=[write_fichier(tmp_path / "activites.txt", GENS)], by=SYSTEME)


def _noms(*texte: str, **criteres: object) -> list[str]:
    return [personne.nom for personne in search_inscriptions(*texte, **criteres).personnes]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("texte", "attendus"),
    [
        ("lefevre", ["LEFÈVRE-NGUYEN"]),
        ("NGUYEN zoé", ["LEFÈVRE-NGUYEN"]),
        ("zoe lefevre nguyen", ["LEFÈVRE-NGUYEN"]),
        ("ngu", ["LEFÈVRE-NGUYEN"]),
        ("jean martin", ["JEAN", "MARTIN", "MARTINEZ"]),
        ("martin", ["MARTIN", "MARTINEZ", "JEAN"]),
        ("lefebvre", ["LEFÈVRE-NGUYEN"]),
        ("mart jean", ["JEAN", "MARTIN", "MARTINEZ"]),
        ("sofie petti", ["PETIT"]),
        ("petti sophie", ["PETIT"]),
        ("99800000005", ["PETIT"]),
        ("998 0000 0005", ["PETIT"]),
        ("429876543", ["BENHADDOU"]),
        ("dupont", []),
        ("%", []),
        ("' | !", []),
    ],
)
def test_names(texte: str, attendus: list[str]):
    assert _noms(texte) == attendus


def test_what_resembles_says_so_and_numbers_are_told_apart():
    assert search_inscriptions("sofie petti").approchee
    assert not search_inscriptions("petit").approchee
    [adeli] = search_inscriptions("benhaddou").personnes
    assert (adeli.rpps, adeli.identifiant) == ("", "429876543")


def test_criteria_narrow_and_places_stay_together():
    assert _noms(profession="10") == ["LEFÈVRE-NGUYEN", "PETIT"]
    assert _noms(savoir_faire="SM04") == ["PETIT"]
    assert _noms(communes=["69123"]) == ["MARTINEZ", "JEAN"]
    assert _noms(communes=["69123", "42237"], profession="10") == ["LEFÈVRE-NGUYEN"]
    assert _noms("jean", communes=["69123"], profession="70") == ["JEAN"]
    assert _noms("jean", communes=["42218"], profession="70") == []
    [personne] = search_inscriptions("lefevre").personnes
    assert personne.savoir_faire == ("SM54",)
    assert {lieu.commune for lieu in personne.lieux} == {"42218", "42237"}
    assert {lieu.adresse for lieu in personne.lieux} == {"12 RUE DES FORGES"}
    assert get_libelles("savoir_faire") == {"SM54": "Généraliste"}


def test_a_long_answer_says_that_there_is_more():
    recherche = search_inscriptions(limit=2)
    assert (len(recherche.personnes), recherche.complete) == (2, False)
    assert len(_noms()) == 6


def test_few_queries_whatever_the_answer(django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        search_inscriptions("sofie petti")
    with django_assert_max_num_queries(2):
        search_inscriptions(communes=["69123"], profession="60")


def test_slips_of_the_keyboard():
    assert [count_fautes("martin", autre) for autre in ("martin", "matrin", "marrtin", "marti", "nartim")] == [
        0, 1, 1, 1, 2,
    ]  # fmt: skip


def test_somebody_is_taken_from_the_directory_once():
    cpts = make_cpts()
    msp = StructureFabrique(finess="420000010")
    with use_cpts(cpts.pk):
        medecin = adopt_professionnel(rpps="99800000001", by=SYSTEME, cpts_id=cpts.pk)
        assert adopt_professionnel(rpps="99800000001", by=SYSTEME, cpts_id=cpts.pk) == medecin
        assert Entree.objects.filter(evenement="annuaire.repris", objet_id=medecin.pk).count() == 1
    assert not medecin.fictif
    assert (medecin.nom, medecin.nom_recherche, medecin.libelle_profession) == (
        "LEFÈVRE-NGUYEN",
        "lefevre nguyen zoe",
        "médecin généraliste",
    )
    assert sorted(medecin.activites.values_list("commune_id", flat=True)) == ["42218", "42237"]
    assert msp.activites.count() == 0
    for numero in ("99800000099", "429876543", "x"):
        with pytest.raises(AbsentDeLAnnuaire, match="n’a le numéro RPPS"):
            adopt_professionnel(rpps=numero, by=SYSTEME)


def test_the_next_import_follows_those_whom_communities_know(tmp_path: Path):
    msp = StructureFabrique(finess="420000010", fictive=False)
    medecin = adopt_professionnel(rpps="99800000001", by=SYSTEME)
    parti = adopt_professionnel(rpps="99800000005", by=SYSTEME)
    ailleurs = ActiviteFabrique(professionnel=medecin, adresse="saisie par la personne")
    fictif = ProfessionnelFabrique(rpps="99800000002", nom="Garde son nom", fictif=True)
    gens = [
        make_activite(
            1, nom="LEFÈVRE", prenom="Zoé", profession="10", savoir_faire="SM54", finess="420000010", commune="42275"
        ),
        *(ligne for ligne in GENS[2:] if ligne["Nom d'exercice"] != "PETIT"),
    ]
    savoir = [make_activite(1, savoir_faire="CAPA07", profession="10")]
    rapport = import_annuaire(
        chemins=[
            write_fichier(tmp_path / "2.txt", gens),
            write_fichier(tmp_path / "s.txt", savoir, titres=TITRES_SAVOIR_FAIRE),
        ],
        by=SYSTEME,
    )
    assert rapport.professionnels == 2
    medecin.refresh_from_db()
    assert (medecin.nom, medecin.nom_recherche) == ("LEFÈVRE", "lefevre zoe")
    assert medecin.savoir_faire == ["CAPA07", "SM54"]
    lieux = Activite.objects.filter(professionnel=medecin)
    assert {(lieu.commune_id, lieu.structure) for lieu in lieux} == {("42275", msp), ("42218", None)}
    assert ailleurs in lieux
    parti.refresh_from_db()
    assert parti.nom == "PETIT"
    assert parti.absent_depuis is not None
    assert parti.activites.exists()
    assert Professionnel.objects.get(pk=fictif.pk).nom == "Garde son nom"
    assert {mouvement.genre for mouvement in get_mouvements("99800000001")} == {"modification", "fin"}
    import_annuaire(chemins=[write_fichier(tmp_path / "3.txt", [*gens, GENS[5]])], by=SYSTEME)
    parti.refresh_from_db()
    assert parti.absent_depuis is None
