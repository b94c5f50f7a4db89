"""The course of pay: declared or proposed, checked, approved, reversed; and what is refused with a sentence."""

import threading
from datetime import date
from decimal import Decimal

import psycopg
import pytest
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange

from fabriques.adhesions import AdhesionFabrique
from fabriques.droits import make_acteur, make_cpts, make_membre
from fabriques.indemnites import (
    make_bareme,
    make_convention,
    make_declaration,
    make_frais,
    make_payable,
    make_situation,
    make_tarif,
)
from fabriques.personnes import PersonneFabrique
from fabriques.structures import StructureFabrique
from maillon.communaute.adhesions.services import attach_personne
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.indemnites.donnees import DonneesDeclaration, DonneesFrais
from maillon.pilotage.indemnites.enums import Beneficiaire, Etat, GenreFrais
from maillon.pilotage.indemnites.models import Declaration, Frais, Tarif
from maillon.pilotage.indemnites.selectors.annees import compute_compte, split_by_mission, sum_by_nature
from maillon.pilotage.indemnites.services import participations as services
from maillon.pilotage.indemnites.services.approbation import (
    approve,
    decide_lot,
    refuse,
    reopen,
    reverse,
    verify,
    withdraw,
)
from maillon.pilotage.indemnites.services.frais import declare_frais
from maillon.pilotage.indemnites.services.situations import declare_situation
from maillon.pilotage.indemnites.services.tarifs import add_tarif, close, record_calcul
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.contexte import use_cpts
from maillon.socle.declarations import ParticipationPayable, SourceParticipations
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role

HIER = date(2026, 11, 23)


def donnees(**champs) -> DonneesDeclaration:
    valeurs = {"le": HIER, "heures": Decimal(2), "mission": "acces", "libelle": "Groupe de travail", **champs}
    return DonneesDeclaration(**valeurs)


def declare(personne, **champs) -> Declaration:
    return services.declare(personne=personne, donnees=donnees(**champs), by=SYSTEME)


@pytest.fixture
def deux(acteur):
    """The coordination, who checks, and the bureau, who approves."""
    return acteur(Role.COORDINATION), acteur(Role.BUREAU)


# Declared, checked, approved -----------------------------------------------------------------------------------------


def test_from_a_declaration_to_an_approved_amount(dans_cpts, deux):
    verifie, approuve = deux
    make_tarif(dans_cpts)
    personne = make_payable(dans_cpts)
    ligne = declare(personne, heures=Decimal("2.5"), reference="formulaire")
    assert (ligne.montant, ligne.taux, ligne.nature) == (Decimal("150.00"), Decimal(60), "remuneration")
    assert declare(personne, heures=Decimal(9), reference="formulaire").pk == ligne.pk, "sent twice, it is one"

    verify(ligne=ligne, by=verifie)
    with pytest.raises(SaisieInvalide, match="autre personne"):
        approve(ligne=ligne, by=verifie)
    approve(ligne=ligne, by=approuve)
    ligne.refresh_from_db()
    assert (ligne.etat, ligne.plafond) == (Etat.APPROUVEE, Decimal(48_060))
    with pytest.raises(SaisieInvalide, match="plus possible"):
        services.correct(declaration=ligne, donnees=donnees(), by=SYSTEME)


def test_a_correction_starts_again(dans_cpts, deux):
    make_tarif(dans_cpts)
    ligne = verify(ligne=declare(make_payable(dans_cpts)), by=deux[0])
    corrigee = services.correct(declaration=ligne, donnees=donnees(heures=Decimal(1)), by=SYSTEME)
    assert (corrigee.etat, corrigee.verifie_par, corrigee.montant) == (Etat.DECLAREE, None, Decimal(60))


def test_a_refusal_says_why_and_can_be_taken_up_again(dans_cpts, deux):
    ligne = make_declaration(make_payable(dans_cpts))
    with pytest.raises(SaisieInvalide, match="pourquoi"):
        refuse(ligne=ligne, motif=" ", by=deux[0])
    refusee = refuse(ligne=ligne, motif="Absent", by=deux[0])
    assert (refusee.etat, refusee.motif) == (Etat.REFUSEE, "Absent")
    assert reopen(ligne=refusee, by=deux[0]).motif == ""


