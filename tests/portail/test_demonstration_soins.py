"""The demonstration of unscheduled care: one afternoon lacks somebody, every figure has acts behind it, and requests
wait in every state."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.soins_non_programmes.enums import Origine
from maillon.missions.soins_non_programmes.models import GENRE, Creneau, DemandeSoin, RendezVous
from maillon.missions.soins_non_programmes.selectors import chiffres, promesses, tensions
from maillon.missions.soins_non_programmes.selectors.periodes import find_periode
from maillon.portail.demo.soins_du_jour import find_moment
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts

pytestmark = pytest.mark.usefixtures("demo")


def test_one_afternoon_lacks_a_physiotherapist():
    cpts = Cpts.objects.get(slug="grand-saint-etienne")
    with use_cpts(cpts.pk):
        entiers = [blanc for blanc in promesses.find_blancs(cpts) if blanc.entier]
        assert [blanc.profession for blanc in entiers] == [Profession.MASSEUR_KINESITHERAPEUTE]
        assert promesses.find_sollicitables(cpts.pk, entiers)[entiers[0].cle]


def test_venissieux_keeps_its_promise():
    """Every afternoon 14–20 a doctor, a physiotherapist and a nurse; pharmacists and the centre 15 ask."""
    cpts = Cpts.objects.get(slug="venissieux")
    with use_cpts(cpts.pk):
        assert promesses.find_blancs(cpts) == []
        presences = chiffres.compute_presences(cpts, find_periode(13))
        assert {presence.profession for presence in presences} == {"10", "60", "70"}
        assert all(presence.part > 0.99 for presence in presences)
        auteurs = RendezVous.objects.filter(origine__in=(Origine.PHARMACIE, Origine.REGULATION))
        assert not auteurs.filter(pris_par=None, compte_id=None).exists()
        assert {"pharmacie", "regulation"} == set(auteurs.order_by().values_list("origine", flat=True).distinct())


def test_every_figure_has_acts():
    cpts = Cpts.objects.get(slug="grand-saint-etienne")
    with use_cpts(cpts.pk):
        bilan = chiffres.compute_bilan(cpts.pk, find_periode(13))
        vues = tensions.compute_tensions(cpts.pk, find_periode(13))
        presences = chiffres.compute_presences(cpts, find_periode(13))
    assert min(bilan.medecins_sas, bilan.creneaux, bilan.honores, bilan.manques, bilan.repondues) > 0
    assert bilan.donnes >= bilan.honores + bilan.manques
    assert 0.9 < bilan.part_journee < 1
    assert vues.find_pire().profession == Profession.MEDECIN
    assert all(presence.part > 0.9 for presence in presences)


def test_requests_wait_in_every_state():
    cpts = Cpts.objects.get(slug="grand-saint-etienne")
    with use_cpts(cpts.pk):
        demandes = DemandeSoin.objects.filter(cle_depot__startswith="demo-jour").order_by("deposee_le")
        assert [demande.etat for demande in demandes] == ["pourvue", "escaladee", "sollicitee", "sollicitee"]
        assert demandes[2].origine == Origine.REGULATION
        asked = Sollicitation.objects.of_objets(GENRE, [demandes[3].pk]).get(etat=EtatSollicitation.ENVOYEE)
        assert asked.professionnel.nom == "Chavanne"
        assert all(demande.avant_le > horloge.now() for demande in demandes)
        donnes = RendezVous.objects.filter(cle_depot__startswith="demo-jour", creneau__debut__gt=horloge.now())
        assert {"confirme", "annule", "retenu"} <= set(donnes.values_list("etat", flat=True))
        assert donnes.filter(derogation=True).exists()


def test_a_slot_of_a_neighbour_was_given():
    voisine, ici = Cpts.objects.get(slug="vaulx-en-velin"), Cpts.objects.get(slug="venissieux")
    with use_cpts(voisine.pk):
        assert Creneau.objects.filter(cpts=ici, partages__contains=[voisine.pk]).libres().exists()
    with use_cpts(ici.pk):
        assert RendezVous.objects.get(cle_depot="demo-jour-voisine").compte_id is not None


@pytest.mark.parametrize(
    ("heure", "moment"),
    [
        ("2026-11-24T11:10", "2026-11-24T11:10"),
        ("2026-11-24T23:30", "2026-11-24T19:20"),
        ("2026-11-24T03:00", "2026-11-23T19:20"),
    ],
)
def test_nobody_asks_in_the_night(heure, moment):
    paris = ZoneInfo("Europe/Paris")
    at, expected = (datetime.fromisoformat(texte).replace(tzinfo=paris) for texte in (heure, moment))
    assert find_moment(at, paris) == expected
