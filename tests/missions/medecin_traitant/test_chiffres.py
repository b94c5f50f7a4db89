"""The desk in figures: every figure equals a count made another way, and nobody reads what is not theirs."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from fabriques.droits import enter, make_membre
from fabriques.entrees import make_sans_accord
from fabriques.medecin_traitant import Guichet, make_acteur_medecin, make_demande, make_guichet, make_medecin
from fabriques.patients import make_identite
from maillon.communaute.adhesions.enums import Etat as EtatAdhesion
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.chiffres import sections
from maillon.missions.medecin_traitant.enums import Bilan, Cloture, Declaration, Etat, MotifRefus, MoyenAccord
from maillon.missions.medecin_traitant.models import Demande
from maillon.missions.medecin_traitant.selectors import apres, besoins, delais, equite, flux, indicateurs, lieux, stocks
from maillon.missions.medecin_traitant.selectors.totaux import list_alertes
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now, today
from maillon.socle.ui.sections import show

pytestmark = pytest.mark.django_db

SITUATIONS = (
    # state, weeks ago, facts
    (Etat.DEPOSEE, 1, {}),
    (Etat.QUALIFIEE, 6, {"ald": True}),
    (Etat.QUALIFIEE, 20, {"ald": True, "ne_peut_se_deplacer": True, "annee_naissance": 1940}),
    (Etat.PLACEE, 5, {"ald": True, "annee_naissance": 1941}),
    (Etat.PLACEE, 9, {"ald": True, "c2s": True}),
    (Etat.PLACEE, 9, {"ame": True, "ald": True}),
    (Etat.PLACEE, 12, {"annee_naissance": 2020}),
    (Etat.PLACEE, 40, {}),
    (Etat.CLOSE, 3, {}),
)


@pytest.fixture
def guichet() -> Guichet:
    """Requests of every kind, filed and moved on their day; two closed by people who found a doctor alone."""
    guichet = make_guichet()
    debut = now()
    with use_cpts(guichet.cpts.pk):
        with horloge.at(debut - timedelta(weeks=60)):
            medecins = [make_medecin(guichet, places=20, nom=nom) for nom in ("Aubert", "Blanc")]
        for etat, semaines, champs in SITUATIONS:
            with horloge.at(debut - timedelta(weeks=semaines, days=1)):
                make_demande(guichet, etat=etat, medecins=[medecins[0]], **champs)
        for ald in (True, False):
            with horloge.at(debut - timedelta(weeks=2)):
                demande = make_demande(guichet, etat=Etat.QUALIFIEE, ald=ald)
                services.close_demande(demande_id=demande.pk, motif=Cloture.TROUVE_SEUL, by=guichet.acteur)
    return guichet


def sql(requete: str, *parametres: object) -> int:
    """The same question asked of the tables, without a selector."""
    with connection.cursor() as curseur:
        curseur.execute(requete, parametres)
        return curseur.fetchone()[0]


def open_page(guichet: Guichet, role: Role, suite: str = "", nom: str = "totaux"):
    client = enter(Client(), make_membre(guichet.cpts, role).compte)
    return client.get(reverse(f"medecin_traitant_{nom}", args=[guichet.cpts.slug]) + suite)


def read(reponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reponse.content.decode()).replace("\u00a0", " "))


def test_indicators_equal_an_independent_count(guichet):
    """Contract's definitions, counted in SQL; whoever has AME is out of every one."""
    debut, fin = today() - timedelta(weeks=30), today() + timedelta(days=1)
    commun = (
        "SELECT count(*) FROM medecin_traitant_demande WHERE etat = 'placee' AND NOT ame "
        "AND (placee_le AT TIME ZONE 'Europe/Paris')::date >= %s AND (placee_le AT TIME ZONE 'Europe/Paris')::date < %s"
    )
    conditions = {
        indicateurs.list_placees_ald: "ald",
        indicateurs.list_placees_16_ans: "age_placement >= 16",
        indicateurs.list_placees_c2s_ald: "c2s AND ald",
        indicateurs.list_placees_plus_de_70: "plus_de_70",
    }
    with use_cpts(guichet.cpts.pk):
        comptes = {}
        for rows, condition in conditions.items():
            comptes[condition] = rows(guichet.cpts.pk, debut, fin).count()
            assert comptes[condition] == sql(f"{commun} AND {condition}", debut, fin), condition
        delai = sql(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM placee_le - deposee_le) / 86400) "
            "FROM medecin_traitant_demande WHERE etat = 'placee' AND NOT ame AND placee_le >= %s",
            debut,
        )
        lus = sorted(indicateurs.list_placees(guichet.cpts.pk, debut, fin).values_list("delai_jours", flat=True))
    # From the situations above: ALD 2 (AME out), 16 and over 2, C2S and ALD 1, over 70 1.
    assert list(comptes.values()) == [2, 2, 1, 1]
    assert lus[len(lus) // 2] == pytest.approx(delai)


def test_a_doctor_who_left_the_community_is_no_longer_a_volunteer(guichet):
    with use_cpts(guichet.cpts.pk):
        demain = today() + timedelta(days=1)
        assert indicateurs.list_volontaires(guichet.cpts.pk, today(), demain).count() == 2
        Adhesion.objects.filter(professionnel__nom="Blanc").update(etat=EtatAdhesion.TERMINEE, fin=today())
        assert indicateurs.list_volontaires(guichet.cpts.pk, today(), demain).count() == 1


def test_the_flow_closes_on_the_stock(guichet):
    """Waiting at the start + arrived − placed − closed = waiting at the end, each week and over the period."""
    with use_cpts(guichet.cpts.pk):
        trouve = flux.compute_flux(guichet.cpts.pk, flux.find_periode(26))
        avant = trouve.en_cours_avant
        for semaine in trouve.semaines:
            assert semaine.en_cours == avant + semaine.arrivees - semaine.placees - semaine.closes
            avant = semaine.en_cours
        ouvertes = sql("SELECT count(*) FROM medecin_traitant_demande WHERE placee_le IS NULL AND close_le IS NULL")
        arrivees = sql(
            "SELECT count(*) FROM medecin_traitant_demande WHERE deposee_le >= %s", flux.find_periode(26).debut
        )
        bilan = flux.compute_bilan(guichet.cpts.pk, flux.find_periode(26))
        origines = flux.count_by_origine(guichet.cpts.pk, flux.find_periode(26))
    assert (trouve.en_cours, trouve.arrivees) == (ouvertes, arrivees) == (3, 10)
    assert (bilan.arrivees, bilan.placees, bilan.closes) == (10, 4, 3)
    assert trouve.motifs == {Cloture.TROUVE_SEUL: 2, Cloture.ABANDON: 1}
    assert sum(o.arrivees for o in origines) == 10
    assert sum(o.en_cours for o in origines) == 3


def test_people_who_have_not_agreed_are_counted_apart(guichet):
    """A list taken over: nobody in it waits for a doctor before agreeing."""

    def read_figures() -> tuple:
        periode = flux.find_periode(52)
        trouve = flux.compute_flux(guichet.cpts.pk, periode)
        return (
            (trouve.en_cours, trouve.arrivees, trouve.en_cours_avant),
            flux.compute_bilan(guichet.cpts.pk, periode).arrivees,
            sum(o.arrivees for o in flux.count_by_origine(guichet.cpts.pk, periode)),
            delais.compute_attentes(guichet.cpts.pk, periode)[-1].en_cours,
            besoins.compute_offre(guichet.cpts.pk).ensemble.attendent,
            lieux.count_by_commune(guichet.cpts.pk, lieux.Mesure.ATTENTE).total,
            lieux.count_by_commune(guichet.cpts.pk, lieux.Mesure.ANNEE).total,
            [a.phrase for a in list_alertes(guichet.cpts.pk, guichet.acteur, now())],
        )

    with use_cpts(guichet.cpts.pk):
        avant = read_figures()
        demande = make_sans_accord(guichet)
        Demande.objects.filter(pk=demande.pk).update(deposee_le=now() - timedelta(days=40))
        assert flux.compute_flux(guichet.cpts.pk, flux.find_periode(52)).sans_accord == 1
        assert read_figures() == avant
    assert "sans compter 1 personne à recontacter" in read(open_page(guichet, Role.COORDINATION))
    with use_cpts(guichet.cpts.pk):
        services.record_accord(
            demande_id=demande.pk, moyen=MoyenAccord.TELEPHONE, notice_version=NOTICE_VERSION, by=guichet.acteur
        )
        apres = read_figures()
    assert apres[0] == (avant[0][0] + 1, avant[0][1] + 1, avant[0][2])
    assert apres[1:6] == tuple(n + 1 for n in avant[1:6])


def test_periods_are_whole_weeks_and_compare_like_with_like():
    periode = flux.find_periode(13)
    assert {lundi.weekday() for lundi in periode.semaines} == {0}
    assert len(periode.semaines) == 13
    assert periode.avant.fin == periode.debut
    assert periode.an_dernier.debut.weekday() == 0
    assert periode.fin - periode.an_dernier.fin == timedelta(weeks=52)


def test_ages_and_delays(guichet):
    with use_cpts(guichet.cpts.pk):
        attentes = delais.compute_attentes(guichet.cpts.pk, flux.find_periode(26))
        offre = besoins.compute_offre(guichet.cpts.pk)
    toutes = attentes[-1]
    assert (toutes.en_cours, toutes.plus_de_30, toutes.plus_de_90) == (3, 2, 1)
    assert toutes.age_median == pytest.approx(6 * 7 + 1, abs=0.2)
    assert toutes.placees == 4
    assert sum(a.en_cours for a in attentes[:-1]) == 3
    # Two doctors offer 20 places each; the first took five patients.
    assert [(b.attendent, b.places) for b in offre.besoins] == [(3, 35), (2, 35), (1, 0), (0, 35)]


def test_who_left_on_their_own_explains_the_stock(guichet):
    """In the indicator of ALD one person found a doctor alone; both did in that of 16 and over."""
    debut, fin = today() - timedelta(weeks=4), today() + timedelta(days=1)
    with use_cpts(guichet.cpts.pk):
        assert [m.variation for m in stocks.list_sorties("ald", guichet.cpts.pk, debut, fin)] == [-1]
        assert [m.variation for m in stocks.list_sorties("16_ans", guichet.cpts.pk, debut, fin)] == [-2]
        assert stocks.list_sorties("plus_de_70", guichet.cpts.pk, debut, fin) == []
        assert stocks.list_sorties("ald", guichet.cpts.pk, fin, fin) == []


def test_what_comes_after_a_placement(guichet):
    """One declared, one not: the second still counts in the stock of the Assurance Maladie."""
    periode = flux.find_periode(26)
    with use_cpts(guichet.cpts.pk):
        faite, pas_faite = Demande.objects.filter(etat=Etat.PLACEE, ame=False, ald=True).order_by("c2s")
        Demande.objects.filter(pk=faite.pk).update(
            declaration=Declaration.FAITE, declaration_le=today(), premier_rdv_le=today()
        )
        Demande.objects.filter(pk=pas_faite.pk).update(
            declaration=Declaration.NON_FAITE, bilan=Bilan.NON_SUIVI, bilan_le=now()
        )
        vu = apres.compute_apres(guichet.cpts.pk, periode)
        mouvements = stocks.list_mouvements_stock("c2s_ald", guichet.cpts.pk, periode.debut, periode.fin)
        autres = stocks.list_mouvements_stock("plus_de_70", guichet.cpts.pk, periode.debut, periode.fin)
    assert (vu.placees, vu.declarables, vu.declarees, vu.non_declarees) == (4, 3, 1, 1)
    assert (vu.premier_rdv, vu.demandes_a_trois_mois, vu.suivies, vu.non_suivies) == (1, 1, 0, 1)
    assert [m.variation for m in mouvements] == [1]
    assert autres == []
    assert sections.build_apres(vu).titre == "1\u00a0médecin traitant déclaré", "4 less 3 would count who has the AME"
    assert sections.build_apres(replace(vu, declarables=4)).titre.endswith("sur 4 trouvés")


def test_communes_of_few_people_are_not_shown(guichet):
    """Twelve in Saint-Étienne, three in Villars: neither is shown, since the total would tell the other."""
    with use_cpts(guichet.cpts.pk):
        modele = Demande.objects.filter(etat=Etat.QUALIFIEE).first()
        Demande.objects.filter(etat=Etat.QUALIFIEE).count()
        patient = modele.patient
        champs = {c.attname: getattr(modele, c.attname) for c in Demande._meta.concrete_fields if c.name != "id"}
        Demande.objects.bulk_create(
            Demande(
                **champs | {"reference": f"ESSAI-{n}", "code_suivi": n.to_bytes(16, "big"), "cle_depot": f"essai-{n}"}
            )
            for n in range(9)
        )
        make_demande(guichet, commune=guichet.villars)
        vus = lieux.count_by_commune(guichet.cpts.pk, lieux.Mesure.ATTENTE)
        assert patient.commune_id == guichet.saint_etienne.pk
    nombres = {lieu.code: lieu.nombre for lieu in vus.lieux}
    assert vus.total == 13
    assert nombres[guichet.saint_etienne.pk] is None
    assert nombres[guichet.villars.pk] is None
    assert not vus.is_montrable
    section = sections.build_lieux(vus, liens=[])
    assert "trop peu par commune" in section.titre
    assert {valeur for _, valeur in section.tableau.lignes} == {"non communiqué"}


def test_the_page_answers_each_reader(guichet):
    with use_cpts(guichet.cpts.pk):
        nom = make_identite(naissance=None).nom
    bureau = read(open_page(guichet, Role.PRESIDENT))
    desk = read(open_page(guichet, Role.INTERLOCUTEUR_SOCIAL))
    assert "4 médecins trouvés pour 10 demandes arrivées" in bureau
    assert "1 demande attend depuis plus de 90 jours" in bureau
    assert "Aubert" in desk, "the desk that asks doctors knows whom it asked"
    assert "Aubert" not in bureau
    assert nom not in bureau + desk
    assert "Comparer avec" in bureau
    assert "un an plus tôt" in read(open_page(guichet, Role.BUREAU, "?periode=52&comparer=an&carte=annee"))
    assert open_page(guichet, Role.BUREAU, "?periode=7&comparer=x&carte=y").status_code == 200


def test_files_hold_exactly_what_is_shown(guichet):
    role = Role.INTERLOCUTEUR_SOCIAL
    page = open_page(guichet, role)
    montrees = page.context["sections"]
    lu = open_page(guichet, role, "?export=csv").content.decode("utf-8-sig")
    lignes = list(csv.reader(io.StringIO(lu), delimiter=";"))
    for section in montrees:
        rang = lignes.index([section.titre])
        assert lignes[rang + 1] == list(section.tableau.entetes)
        suite = lignes[rang + 2 : rang + 2 + len(section.tableau.lignes)]
        for ecrite, ligne in zip(suite, section.tableau.lignes, strict=True):
            nom, *attendues = (show(valeur) for valeur in ligne)
            assert nom in unescape(section.tableau.corps)
            attendues = [valeur.replace("\u00a0", "").replace("−", "-").replace("—", "") for valeur in attendues]
            assert ecrite[0] == nom
            assert [float(v.replace(",", ".")) if re.fullmatch(r"-?\d+(,\d+)?", v) else v for v in ecrite[1:]] == [
                float(v.replace(",", ".")) if re.fullmatch(r"-?\d+(,\d+)?", v) else v for v in attendues
            ]
    classeur = load_workbook(io.BytesIO(open_page(guichet, role, "?export=xlsx").content))
    assert classeur.sheetnames == ["ensemble", *(section.cle for section in montrees)]
    assert open_page(guichet, role, "?export=pdf").content.startswith(b"%PDF")
    assert open_page(guichet, role, "?export=exe").status_code == 404


def test_a_spreadsheet_runs_nothing(guichet):
    """A name that begins as a formula is neutralised."""
    with use_cpts(guichet.cpts.pk):
        medecin = make_medecin(guichet, nom="Durand")
        medecin.civilite, medecin.prenom = "", "=1+1"
        medecin.save()
    assert "'=1+1" in open_page(guichet, Role.COORDINATION, "?export=csv").content.decode()


def test_queries_do_not_grow(guichet, django_assert_max_num_queries):
    client = enter(Client(), make_membre(guichet.cpts, Role.COORDINATION).compte)
    adresse = reverse("medecin_traitant_totaux", args=[guichet.cpts.slug])
    client.get(adresse)
    with django_assert_max_num_queries(60) as avant:
        client.get(adresse)
    with use_cpts(guichet.cpts.pk):
        for _ in range(3):
            make_demande(guichet, etat=Etat.PROPOSEE, medecins=[make_medecin(guichet)])
    with django_assert_max_num_queries(len(avant)):
        client.get(adresse)


def test_a_doctor_reads_own_figures_and_the_median_of_five(guichet):
    with use_cpts(guichet.cpts.pk):
        autres = [make_medecin(guichet, nom=f"Confrère{n}") for n in range(2)]
        moi = make_medecin(guichet, nom="Moi")
        for medecin in (moi, moi, autres[0]):
            demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=[medecin])
            sollicitation = demande.sollicitations.get()
            services.decline_proposition(proposition_id=sollicitation.pk, motif=MotifRefus.COMPLET, by=SYSTEME)
        parts = equite.compute_equite(guichet.cpts.pk, flux.find_periode(26))
        refus = equite.count_refus(guichet.cpts.pk, flux.find_periode(26))
        acteur = make_acteur_medecin(guichet, moi)
        compte = Membre.objects.select_related("compte").get(pk=acteur.membre_id).compte
    assert parts.find_part(moi.pk) == equite.Part(moi.pk, demandees=2, refusees=2)
    # 4 for the first doctor within the period, 2, 1, 0, 0.
    assert (parts.demandees, parts.median_of("demandees"), refus[0]) == (7, 1, (MotifRefus.COMPLET.label, 3))
    page = enter(Client(), compte).get(reverse("medecin_traitant_mes_chiffres", args=[guichet.cpts.slug]))
    assert "médiane de tous : 1" in read(page)
    assert "Confrère" not in read(page)
    assert "Aubert" not in read(page)


def test_under_five_doctors_no_median_is_told(guichet):
    with use_cpts(guichet.cpts.pk):
        parts = equite.compute_equite(guichet.cpts.pk, flux.find_periode(26))
    assert len(parts.parts) == 2
    assert parts.quartiles is None
    assert parts.median_of("demandees") is None
    section = sections.build_equite(parts, None)
    assert [ligne[0] for ligne in section.tableau.lignes] == ["Total"]
    assert section.graphique is None


def test_an_empty_desk_says_so():
    guichet = make_guichet()
    page = read(open_page(guichet, Role.COORDINATION))
    assert "Aucune demande n’est arrivée sur la période" in page
    assert "Personne n’attend depuis plus de 90 jours" in page
    assert "Aucun médecin trouvé sur la période" in page
