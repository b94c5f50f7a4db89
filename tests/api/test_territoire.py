"""Two communities, two regulators: what each reads of them, page by page and in the database."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_agent
from fabriques.patients import make_patient
from fabriques.sas import make_cpts_sas, make_rendez_vous_regule, regulating
from fabriques.soins import make_creneau, make_pro, make_rendez_vous
from maillon.api.models import Regulateur
from maillon.communaute.patients.models import Patient
from maillon.missions.soins_non_programmes.enums import EtatDemande, Origine
from maillon.missions.soins_non_programmes.models import Creneau, DemandeSoin, LieuConsultation, RendezVous
from maillon.pilotage.cycle.models import SuiviCycle
from maillon.socle.contexte import Contexte, act_in, use_contexte, use_cpts
from maillon.socle.contexte import switch_contexte as switch
from maillon.socle.droits import middleware
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.droits.models import AgentTerritorial
from maillon.socle.droits.selectors import acteur_of_compte
from maillon.socle.horloge import now

pytestmark = pytest.mark.django_db

CANARI = {"nom": "Canarini", "prenom": "Oiselle", "telephone": "+33600112233"}


@pytest.fixture
def loire():
    return make_cpts_sas(nom="CPTS de la Loire")


@pytest.fixture
def rhone():
    return make_cpts_sas(nom="CPTS du Rhône", finess="690000019", departement="69")


@pytest.fixture
def agent() -> AgentTerritorial:
    return make_agent(RoleTerritorial.REGULATEUR, departement="42")


def make_others(soins) -> RendezVous:
    """What others did in this community: a booking of its desk, of a second regulator, and requests; all canaries."""
    with use_cpts(soins.cpts.pk):
        booked = make_rendez_vous(soins, make_creneau(soins, make_pro(soins), dans=3), **CANARI)
        held = make_creneau(soins, make_pro(soins), dans=4)
        for etat in (EtatDemande.OUVERTE, EtatDemande.ACCEPTEE):
            pro = make_pro(soins)
            DemandeSoin.objects.create(
                cpts=soins.cpts, reference=f"SD-{uuid4().hex[:8]}", patient=make_patient(soins.cpts, **CANARI),
                profession="60", commune=soins.saint_etienne, avant_le=now(), prochaine_le=now(), etat=etat,
                accepte_par=pro.professionnel if etat == EtatDemande.ACCEPTEE else None, origine=Origine.GUICHET,
                cle_depot=uuid4().hex,
            )  # fmt: skip
    colleague = Regulateur(compte=make_agent(RoleTerritorial.REGULATEUR, departement=soins.cpts.departement).compte)
    make_rendez_vous_regule(soins, held, colleague)
    return booked


def read_pages(agent: AgentTerritorial, booked: RendezVous) -> dict[str, tuple[int, str]]:
    """Every page that a regulator may ask for, with the numbers of what others did."""
    with use_cpts(booked.cpts_id):
        demandes = list(DemandeSoin.objects.values_list("pk", flat=True))
        others = list(RendezVous.objects.values_list("pk", flat=True))
    addresses = [reverse(f"soins_regulation{name}") for name in ("", "_donnes", "_demandes")]
    addresses += [f"{reverse('soins_regulation')}?quand=48h&nom={CANARI['nom']}&q={CANARI['nom']}"]
    addresses += [reverse("soins_regulation_creneau", args=[booked.creneau_id])]
    addresses += [reverse("soins_regulation_demande", args=[pk]) for pk in demandes]
    addresses += [
        reverse(f"soins_regulation_{name}", args=[pk])
        for pk in others
        for name in ("rendez_vous", "confirmer", "deplacer")
    ]
    client = enter(Client(), agent.compte)
    answers = {address: client.get(address, follow=True) for address in addresses}
    for name, pk in (("annuler", booked.pk), ("liberer", booked.pk), ("retablir", booked.pk)):
        address = reverse(f"soins_regulation_{name}", args=[pk])
        answers[f"POST {address}"] = client.post(address, {"motif": "patient"})
    return {address: (answer.status_code, answer.content.decode()) for address, answer in answers.items()}


def test_who_comes_to_a_booking_of_others_is_never_read(loire, agent) -> None:
    booked = make_others(loire)
    pages = read_pages(agent, booked)
    for address, (status, page) in pages.items():
        assert status in (200, 404, 405), address
        for trace in CANARI.values():
            assert trace not in page, address
        if "POST" in address or "/rendez-vous/" in address.rstrip("/").removesuffix("rendez-vous"):
            assert status in (404, 405) or address.endswith("/regulation/rendez-vous/"), address
    with use_cpts(loire.cpts.pk):
        assert RendezVous.objects.get(pk=booked.pk).etat == booked.etat


def test_the_database_keeps_what_pages_would_forget(loire, rhone, agent) -> None:
    """In the context of the regulator's request: free slots and places of the territory; of bookings own ones alone."""
    here, there = make_others(loire), make_others(rhone)
    acteur = acteur_of_compte(agent.compte, fort=True)
    assert acteur.cpts_regulees == {loire.cpts.pk}
    with regulating(acteur):
        assert set(Creneau.objects.values_list("cpts_id", flat=True)) == {loire.cpts.pk}
        assert set(LieuConsultation.objects.values_list("cpts_id", flat=True)) == {loire.cpts.pk}
        assert not RendezVous.objects.exists()
        assert not DemandeSoin.objects.exists()
        assert not Patient.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM patients_relationsoin")
            assert cursor.fetchone() == (0,)
        with pytest.raises(PermissionError), act_in(rhone.cpts.pk):
            pass
        # Inside the community, where a booking is written, the querysets still hold.
        with act_in(loire.cpts.pk):
            assert not RendezVous.objects.visible_to(acteur).exists()
            assert not DemandeSoin.objects.visible_to(acteur).exists()
            assert not Patient.objects.visible_to(acteur).exists()
    assert {here.cpts_id, there.cpts_id} == {loire.cpts.pk, rhone.cpts.pk}


