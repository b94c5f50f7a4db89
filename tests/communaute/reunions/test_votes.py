"""Proxies, quorum, voices: what services do, what the database refuses, and what a secret ballot leaves behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.serializers import serialize
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from communaute.reunions.conftest import Maison
from fabriques.droits import enter, make_acteur, make_cpts, make_membre
from maillon.communaute.reunions import services
from maillon.communaute.reunions.enums import ChoixVote, EtatResolution, FinPouvoir, Majorite, ModeVote, PreuvePouvoir
from maillon.communaute.reunions.models import (
    ActionRefusee,
    Convocation,
    Participation,
    Pouvoir,
    Resolution,
    Urne,
    Voix,
)
from maillon.communaute.reunions.selectors import compute_quorum_of, list_bulletins
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.enums import Role
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now
from maillon.socle.journal.models import Ecriture, Entree


def give(maison: Any, mandant: Participation, mandataire: Participation) -> Pouvoir:
    return services.give_pouvoir(
        mandant_id=mandant.pk, mandataire_id=mandataire.pk, preuve=PreuvePouvoir.LIEN, by=maison.by
    )


def put_to_vote(maison: Any, reunion: Any, mode: ModeVote, majorite: Majorite = Majorite.SIMPLE) -> Resolution:
    resolution = services.save_resolution(
        reunion_id=reunion.pk, titre="Comptes 2026", texte="", mode=mode, majorite=majorite, by=maison.by
    )
    return services.open_vote(resolution_id=resolution.pk, by=maison.by) if mode != ModeVote.MAIN_LEVEE else resolution


def cast(maison: Any, resolution: Resolution, participation: Participation, choix: ChoixVote) -> int:
    return services.cast_voix(resolution_id=resolution.pk, participation_id=participation.pk, choix=choix, by=maison.by)


def test_a_proxy_falls_when_its_giver_attends(maison: Any) -> None:
    reunion, (a, b, c, *_) = maison.convoke_ca()
    pouvoir = give(maison, a, b)
    maison.attend(b, c)
    quorum = compute_quorum_of(reunion, reunion.convocation)
    # Five administrators, half of them: three voices; two present and one represented.
    assert (quorum.votants, quorum.presents, quorum.representes, quorum.requis) == (5, 2, 1, 3)
    assert quorum.is_atteint
    maison.attend(a)
    pouvoir.refresh_from_db()
    assert (pouvoir.fin, pouvoir.fin_le is not None) == (FinPouvoir.PRESENCE, True)
    assert compute_quorum_of(reunion, reunion.convocation).representes == 0
    with pytest.raises(ActionRefusee, match="vote elle-même"):
        give(maison, a, c)
    # Recorded by mistake: undone, the proxy holds again.
    Participation.objects.filter(pk=a.pk).update(presence="absent")
    assert services.restore_pouvoir(participation_id=a.pk, by=maison.by)
    assert compute_quorum_of(reunion, reunion.convocation).representes == 1


def write_raw(reunion: Any, mandant: Participation, mandataire: Participation) -> None:
    with transaction.atomic():
        Pouvoir.objects.create(
            cpts=reunion.cpts, reunion=reunion, mandant=mandant, mandataire=mandataire, donne_le=now(), preuve="papier"
        )


def test_the_database_refuses_a_proxy_of_somebody_present(maison: Any, django_db_blocker: Any) -> None:
    reunion, (a, b, *_) = maison.convoke_ca()
    maison.attend(a)
    with pytest.raises(IntegrityError, match="vote elle-même"):
        write_raw(reunion, a, b)
    assert not Pouvoir.objects.exists()


def test_without_its_trigger_a_proxy_of_somebody_present_would_stand(clone_base: Any) -> None:
    """The control of the test above: it is the trigger that refuses."""
    with connections["proprietaire"].cursor() as cursor:
        cursor.execute("ALTER TABLE reunions_pouvoir DISABLE TRIGGER reunions_pouvoir")
        cursor.execute("ALTER TABLE reunions_participation DISABLE TRIGGER reunions_presence")
    cpts = make_cpts(fictive=True)
    membre = make_membre(cpts, Role.COORDINATION)
    with use_cpts(cpts.pk):
        maison = Maison(cpts, membre, make_acteur(membre))
        reunion, (a, b, *_) = maison.convoke_ca()
        maison.attend(a)
        write_raw(reunion, a, b)
        assert Pouvoir.objects.filter(mandant__presence="present", fin_le=None).count() == 1


def test_limits_of_a_proxy(maison: Any) -> None:
    reunion, (a, b, c, d, e) = maison.convoke_ca()
    Participation.objects.filter(pk=e.pk).update(votant=False)
    give(maison, a, b)
    for mandant, mandataire, motif in (
        (c, b, "autant de pouvoirs que les statuts"),  # one a person at a board, by default
        (b, c, "ne se transmet pas"),
        (c, a, "ne se transmet pas"),
        (c, e, "qui a une voix"),
        (c, c, "soi-même"),
    ):
        with pytest.raises(ActionRefusee, match=motif):
            give(maison, mandant, mandataire)
    give(maison, a, d)  # a change of mind: the first one ends
    assert Pouvoir.objects.filter(fin_le=None).count() == 1
    c.refresh_from_db()
    assert c.reponse == "attendue"
    give(maison, c, b)
    services.cancel_reunion(reunion_id=reunion.pk, motif="", by=maison.by)
    assert set(Pouvoir.objects.values_list("fin", flat=True)) == {FinPouvoir.REVOQUE, FinPouvoir.ANNULEE}


def test_no_vote_without_quorum(maison: Any) -> None:
    reunion, (a, b, c, *_) = maison.convoke_ca()
    maison.attend(a, b)
    resolution = put_to_vote(maison, reunion, ModeVote.MAIN_LEVEE)
    with pytest.raises(ActionRefusee, match="2 voix présentes ou représentées, il en faut 3"):
        services.count_main_levee(resolution_id=resolution.pk, pour=2, contre=0, abstention=0, by=maison.by)
    maison.attend(c)
    with pytest.raises(ActionRefusee, match="plus de voix comptées"):
        services.count_main_levee(resolution_id=resolution.pk, pour=4, contre=0, abstention=0, by=maison.by)
    closed = services.count_main_levee(resolution_id=resolution.pk, pour=1, contre=1, abstention=1, by=maison.by)
    assert (closed.etat, closed.adoptee, closed.voix_possibles) == (EtatResolution.CLOSE, False, 3)
    with pytest.raises(IntegrityError, match="ne change plus"), transaction.atomic():
        Resolution.objects.filter(pk=closed.pk).update(pour=3)
    with pytest.raises(IntegrityError, match="ne s’efface pas"), transaction.atomic():
        Resolution.objects.filter(pk=closed.pk).delete()
    removed = put_to_vote(maison, reunion, ModeVote.MAIN_LEVEE)
    services.remove_resolution(resolution_id=removed.pk, by=maison.by)
    assert list(Resolution.objects.all()) == [closed]


def test_a_nominative_vote_hears_each_voter_once_and_those_they_represent(maison: Any) -> None:
    reunion, (a, b, c, d, _) = maison.convoke_ca()
    give(maison, a, b)
    maison.attend(b, c)
    resolution = put_to_vote(maison, reunion, ModeVote.NOMINATIF, Majorite.ABSOLUE)
    assert [bulletin.voix for bulletin in list_bulletins(b)] == [2]
    assert list_bulletins(d) == []  # not there
    assert cast(maison, resolution, b, ChoixVote.POUR) == 2
    with pytest.raises(ActionRefusee, match="déjà exprimée"):
        cast(maison, resolution, b, ChoixVote.CONTRE)
    with pytest.raises(ActionRefusee, match="présence"):
        cast(maison, resolution, d, ChoixVote.CONTRE)
    maison.attend(a)  # the proxy falls, the voice given for them stays given
    with pytest.raises(ActionRefusee, match="déjà exprimée"):
        cast(maison, resolution, a, ChoixVote.CONTRE)
    cast(maison, resolution, c, ChoixVote.CONTRE)
    closed = services.close_vote(resolution_id=resolution.pk, by=maison.by)
    assert (closed.pour, closed.contre, closed.abstention, closed.voix_possibles) == (2, 1, 0, 3)
    assert closed.adoptee  # two of three
    with pytest.raises(ActionRefusee, match="pas ouvert pour vous"):
        cast(maison, resolution, c, ChoixVote.CONTRE)


def test_a_secret_vote_keeps_nothing_between_a_person_and_a_choice(maison: Any) -> None:
    reunion, (a, b, c, *_) = maison.convoke_ca()
    maison.attend(a, b, c)
    resolution = put_to_vote(maison, reunion, ModeVote.SECRET)
    writings, entries = Ecriture.objects.count(), Entree.objects.count()
    cast(maison, resolution, a, ChoixVote.CONTRE)
    # What this voter left: a voice without choice, a counter without author, an entry without choice.
    voix = Voix.objects.get(votant=a)
    assert (voix.secret, voix.choix) == (True, "")
    assert Ecriture.objects.count() == writings
    assert not Ecriture.objects.filter(table_nom__in=["reunions_urne", "reunions_voix"]).exists()
    left = serialize("json", [*Voix.objects.all(), *Entree.objects.order_by("pk")[entries:]])
    assert not any(choix.value in left for choix in ChoixVote)
    assert {field.name for field in Urne._meta.get_fields()} == {"id", "cpts", "resolution", "choix", "voix"}
    cast(maison, resolution, b, ChoixVote.POUR)
    cast(maison, resolution, c, ChoixVote.CONTRE)
    services.close_vote(resolution_id=resolution.pk, by=maison.by)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # No box is marked by the transaction of a voter: all were last written together, at the closing.
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM reunions_urne")
        assert cursor.fetchone() == (1,)
    resolution.refresh_from_db()
    assert (resolution.pour, resolution.contre, resolution.adoptee) == (1, 2, False)


def test_a_box_holds_as_many_voices_as_voters_signed(maison: Any) -> None:
    reunion, (a, b, c, *_) = maison.convoke_ca()
    maison.attend(a, b, c)
    resolution = put_to_vote(maison, reunion, ModeVote.SECRET)
    stuff = "UPDATE reunions_urne SET voix = 1 WHERE choix = 'pour'; SET CONSTRAINTS ALL IMMEDIATE"
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="autant de voix"), transaction.atomic():
        cursor.execute(stuff)
    cast(maison, resolution, a, ChoixVote.POUR)
    services.close_vote(resolution_id=resolution.pk, by=maison.by)
    with pytest.raises(IntegrityError, match="pas ouvert"), transaction.atomic():
        Urne.objects.filter(resolution=resolution, choix=ChoixVote.POUR).update(voix=2)
    with pytest.raises(IntegrityError, match="pas ouvert"), transaction.atomic():
        Voix.objects.create(
            cpts=maison.cpts, resolution=resolution, votant=b, exprimee_par=b, secret=True, choix="", le=now()
        )


def test_a_secret_vote_from_the_organiser_s_page_and_from_telephones(maison: Any) -> None:
    reunion, (a, b, c, *_) = maison.convoke_ca(3)
    give(maison, b, a)
    maison.attend(a, c)
    bureau, telephone, slug = enter(Client(), maison.membre.compte), Client(), maison.cpts.slug
    page = reverse("reunions:votes", args=[slug, reunion.pk])
    assert "quorum atteint" in bureau.get(page).content.decode()
    saisie = {"titre": "Élire la trésorière", "texte": "", "mode": "secret", "majorite": "simple"}
    bureau.post(reverse("reunions:nouvelle_resolution", args=[slug, reunion.pk]), saisie)
    resolution = Resolution.objects.get()
    gestes = reverse("reunions:resolution", args=[slug, reunion.pk, resolution.pk])
    jeton = create_lien(but=services.LIEN_INVITATION, cpts_id=maison.cpts.pk, objet_id=a.pk)
    lien, fragment = (reverse(f"reunions:{nom}", args=[jeton]) for nom in ("lien_invitation", "lien_bulletins"))
    assert resolution.titre not in telephone.get(fragment).content.decode()
    bureau.post(gestes, {"geste": "ouvrir"})
    assert "2 voix" in telephone.get(fragment).content.decode()
    telephone.post(lien, {"resolution": str(resolution.pk), "choix": "contre"})
    voted = telephone.get(lien).content.decode()
    assert "Votre voix est dans l’urne" in voted
    assert "voté <strong>" not in voted
    telephone.post(lien, {"resolution": str(resolution.pk), "choix": "pour"})  # too late: one voice each
    running = bureau.get(reverse("reunions:direct", args=[slug, reunion.pk])).content.decode()
    assert "2 voix exprimées" in running
    assert "contre" not in running  # no count before the closing
    bureau.post(gestes, {"geste": "clore"})
    with use_cpts(maison.cpts.pk):
        resolution.refresh_from_db()
    assert (resolution.pour, resolution.contre, resolution.voix_possibles) == (0, 2, 3)
    assert "Rejetée à bulletin secret" in bureau.get(page).content.decode()


def begin_now(reunion: Any) -> None:
    reunion.debut, reunion.fin = now() - timedelta(minutes=20), now() + timedelta(hours=1)
    reunion.save()


def test_a_board_met_without_convocation_says_why_nobody_votes_and_opens_if_all_are_there(
    maison: Any, client: Client
) -> None:
    reunion = maison.make_ca(3)
    with use_cpts(maison.cpts.pk):
        begin_now(reunion)
    enter(client, maison.membre.compte)
    page = reverse("reunions:votes", args=[maison.cpts.slug, reunion.pk])
    fiche = client.get(reverse("reunions:fiche", args=[maison.cpts.slug, reunion.pk])).content.decode()
    assert page in fiche
    ferme = client.get(page).content.decode()
    assert "Cette réunion n’a pas été convoquée." in ferme
    assert "Tous les membres sont là" in ferme
    geste = reverse("reunions:sans_convocation", args=[maison.cpts.slug, reunion.pk])
    assert client.post(geste, {"motif": ""}).status_code == 422
    assert client.post(geste, {"motif": "Article 12."}, follow=True).status_code == 200
    with use_cpts(maison.cpts.pk):
        reunion.refresh_from_db()
        assert (reunion.etat, reunion.convocation.motif_delai) == (
            "convoquee",
            "Réunie sans convocation\u00a0: Article 12.",
        )
        assert not Message.objects.exists()
        resolution = put_to_vote(maison, reunion, ModeVote.MAIN_LEVEE)
        gens = list(reunion.participations.order_by("pk"))
        maison.attend(*gens[:2])
        with pytest.raises(ActionRefusee, match="quorum n’est pas atteint"):
            services.count_main_levee(resolution_id=resolution.pk, pour=2, contre=0, abstention=0, by=maison.by)
        maison.attend(gens[2])
        services.count_main_levee(resolution_id=resolution.pk, pour=3, contre=0, abstention=0, by=maison.by)
    assert "Article 12." in client.get(reverse("reunions:fiche", args=[maison.cpts.slug, reunion.pk])).content.decode()


def test_what_may_not_do_without_a_convocation(maison: Any) -> None:
    reunion = maison.make_ca(3)
    opened = {"reunion_id": reunion.pk, "motif": "Article 12.", "by": maison.by}
    with pytest.raises(ActionRefusee, match="pendant la réunion"):
        services.open_sans_convocation(**opened)
    begin_now(reunion)
    with pytest.raises(ActionRefusee, match="quel article"):
        services.open_sans_convocation(**opened | {"motif": " "})
    type(reunion).objects.filter(pk=reunion.pk).update(type="ag")
    with pytest.raises(ActionRefusee, match="assemblée générale"):
        services.open_sans_convocation(**opened)
    assert not Convocation.objects.exists()
