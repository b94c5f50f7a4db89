"""What the database refuses, whatever the code does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from fabriques.sollicitations import ESSAI, MINUTES
from maillon.communaute.sollicitations import services
from maillon.communaute.sollicitations.models import Absence, Appel, Sollicitation
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import now


@pytest.fixture
def asked(cpts, essai, pros):
    return services.solicit(
        genre=ESSAI, objet=essai.make_objet(cpts), vagues=essai.waves(pros[:2], pros[2:3]), delai=MINUTES, by=SYSTEME
    )


def refused(change) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def update(row, **champs):
    return lambda: type(row).objects.filter(pk=row.pk).update(**champs)


def test_two_accepted_for_one_call(asked):
    update(asked[0], etat="acceptee", repondue_le=now())()
    refused(update(asked[1], etat="acceptee", repondue_le=now()))


def test_two_living_for_one_professional(asked):
    refused(update(asked[2], professionnel=asked[0].professionnel_id))
    update(asked[0], etat="expiree")()
    update(asked[2], professionnel=asked[0].professionnel_id)()


def test_two_living_calls_for_one_object(asked):
    appel = Appel.objects.get()
    refused(lambda: Appel.objects.create(cpts_id=appel.cpts_id, genre=ESSAI, objet_id=appel.objet_id, delai=MINUTES))


@pytest.mark.parametrize(
    "champs",
    [
        {"etat": "refusee", "repondue_le": now()},
        {"etat": "refusee", "motif_refus": "loin"},
        {"motif_refus": "loin"},
        {"etat": "retiree"},
        {"motif_retrait": "autre"},
        {"expire_le": None},
        {"envoyee_le": None},
        {"etat": "prevue"},
        {"etat": "acceptee"},
        {"expire_le": now() - timedelta(days=30)},
    ],
)
def test_a_solicitation_that_says_too_little(asked, champs):
    refused(update(asked[0], **champs))


@pytest.mark.parametrize("champs", [{"etat": "clos"}, {"clos_le": now()}, {"delai": timedelta(0)}])
def test_a_call_that_contradicts_itself(asked, champs):
    refused(update(Appel.objects.get(), **champs))


def test_absences_that_overlap_or_never_end(cpts, pros):

    today = now().date()
    Absence.objects.create(cpts=cpts, professionnel=pros[0], periode=DateRange(today, today + timedelta(3)))
    for periode in (DateRange(today, today + timedelta(1)), DateRange(today + timedelta(9), None)):
        refused(lambda periode=periode: Absence.objects.create(cpts=cpts, professionnel=pros[0], periode=periode))


def test_a_solicitation_is_never_lost_with_its_call(asked):
    with pytest.raises(Exception, match="protected"):
        Appel.objects.get().delete()
    assert Sollicitation.objects.count() == 3
