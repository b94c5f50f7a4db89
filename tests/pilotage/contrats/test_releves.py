"""What CPAM and ARS read: who, which figures, which acts, and what stays hidden."""

from collections import Counter
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from fabriques.droits import make_cpts
from fabriques.pilotage import (
    DonneesContratFabrique,
    DonneesIndicateurFabrique,
    create_acte,
    make_contrat_ald,
    palier,
)
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.enums import EtatContrat
from maillon.pilotage.contrats.models import Contrat, Releve, ReleveActe
from maillon.pilotage.contrats.registre import show_actes
from maillon.pilotage.contrats.releves import count_by_commune, hide_linked_cells, hide_small_cells, refresh_releve
from maillon.pilotage.contrats.selectors import (
    find_ligne,
    get_actes,
)
from maillon.pilotage.contrats.services import attach_preuve, create_contrat
from maillon.pilotage.contrats.tasks import rafraichir
from maillon.pilotage.portefeuille.selectors import find_indicateur_releve, get_actes_releve, get_releve
from maillon.socle.contexte import Contexte, read_cpts, use_contexte, use_cpts
from maillon.socle.declarations import Acte
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Genre, RoleTerritorial
from maillon.socle.droits.selectors import get_cpts_lues

AUJOURD_HUI = date(2026, 11, 24)


def agent(departement: str) -> Acteur:
    lues = get_cpts_lues(departements=frozenset({departement}), regions=frozenset())
    return Acteur(genre=Genre.AGENT, roles=frozenset({RoleTerritorial.CPAM}), cpts_lues=lues)


@pytest.fixture
def contrat(cpts):
    with use_cpts(cpts.pk):
        contrat = make_contrat_ald(cpts)
        for commune, nombre in (("Saint-Étienne", 14), ("Sorbiers", 12), ("Planfoy", 3)):
            for _ in range(nombre):
                create_acte(cpts.pk, date(2026, 10, 5), commune=commune)
        rafraichir.func(cpts_id=str(cpts.pk))
    return contrat


def test_the_agent_of_the_departement_reads_and_nobody_else(cpts, contrat):
    lecteur, voisin = agent("42"), agent("69")
    with read_cpts(lecteur.cpts_lues, acteur="agent:cpam"):
        releve = get_releve(contrat.pk, for_acteur=lecteur)
        assert releve.chiffres["montants"]["constate"] == "3000.00"
        assert ReleveActe.objects.count() == 29
        assert not Contrat.objects.exists()  # the contract itself stays in its community
        with pytest.raises(Http404):
            get_releve(contrat.pk, for_acteur=voisin)
    for contexte in (Contexte(cpts_lues=voisin.cpts_lues), Contexte(), Contexte(cpts_id=make_cpts().pk)):
        with use_contexte(contexte):
            assert not Releve.objects.exists()
            assert not ReleveActe.objects.exists()


def test_an_agent_cannot_write(cpts, contrat):
    with read_cpts(agent("42").cpts_lues, acteur="agent:cpam"):
        assert Releve.objects.update(annee=9) == 0
        assert ReleveActe.objects.all()._raw_delete(using="default") in (0, None)
        assert ReleveActe.objects.count() == 29


def test_the_figures_are_those_of_the_members_pages(cpts, contrat):
    with use_cpts(cpts.pk):
        annee = compute_annee(contrat, AUJOURD_HUI)
        releve = Releve.objects.get()
    assert Decimal(releve.chiffres["plafond"]["total"]["euros"]) == annee.plafond.total.valeur
    assert {k: Decimal(v) for k, v in releve.chiffres["montants"].items()} == {
        "constate": annee.montants.constate,
        "a_confirmer": annee.montants.a_confirmer,
        "encore_possible": annee.montants.encore_possible,
        "perdu": annee.montants.perdu,
    }
    ald = contrat.indicateurs.model(pk=annee.indicateurs[0].indicateur.pk)
    lu = find_indicateur_releve(releve, ald.pk)
    assert (lu["prevu"], lu["actes"], lu["mission"]) == ("76", 29, "Accès aux soins")
    with use_cpts(cpts.pk):
        assert len(get_actes_releve(releve, ald.pk)) == lu["actes"]
    with pytest.raises(Http404):
        find_indicateur_releve(releve, contrat.pk)


def test_refreshing_twice_changes_nothing_and_a_gone_act_leaves(cpts, contrat):
    with use_cpts(cpts.pk):
        avant = set(ReleveActe.objects.values_list("pk", "commune"))
        refresh_releve(cpts_id=cpts.pk)
        assert set(ReleveActe.objects.values_list("pk", "commune")) == avant
        create_acte(cpts.pk, date(2026, 10, 6), commune="Sorbiers")
        refresh_releve(cpts_id=cpts.pk)
        assert ReleveActe.objects.count() == 30
        assert Releve.objects.get().chiffres["missions"][0]["indicateurs"][0]["prevu"] == "75"


def test_a_small_commune_is_hidden_with_another_and_totals_stay(cpts, contrat):
    with use_cpts(cpts.pk):
        communes = list(ReleveActe.objects.values_list("commune", flat=True))
    # 3 acts of Planfoy would be found by subtraction: Sorbiers is gathered with it.
    assert count_by_commune(communes) == [("Saint-Étienne", 14), ("", 15)]
    assert len(communes) == 29


