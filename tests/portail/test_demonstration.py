"""The demonstration holds what was published, and one act from a tier."""

from datetime import date

import pytest
from django.db.models import Count

from fabriques.droits import enter
from maillon.communaute.adhesions.enums import EtatCandidature
from maillon.communaute.adhesions.models import Adhesion, Candidature
from maillon.communaute.adhesions.selectors import (
    compute_bilan,
    find_open_campagne,
    list_qui_finissent,
    rattachements,
)
from maillon.communaute.annuaire.enums import Profession
from maillon.missions.medecin_traitant.enums import OUVERTS
from maillon.missions.medecin_traitant.models import Demande
from maillon.pilotage.contrats.models import Indicateur
from maillon.pilotage.contrats.selectors import find_ligne, get_contrat, resume_annee
from maillon.portail.demo.services import list_comptes, load_demo
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import format_euros

pytestmark = pytest.mark.usefixtures("demo")


def get_cpts(slug: str) -> Cpts:
    return Cpts.objects.get(slug=slug)


def test_a_second_load_does_nothing():
    before = (Cpts.objects.count(), Compte.objects.count())
    assert load_demo() is False
    assert (Cpts.objects.count(), Compte.objects.count()) == before


@pytest.mark.parametrize(
    ("slug", "published", "without_crisis", "now_without_crisis"),
    [
        ("croix-rousse-presqu-ile", 457_500, 390_000, 367_500),
        ("vaulx-en-velin", 382_500, 330_000, 312_500),
    ],
)
def test_the_published_ceiling_is_that_of_the_first_year(slug, published, without_crisis, now_without_crisis):
    cpts = get_cpts(slug)
    with use_cpts(cpts.pk):
        first = resume_annee(cpts.pk, date(2024, 1, 15))
        current = resume_annee(cpts.pk, today())
    assert first is not None
    assert current is not None
    assert first.annee.plafond.total.valeur == published
    assert first.annee.plafond.hors_activation.valeur == without_crisis
    assert f"vaut {format_euros(without_crisis)}" in first.phrases[0]
    assert f"({format_euros(published)} au plus)" in first.phrases[0]
    assert current.annee.plafond.hors_activation.valeur == now_without_crisis


def test_only_the_total_of_the_2019_contract_is_known_and_it_is_over():
    cpts = get_cpts("venissieux")
    with use_cpts(cpts.pk):
        contrat = get_contrat(cpts.pk)
        assert contrat is not None
        assert contrat.plafond_publie == 210_000
        assert contrat.etat == "clos"
        assert resume_annee(cpts.pk, today()) is None


@pytest.mark.parametrize(("slug", "members"), [("croix-rousse-presqu-ile", 78), ("vaulx-en-velin", 56)])
def test_members_are_as_many_as_published(slug, members):
    cpts = get_cpts(slug)
    with use_cpts(cpts.pk):
        assert Adhesion.objects.count() == members


def test_professions_of_venissieux_are_as_published():
    cpts = get_cpts("venissieux")
    with use_cpts(cpts.pk):
        counts = dict(
            Adhesion.objects.filter(professionnel__isnull=False)
            .values_list("professionnel__profession")
            .annotate(count=Count("pk"))
        )
        structures = Adhesion.objects.filter(structure__isnull=False).count()
    assert counts[Profession.INFIRMIER] == 52
    assert counts[Profession.PHARMACIEN] == 27
    assert counts[Profession.MASSEUR_KINESITHERAPEUTE] == 16
    assert structures == 2


def test_population_of_grand_saint_etienne_is_that_of_its_communes():
    cpts = get_cpts("grand-saint-etienne")
    with use_cpts(cpts.pk):
        contrat = get_contrat(cpts.pk)
        assert contrat is not None
        assert (contrat.population, contrat.millesime) == (230_515, 2019)


def test_one_act_is_missing_to_reach_a_tier_and_its_euros():
    cpts = get_cpts("grand-saint-etienne")
    with use_cpts(cpts.pk):
        resume = resume_annee(cpts.pk, today())
        assert resume is not None
        ligne = find_ligne(resume.annee, Indicateur.objects.get(code="mt-ald"))
    lowest = min(palier.seuil for palier in ligne.paliers)
    assert ligne.prevision.valeur == lowest + 1
    assert ligne.resultat.prochain is not None
    assert ligne.resultat.prochain.gain == 3000


def test_every_open_request_has_an_owner_and_a_next_date():
    for cpts in Cpts.objects.all():
        with use_cpts(cpts.pk):
            ouvertes = Demande.objects.filter(etat__in=OUVERTS)
            assert ouvertes.exists()
            assert not ouvertes.filter(responsable__isnull=True).exists()
            assert not ouvertes.filter(prochaine_date__isnull=True).exists()


def test_mail_of_the_past_was_sent():
    for cpts in Cpts.objects.all():
        with use_cpts(cpts.pk):
            assert not Message.objects.filter(etat=Etat.A_ENVOYER).exists()


def test_accounts_are_listed_one_a_role():
    printed = "\n".join(list_comptes())
    for words in ("coordination", "claire.fournel@example.org", "francoise.villard@example.org", "ARS"):
        assert words in printed


def test_every_account_opens_its_home(client):
    for compte in Compte.objects.filter(fictif=True):
        response = enter(client, compte).get("/", follow=True)
        assert response.status_code == 200, compte


def test_the_association_of_the_showcase_lives():
    cpts = get_cpts("grand-saint-etienne")
    with use_cpts(cpts.pk):
        assert Candidature.objects.filter(etat=EtatCandidature.DEPOSEE).count() == 2
        bilan = compute_bilan(find_open_campagne(cpts.pk))
        assert bilan.payees > bilan.dues > 0
        assert rattachements(cpts.pk, on=today()).count() == 3  # two biologists, one nurse of a health centre
        assert list_qui_finissent(cpts.pk, on=today())