def test_the_rate_is_kept_with_the_record(dans_cpts):
    ancien = make_tarif(dans_cpts, montant=Decimal(50))
    personne = make_payable(dans_cpts)
    avant = declare(personne)
    add_tarif(
        cpts_id=dans_cpts.pk, debut=date(2026, 11, 1), fonction="participant", nature="remuneration", mode="heure",
        montant=Decimal(70), instance="bureau", decide_le=HIER, by=SYSTEME,
    )  # fmt: skip
    ancien.refresh_from_db()
    assert ancien.periode.upper == date(2026, 11, 1)
    avant.refresh_from_db()
    assert (avant.taux, avant.montant) == (Decimal(50), Decimal(100))
    assert declare(personne).taux == Decimal(70)
    assert declare(personne, le=date(2026, 10, 31)).taux == Decimal(50)


def test_a_batch_does_what_it_can(dans_cpts, deux):
    """One of three people has not said what others pay them; one is above the cap by a cent."""
    riche = make_payable(dans_cpts, situation=False)
    make_situation(riche, annee=2026, ailleurs=Decimal("47940.01"))
    gens = [make_payable(dans_cpts), make_payable(dans_cpts, situation=False), riche]
    lignes = [make_declaration(une, etat=Etat.VERIFIEE) for une in gens]
    lot = decide_lot(lignes=lignes, geste=Etat.APPROUVEE, by=deux[1])
    assert [une.personne_id for une in lot.faites] == [gens[0].pk]
    assert lot.total == Decimal(120)
    dits = {une.personne_id: raison for une, raison in lot.refus}
    assert "autre CPTS" in dits[gens[1].pk]
    assert "119,99" in dits[riche.pk]


def test_a_reversal_gives_the_cap_back(dans_cpts, deux):
    personne = make_payable(dans_cpts)
    ligne = make_declaration(personne, etat=Etat.APPROUVEE, montant=Decimal(48_000))
    autre = make_declaration(personne, etat=Etat.VERIFIEE)
    with pytest.raises(SaisieInvalide, match="plafond"):
        approve(ligne=autre, by=deux[1])
    inverse = reverse(ligne=ligne, motif="Date fausse", by=deux[1])
    assert (inverse.montant, inverse.etat, inverse.contrepasse_id) == (Decimal(-48_000), Etat.APPROUVEE, ligne.pk)
    with pytest.raises(SaisieInvalide, match="déjà"):
        reverse(ligne=ligne, motif="Encore", by=deux[1])
    approve(ligne=autre, by=deux[1])
    compte = compute_compte(personne.pk, 2026).compte
    assert (compte.approuve, compte.en_attente) == (Decimal(120), Decimal(0))
    assert [(p.mission, p.montant, p.heures) for p in split_by_mission(personne.pk, 2026)] == [("acces", 120, 2)]
    assert sum_by_nature(Declaration.objects.filter(personne=personne))["remuneration"].approuve == Decimal(120)


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"le": date(2026, 11, 25)}, "à venir"),
        ({"le": date(2024, 12, 31)}, "trop ancienne"),
        ({"heures": Decimal(25)}, "24"),
        ({"employeur": True}, "convention"),
    ],
)
def test_impossible_declarations(dans_cpts, champs, dit):
    make_tarif(dans_cpts)
    with pytest.raises(SaisieInvalide, match=dit):
        declare(make_payable(dans_cpts), **champs)


def test_without_a_rate_nothing_is_checked(dans_cpts, deux):
    ligne = declare(make_payable(dans_cpts))
    assert ligne.is_sans_tarif
    with pytest.raises(SaisieInvalide, match="Aucun tarif"):
        verify(ligne=ligne, by=deux[0])
    make_tarif(dans_cpts)
    assert verify(ligne=ligne, by=deux[0]).montant == Decimal(120)


def test_only_members_and_people_of_member_structures_are_paid(dans_cpts, deux):
    make_tarif(dans_cpts)
    with pytest.raises(SaisieInvalide, match="membre"):
        verify(ligne=declare(PersonneFabrique(cpts=dans_cpts)), by=deux[0])
    msp = StructureFabrique()
    adhesion, salariee = (
        AdhesionFabrique(cpts=dans_cpts, de_structure=True, structure=msp),
        PersonneFabrique(cpts=dans_cpts),
    )
    attach_personne(adhesion=adhesion, personne=salariee, depuis=date(2026, 1, 1), by=SYSTEME)
    verify(ligne=declare(salariee), by=deux[0])


def test_nobody_checks_for_themselves(dans_cpts, acteur):
    membre = make_membre(dans_cpts, Role.REFERENT_MISSION, mission="acces")
    personne = make_payable(dans_cpts, membre=membre)
    with pytest.raises(SaisieInvalide, match="vous concerne"):
        verify(ligne=make_declaration(personne), by=make_acteur(membre))


