"""A request for care wanted by several at once: professionals who accept, the person who withdraws, the deadline, the
regulator who answers, the slot found meanwhile. Processes of their own, as on a server; one outcome each time. With
their negative controls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connections

from fabriques.course import ATTENTE, PROCESSUS, race
from fabriques.droits import make_agent
from fabriques.medecin_traitant import Guichet
from fabriques.patients import make_identite
from fabriques.soins import Pro, make_creneau, make_pro, make_soins
from maillon.communaute.patients.models import RelationSoin
from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.enums import EtatAppel, EtatSollicitation
from maillon.communaute.sollicitations.models import Appel, Sollicitation
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import PRIS, Besoin, EtatDemande, Modalite, Origine, Reponse
from maillon.missions.soins_non_programmes.models import GENRE, DemandeSoin
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.droits.selectors import acteur_of_compte

pytestmark = pytest.mark.commits
RIVAUX = 3
# Who comes first differs from one round to the next.
TOURS = 4
REFUS = {"refuse", "ActionRefusee"}


@dataclass
class Terrain:
    """A community, nurses who are all asked in one wave, and what became of a request."""

    soins: Guichet
    pros: list[Pro]

    @property
    def cpts_id(self) -> UUID:
        return self.soins.cpts.pk

    def file(self) -> tuple[UUID, list[UUID]]:
        """A new request, and its solicitations."""
        saisie = services.SaisieDemande(
            besoin=Besoin.SOIN_INFIRMIER,
            profession="60",
            modalite=Modalite.CABINET,
            commune_id=self.soins.saint_etienne.pk,
            avant_le=horloge.now() + timedelta(hours=2),
        )
        with use_cpts(self.cpts_id):
            demande = services.file_demande(
                cpts=self.soins.cpts,
                identite=make_identite(),
                saisie=saisie,
                origine=Origine.PHARMACIE,
                cle_depot=uuid4().hex,
                by=self.soins.acteur,
            )
            asked = Sollicitation.objects.of_objets(GENRE, [demande.pk]).filter(etat=EtatSollicitation.ENVOYEE)
            pks = list(asked.order_by("pk").values_list("pk", flat=True))
            assert len(pks) == RIVAUX
            return demande.pk, pks

    def race(self, *gestures: Callable[[], object]) -> list[str]:
        return race(self.cpts_id, gestures)

    def read(self, demande_id: UUID) -> "Issue":
        with use_cpts(self.cpts_id):
            demande = DemandeSoin.objects.get(pk=demande_id)
            rows = Sollicitation.objects.of_objets(GENRE, [demande_id])
            relations = RelationSoin.objects.filter(patient=demande.patient_id, jusque=None)
            return Issue(
                EtatDemande(demande.etat),
                sorted(rows.values_list("etat", flat=True)),
                sorted(relations.values_list("rpps", flat=True)),
                demande.rendez_vous.filter(etat__in=PRIS).count(),
                Appel.objects.filter(objet_id=demande_id, etat__in=(EtatAppel.OUVERT, EtatAppel.RESERVE)).count(),
                demande.accepte_par.rpps if demande.accepte_par else "",
            )


@dataclass(frozen=True)
class Issue:
    etat: EtatDemande
    sollicitations: list[str]
    relations: list[str]
    rendez_vous: int
    appels: int
    accepte_par: str

    @property
    def acceptees(self) -> int:
        return self.sollicitations.count("acceptee")


@pytest.fixture
def terrain() -> Terrain:
    soins = make_soins()
    with use_cpts(soins.cpts.pk):
        return Terrain(soins, [make_pro(soins) for _ in range(RIVAUX)])


def accept(pk: UUID) -> Callable[[], object]:
    return lambda: sollicitations.accept(sollicitation_id=pk, by=SYSTEME)


def cancel(demande_id: UUID) -> Callable[[], object]:
    return lambda: services.cancel_demande(demande_id=demande_id, by=SYSTEME)


def test_one_professional_has_the_request(terrain: Terrain) -> None:
    for _ in range(TOURS):
        demande_id, pks = terrain.file()
        assert terrain.race(*(accept(pk) for pk in pks)) == ["fait", *["refuse"] * (RIVAUX - 1)]
        issue = terrain.read(demande_id)
        assert (issue.etat, issue.acceptees) == (EtatDemande.ACCEPTEE, 1)
        assert issue.relations == [issue.accepte_par], "the identity opened to that one alone"
    with use_cpts(terrain.cpts_id):
        assert Message.objects.filter(gabarit__endswith="heure_a_donner.txt").count() <= TOURS


def test_the_patient_withdraws_while_a_professional_accepts(terrain: Terrain) -> None:
    for _ in range(TOURS):
        demande_id, pks = terrain.file()
        ended = terrain.race(accept(pks[0]), cancel(demande_id))
        assert ended in (["fait", "fait"], ["fait", "refuse"])
        issue = terrain.read(demande_id)
        assert (issue.etat, issue.appels) == (EtatDemande.ANNULEE, 0), "withdrawn before or after, it is withdrawn"
        assert not {"envoyee", "acceptee"} & set(issue.sollicitations)
        assert issue.relations == [], "nobody keeps the identity of who withdrew"


def test_who_had_accepted_no_longer_knows_who_withdrew(terrain: Terrain) -> None:
    demande_id, pks = terrain.file()
    with use_cpts(terrain.cpts_id):
        accept(pks[0])()
    assert len(terrain.read(demande_id).relations) == 1
    with use_cpts(terrain.cpts_id):
        cancel(demande_id)()
        assert terrain.read(demande_id).relations == []
        services.reopen_demande(demande_id=demande_id, by=SYSTEME)
        accept(Sollicitation.objects.of_objets(GENRE, [demande_id]).filter(etat=EtatSollicitation.ENVOYEE)[0].pk)()
        services.answer_demande(demande_id=demande_id, reponse=Reponse.AILLEURS, by=SYSTEME)
        services.reopen_demande(demande_id=demande_id, by=SYSTEME)
    assert terrain.read(demande_id).relations == []


def test_the_regulator_answers_while_a_professional_accepts(terrain: Terrain) -> None:
    regulateur = acteur_of_compte(make_agent(RoleTerritorial.REGULATEUR).compte, fort=True)
    for _ in range(TOURS):
        demande_id, pks = terrain.file()
        ended = terrain.race(
            accept(pks[0]),
            lambda: services.answer_demande(demande_id=demande_id, reponse=Reponse.REGULATION, by=regulateur),  # noqa: B023
        )
        assert ended in (["fait", "fait"], ["fait", "refuse"])
        issue = terrain.read(demande_id)
        assert (issue.etat, issue.appels, issue.acceptees) == (EtatDemande.ORIENTEE, 0, 0)


def at_deadline(terrain: Terrain, demande_id: UUID, pk: UUID, wake: Callable[[], object]) -> list[str]:
    """A yes one second before the deadline, and what the clock does at it."""
    with use_cpts(terrain.cpts_id):
        limit = Sollicitation.objects.of_objets(GENRE, [demande_id]).latest("expire_le").expire_le
    assert limit is not None

    def answer() -> None:
        with horloge.at(limit - timedelta(seconds=1)):
            accept(pk)()

    def pass_time() -> None:
        with horloge.at(limit + timedelta(minutes=2)):
            wake()

    return terrain.race(answer, pass_time)


@pytest.mark.parametrize("quoi", ["vague", "minute"])
def test_the_deadline_passes_while_a_professional_accepts(terrain: Terrain, quoi: str) -> None:
    """By the job of the calls, or by that of the requests."""
    works = {
        "vague": lambda: sollicitations.expire(cpts_id=terrain.cpts_id),
        "minute": lambda: services.wake_demandes(cpts_id=terrain.cpts_id),
    }
    for _ in range(TOURS):
        demande_id, pks = terrain.file()
        at_deadline(terrain, demande_id, pks[0], works[quoi])
        issue = terrain.read(demande_id)
        if issue.acceptees:
            assert issue.etat in (EtatDemande.ACCEPTEE, EtatDemande.ESCALADEE)
            assert issue.sollicitations == ["acceptee", *["retiree"] * (RIVAUX - 1)]
            assert issue.relations == [issue.accepte_par]
        else:
            assert issue.etat == EtatDemande.ESCALADEE
            assert issue.relations == []


def test_a_slot_is_given_while_a_professional_says_the_hour(terrain: Terrain) -> None:
    """The desk books for the person while who accepted says when: one appointment."""
    for tour in range(TOURS):
        demande_id, pks = terrain.file()
        with use_cpts(terrain.cpts_id):
            sollicitations.accept(sollicitation_id=pks[0], by=SYSTEME)
            rpps = DemandeSoin.objects.get(pk=demande_id).accepte_par.rpps
            taker = next(pro for pro in terrain.pros if pro.professionnel.rpps == rpps)
            autre = next(pro for pro in terrain.pros if pro is not taker)
            creneau = make_creneau(terrain.soins, autre, dans=24 + tour)
        heure = horloge.now() + timedelta(hours=3 + tour)

        def book(demande_id=demande_id, creneau_id=creneau.pk) -> None:
            services.book_demande(
                demande_id=demande_id,
                creneau_id=creneau_id,
                by=terrain.soins.acteur,
                cle_depot=uuid4().hex,
                origine=Origine.GUICHET,
            )

        def say(demande_id=demande_id, lieu=taker.lieu, heure=heure, by=taker.acteur) -> None:
            services.give_heure(demande_id=demande_id, lieu=lieu, debut=heure, by=by)

        ended = terrain.race(book, say)
        assert ended.count("fait") == 1, ended
        assert set(ended) - {"fait"} <= REFUS
        issue = terrain.read(demande_id)
        assert (issue.etat, issue.rendez_vous, issue.appels) == (EtatDemande.POURVUE, 1, 0)
        assert len(issue.relations) == 1, "only who receives the person knows who they are"


def naive_accept(pk: UUID, checked) -> Callable[[], object]:
    """Check, then write, as one does without a lock; the barrier makes every rival check before anyone writes."""

    def gesture() -> None:
        row = Sollicitation.objects.get(pk=pk)
        demande = DemandeSoin.objects.get(pk=row.appel.objet_id)
        assert row.etat == EtatSollicitation.ENVOYEE
        assert demande.etat == EtatDemande.SOLLICITEE
        checked.wait(ATTENTE)
        row.etat, row.repondue_le = EtatSollicitation.ACCEPTEE, horloge.now()
        row.save(update_fields=["etat", "repondue_le"])

    return gesture


def test_without_the_lock_the_constraint_still_refuses(terrain: Terrain) -> None:
    demande_id, pks = terrain.file()
    checked = PROCESSUS.Barrier(RIVAUX)
    ended = terrain.race(*(naive_accept(pk, checked) for pk in pks))
    assert ended == sorted(["fait", *["IntegrityError"] * (RIVAUX - 1)])
    assert terrain.read(demande_id).acceptees == 1


def test_control_without_lock_nor_constraint_everybody_has_the_request(terrain: Terrain) -> None:
    demande_id, pks = terrain.file()
    with connections["proprietaire"].cursor() as cursor:
        cursor.execute("DROP INDEX sollicitation_une_acceptee")
    checked = PROCESSUS.Barrier(RIVAUX)
    assert terrain.race(*(naive_accept(pk, checked) for pk in pks)) == ["fait"] * RIVAUX
    assert terrain.read(demande_id).acceptees == RIVAUX


def test_control_without_the_lock_a_professional_is_given_who_withdrew(terrain: Terrain) -> None:
    demande_id, pks = terrain.file()
    checked = PROCESSUS.Barrier(2)

    def naive_withdraw() -> None:
        assert DemandeSoin.objects.get(pk=demande_id).etat == EtatDemande.SOLLICITEE
        checked.wait(ATTENTE)
        DemandeSoin.objects.filter(pk=demande_id).update(etat=EtatDemande.ANNULEE)

    assert terrain.race(naive_accept(pks[0], checked), naive_withdraw) == ["fait", "fait"]
    issue = terrain.read(demande_id)
    assert (issue.etat, issue.acceptees) == (EtatDemande.ANNULEE, 1), "a yes to a request that is no more"


def test_control_without_the_lock_two_appointments_are_given(terrain: Terrain) -> None:
    demande_id, _ = terrain.file()
    with use_cpts(terrain.cpts_id):
        creneaux = [make_creneau(terrain.soins, pro, dans=24).pk for pro in terrain.pros[:2]]
    checked = PROCESSUS.Barrier(2)

    def naive_book(creneau_id: UUID) -> Callable[[], object]:
        def gesture() -> None:
            demande = DemandeSoin.objects.select_related("patient").get(pk=demande_id)
            assert demande.etat == EtatDemande.SOLLICITEE
            checked.wait(ATTENTE)
            services.book(
                creneau_id=creneau_id,
                patient=demande.patient,
                by=SYSTEME,
                cle_depot=uuid4().hex,
                origine=Origine.GUICHET,
                demande=demande,
            )

        return gesture

    assert terrain.race(*map(naive_book, creneaux)) == ["fait", "fait"]
    assert terrain.read(demande_id).rendez_vous == 2, "one person, two appointments"