@given(st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(1, 40), max_size=7), st.integers(0, 20))
def test_no_small_cell_can_be_read_or_deduced(comptes, sans):
    actes = [Acte(f"{c}{n}", AUJOURD_HUI, "", "", "", commune=c) for c, total in comptes.items() for n in range(total)]
    actes += [Acte(f"-{n}", AUJOURD_HUI, "", "", "") for n in range(sans)]
    montres = Counter(acte.commune for acte in hide_small_cells(actes))
    assert sum(montres.values()) == len(actes)
    reunis = montres.pop("", 0)
    assert all(nombre >= 11 for nombre in montres.values())
    caches = set(comptes) - set(montres)
    # Those already without commune bear no doubt: they may be known by another list.
    cumul = reunis - sans
    assert not caches or not montres or (len(caches) > 1 and cumul >= 11)
    if montres and caches and all(comptes[commune] < 11 for commune in caches):
        assert cumul < 10 * len(caches), "or each would hold ten"


def test_hidden_communes_are_not_read_from_their_bounds():
    comptes = {"A": 30, "B": 15, "C": 10, "D": 10}
    actes = [Acte(f"{c}{n}", AUJOURD_HUI, "", "", "", commune=c) for c, total in comptes.items() for n in range(total)]
    montres = Counter(acte.commune for acte in hide_small_cells(actes))
    assert montres == {"A": 30, "": 35}, "20 in two communes of ten at most would say ten in each"


def make_listes(longue: dict[str, int], courte: dict[str, int]) -> list[list[Acte]]:
    """Acts by commune, and those of them that another indicator counts too."""
    actes = [Acte(f"{c}{n}", AUJOURD_HUI, "", "", "", commune=c) for c, total in longue.items() for n in range(total)]
    return [actes, [acte for acte in actes if int(acte.reference[1:]) < courte.get(acte.commune, 0)]]


def test_a_hidden_commune_is_not_read_in_a_longer_list():
    longue, courte = hide_linked_cells(make_listes({"A": 40, "B": 14, "C": 12}, {"A": 15, "B": 4, "C": 7}))
    assert Counter(acte.commune for acte in courte) == {"A": 15, "": 11}
    # 14 − 4 acts of B and 12 − 7 of C would be small cells in their turn.
    assert Counter(acte.commune for acte in longue) == {"A": 40, "": 26}


CELLULES = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(1, 40), max_size=7)


@given(CELLULES, CELLULES)
def test_lists_crossed_by_reference_show_no_small_cell(longue, courte):
    listes = make_listes(longue, courte)
    montrees = hide_linked_cells(listes)
    lues = {acte.reference: acte.commune for liste in montrees for acte in liste if acte.commune}
    for avant, apres in zip(listes, montrees, strict=True):
        assert [acte.reference for acte in apres] == [acte.reference for acte in avant]
        assert all(lues.get(acte.reference, "") == acte.commune for acte in apres)
        assert all(n >= 11 for c, n in Counter(acte.commune for acte in apres).items() if c)


def test_lists_of_two_indicators_share_neither_reference_nor_hash(cpts):
    with use_cpts(cpts.pk):
        contrat = create_contrat(
            cpts_id=cpts.pk,
            donnees=DonneesContratFabrique(
                indicateurs=[
                    DonneesIndicateurFabrique(ald=True, code_declare="essai.actes"),
                    DonneesIndicateurFabrique(
                        participants=True, mission="acces", code="c2s", code_declare="essai.actes",
                        paliers=[palier(10, 26000)],
                    ),
                ]
            ),
            by=SYSTEME,
        )  # fmt: skip
        actes = [create_acte(cpts.pk, date(2026, 10, 5), empreinte=f"{n:064x}") for n in range(3)]
        ald = contrat.indicateurs.get(code="ald")
        preuve = attach_preuve(
            indicateur=ald, acte=str(actes[0].objet_id), libelle="Accord", le=date(2026, 10, 5), nom="a.txt",
            contenu=b"accord", by=SYSTEME,
        )  # fmt: skip
        refresh_releve(cpts_id=cpts.pk)
        lus = list(ReleveActe.objects.all())
        chiffres = str(Releve.objects.get().chiffres)
        annee = compute_annee(contrat, AUJOURD_HUI)
        drill = get_actes(find_ligne(annee, ald), annee)
        montres = [montre.acte for montre in show_actes(ald, drill.declare, list(drill.comptes), for_acteur=SYSTEME)]
    assert len(lus) == len({acte.reference for acte in lus}) == len({acte.empreinte for acte in lus}) == 6
    assert preuve.empreinte not in chiffres
    # The coordinator finds what the CPAM quotes, and the document proves its hash.
    siens = {(acte.reference, acte.empreinte) for acte in lus if acte.indicateur_id == ald.pk}
    assert {(acte.reference, acte.empreinte) for acte in montres} == siens
    assert sha256(f"ald|{preuve.empreinte}".encode()).hexdigest() in {empreinte for _, empreinte in siens}


def test_a_finished_contract_stays_readable(cpts):
    with use_cpts(cpts.pk):
        create_contrat(
            cpts_id=cpts.pk,
            donnees=DonneesContratFabrique(
                signe_le=date(2019, 9, 24),
                plafond_publie=Decimal(210000),
                population=66000,
                indicateurs=[],
            ),
            etat=EtatContrat.CLOS,
            by=SYSTEME,
        )
        releve = refresh_releve(cpts_id=cpts.pk)
    assert (releve.etat, releve.annee, releve.chiffres["plafond"]["total"]["euros"]) == ("clos", 5, "210000.00")


def test_no_contract_no_releve(cpts):
    with use_cpts(cpts.pk):
        assert refresh_releve(cpts_id=cpts.pk) is None
