"""Memberships: services, selectors and what the database refuses."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from fabriques.adhesions import AdhesionFabrique
from fabriques.annuaire import ProfessionnelFabrique
from fabriques.droits import make_acteur, make_cpts, make_membre
from fabriques.structures import StructureFabrique
from maillon.communaute.adhesions.enums import TRANSITIONS, College, Etat
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.adhesions.selectors import Effectif, count_by_profession, is_member, members
from maillon.communaute.adhesions.services import AdhesionRefusee, admit, end_adhesion, request_adhesion
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import PUBLIC
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Ecriture, Entree

pytestmark = pytest.mark.django_db
DEBUT = date(2024, 3, 1)


def test_admit_a_professional_and_a_structure(cpts, by):
    doctor = admit(cpts_id=cpts.pk, adherent=ProfessionnelFabrique(generaliste=True), debut=DEBUT, by=by)
    nurse = admit(cpts_id=cpts.pk, adherent=ProfessionnelFabrique(), debut=DEBUT, by=by)
    laboratory = admit(cpts_id=cpts.pk, adherent=StructureFabrique(laboratoire=True), debut=DEBUT, by=by)
    assert [a.college for a in (doctor, nurse, laboratory)] == [
        College.MEDECINS,
        College.PROFESSIONNELS,
        College.STRUCTURES,
    ]
    assert set(members(cpts.pk, on=DEBUT)) == {doctor, nurse, laboratory}
    assert Entree.objects.filter(evenement="adhesions.admise").count() == 3
    assert Ecriture.objects.filter(table_nom="adhesions_adhesion", ligne_id=nurse.pk).get().valeurs["etat"] == [
        None,
        "active",
    ]


def test_a_request_waits_then_is_admitted_from_the_day_of_the_clock(cpts, by):
    professionnel = ProfessionnelFabrique()
    request = request_adhesion(cpts_id=cpts.pk, adherent=professionnel, by=by)
    assert not is_member(cpts.pk, professionnel.pk, on=DEBUT)
    with horloge.at(datetime(2024, 3, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))):
        adhesion = admit(cpts_id=cpts.pk, adherent=professionnel, by=by)
    assert adhesion.pk == request.pk
    assert (adhesion.etat, adhesion.debut) == (Etat.ACTIVE, DEBUT)
    assert is_member(cpts.pk, professionnel.pk, on=DEBUT)


def test_a_request_refused_never_was_a_membership(cpts, by):
    professionnel = ProfessionnelFabrique()
    request = request_adhesion(cpts_id=cpts.pk, adherent=professionnel, by=by)
    end_adhesion(adhesion=request, fin=DEBUT, by=by)
    assert not is_member(cpts.pk, professionnel.pk, on=DEBUT)
    assert request_adhesion(cpts_id=cpts.pk, adherent=professionnel, by=by)


def test_nobody_joins_twice(cpts, by):
    professionnel = ProfessionnelFabrique()
    admit(cpts_id=cpts.pk, adherent=professionnel, debut=DEBUT, by=by)
    with pytest.raises(AdhesionRefusee, match="déjà membre depuis le 1er mars 2024"):
        admit(cpts_id=cpts.pk, adherent=professionnel, debut=date(2024, 6, 1), by=by)
    with pytest.raises(AdhesionRefusee, match="déjà une adhésion en cours"):
        request_adhesion(cpts_id=cpts.pk, adherent=professionnel, by=by)
    assert Adhesion.objects.count() == 1


def test_a_member_leaves_and_comes_back(cpts, by):
    professionnel = ProfessionnelFabrique()
    first = admit(cpts_id=cpts.pk, adherent=professionnel, debut=DEBUT, by=by)
    end_adhesion(adhesion=first, fin=date(2024, 9, 1), by=by)
    assert is_member(cpts.pk, professionnel.pk, on=date(2024, 8, 31))
    assert not is_member(cpts.pk, professionnel.pk, on=date(2024, 9, 1))
    with pytest.raises(AdhesionRefusee, match="était déjà membre à cette date, jusqu’au 1er septembre 2024"):
        admit(cpts_id=cpts.pk, adherent=professionnel, debut=date(2024, 8, 1), by=by)
    admit(cpts_id=cpts.pk, adherent=professionnel, debut=date(2025, 1, 1), by=by)
    assert is_member(cpts.pk, professionnel.pk, on=date(2025, 1, 1))


def test_an_end_is_not_before_the_beginning_nor_twice(cpts, by):
    adhesion = AdhesionFabrique(cpts=cpts)
    with pytest.raises(AdhesionRefusee, match="a commencé le 9 janvier 2023"):
        end_adhesion(adhesion=adhesion, fin=date(2023, 1, 8), by=by)
    end_adhesion(adhesion=adhesion, fin=date(2023, 1, 9), by=by)
    with pytest.raises(AdhesionRefusee, match="déjà terminée"):
        end_adhesion(adhesion=adhesion, fin=date(2024, 1, 9), by=by)


def test_transitions_name_every_state():
    assert set(TRANSITIONS) == set(Etat)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"professionnel": None}, "adhesion_un_adherent"),
        ({"debut": None}, "adhesion_dates_de_son_etat"),
        ({"fin": date(2024, 1, 1)}, "adhesion_dates_de_son_etat"),
        ({"etat": Etat.TERMINEE}, "adhesion_dates_de_son_etat"),
        ({"terminee": True, "debut": date(2025, 1, 2)}, "adhesion_fin_apres_debut"),
    ],
)
def test_database_refuses_what_must_not_exist(cpts, fields: dict, constraint: str):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AdhesionFabrique(cpts=cpts, **fields)


def test_database_refuses_two_adherents_in_one_membership(cpts):
    with pytest.raises(IntegrityError, match="adhesion_un_adherent"), transaction.atomic():
        AdhesionFabrique(cpts=cpts, structure=StructureFabrique())


@pytest.mark.parametrize("trait", [{}, {"de_structure": True}])
def test_database_refuses_two_open_memberships(cpts, trait: dict):
    adhesion = AdhesionFabrique(cpts=cpts, **trait)
    pair = {"professionnel": adhesion.professionnel, "structure": adhesion.structure, "college": adhesion.college}
    AdhesionFabrique(cpts=cpts, terminee=True, **pair)
    with pytest.raises(IntegrityError, match="_ouverte"), transaction.atomic():
        AdhesionFabrique(cpts=cpts, demandee=True, **pair)


def test_count_by_profession(cpts):
    for _ in range(2):
        AdhesionFabrique(cpts=cpts, professionnel__generaliste=True)
    AdhesionFabrique(cpts=cpts, professionnel__specialiste=True)
    AdhesionFabrique(cpts=cpts, de_structure=True)
    AdhesionFabrique(cpts=cpts, terminee=True)
    AdhesionFabrique(cpts=cpts, demandee=True)
    assert count_by_profession(cpts.pk, on=date(2025, 6, 1)) == [
        Effectif("médecins généralistes", 2),
        Effectif("médecin spécialiste", 1),
        Effectif("structure", 1),
    ]


def test_members_are_those_of_the_community_only(cpts, by):
    adhesion = AdhesionFabrique(cpts=cpts)
    assert list(Adhesion.objects.visible_to(by)) == [adhesion]
    assert list(Adhesion.objects.visible_to(PUBLIC)) == []
    other = make_cpts()
    stranger = make_acteur(make_membre(other, Role.COORDINATION))
    assert list(Adhesion.objects.visible_to(stranger)) == []
    with use_cpts(other.pk):
        assert list(Adhesion.objects.all()) == []
        assert list(members(cpts.pk, on=DEBUT)) == []