def test_a_slot_of_another_territory_does_not_open(loire, rhone, agent) -> None:
    with use_cpts(rhone.cpts.pk):
        slot = make_creneau(rhone, make_pro(rhone))
    client = enter(Client(), agent.compte)
    assert client.get(reverse("soins_regulation_creneau", args=[slot.pk])).status_code == 404
    kept = client.post(reverse("soins_regulation_retenir"), {"creneau": slot.pk, "cle": "k" * 24})
    assert kept.status_code == 404
    with use_cpts(rhone.cpts.pk):
        assert not RendezVous.objects.exists()


def test_a_regulator_of_both_territories_books_each_in_its_own(loire, rhone, agent) -> None:
    make_agent(RoleTerritorial.OSNP, departement="69", compte=agent.compte)
    for soins in (loire, rhone):
        with use_cpts(soins.cpts.pk):
            slot = make_creneau(soins, make_pro(soins))
        booked = make_rendez_vous_regule(soins, slot, Regulateur(compte=agent.compte))
        assert booked.cpts_id == soins.cpts.pk
    acteur = acteur_of_compte(agent.compte, fort=True)
    with regulating(acteur):
        own = RendezVous.objects.visible_to(acteur)
        assert set(own.values_list("cpts_id", flat=True)) == {loire.cpts.pk, rhone.cpts.pk}
        assert not Patient.objects.exists(), "who comes is read inside each community, and traced"


def test_what_nobody_could_take_is_open_to_the_regulators_of_the_territory_alone(loire, rhone, agent) -> None:
    """An escalated request is for them to answer, by the desk that has the name. Elsewhere it is nothing."""
    rows = {}
    for soins in (loire, rhone):
        with use_cpts(soins.cpts.pk):
            patient = make_patient(soins.cpts, **CANARI)
            rows[soins.cpts.pk] = DemandeSoin.objects.create(
                cpts=soins.cpts, reference=f"SD-{uuid4().hex[:8]}", patient=patient, profession="60",
                commune=soins.saint_etienne, avant_le=now(), prochaine_le=now(), escaladee_le=now(),
                etat=EtatDemande.ESCALADEE, origine=Origine.GUICHET, cle_depot=uuid4().hex,
            ).pk  # fmt: skip
    client = enter(Client(), agent.compte)
    opened = client.get(reverse("soins_regulation_demande", args=[rows[loire.cpts.pk]]))
    assert opened.status_code == 200
    for trace in CANARI.values():
        assert trace not in opened.content.decode()
    assert client.get(reverse("soins_regulation_demande", args=[rows[rhone.cpts.pk]])).status_code == 404


@pytest.mark.parametrize(("lit", "regule"), [("69", "42"), ("42", "69")])
def test_somebody_who_is_both_reads_contracts_in_one_territory_and_slots_in_the_other(
    loire, rhone, monkeypatch, lit, regule
) -> None:
    """In the context that the door opens for a request of theirs, without any filter of a page."""
    for soins in (loire, rhone):
        make_others(soins)
        with use_cpts(soins.cpts.pk):
            SuiviCycle.objects.create(cpts=soins.cpts)
    cpts = {soins.cpts.departement: soins.cpts.pk for soins in (loire, rhone)}
    agent = make_agent(RoleTerritorial.CPAM, departement=lit)
    make_agent(RoleTerritorial.REGULATEUR, departement=regule, compte=agent.compte)
    opened: list[Contexte] = []
    monkeypatch.setattr(middleware, "switch_contexte", lambda contexte: (opened.append(contexte), switch(contexte)))
    assert enter(Client(), agent.compte).get(reverse("soins_regulation")).status_code == 200
    with use_contexte(opened[-1]):
        assert set(SuiviCycle.objects.values_list("cpts_id", flat=True)) == {cpts[lit]}
        assert set(Creneau.objects.values_list("cpts_id", flat=True)) == {cpts[regule]}
        assert set(LieuConsultation.objects.values_list("cpts_id", flat=True)) == {cpts[regule]}
