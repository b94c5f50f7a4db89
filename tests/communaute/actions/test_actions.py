"""Fiches-action: who reads them, what may become of them, what hangs on them."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

from fabriques.actions import ActionFabrique, EtapeFabrique
from fabriques.budget import make_operation
from fabriques.droits import enter, make_acteur, make_membre
from fabriques.personnes import AppartenanceFabrique, GroupeFabrique, PersonneFabrique
from fabriques.structures import PartenariatFabrique, StructureFabrique
from maillon.communaute.actions import selectors, services
from maillon.communaute.actions.declarations import list_alertes
from maillon.communaute.actions.donnees import DonneesAction
from maillon.communaute.actions.enums import TRANSITIONS, Etat, Geste
from maillon.communaute.actions.fiche import _build_vue
from maillon.communaute.actions.models import Action, EtapeAction
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.contexte import use_cpts
from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now

ICI = "actions"


def url(nom: str, cpts, *args) -> str:
    return reverse(f"{ICI}:{nom}", args=[cpts.slug, *args])


def read(reponse) -> str:
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " "))


@pytest.fixture
def coordination(cpts) -> Client:
    return enter(Client(), make_membre(cpts, Role.COORDINATION).compte)


def test_one_reads_the_fiches_of_ones_missions_and_a_referent_keeps_theirs(dans_cpts):
    cpts = dans_cpts
    sienne = ActionFabrique(cpts=cpts, mission="prevention")
    autre = ActionFabrique(cpts=cpts, mission="parcours")
    soignant = make_membre(cpts, Role.PROFESSIONNEL)
    personne = PersonneFabrique(cpts=cpts, membre=soignant)
    acteur = make_acteur(soignant)
    assert not Action.objects.visible_to(acteur).exists()

    groupe = GroupeFabrique(cpts=cpts, mission="prevention")
    AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=personne)
    assert list(Action.objects.visible_to(acteur)) == [sienne]
    autre.responsable = personne
    autre.save()
    assert set(Action.objects.visible_to(acteur)) == {sienne, autre}
    assert not Action.objects.visible_to(acteur).kept_by(acteur).exists()

    referent = make_acteur(make_membre(cpts, Role.REFERENT_MISSION, mission="prevention"))
    assert selectors.get_action(sienne.pk, for_acteur=referent, ecrire=True) == sienne
    with pytest.raises(Http404):
        selectors.get_action(autre.pk, for_acteur=referent)
    assert not Action.objects.visible_to(make_acteur(make_membre(cpts, Role.PARTENAIRE))).exists()


@pytest.mark.parametrize(("depart", "arrivee"), [(d, a) for d in Etat for a in Etat if d != a])
def test_a_state_changes_along_its_table_and_back(dans_cpts, depart, arrivee):
    action = ActionFabrique(cpts=dans_cpts, etat=depart)
    if arrivee not in TRANSITIONS[depart]:
        with pytest.raises(SaisieInvalide, match="elle ne peut pas devenir"):
            services.move_action(action=action, etat=arrivee, by=SYSTEME)
        return
    assert services.move_action(action=action, etat=arrivee, by=SYSTEME) is depart
    action.refresh_from_db()
    assert action.etat == arrivee
    assert depart in TRANSITIONS[arrivee], "an undo has its way back"


def test_the_database_refuses_an_end_before_the_beginning_and_the_form_says_it(dans_cpts, coordination):
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionFabrique(cpts=dans_cpts, debut=date(2026, 5, 2), fin=date(2026, 5, 1))
    champs = {"titre": "Bus", "mission": "prevention", "debut": "2026-05-02", "fin": "2026-05-01"}
    refus = coordination.post(url("nouvelle", dans_cpts), champs)
    assert refus.status_code == 422
    assert "La fin de l’action précède son début." in read(refus)


def test_opening_completing_and_copying_a_fiche(cpts, coordination):
    with use_cpts(cpts.pk):
        hopital = StructureFabrique(nom="Clinique du Parc")
        PartenariatFabrique(cpts=cpts, structure=hopital)
    champs = {
        "titre": "Bus de dépistage",
        "mission": "prevention",
        "debut": "2026-11-01",
        "fin": "2027-02-28",
        "montant_prevu": "1500,50",
        "partenaires": [str(hopital.pk)],
    }
    assert coordination.post(url("nouvelle", cpts), champs).status_code == 302
    with use_cpts(cpts.pk):
        action = Action.objects.get()
    assert action.montant_prevu == Decimal("1500.50")
    assert (
        coordination.post(url("ajouter_etape", cpts, action.pk), {"libelle": "Louer", "echeance": ""}).status_code
        == 422
    )
    coordination.post(url("ajouter_etape", cpts, action.pk), {"libelle": "Louer le bus", "echeance": "2026-11-10"})
    page = read(coordination.get(url("fiche", cpts, action.pk)))
    for attendu in ("Bus de dépistage", "Clinique du Parc", "Louer le bus", "en retard", "1 500,50 € prévus"):
        assert attendu in page
    coordination.post(url("dupliquer", cpts, action.pk))
    with use_cpts(cpts.pk):
        copie = Action.objects.exclude(pk=action.pk).get()
        assert (copie.debut, copie.fin, copie.etat) == (date(2026, 11, 24), date(2027, 3, 23), "prevue")
        assert [e.echeance for e in copie.etapes.all()] == [date(2026, 12, 3)]
        assert [p.structure for p in copie.liens_partenaires.all()] == [hopital]


def test_what_is_done_is_undone_from_the_announcement(cpts, coordination):
    with use_cpts(cpts.pk):
        etape = EtapeFabrique(action=ActionFabrique(cpts=cpts))
    for geste, avant in ((Geste.FAITE, "a_faire"), (Geste.RETIRER, "retablir")):
        reponse = coordination.post(url("etape", cpts, etape.action_id, etape.pk, geste), follow=True)
        retour = url("etape", cpts, etape.action_id, etape.pk, avant)
        assert retour in reponse.content.decode()
        coordination.post(retour)
    coordination.post(url("etat", cpts, etape.action_id, "en_cours"))
    coordination.post(url("etat", cpts, etape.action_id, "prevue"))
    with use_cpts(cpts.pk):
        apres = EtapeAction.objects.select_related("action").get()
    assert (apres.faite_le, apres.retiree, apres.sequence, apres.action.etat) == (None, False, 4, "prevue")
    assert coordination.post(url("etat", cpts, etape.action_id, "inconnu")).status_code == 404
    assert coordination.post(url("etape", cpts, etape.action_id, etape.pk, "inconnu")).status_code == 404


def test_spending_hangs_on_the_fiche_against_its_planned_budget(cpts, coordination, django_assert_max_num_queries):
    with use_cpts(cpts.pk):
        action = ActionFabrique(cpts=cpts, montant_prevu=Decimal(1000))
        make_operation(cpts, libelle="Location du bus", montant=Decimal("250.40"), action=action)
        make_operation(cpts, libelle="Subvention", montant=Decimal(100), sens="recette", action=action)
        make_operation(cpts, libelle="Autre chose", montant=Decimal(99))
    with django_assert_max_num_queries(40):
        page = read(coordination.get(url("fiche", cpts, action.pk)))
    assert "Location du bus" in page
    assert "250,40" in page
    assert "Subvention" not in page
    assert "Autre chose" not in page
    liste = coordination.get(reverse("budget:operations", args=[cpts.slug]) + f"?action={action.pk}")
    assert "Location du bus" in read(liste)
    assert "Autre chose" not in read(liste)


def test_list_year_and_pdf_show_the_same_fiches(cpts, coordination, django_assert_max_num_queries):
    with use_cpts(cpts.pk):
        personne = PersonneFabrique(cpts=cpts, nom="Testud", fonction="infirmière")
        for _ in range(3):
            action = EtapeFabrique(action=ActionFabrique(cpts=cpts, responsable=personne, fin=date(2026, 11, 1))).action
        ActionFabrique(cpts=cpts, titre="À l’heure", fin=date(2027, 1, 31))
    with django_assert_max_num_queries(30):
        page = read(coordination.get(url("liste", cpts) + "?retard=oui"))
    assert "3 actions" in page
    assert "À l’heure" not in page
    assert "À l’heure" in read(coordination.get(url("annee", cpts) + "?annee=2026"))
    assert "À l’heure" in read(coordination.get(url("annee", cpts) + "?annee=2027"))
    assert "Aucune action en 2031" in read(coordination.get(url("annee", cpts) + "?annee=2031"))
    pdf = coordination.get(url("pdf", cpts, action.pk))
    assert pdf.content.startswith(b"%PDF")


def test_the_paper_of_the_cpam_names_nobody(dans_cpts):
    personne = PersonneFabrique(cpts=dans_cpts, nom="Testud", fonction="infirmière")
    action = EtapeFabrique(action=ActionFabrique(cpts=dans_cpts, responsable=personne)).action
    lue = selectors.get_action(action.pk, for_acteur=make_acteur(make_membre(dans_cpts, Role.COORDINATION)))
    vue = str(_build_vue(lue, [], {}, now()))
    assert "infirmière" in vue
    assert "Testud" not in vue


def test_the_home_page_says_what_is_late(dans_cpts):
    acteur = make_acteur(make_membre(dans_cpts, Role.REFERENT_MISSION, mission="prevention"))
    action = ActionFabrique(cpts=dans_cpts, titre="Mois sans tabac", fin=date(2026, 11, 18))
    EtapeFabrique(action=action, echeance=date(2026, 11, 26), libelle="Bilan")
    EtapeFabrique(action=action, echeance=date(2026, 11, 20), libelle="Déjà dite par l’action")
    EtapeFabrique(action=action, echeance=date(2027, 3, 1), libelle="Plus tard")
    ActionFabrique(cpts=dans_cpts, mission="parcours", fin=date(2026, 11, 1))
    phrases = [alerte.phrase for alerte in list_alertes(dans_cpts.pk, acteur, now())]
    assert phrases == [
        "L’action «\u00a0Mois sans tabac\u00a0» devait finir il y a 6\u00a0jours.",
        "Mois sans tabac, étape «\u00a0Bilan\u00a0» prévue dans 2\u00a0jours.",
    ]
    assert DonneesAction(titre="", mission="", debut=date(2026, 1, 1)).partenaires == ()
    assert any(source.genre == "action" for source in collect("agenda"))