# Employers, years, decisions -----------------------------------------------------------------------------------------


def test_working_time_goes_to_the_employer(dans_cpts, deux):
    structure = StructureFabrique()
    adhesion = AdhesionFabrique(cpts=dans_cpts, de_structure=True, structure=structure)
    make_convention(dans_cpts, structure=structure, periode=DateRange(date(2026, 1, 1), date(2026, 11, 1)))
    personne = PersonneFabrique(cpts=dans_cpts, structure=structure)
    attach_personne(adhesion=adhesion, personne=personne, depuis=date(2026, 1, 1), by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="convention"):
        declare(personne, employeur=True)
    ligne = declare(personne, employeur=True, le=date(2026, 10, 31))
    assert (ligne.beneficiaire, ligne.montant, ligne.tarif) == (Beneficiaire.EMPLOYEUR, Decimal(70), None)
    approve(ligne=verify(ligne=ligne, by=deux[0]), by=deux[1])
    assert compute_compte(personne.pk, 2026).compte.approuve == 0


def test_what_a_person_says_of_the_year_replaces_what_they_said(dans_cpts):
    personne = make_payable(dans_cpts)
    declare_situation(
        personne=personne, annee=2026, autre_cpts=True, montant=Decimal(50_000), precision="Une autre", by=SYSTEME
    )
    compte = compute_compte(personne.pk, 2026)
    assert (compte.compte.ailleurs, compte.compte.alerte, compte.declaree) == (Decimal(50_000), "depasse", True)
    with pytest.raises(SaisieInvalide, match="en cours"):
        declare_situation(personne=personne, annee=2027, autre_cpts=False, montant=Decimal(0), precision="", by=SYSTEME)


def test_an_indemnite_of_a_profession_rests_on_the_calculation(dans_cpts):
    champs = {
        "cpts_id": dans_cpts.pk, "debut": date(2026, 1, 1), "fonction": "bureau", "profession": "60",
        "nature": "indemnite", "mode": "heure", "instance": "bureau", "decide_le": HIER, "by": SYSTEME,
    }  # fmt: skip
    with pytest.raises(SaisieInvalide, match="calcul du bureau"):
        add_tarif(**champs, montant=Decimal(35))
    record_calcul(
        cpts_id=dans_cpts.pk, profession="60", base="Revenu moyen", source="Statistique d’essai",
        revenu_annuel=Decimal(58_800), heures_annuelles=Decimal(1_680), commentaire="", instance="bureau",
        decide_le=HIER, by=SYSTEME,
    )  # fmt: skip
    with pytest.raises(SaisieInvalide, match="dépasser"):
        add_tarif(**champs, montant=Decimal("35.01"))
    tarif = add_tarif(**champs, montant=Decimal(35))
    assert tarif.calcul.perte_horaire == Decimal(35)
    with pytest.raises(SaisieInvalide, match="début"):
        close(decision=tarif, on=date(2026, 1, 1), by=SYSTEME)
    close(decision=tarif, on=date(2026, 2, 1), by=SYSTEME)
    assert Tarif.objects.get(pk=tarif.pk).periode.upper == date(2026, 2, 1)


def test_expenses(dans_cpts, deux):
    personne = make_payable(dans_cpts)
    trajet = DonneesFrais(
        le=HIER, genre=GenreFrais.KILOMETRES, mission="acces", libelle="Trajet", kilometres=Decimal(46), reference="a"
    )
    with pytest.raises(SaisieInvalide, match="barème"):
        declare_frais(personne=personne, donnees=trajet, by=SYSTEME)
    make_bareme(dans_cpts)
    frais = declare_frais(personne=personne, donnees=trajet, by=SYSTEME)
    assert frais.montant == Decimal("24.33")
    assert declare_frais(personne=personne, donnees=trajet, by=SYSTEME).pk == frais.pk
    approve(ligne=verify(ligne=frais, by=deux[0]), by=deux[1])
    assert compute_compte(personne.pk, 2026).compte.approuve == 0, "a refund does not count"
    train = {"le": HIER, "genre": GenreFrais.TRANSPORT, "mission": "acces", "libelle": "Train", "montant": Decimal(9)}
    with pytest.raises(SaisieInvalide, match="justificatif"):
        declare_frais(personne=personne, donnees=DonneesFrais(**train), by=SYSTEME)
    recu = Piece("recu.txt", "Reçu".encode())
    billet = declare_frais(personne=personne, donnees=DonneesFrais(**train, justificatif=recu), by=SYSTEME)
    assert billet.justificatif.permission == "indemnites.declarer"
    assert reverse(ligne=make_frais(personne, etat=Etat.APPROUVEE), motif="Double", by=deux[1]).montant < 0
    assert Frais.objects.payables().count() == 3


