"""Two rows that are one person: what merging keeps and moves, undoing it, and what is never merged."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from fabriques.annuaire import ProfessionnelFabrique
from fabriques.droits import enter, make_membre
from fabriques.personnes import AppartenanceFabrique, GroupeFabrique, PersonneFabrique
from maillon.communaute.personnes.models import Appartenance, Personne
from maillon.communaute.reprise.doublons import list_paires
from maillon.communaute.reprise.liens import list_liens
from maillon.communaute.reprise.models import Fusion
from maillon.communaute.reprise.services import FusionRefusee, distinguish, merge_personnes, undo_fusion
from maillon.communaute.reunions.enums import TypeReunion
from maillon.communaute.reunions.models import Participation, Reunion
from maillon.socle.droits.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def paire(cpts):
    """Léa, known by her number; Léa again, by her mail, in two groups and invited to a meeting."""
    gardee = PersonneFabrique(cpts=cpts, nom="Petit", prenom="Léa", courriel="", professionnel=ProfessionnelFabrique())
    absorbee = PersonneFabrique(cpts=cpts, nom="PETIT", prenom="Lea", courriel="lea@example.org", fonction="trésorière")
    commun, seul = GroupeFabrique(cpts=cpts), GroupeFabrique(cpts=cpts)
    for groupe, personne in ((commun, gardee), (commun, absorbee), (seul, absorbee)):
        AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=personne)
    reunion = Reunion.objects.create(cpts=cpts, type=TypeReunion.CA, titre="CA", organisateur=absorbee)
    Participation.objects.create(cpts=cpts, reunion=reunion, personne=absorbee)
    return gardee, absorbee


def snapshot() -> list[tuple]:
    return [
        *Personne.objects.order_by("pk").values_list(
            "pk", "nom", "courriel", "fonction", "professionnel", "fusionnee_dans"
        ),
        *Appartenance.objects.order_by("pk").values_list("pk", "personne"),
        *Participation.objects.order_by("pk").values_list("pk", "personne"),
        *Reunion.objects.order_by("pk").values_list("pk", "organisateur"),
    ]


def test_everything_follows_and_comes_back(paire, by):
    gardee, absorbee = paire
    avant = snapshot()
    fusion = merge_personnes(gardee=gardee, absorbee=absorbee, prises=frozenset({"fonction"}), by=by)
    gardee.refresh_from_db()
    absorbee.refresh_from_db()
    assert (gardee.nom, gardee.courriel, gardee.fonction) == ("Petit", "lea@example.org", "trésorière")
    assert absorbee.fusionnee_dans == gardee
    assert gardee.appartenances.count() == 2
    assert absorbee.appartenances.count() == 1  # the place in the common group was taken: it stays, and is recorded
    assert Participation.objects.get().personne == gardee
    assert Reunion.objects.get().organisateur == gardee  # a relation without a reverse name follows too
    assert list(fusion.restes) == ["personnes.Appartenance.personne"]
    undo_fusion(fusion=fusion, by=by)
    assert snapshot() == avant
    with pytest.raises(FusionRefusee, match="déjà annulée"):
        undo_fusion(fusion=fusion, by=by)


def test_what_changed_since_is_not_taken_back(paire, by):
    gardee, absorbee = paire
    fusion = merge_personnes(gardee=gardee, absorbee=absorbee, prises=frozenset(), by=by)
    Personne.objects.filter(pk=gardee.pk).update(courriel="corrige@example.org")
    undo_fusion(fusion=fusion, by=by)
    gardee.refresh_from_db()
    assert gardee.courriel == "corrige@example.org"


def test_the_number_goes_to_the_row_that_has_none(cpts, by):
    professionnel = ProfessionnelFabrique()
    sans, avec = PersonneFabrique(cpts=cpts), PersonneFabrique(cpts=cpts, professionnel=professionnel)
    merge_personnes(gardee=sans, absorbee=avec, prises=frozenset(), by=by)
    sans.refresh_from_db()
    assert sans.professionnel == professionnel


def test_two_numbers_or_two_accounts_are_two_people(cpts, by):
    une, autre = (PersonneFabrique(cpts=cpts, professionnel=ProfessionnelFabrique()) for _ in range(2))
    with pytest.raises(FusionRefusee, match="deux numéros RPPS"):
        merge_personnes(gardee=une, absorbee=autre, prises=frozenset(), by=by)
    compte = make_membre(cpts, Role.PROFESSIONNEL, rpps="99812345678")
    with pytest.raises(FusionRefusee, match="deux numéros RPPS"):
        merge_personnes(gardee=une, absorbee=PersonneFabrique(cpts=cpts, membre=compte), prises=frozenset(), by=by)
    une, autre = (PersonneFabrique(cpts=cpts, membre=make_membre(cpts, Role.BUREAU)) for _ in range(2))
    with pytest.raises(FusionRefusee, match="chacune un compte"):
        merge_personnes(gardee=une, absorbee=autre, prises=frozenset(), by=by)
    with pytest.raises(FusionRefusee, match="même fiche"):
        merge_personnes(gardee=une, absorbee=une, prises=frozenset(), by=by)


def test_database_refuses_two_merges_of_one_row(cpts, by, paire):
    gardee, absorbee = paire
    merge_personnes(gardee=gardee, absorbee=absorbee, prises=frozenset(), by=by)
    with pytest.raises(FusionRefusee, match="déjà été réunie"):
        merge_personnes(gardee=gardee, absorbee=absorbee, prises=frozenset(), by=by)
    with pytest.raises(IntegrityError, match="fusion_unique"), transaction.atomic():
        Fusion.objects.create(cpts=cpts, gardee=gardee, absorbee=absorbee)


def test_every_table_that_points_to_a_person_is_walked():
    """Those of today, and those of tomorrow: the walk reads the models."""
    noms = {f"{champ.model._meta.label}.{champ.name}" for champ in list_liens(Personne)}
    assert {
        "personnes.Appartenance.personne",
        "personnes.Personne.fusionnee_dans",
        "actions.Action.responsable",
        "reunions.Reunion.organisateur",
        "reunions.Participation.personne",
    } <= noms


def test_pairs_by_name_number_and_mail(cpts, paire, by):
    PersonneFabrique(cpts=cpts, nom="Roy", prenom="Ana", courriel="cabinet@example.org")
    PersonneFabrique(cpts=cpts, nom="Gil", prenom="Tom", courriel="cabinet@example.org")  # a shared mailbox
    PersonneFabrique(cpts=cpts, nom="Roy-Dupré", prenom="Anna", courriel="cabinet@example.org")
    trouvees = {(p.une.nom, p.autre.nom): p.raison for p in list_paires(cpts.pk)}
    assert trouvees == {("Petit", "PETIT"): "même nom", ("Roy", "Roy-Dupré"): "même courriel"}
    distinguish(une=paire[1], autre=paire[0], by=by)
    assert [p.raison for p in list_paires(cpts.pk)] == ["même courriel"]


def test_compare_merge_and_separate_on_screen(cpts, paire, django_assert_max_num_queries):
    gardee, absorbee = paire
    client = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
    liste = reverse("reprise:doublons", args=[cpts.slug])
    with django_assert_max_num_queries(20):
        assert "Comparer" in client.get(liste).content.decode()
    page = reverse("reprise:reunir", args=[cpts.slug, gardee.pk, absorbee.pk])
    vue = client.get(page).content.decode()
    assert "Appartenance à un groupe" in vue
    reponse = client.post(page, follow=True)
    assert "Annuler" in reponse.content.decode()
    fusion = Fusion.objects.get()
    assert client.get(page).status_code == 404
    client.post(reverse("reprise:annuler_fusion", args=[cpts.slug, fusion.pk]))
    absorbee.refresh_from_db()
    assert absorbee.fusionnee_dans is None
    client.post(reverse("reprise:distinguer", args=[cpts.slug, gardee.pk, absorbee.pk]))
    assert list_paires(cpts.pk) == []
