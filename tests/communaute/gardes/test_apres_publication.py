"""After publication: links that live, duties not taken back behind the desk, notes and calendars that follow."""

from datetime import timedelta

import pytest

from maillon.communaute.gardes import selectors, services
from maillon.communaute.gardes.alertes import list_alertes
from maillon.communaute.gardes.enums import EtatTableau
from maillon.communaute.gardes.models import ActionRefusee, Participant
from maillon.communaute.personnes.services import depart_personne
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.socle import horloge
from maillon.socle.courriels.models import Message
from maillon.socle.droits.models import Lien
from maillon.socle.droits.selectors import get_lien
from maillon.socle.horloge import now, today

from .conftest import Maison


def is_alive(message: Message) -> bool:
    """Whether the link of this mail opens something."""
    jeton = message.texte.partition("/l/")[2].split("/")[0]
    return get_lien(jeton, but=services.LIEN_MIENNES) is not None


def test_two_changes_in_one_minute_leave_a_mail_whose_link_opens(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    postes = maison.make_postes(tableau, 9)
    one, _ = maison.make_soignant(tableau)
    one.personne.courriel = "sacha@example.org"
    one.personne.save()
    minute = now().replace(second=0)
    for seconds, poste in ((10, postes[0]), (20, postes[8])):
        with horloge.at(minute + timedelta(seconds=seconds)):
            services.assign_garde(poste_id=poste.pk, participant_id=one.pk, by=maison.by)
    (mail,) = Message.objects.all()
    assert is_alive(mail)
    with horloge.at(minute + timedelta(minutes=2)):
        services.withdraw_garde(garde_id=one.gardes.first().pk, by=maison.by)
        assert [is_alive(one) for one in Message.objects.order_by("pk")] == [False, True]


def test_a_duty_that_the_desk_withdrew_or_that_was_swapped_is_not_taken_back(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    postes = maison.make_postes(tableau, 9)
    one, by = maison.make_soignant(tableau)
    two, by_two = maison.make_soignant(tableau)
    withdrawn, swapped = maison.give(postes[0], one), maison.give(postes[8], one)
    services.withdraw_garde(garde_id=withdrawn.pk, by=maison.by)
    echange = services.propose_echange(garde_id=swapped.pk, vers_id=two.pk, contre_id=None, by=by)
    services.accept_echange(echange_id=echange.pk, by=by_two)
    services.give_up(garde_id=two.gardes.get().pk, by=by_two)
    for garde in (withdrawn, swapped):
        with pytest.raises(ActionRefusee, match="plus vous revenir"):
            services.undo_give_up(garde_id=garde.pk, by=by)


def test_a_duty_given_up_comes_back_within_the_rules(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE, max_semaine=1)
    postes = maison.make_postes(tableau, 3)
    one, by = maison.make_soignant(tableau)
    garde = services.give_up(garde_id=maison.give(postes[0], one).pk, by=by)
    services.take_ouverte(poste_id=postes[2].pk, by=by)
    with pytest.raises(ActionRefusee, match="plus vous revenir"):
        services.undo_give_up(garde_id=garde.pk, by=by)


def test_a_note_goes_to_whoever_holds_the_next_duty_by_then(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    postes = maison.make_postes(tableau, 2)
    (one, by), (two, by_two), (_, by_three) = (maison.make_soignant(tableau) for _ in range(3))
    first, second = maison.give(postes[0], one), maison.give(postes[1], two)
    with horloge.at(postes[0].fin):
        services.write_passation(garde_id=first.pk, texte="La clé est à l’accueil.", by=by)
        services.give_up(garde_id=second.pk, by=by_two)
        services.take_ouverte(poste_id=postes[1].pk, by=by_three)
        (note,) = selectors.get_miennes(by_three, now()).passations
        assert note.texte == "La clé est à l’accueil."


def test_calendars_hear_of_another_place(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    poste = maison.make_postes(tableau, 1)[0]
    garde = maison.give(poste, maison.make_gens(tableau, 1)[0])
    change = {"poste_id": poste.pk, "nombre": 1, "telephone": "", "by": maison.by}
    services.update_poste(lieu="Maison médicale", **change)
    garde.refresh_from_db()
    assert garde.sequence == 1
    services.update_poste(lieu="Maison médicale", **change)
    garde.refresh_from_db()
    assert garde.sequence == 1


def test_a_place_that_makes_two_shifts_one_is_refused_in_french(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.CALCUL)
    poste = maison.make_postes(tableau, 1)[0]
    services.add_poste(
        tableau_id=tableau.pk, profession="60", jour=poste.jour, debut=poste.debut, fin=poste.fin, nombre=1,
        lieu="Villars", telephone="", by=maison.by,
    )  # fmt: skip
    with pytest.raises(ActionRefusee, match="déjà dans le tableau"):
        services.update_poste(poste_id=poste.pk, nombre=1, lieu="Villars", telephone="", by=maison.by)


def test_a_shift_filled_by_hand_or_taken_back_asks_nobody_any_more(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    poste, autre = maison.make_postes(tableau, 2)
    gens = maison.make_gens(tableau, 2)
    one, by = maison.make_soignant(tableau)
    services.call_volontaires(poste_id=poste.pk, by=maison.by)
    services.assign_garde(poste_id=poste.pk, participant_id=gens[0].pk, by=maison.by)
    assert not Sollicitation.objects.filter(etat="envoyee").exists()
    ceded = services.give_up(garde_id=maison.give(autre, one).pk, by=by)
    services.call_volontaires(poste_id=autre.pk, by=maison.by)
    services.undo_give_up(garde_id=ceded.pk, by=by)
    assert not Sollicitation.objects.filter(etat="envoyee").exists()


def test_who_left_is_asked_nothing_and_their_duties_are_said(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    postes = maison.make_postes(tableau, 2)
    parti, reste = maison.make_gens(tableau, 2)
    maison.give(postes[1], parti)
    depart_personne(personne=parti.personne, on=today(), by=maison.by)
    assert services.call_volontaires(poste_id=postes[0].pk, by=maison.by) == 1
    assert Sollicitation.objects.get().professionnel_id == reste.professionnel_id
    with pytest.raises(ActionRefusee, match="a quitté la communauté"):
        services.assign_garde(poste_id=postes[0].pk, participant_id=parti.pk, by=maison.by)
    phrases = [alerte.phrase for alerte in list_alertes(maison.cpts.pk, maison.by, now())]
    assert (
        f"{parti.personne} a quitté la communauté et tient encore 1\u00a0garde\u00a0: à confier à d’autres." in phrases
    )


def test_links_of_wishes_follow_their_last_day(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.BROUILLON)
    maison.make_gens(tableau, 1)
    services.open_voeux(tableau_id=tableau.pk, voeux_avant=today() + timedelta(days=2), by=maison.by)
    services.update_tableau(
        tableau_id=tableau.pk, nom="Décembre", voeux_avant=today() + timedelta(days=6), max_semaine=2, max_weekends=1,
        ecart_heures=12, by=maison.by,
    )  # fmt: skip
    assert Lien.objects.get(but=services.LIEN_VOEUX).expire_le > now() + timedelta(days=5)


def test_a_roster_that_is_over_takes_no_more_shift(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.CLOS)
    with pytest.raises(ActionRefusee, match="rouvrez-le"):
        services.add_poste(
            tableau_id=tableau.pk, profession="60", jour=tableau.debut, debut=now(), fin=now() + timedelta(hours=2),
            nombre=1, lieu="", telephone="", by=maison.by,
        )  # fmt: skip
    assert not Participant.objects.exists()
