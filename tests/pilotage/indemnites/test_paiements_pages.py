"""From the queue to the bank by the pages, and the documents that each person finds."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from fabriques.droits import enter, make_membre
from fabriques.indemnites import make_declaration, make_payable
from fabriques.paiements import IBAN, make_campagne, make_compte_cpts, make_due
from maillon.pilotage.indemnites.enums import Etat, EtatCampagne
from maillon.pilotage.indemnites.models import Campagne, CompteBancaire, Virement
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import today


def url(cpts, nom, *args):
    return reverse(f"indemnites:{nom}", args=[cpts.slug, *args])


def test_a_run_from_its_preparation_to_the_bank(cpts, membre):
    claire = membre(Role.COORDINATION)
    with use_cpts(cpts.pk):
        make_due(cpts)
        sans = make_due(cpts, compte=False)
    refus = claire.post(url(cpts, "compte"), {"titulaire": "CPTS", "iban": "FR76 0000"})
    assert refus.status_code == 422
    claire.post(url(cpts, "compte"), {"titulaire": "CPTS", "iban": "FR14 2004 1010 0505 0001 3M02 606", "bic": ""})
    jour = today().isoformat()
    page = claire.post(url(cpts, "campagne_nouvelle"), {"jusqu_au": jour, "execution_le": jour}, follow=True)
    texte = page.content.decode()
    assert str(sans) in texte
    assert "Il manque des IBAN" in texte
    assert IBAN not in texte
    with use_cpts(cpts.pk):
        pk = Campagne.objects.get().pk
    claire.post(url(cpts, "campagne_emettre", pk))
    fichier = claire.get(url(cpts, "campagne_fichier", pk))
    assert fichier["Content-Type"] == "application/xml"
    assert IBAN.encode() in fichier.content
    assert claire.get(url(cpts, "campagne_fichier", pk)).content == fichier.content
    with use_cpts(cpts.pk):
        virement = Virement.objects.get(etat="a_payer")
    releve = f"Date;Libelle;Debit\n{today():%d/%m/%Y};VIR {virement.reference};120,00\n"
    lu = claire.post(url(cpts, "banque"), {"fichier": SimpleUploadedFile("releve.csv", releve.encode())})
    assert "payé" in lu.content.decode()
    with use_cpts(cpts.pk):
        assert Campagne.objects.get().etat == EtatCampagne.SOLDEE
    assert (
        claire.post(url(cpts, "banque"), {"fichier": SimpleUploadedFile("x.csv", b"Nom;A\nB;C\n")}).status_code == 422
    )


def test_a_run_costs_the_same_for_two_or_twelve(cpts, membre, django_assert_max_num_queries):
    claire = membre(Role.COORDINATION)
    for nombre in (2, 10):
        with use_cpts(cpts.pk):
            make_compte_cpts(cpts)
            for _ in range(nombre):
                make_due(cpts)
            Campagne.objects.filter(etat=EtatCampagne.PREPAREE).update(etat=EtatCampagne.ANNULEE)
            pk = make_campagne(cpts).pk
        with django_assert_max_num_queries(26):
            assert claire.get(url(cpts, "campagne", pk)).status_code == 200


def test_each_finds_their_own_documents(cpts, client, membre, tmp_path):
    compte = make_membre(cpts, Role.PROFESSIONNEL)
    with use_cpts(cpts.pk):
        moi, autre = make_payable(cpts, membre=compte), make_payable(cpts)
        make_declaration(moi, etat=Etat.APPROUVEE, libelle="Groupe parcours", le=today().replace(day=1))
        make_declaration(autre, etat=Etat.APPROUVEE, libelle="Autre groupe")
    seul = enter(client, compte.compte)
    mois = f"?mois={today():%Y-%m}"
    for genre, dit in (("releve", "120 €"), ("recapitulatif", "120 €"), ("attestation", "2 h")):
        answer = seul.get(url(cpts, "mon_etat", genre) + (mois if genre == "releve" else ""))
        chemin = tmp_path / f"{genre}.pdf"
        chemin.write_bytes(answer.content)
        texte = " ".join(page.extract_text() for page in PdfReader(chemin).pages).replace("\u202f", " ")
        assert "Groupe parcours" in texte
        assert "Autre groupe" not in texte
        assert dit in texte.replace("\u00a0", " ")
        assert str(moi) not in answer["Content-Disposition"]
    assert seul.get(url(cpts, "mon_etat", "releve") + "?mois=2019-01").status_code == 404
    assert seul.get(url(cpts, "etat_personne", autre.pk, "releve")).status_code == 404
    assert seul.post(url(cpts, "mon_compte"), {"titulaire": "Moi", "iban": IBAN}).status_code == 302
    with use_cpts(cpts.pk):
        assert CompteBancaire.objects.get(personne=moi).iban == IBAN


@pytest.mark.parametrize(("montant", "nommee"), [(2399, False), (2400, True)])
def test_the_yearly_table_names_those_above_the_threshold(cpts, membre, montant, nommee):
    with use_cpts(cpts.pk):
        personne = make_payable(cpts)
        make_declaration(personne, etat=Etat.APPROUVEE, montant=Decimal(montant), payee_le=today())
    page = membre(Role.COORDINATION).get(url(cpts, "das2")).content.decode()
    assert (personne.nom in page) is nommee
    assert "à confirmer" in page
