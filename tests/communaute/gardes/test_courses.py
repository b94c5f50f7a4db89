"""One duty wanted by several at once: taken, swapped, given up, published elsewhere. Processes of their own, as on a
server; one outcome each time, and nobody on duty twice at one hour. With the negative controls."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connections

from fabriques.annuaire import ProfessionnelFabrique
from fabriques.course import ATTENTE, PROCESSUS, race, race_between
from fabriques.droits import make_cpts, make_membre
from fabriques.gardes import make_garde, make_participant, make_poste, make_tableau
from maillon.communaute.gardes import services
from maillon.communaute.gardes.enums import EtatEchange, EtatGarde, EtatTableau
from maillon.communaute.gardes.models import Garde, Participant, Poste, Tableau
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import accept
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.selectors import acteur_of_membre

from .conftest import Maison

pytestmark = pytest.mark.commits
RIVAUX = 4
# Who comes first differs from one round to the next.
TOURS = 3
REFUSE = "ActionRefusee"


def make_maison() -> Maison:
    cpts = make_cpts(fictive=True, telephone="0477000000", courriel="cpts@example.org")
    with use_cpts(cpts.pk):
        membre = make_membre(cpts, Role.COORDINATION)
        return Maison(cpts, membre, acteur_of_membre(membre.compte, membre, fort=True))


@pytest.fixture
def maison() -> Maison:
    """Committed, unlike that of the other tests."""
    return make_maison()


def list_living(cpts_id: UUID, poste: Poste) -> list[Garde]:
    with use_cpts(cpts_id):
        return list(Garde.objects.vivantes().filter(poste=poste))


def count_overlaps() -> int:
    """Pairs of official duties of one person at one hour, over all communities, read without any filter."""
    with connections["proprietaire"].cursor() as cursor:
        cursor.execute("SET row_security = off")
        cursor.execute(
            "SELECT count(*) FROM gardes_garde a JOIN gardes_garde b ON a.professionnel_id = b.professionnel_id"
            " AND a.id < b.id AND tstzrange(a.debut, a.fin) && tstzrange(b.debut, b.fin)"
            " WHERE a.etat IN ('publiee', 'tenue') AND b.etat IN ('publiee', 'tenue')"
        )
        return cursor.fetchone()[0]


def test_an_open_duty_has_one_taker(maison: Maison) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(EtatTableau.PUBLIE)
        gens = [maison.make_soignant(tableau)[1] for _ in range(RIVAUX)]
        postes = maison.make_postes(tableau, TOURS)
    for poste in postes:
        takes = [lambda by=by, pk=poste.pk: services.take_ouverte(poste_id=pk, by=by) for by in gens]
        assert race(maison.cpts.pk, takes) == [REFUSE] * (RIVAUX - 1) + ["fait"]
        assert len(list_living(maison.cpts.pk, poste)) == 1


def test_a_volunteer_says_yes_while_somebody_takes_the_duty(maison: Maison) -> None:
    for _ in range(TOURS):
        with use_cpts(maison.cpts.pk):
            tableau = maison.make_tableau(EtatTableau.PUBLIE)
            _, taker = maison.make_soignant(tableau)
            maison.make_gens(tableau, 2)
            (poste,) = maison.make_postes(tableau, 1)
            services.call_volontaires(poste_id=poste.pk, by=maison.by)
            asked = Sollicitation.objects.filter(appel__objet_id=poste.pk).exclude(professionnel__rpps=taker.rpps)
            pk = asked.first().pk
        ended = race(
            maison.cpts.pk,
            [
                lambda pk=pk: accept(sollicitation_id=pk, by=SYSTEME),
                lambda pk=poste.pk, by=taker: services.take_ouverte(poste_id=pk, by=by),
            ],
        )
        assert ended.count("fait") == 1, ended
        assert set(ended) <= {"fait", "refuse", REFUSE}
        assert len(list_living(maison.cpts.pk, poste)) == 1
        with use_cpts(maison.cpts.pk):
            waiting = Sollicitation.objects.filter(appel__objet_id=poste.pk, etat__in=("prevue", "envoyee"))
            assert not waiting.exists(), "nobody is asked for a duty that is taken"
            # The next round's roster has the same afternoons.
            Garde.objects.filter(poste=poste).update(etat=EtatGarde.RETIREE)


def offer(maison: Maison) -> tuple[Tableau, Garde, Participant, UUID]:
    """A published roster, a duty, the colleague to whom it is offered, and the offer."""
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    donneur, vers = maison.make_gens(tableau, 2)
    (poste,) = maison.make_postes(tableau, 1)
    garde = maison.give(poste, donneur)
    echange = services.propose_echange(garde_id=garde.pk, vers_id=vers.pk, contre_id=None, by=maison.by)
    return tableau, garde, vers, echange.pk


def test_a_swap_is_accepted_while_the_duty_is_given_up_or_taken_away(maison: Maison) -> None:
    for tour in range(TOURS):
        with use_cpts(maison.cpts.pk):
            _, garde, vers, echange_id = offer(maison)
        end = services.give_up if tour % 2 else services.withdraw_garde
        ended = race(
            maison.cpts.pk,
            [
                lambda pk=echange_id: services.accept_echange(echange_id=pk, by=SYSTEME),
                lambda pk=garde.pk, end=end: end(garde_id=pk, by=SYSTEME),
            ],
        )
        assert ended == [REFUSE, "fait"], "the second hears that it is over"
        living = list_living(maison.cpts.pk, garde.poste)
        with use_cpts(maison.cpts.pk):
            garde.refresh_from_db()
            assert garde.etat == EtatGarde.RETIREE
            etat = garde.echanges.get().etat
        if etat == EtatEchange.ACCEPTE:
            assert [one.participant_id for one in living] == [vers.pk]
            assert garde.remplacee_par_id == living[0].pk
        else:
            assert (etat, living) == (EtatEchange.RETIRE, [])


@pytest.mark.parametrize("ailleurs", [False, True], ids=["same community", "another community"])
def test_a_swap_is_accepted_while_a_roster_that_overlaps_is_published(maison: Maison, ailleurs: bool) -> None:
    for _ in range(TOURS):
        autre = make_maison() if ailleurs else maison
        with use_cpts(maison.cpts.pk):
            tableau, garde, vers, echange_id = offer(maison)
        with use_cpts(autre.cpts.pk):
            brouillon = make_tableau(autre.cpts, etat=EtatTableau.CALCUL, debut=tableau.debut)
            poste = make_poste(brouillon, garde.poste.jour, de=16, a=22)
            make_garde(poste, make_participant(brouillon, professionnel=vers.professionnel), etat=EtatGarde.PROJET)
        ended = race_between(
            [
                (maison.cpts.pk, lambda pk=echange_id: services.accept_echange(echange_id=pk, by=SYSTEME)),
                (autre.cpts.pk, lambda pk=brouillon.pk: services.publish_tableau(tableau_id=pk, by=SYSTEME)),
            ]
        )
        assert ended == [REFUSE, "fait"], "one of the two, never both, and no deadlock"
        assert count_overlaps() == 0
        with use_cpts(maison.cpts.pk):
            Garde.objects.filter(etat=EtatGarde.PROJET).delete()
            Garde.objects.vivantes().update(etat=EtatGarde.RETIREE)


def make_drafts() -> list[tuple[Maison, Tableau]]:
    """Two communities whose rosters, unpublished, want the same people at the same hours, in opposite orders."""
    pros = [ProfessionnelFabrique() for _ in range(3)]
    made = []
    for rang, maison in enumerate((make_maison(), make_maison())):
        with use_cpts(maison.cpts.pk):
            tableau = maison.make_tableau(EtatTableau.CALCUL)
            postes = maison.make_postes(tableau, len(pros))
            for poste, pro in zip(postes if not rang else reversed(postes), pros, strict=True):
                make_garde(poste, make_participant(tableau, professionnel=pro), etat=EtatGarde.PROJET)
            made.append((maison, tableau))
    return made


def test_two_communities_publish_the_same_person_at_one_hour(maison: Maison) -> None:
    for _ in range(TOURS):
        publish = [
            (one.cpts.pk, lambda pk=tableau.pk: services.publish_tableau(tableau_id=pk, by=SYSTEME))
            for one, tableau in make_drafts()
        ]
        assert race_between(publish) == [REFUSE, "fait"], "one roster whole, the other not at all"
        assert count_overlaps() == 0


def naive_take(poste: Poste, participant: Participant, checked) -> Callable[[], object]:
    """Check, then write, as one does without a lock; the barrier makes every rival check before anyone writes."""

    def gesture() -> None:
        assert not Garde.objects.vivantes().filter(poste=poste).exists()
        checked.wait(ATTENTE)
        make_garde(poste, participant)

    return gesture


@pytest.mark.parametrize("contrainte", [True, False], ids=["with the index", "control"])
def test_without_the_lock_the_index_alone_refuses(maison: Maison, contrainte: bool) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(EtatTableau.PUBLIE)
        gens = maison.make_gens(tableau, RIVAUX)
        (poste,) = maison.make_postes(tableau, 1)
    if not contrainte:
        with connections["proprietaire"].cursor() as cursor:
            cursor.execute("DROP INDEX garde_une_par_place")
    checked = PROCESSUS.Barrier(RIVAUX)
    ended = race(maison.cpts.pk, [naive_take(poste, one, checked) for one in gens])
    expected = 1 if contrainte else RIVAUX
    assert ended.count("fait") == len(list_living(maison.cpts.pk, poste)) == expected


@pytest.mark.parametrize("contrainte", [True, False], ids=["with the exclusion", "control"])
def test_without_the_lock_the_exclusion_alone_refuses(maison: Maison, contrainte: bool) -> None:
    """The same person, two overlapping shifts of two rosters."""
    pro = ProfessionnelFabrique()
    with use_cpts(maison.cpts.pk):
        tableaux = [maison.make_tableau(EtatTableau.PUBLIE) for _ in range(2)]
        pairs = [
            (make_poste(tableau, de=14 + rang, a=20 + rang), make_participant(tableau, professionnel=pro))
            for rang, tableau in enumerate(tableaux)
        ]
    if not contrainte:
        with connections["proprietaire"].cursor() as cursor:
            cursor.execute("ALTER TABLE gardes_garde DROP CONSTRAINT garde_sans_chevauchement")
    checked = PROCESSUS.Barrier(2)
    ended = race(maison.cpts.pk, [naive_take(poste, one, checked) for poste, one in pairs])
    assert ended.count("fait") == (1 if contrainte else 2)
    assert count_overlaps() == (0 if contrainte else 1)
