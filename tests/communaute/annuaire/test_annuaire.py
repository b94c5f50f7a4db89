"""Professionals."""

import pytest
from django.db import IntegrityError, transaction

from fabriques.annuaire import ActiviteFabrique, ProfessionnelFabrique
from fabriques.droits import make_compte
from fabriques.territoire import CommuneFabrique
from maillon.communaute.annuaire.enums import Profession, pluralize_libelle
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.annuaire.selectors import get_professionnel_of, search_professionnels
from maillon.socle.droits.acteur import PUBLIC
from maillon.socle.droits.selectors import acteur_of_compte

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rpps", ["1234567890", "1234567890A"])
def test_database_refuses_a_malformed_rpps(rpps: str):
    with pytest.raises(IntegrityError, match="professionnel_rpps"), transaction.atomic():
        ProfessionnelFabrique(rpps=rpps)


def test_database_refuses_two_with_one_rpps_and_unknown_professions():
    ProfessionnelFabrique(rpps="99800000099")
    with pytest.raises(IntegrityError, match="rpps"), transaction.atomic():
        ProfessionnelFabrique(rpps="99800000099")
    with pytest.raises(IntegrityError, match="professionnel_profession"), transaction.atomic():
        ProfessionnelFabrique(profession="11")


def test_database_refuses_half_a_position():
    with pytest.raises(IntegrityError, match="activite_coordonnees"), transaction.atomic():
        ActiviteFabrique(lon=4.39, lat=None)
    with pytest.raises(IntegrityError, match="activite_coordonnees"), transaction.atomic():
        ActiviteFabrique(lon=4.39, lat=145.4)


@pytest.mark.parametrize(
    ("profession", "savoir_faire", "generaliste", "libelle"),
    [
        ("10", ["SM54"], True, "médecin généraliste"),
        ("10", ["SM26", "SM04"], True, "médecin généraliste"),
        ("10", ["SM53"], True, "médecin généraliste"),
        ("10", ["SM04"], False, "médecin spécialiste"),
        ("60", ["SM54"], False, "infirmier"),
    ],
)
def test_who_is_a_generaliste(profession: str, savoir_faire: list[str], generaliste: bool, libelle: str):
    professionnel = ProfessionnelFabrique(profession=profession, savoir_faire=savoir_faire)
    assert professionnel.is_medecin_generaliste is generaliste
    assert professionnel.libelle_profession == libelle
    assert Professionnel.objects.medecins_generalistes().exists() is generaliste


@pytest.mark.parametrize(
    "texte", ["Lefèvre", "lefevre", "LEFEVRE-NGUYEN Zoé", "zoe lefevre", "lefebvre nguyen", "nguyen"]
)
def test_names_are_found_without_accents_and_in_spite_of_errors(texte: str):
    sought = ProfessionnelFabrique(nom="Lefèvre-Nguyên", prenom="Zoé")
    ProfessionnelFabrique(nom="Benhaddou", prenom="Inès")
    assert list(search_professionnels(texte)) == [sought]


def test_bulk_insertion_keeps_the_searched_name():
    Professionnel.objects.bulk_create([ProfessionnelFabrique.build(nom="Çelik", prenom="Éléa")])
    assert search_professionnels("celik elea").get().nom_recherche == "celik elea"


def test_criteria_narrow():
    nurse = ProfessionnelFabrique(a_saint_etienne=True, nom="Durand")
    ActiviteFabrique(professionnel=nurse)
    doctor = ProfessionnelFabrique(a_saint_etienne=True, nom="Durand", generaliste=True)
    ActiviteFabrique(professionnel__nom="Durand", commune=CommuneFabrique(code_insee="69256"))
    assert set(search_professionnels("durand", commune="42218")) == {nurse, doctor}
    assert list(search_professionnels(profession=Profession.MEDECIN, commune="42218")) == [doctor]
    assert list(search_professionnels(nurse.rpps)) == [nurse]
    assert search_professionnels("%").count() == 0


def test_an_account_is_its_professional_by_rpps():
    professionnel = ProfessionnelFabrique()
    compte = make_compte(rpps=professionnel.rpps)
    assert get_professionnel_of(acteur_of_compte(compte, fort=True)) == professionnel
    assert get_professionnel_of(acteur_of_compte(make_compte(rpps="99900000001"), fort=True)) is None
    assert get_professionnel_of(PUBLIC) is None


def test_plural_labels():
    assert {pluralize_libelle(libelle) for libelle in ("médecin généraliste", "masseur-kinésithérapeute")} == {
        "médecins généralistes",
        "masseurs-kinésithérapeutes",
    }
    assert pluralize_libelle(Profession.SAGE_FEMME.label) == "sages-femmes"
    assert pluralize_libelle(Profession.TECHNICIEN_LABORATOIRE.label) == "techniciens de laboratoire"
    assert pluralize_libelle(Profession.MANIPULATEUR_ERM.label) == "manipulateurs d’électroradiologie médicale"
