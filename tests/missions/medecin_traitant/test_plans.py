"""No page of the desk reads a large table from end to end: under row level security, each query has its index."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_membre
from fabriques.medecin_traitant import Guichet, make_demande, make_guichet, make_medecin
from maillon.communaute.patients.selectors import search_patients
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import Demande
from maillon.missions.medecin_traitant.selectors import flux, indicateurs
from maillon.pilotage.contrats.actes import Compteur, Fenetre, get_rows, measure
from maillon.socle.contexte import use_cpts
from maillon.socle.declarations import IndicateurDeclare, collect
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Lecture

pytestmark = pytest.mark.django_db

GRANDES = (
    "medecin_traitant_demande", "sollicitations_appel", "sollicitations_sollicitation", "patients_patient",
    "patients_relationsoin", "journal_entree", "journal_lecture",
)  # fmt: skip


@pytest.fixture
def guichet() -> Guichet:
    guichet = make_guichet()
    with use_cpts(guichet.cpts.pk):
        medecins = [make_medecin(guichet, places=20, nom=nom) for nom in ("Aubert", "Blanc")]
        for etat in (*Etat, Etat.PLACEE, Etat.QUALIFIEE):
            make_demande(guichet, etat=etat, medecins=[medecins[0]])
    return guichet


@contextmanager
def explained() -> Iterator[list[tuple[str, str]]]:
    """Each query that reads a large table inside this block, with its plan when reading it whole costs too much."""
    plans: list[tuple[str, str]] = []

    def explain(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.startswith("SELECT") and any(f'"{table}"' in sql for table in GRANDES):
            execute(f"EXPLAIN {sql}", params, many, context)
            plans.append((sql, "\n".join(ligne for (ligne,) in context["cursor"].fetchall())))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with connection.execute_wrapper(explain):
        yield plans


def ask_pages(guichet: Guichet) -> Iterator[tuple[str, Any]]:
    slug = guichet.cpts.slug
    client = enter(Client(), make_membre(guichet.cpts, Role.COORDINATION).compte)
    liste, finies = (reverse(f"medecin_traitant_{nom}", args=[slug]) for nom in ("liste", "terminees"))
    with use_cpts(guichet.cpts.pk):
        fiche = Demande.objects.filter(etat=Etat.QUALIFIEE).first()
    assert fiche is not None
    adresses = [
        liste, finies,
        *(f"{liste}?tri={tri}" for tri in ("reference", "-priorite", "commune", "deposee_le", "prochaine_date")),
        f"{liste}?etat=qualifiee&priorite=normale", f"{liste}?age=retard", f"{finies}?tri=-deposee_le&etat=close",
        reverse("medecin_traitant_fiche", args=[slug, fiche.pk]),
        reverse("medecin_traitant_totaux", args=[slug]),
        reverse("medecin_traitant_places", args=[slug]),
        reverse("medecin_traitant_journee", args=[slug]),
        reverse("accueil_cpts", args=[slug]),
    ]  # fmt: skip
    for adresse in adresses:
        yield adresse, lambda adresse=adresse: client.get(adresse)
    for texte in ("martin", "MT-2026", "0612345678"):
        yield f"recherche {texte}", lambda texte=texte: client.post(liste, {"q": texte})


def test_no_page_of_the_desk_reads_a_large_table_whole(guichet: Guichet) -> None:
    lues = 0
    for nom, ask in ask_pages(guichet):
        with explained() as plans:
            assert ask().status_code == 200, nom
        for sql, plan in plans:
            lues += 1
            whole = re.findall(r"Seq Scan on (\w+)", plan)
            assert not set(whole) & set(GRANDES), f"{nom}\n{sql}\n{plan}"
    assert lues > 50


def test_a_doctor_s_inbox_reads_no_large_table_whole(guichet: Guichet) -> None:
    medecin = make_membre(guichet.cpts, Role.PROFESSIONNEL, rpps="10003456785").compte
    client = enter(Client(), medecin)
    with explained() as plans:
        assert client.get(reverse("sollicitations:liste", args=[guichet.cpts.slug])).status_code == 200
    for sql, plan in plans:
        assert not set(re.findall(r"Seq Scan on (\w+)", plan)) & set(GRANDES), f"{sql}\n{plan}"


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda cpts: indicateurs.list_placees_ald(*cpts).order_by().values("ald"), "mt_demande_placements"),
        (lambda cpts: Demande.objects.filter(cpts_id=cpts[0]).ouvertes().values("accord"), "mt_demande_file"),
    ],
    ids=["placements", "open"],
)
def test_figures_are_counted_from_the_index_alone(guichet: Guichet, rows: Any, index: str) -> None:
    """The index holds every column that the count reads. Which one the database takes depends on its statistics."""
    periode = flux.find_periode(26)
    with use_cpts(guichet.cpts.pk):
        sql = str(rows((guichet.cpts.pk, periode.debut, periode.fin)).query)
    (found,) = (i for i in Demande._meta.indexes if i.name == index)
    held = {Demande._meta.get_field(nom.lstrip("-")).column for nom in (*found.fields, *found.include)}
    assert set(re.findall(r'"medecin_traitant_demande"\."(\w+)"', sql)) <= held


def test_figures_of_one_selector_are_counted_together_and_equal_their_lists(guichet: Guichet) -> None:
    declares: list[IndicateurDeclare] = [
        d for d in collect("indicateurs") if d.ensemble is not None and d.code.startswith("medecin_traitant.")
    ]
    periode = flux.find_periode(26)
    fenetre = Fenetre(periode.debut, periode.fin)
    assert len(declares) == 4
    with use_cpts(guichet.cpts.pk):
        compteur = Compteur(guichet.cpts.pk, declares)
        with explained() as plans:
            comptes = [compteur.count(declare, fenetre) for declare in declares]
        assert len(plans) == 1
        for declare, compte in zip(declares, comptes, strict=True):
            seul = measure(declare, get_rows(declare, guichet.cpts.pk, fenetre))
            assert (compte, compteur.aggregate(declare, fenetre)) == seul, declare.code


def test_a_name_is_searched_among_the_people_of_the_list_and_traces_them_alone(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        avant = Lecture.objects.count()
        toutes = search_patients("martin", pourquoi="essai", by=SYSTEME, limite=50)
        seules = search_patients(
            "martin", pourquoi="essai", by=SYSTEME, parmi=Demande.objects.ouvertes().values("patient")
        )
        ouvertes = set(Demande.objects.ouvertes().values_list("patient", flat=True))
        assert set(seules) == set(toutes) & ouvertes
        assert 0 < len(seules) < len(toutes)
        assert Lecture.objects.count() == avant + len(toutes) + len(seules)
