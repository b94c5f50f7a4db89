"""Duties that pass from one to another: swapped, given up, taken by a volunteer, handed over."""

import pytest

from fabriques.gardes import make_participant
from maillon.communaute.gardes import selectors, services
from maillon.communaute.gardes.enums import Choix, EtatGarde, EtatTableau, OrigineGarde
from maillon.communaute.gardes.models import ActionRefusee, Echange, Garde, Passation
from maillon.communaute.sollicitations.models import ActionRefusee as SollicitationRefusee
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import accept
from maillon.socle import horloge
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import now

from .conftest import Maison


def test_a_swap_is_offered_checked_and_done_in_one_touch(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE, max_semaine=1)
    postes = maison.make_postes(tableau, 9)
    one, by = maison.make_soignant(tableau)
    other, by_other = maison.make_soignant(tableau)
    mine, theirs = maison.give(postes[0], one), maison.give(postes[8], other)
    collegue = next(c for c in selectors.list_collegues(mine, now()) if c.participant == other)
    assert (collegue.raisons, collegue.contre) == ((), (theirs,))
    echange = services.propose_echange(garde_id=mine.pk, vers_id=other.pk, contre_id=theirs.pk, by=by)
    assert Message.objects.filter(gabarit="gardes/courriels/echange.txt").count() == 1
    with pytest.raises(ActionRefusee, match="déjà proposée"):
        services.propose_echange(garde_id=mine.pk, vers_id=other.pk, contre_id=None, by=by)
    assert selectors.get_miennes(by_other, now()).a_repondre == [echange]
    services.accept_echange(echange_id=echange.pk, by=by_other)
    held = dict(Garde.objects.officielles().values_list("poste", "participant"))
    assert held == {postes[0].pk: other.pk, postes[8].pk: one.pk}
    mine.refresh_from_db()
    assert (mine.etat, mine.sequence) == (EtatGarde.RETIREE, 1)
    assert mine.remplacee_par is not None
    with pytest.raises(ActionRefusee, match="déjà acceptée"):
        services.accept_echange(echange_id=echange.pk, by=by_other)


def test_a_swap_that_breaks_a_rule_is_refused_at_the_offer_and_at_the_answer(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE, max_semaine=1)
    postes = maison.make_postes(tableau, 4)
    one, by = maison.make_soignant(tableau)
    other, by_other = maison.make_soignant(tableau)
    mine = maison.give(postes[0], one)
    echange = services.propose_echange(garde_id=mine.pk, vers_id=other.pk, contre_id=None, by=by)
    maison.give(postes[2], other)
    with pytest.raises(ActionRefusee, match="ne peut pas passer"):
        services.accept_echange(echange_id=echange.pk, by=by_other)
    services.refuse_echange(echange_id=echange.pk, by=by_other)
    with pytest.raises(ActionRefusee, match="ne peut pas passer"):
        services.propose_echange(garde_id=mine.pk, vers_id=other.pk, contre_id=None, by=by)
    assert Echange.objects.get().etat == "refuse"


def test_a_duty_given_up_opens_to_the_first_who_takes_it(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    poste = maison.make_postes(tableau, 1)[0]
    one, by = maison.make_soignant(tableau)
    _, by_other = maison.make_soignant(tableau)
    _, by_third = maison.make_soignant(tableau)
    garde = services.give_up(garde_id=maison.give(poste, one).pk, by=by)
    assert selectors.list_ouvertes(maison.cpts.pk, now()) == [poste]
    assert Message.objects.filter(gabarit="gardes/courriels/a_reprendre.txt").count() == 1
    again = services.undo_give_up(garde_id=garde.pk, by=by)
    services.give_up(garde_id=again.pk, by=by)
    services.take_ouverte(poste_id=poste.pk, by=by_other)
    with pytest.raises(ActionRefusee, match="pourvue"):
        services.take_ouverte(poste_id=poste.pk, by=by_third)
    with pytest.raises(ActionRefusee, match="pourvue"):
        services.undo_give_up(garde_id=again.pk, by=by)
    assert selectors.list_ouvertes(maison.cpts.pk, now()) == []


def test_volunteers_are_called_and_the_first_yes_is_on_duty(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    poste, busy = maison.make_postes(tableau, 2)
    gens = maison.make_gens(tableau, 3)
    gens[2].voeux.create(cpts=maison.cpts, jour=poste.jour, choix=Choix.INDISPONIBLE)
    maison.give(busy, gens[0])
    assert services.call_volontaires(poste_id=poste.pk, by=maison.by) == 2
    asked = list(Sollicitation.objects.order_by("rang"))
    # Who holds the fewest is asked first.
    assert [s.professionnel_id for s in asked] == [gens[1].professionnel_id, gens[0].professionnel_id]
    accept(sollicitation_id=asked[1].pk, by=SYSTEME)
    garde = Garde.objects.get(poste=poste)
    assert (garde.participant, garde.origine, garde.etat) == (gens[0], OrigineGarde.VOLONTAIRE, EtatGarde.PUBLIEE)
    with pytest.raises(SollicitationRefusee):
        accept(sollicitation_id=asked[0].pk, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="pourvue"):
        services.call_volontaires(poste_id=poste.pk, by=maison.by)


def test_who_gave_a_duty_up_is_not_asked_to_take_it(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    (poste,) = maison.make_postes(tableau, 1)
    one, by = maison.make_soignant(tableau)
    other = make_participant(tableau)
    services.give_up(garde_id=maison.give(poste, one).pk, by=by)
    assert [(c.participant, c.cedee) for c in selectors.list_candidats(poste)] == [(other, False), (one, True)]
    assert services.call_volontaires(poste_id=poste.pk, by=maison.by) == 1
    assert Sollicitation.objects.get().professionnel == other.professionnel


def test_a_handover_goes_to_the_next_and_names_no_patient(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    postes = maison.make_postes(tableau, 2)
    one, by = maison.make_soignant(tableau)
    other, by_other = maison.make_soignant(tableau)
    first, second = maison.give(postes[0], one), maison.give(postes[1], other)
    with pytest.raises(ActionRefusee, match="pendant la garde"):
        services.write_passation(garde_id=first.pk, texte="La clé est à l’accueil.", by=by)
    with horloge.at(postes[0].fin):
        with pytest.raises(ActionRefusee, match="long numéro"):
            services.write_passation(garde_id=first.pk, texte="Rappeler le 06 39 98 12 34.", by=by)
        services.write_passation(garde_id=first.pk, texte="La clé est à l’accueil.", by=by)
        passation = Passation.objects.get()
        assert passation.suivante == second
        assert selectors.get_miennes(by_other, now()).passations == [passation]
        services.mark_lues(garde_id=second.pk)
        assert selectors.get_miennes(by_other, now()).passations == []