# What attendance proves ---------------------------------------------------------------------------------------------


@pytest.fixture
def presences(monkeypatch):
    """What the attendance sheets prove, as a list that the test fills."""
    prouvees: list[ParticipationPayable] = []
    source = SourceParticipations("essai", "Présences d’essai", lambda cpts_id, debut, fin: list(prouvees))
    monkeypatch.setattr(services, "collect", lambda kind: iter([source] if kind == "participations" else []))
    return prouvees


def prove(personne, reference="r1", **champs) -> ParticipationPayable:
    valeurs = {"le": HIER, "heures": Decimal(2), "mission": "acces", "libelle": "Réunion", "preuve": "QR", **champs}
    return ParticipationPayable(reference=reference, personne_id=personne.pk, **valeurs)


def collect(cpts) -> int:
    return services.collect_participations(cpts_id=cpts.pk, debut=date(2026, 9, 1), fin=date(2026, 12, 1), by=SYSTEME)


def test_attendance_is_proposed_once_and_confirmed_by_the_person(dans_cpts, presences):
    make_tarif(dans_cpts)
    make_tarif(dans_cpts, fonction="referent", montant=Decimal(65))
    membre = make_membre(dans_cpts, Role.REFERENT_MISSION, mission="acces")
    referent = make_payable(dans_cpts, membre=membre)
    presences += [prove(referent), prove(referent, "r2", mission="crise"), prove(referent, "r3", mission="")]
    presences += [prove(PersonneFabrique(cpts=dans_cpts), "partenaire"), prove(referent, "r4", le=date(2022, 3, 1))]
    assert (collect(dans_cpts), collect(dans_cpts)) == (3, 0)
    lues = {d.reference: d for d in Declaration.objects.filter(etat=Etat.PROPOSEE)}
    assert {r: (d.fonction, d.mission, d.montant) for r, d in lues.items()} == {
        "r1": ("referent", "acces", Decimal(130)),
        "r2": ("participant", "crise", Decimal(120)),
        "r3": ("participant", "fonctionnement", Decimal(120)),
    }
    ligne = services.confirm(declaration=lues["r1"], by=make_acteur(membre))
    assert ligne.etat == Etat.DECLAREE
    corrigee = services.correct(declaration=ligne, donnees=donnees(le=date(2026, 1, 2)), by=SYSTEME)
    assert corrigee.le == HIER, "attendance proves the day"
    ecartee = withdraw(ligne=lues["r2"], by=SYSTEME)
    assert collect(dans_cpts) == 0
    assert reopen(ligne=ecartee, by=SYSTEME).etat == Etat.PROPOSEE


@pytest.mark.commits
def test_two_collections_at_once_count_nothing_twice(clone_base, presences, monkeypatch):
    """Both have looked before either writes. Without the unique constraint, everything is there twice: the control."""
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        make_tarif(cpts)
        presences += [prove(make_payable(cpts), f"r{n}") for n in range(3)]
    vus, fil = threading.Barrier(2), threading.local()
    bulk_create = Declaration.objects.bulk_create

    def wait_then_write(*args, **options):
        if not hasattr(fil, "pret"):
            fil.pret = True
            vus.wait(20)
        return bulk_create(*args, **options)

    monkeypatch.setattr(Declaration.objects, "bulk_create", wait_then_write)

    def race() -> None:
        def run() -> None:
            try:
                with use_cpts(cpts.pk):
                    collect(cpts)
            finally:
                connections.close_all()

        fils = [threading.Thread(target=run) for _ in range(2)]
        for un in fils:
            un.start()
        for un in fils:
            un.join(20)

    def count() -> int:
        with use_cpts(cpts.pk):
            return Declaration.objects.count()

    race()
    assert count() == 3
    with psycopg.connect(clone_base.url_proprietaire, autocommit=True) as owner:
        owner.execute("ALTER TABLE indemnites_declaration DROP CONSTRAINT indemnites_declaration_une_fois")
        owner.execute("DELETE FROM indemnites_declaration")
    race()
    assert count() == 6
