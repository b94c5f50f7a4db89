"""A row written once: the second writer learns it without an error, and its transaction goes on."""

import pytest
from django.db import IntegrityError

from fabriques.droits import make_cpts
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.identifiants import new_id
from maillon.socle.une_fois import insert_once

pytestmark = pytest.mark.django_db


def make(cpts, objet_id, **champs) -> Message:
    champs = {"gabarit": "essai.txt", "sujet": "Essai", "unicite": "une"} | champs
    return Message(cpts_id=cpts.pk, objet_id=objet_id, **champs)


def test_the_second_writer_learns_it_and_goes_on(django_assert_num_queries) -> None:
    cpts, objet_id = make_cpts(), new_id()
    with use_cpts(cpts.pk):
        premier = make(cpts, objet_id, pieces=[new_id()], destinataire=b"\x00\xff")
        with django_assert_num_queries(2):
            assert insert_once(premier)
            assert not insert_once(make(cpts, objet_id))
        [lu] = Message.objects.filter(objet_id=objet_id)  # the transaction still answers
        assert (lu.pk, lu.pieces, bytes(lu.destinataire)) == (premier.pk, premier.pieces, b"\x00\xff")
        lu.sujet = premier.sujet = "Corrigé"
        premier.save()  # it is known as a row of the database: no second insertion
        assert Message.objects.get(pk=lu.pk).sujet == "Corrigé"


def test_another_refusal_is_an_error() -> None:
    cpts = make_cpts()
    with pytest.raises(IntegrityError, match="sujet"), use_cpts(cpts.pk):
        insert_once(make(cpts, new_id(), sujet=None))
