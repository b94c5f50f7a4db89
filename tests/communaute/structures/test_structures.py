"""Structures and partnerships."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from fabriques.droits import make_cpts
from fabriques.structures import PartenariatFabrique, StructureFabrique
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.selectors import get_partenariats, search_structures
from maillon.socle.contexte import use_cpts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"finess": "42000"}, "structure_finess"),
        ({"siret": "123"}, "structure_siret"),
        ({"rna": "X421000001"}, "structure_rna"),
    ],
)
def test_database_refuses_malformed_numbers(fields: dict[str, str], constraint: str):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StructureFabrique(**fields)


def test_database_refuses_two_structures_with_one_finess():
    StructureFabrique(finess="420000123")
    StructureFabrique(finess=None)
    StructureFabrique(finess=None)
    with pytest.raises(IntegrityError, match="finess"), transaction.atomic():
        StructureFabrique(finess="420000123")


def test_only_a_cpts_is_tied_to_its_community():
    cpts = make_cpts()
    assert StructureFabrique(type=TypeStructure.CPTS, cpts=cpts).cpts.structure
    with pytest.raises(IntegrityError, match="structure_cpts_de_type_cpts"), transaction.atomic():
        StructureFabrique(type=TypeStructure.MSP, cpts=make_cpts())


@pytest.mark.parametrize("texte", ["glycines", "EHPAD les glicynes", "420000123"])
def test_structures_are_found(texte: str):
    ehpad = StructureFabrique(ehpad=True, finess="420000123")
    StructureFabrique(laboratoire=True)
    assert list(search_structures(texte)) == [ehpad]
    assert list(search_structures(texte, type_structure=TypeStructure.LABORATOIRE)) == []


def test_partnerships_in_force_of_one_community_only():
    cpts, other = make_cpts(), make_cpts()
    with use_cpts(cpts.pk):
        kept = PartenariatFabrique(cpts=cpts)
        PartenariatFabrique(cpts=cpts, jusqu_a=date(2023, 1, 1))
        PartenariatFabrique(cpts=cpts, depuis=date(2030, 1, 1))
        assert list(get_partenariats(cpts.pk, on=date(2023, 1, 1))) == [kept]
        with pytest.raises(IntegrityError, match="partenariat_un_seul_ouvert"), transaction.atomic():
            PartenariatFabrique(cpts=cpts, structure=kept.structure)
    with use_cpts(other.pk):
        assert list(get_partenariats(cpts.pk, on=date(2023, 1, 1))) == []
