"""Every way in as people use it: partner's link, telephone, paper, neighbours, call round, follow-up."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_cpts, make_membre
from fabriques.entrees import TITRES, give_acces, make_sans_accord, take_liste
from fabriques.medecin_traitant import Guichet, file_demande, make_demande, make_guichet, make_medecin
from fabriques.personnes import PersonneFabrique
from fabriques.structures import PartenariatFabrique, StructureFabrique
from maillon.communaute.patients.models import Identite
from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.structures.enums import TypeStructure
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.attente.colonnes import read_liste
from maillon.missions.medecin_traitant.declarations.appels import list_elements_partenaire
from maillon.missions.medecin_traitant.enums import Action, Etat, Origine
from maillon.missions.medecin_traitant.forms import GuichetForm
from maillon.missions.medecin_traitant.models import AccesPartenaire, Demande, ListeAttente
from maillon.missions.medecin_traitant.selectors import view_as_medecin
from maillon.missions.medecin_traitant.selectors.attente import list_alertes_recontact
from maillon.missions.medecin_traitant.selectors.demandes import list_communes
from maillon.missions.medecin_traitant.selectors.entrees import find_origine_structure
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now, today
from maillon.socle.journal.models import Entree, Lecture

pytestmark = pytest.mark.django_db

PERSONNE = {
    "telephone": "04 77 11 22 33",
    "nom": "Canari",
    "prenom": "Zoé",
    "annee_naissance": "1944",
    "commune": "saint-ét",
    "besoins": ["ald", "acces_pmr"],
    "langue": "fr",
    "accord": "on",
    "cle": "k" * 20,
}


def url(guichet: Guichet, name: str, *args: object) -> str:
    return reverse(f"medecin_traitant_{name}", args=[guichet.cpts.slug, *args])


def only_demande(guichet: Guichet) -> Demande:
    with use_cpts(guichet.cpts.pk):
        return Demande.objects.select_related("patient", "acces_partenaire").get()


# Partners without account


@pytest.fixture
def lien(guichet: Guichet) -> str:
    with use_cpts(guichet.cpts.pk):
        return reverse("medecin_traitant_orienter", args=[give_acces(guichet).jeton])


def test_a_partner_files_without_account_and_follows_the_state_only(guichet: Guichet, lien: str) -> None:
    partenaire = Client()
    page = partenaire.post(lien, PERSONNE, follow=True)
    demande = only_demande(guichet)
    assert demande.reference in page.content.decode()
    assert (demande.origine, demande.accord_moyen, demande.etat) == (Origine.PHARMACIE, "tiers", Etat.DEPOSEE)
    assert (demande.ald, demande.acces_pmr, demande.patient.commune_id) == (True, True, "42218")
    code = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", page.content.decode())
    assert code
    assert services.hash_code(code[0], cpts_id=guichet.cpts.pk) == bytes(demande.code_suivi)
    again = partenaire.get(lien).content.decode()
    assert demande.reference in again
    for mot in ("Canari", "Zoé", "04 77 11 22 33", code[0]):
        assert mot not in again


def test_the_same_post_makes_one_request(guichet: Guichet, lien: str) -> None:
    partenaire = Client()
    partenaire.post(lien, PERSONNE)
    page = partenaire.post(lien, PERSONNE, follow=True)
    assert "pas doublée" in page.content.decode()
    only_demande(guichet)


def test_a_partner_reads_only_what_was_filed_by_the_same_link(guichet: Guichet, lien: str) -> None:
    with use_cpts(guichet.cpts.pk):
        autre = file_demande(guichet).demande
        voisin = give_acces(guichet)
    page = Client().get(lien).content.decode()
    assert autre.reference not in page
    assert Client().get(reverse("medecin_traitant_orienter", args=[voisin.jeton])).status_code == 200


def test_a_link_taken_back_or_expired_is_closed(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        retire, expire = give_acces(guichet), give_acces(guichet)
        services.revoke_acces(acces_id=retire.acces.pk, by=guichet.acteur)
    assert Client().get(reverse("medecin_traitant_orienter", args=[retire.jeton])).status_code == 410
    with horloge.at(datetime.now(UTC) + timedelta(days=200)):
        assert Client().get(reverse("medecin_traitant_orienter", args=[expire.jeton])).status_code == 410


def test_a_robot_and_a_form_without_agreement_are_refused(guichet: Guichet, lien: str) -> None:
    assert Client().post(lien, {**PERSONNE, "site_web": "x"}).status_code == 429
    sans = {nom: valeur for nom, valeur in PERSONNE.items() if nom != "accord"}
    answer = Client().post(lien, sans)
    assert answer.status_code == 422
    assert "Canari" in answer.content.decode()
    with use_cpts(guichet.cpts.pk):
        assert not Demande.objects.exists()


def test_the_desk_gives_a_link_shown_once_listed_and_taken_back(guichet: Guichet, desk: Client) -> None:
    with use_cpts(guichet.cpts.pk):
        structure = PartenariatFabrique(cpts=guichet.cpts).structure
    page = url(guichet, "donner_acces", structure.pk)
    donnees = {"origine": "mairie", "service": "CCAS", "mois": "6", "courriel": "ccas@example.org"}
    shown = desk.post(page, donnees, follow=True).content.decode()
    found = re.search(r"/l/([\w-]+)/orienter/", shown)
    assert found
    assert "/orienter/" not in desk.get(page).content.decode()
    with use_cpts(guichet.cpts.pk):
        acces = AccesPartenaire.objects.get()
        assert Message.objects.filter(objet_id=acces.pk).count() == 1
        assert [e.libelle for e in list_elements_partenaire(guichet.cpts.pk, structure.pk, guichet.acteur)] == ["CCAS"]
    assert (
        "CCAS" in desk.get(reverse("partenaires:partenaire", args=[guichet.cpts.slug, structure.pk])).content.decode()
    )
    desk.post(url(guichet, "retirer_acces", acces.pk))
    assert Client().get(f"/l/{found[1]}/orienter/").status_code == 410


@pytest.mark.parametrize(
    ("type_structure", "origine"),
    [
        (TypeStructure.PHARMACIE, Origine.PHARMACIE),
        (TypeStructure.HOPITAL, Origine.HOPITAL),
        (TypeStructure.SAMU, Origine.SAMU),
        (TypeStructure.MAIRIE, Origine.MAIRIE),
        (TypeStructure.CENTRE_EXAMENS_SANTE, Origine.CES),
        (TypeStructure.ASSOCIATION, Origine.PARTENAIRE),
    ],
)
def test_the_origin_follows_the_kind_of_partner(type_structure: str, origine: str) -> None:
    assert find_origine_structure(StructureFabrique.build(type=type_structure)) == origine


def test_a_partner_with_an_account_is_counted_by_where_they_work(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        membre = make_membre(guichet.cpts, Role.PARTENAIRE)
        PersonneFabrique(cpts=guichet.cpts, membre=membre, structure=StructureFabrique(type=TypeStructure.HOPITAL))
    enter(Client(), membre.compte).post(url(guichet, "deposer"), PERSONNE)
    assert only_demande(guichet).origine == Origine.HOPITAL


# The telephone


def test_a_known_number_or_name_shows_the_open_request_and_leaves_a_trace(guichet: Guichet, desk: Client) -> None:
    with use_cpts(guichet.cpts.pk):
        demande = file_demande(guichet, nom="Canari", prenom="Zoé", telephone="04 77 11 22 33").demande
        close = make_demande(guichet, nom="Petit", prenom="Anne", telephone="0477119999", etat=Etat.CLOSE)
    page = url(guichet, "connues")
    assert demande.reference in desk.post(page, {"telephone": "0477112233"}).content.decode()
    assert demande.reference in desk.post(page, {"nom": "CANARI", "prenom": "zoe"}).content.decode()
    for vide in ({"telephone": "0477119999"}, {"telephone": "0477"}, {"nom": "Canari"}, {}):
        assert not desk.post(page, vide).content.strip(), vide
    with use_cpts(guichet.cpts.pk):
        assert Lecture.objects.filter(patient_id=demande.patient_id, pourquoi="appel au guichet").exists()
        assert close.reference


def test_another_community_is_never_searched(guichet: Guichet, desk: Client) -> None:
    autre = make_guichet(make_cpts(fictive=True))
    with use_cpts(autre.cpts.pk):
        file_demande(autre, nom="Canari", prenom="Zoé", telephone="04 77 11 22 33")
    assert not desk.post(url(guichet, "connues"), {"telephone": "0477112233"}).content.strip()


@pytest.mark.parametrize(
    ("tape", "code"), [("42218", "42218"), ("villars", "42330"), ("VILL", "42330"), ("saint etienne", "42218")]
)
def test_a_commune_is_found_as_it_is_typed(guichet: Guichet, tape: str, code: str) -> None:
    with use_cpts(guichet.cpts.pk):
        form = GuichetForm({**PERSONNE, "commune": tape}, communes=list_communes(guichet.cpts.pk))
        assert form.is_valid(), form.errors
        assert form.cleaned_data["commune"] == code


def test_an_unknown_commune_says_what_to_do(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        form = GuichetForm({**PERSONNE, "commune": "Paris"}, communes=list_communes(guichet.cpts.pk))
        assert "territoire" in form.errors["commune"][0]


def test_a_form_on_paper_is_typed_and_waits_for_a_call(guichet: Guichet, desk: Client) -> None:
    with use_cpts(guichet.cpts.pk):
        medecin = make_medecin(guichet)
    desk.post(url(guichet, "nouvelle"), {**PERSONNE, "papier": "on", "medecin_souhaite": str(medecin.pk)})
    demande = only_demande(guichet)
    assert (demande.origine, demande.accord_moyen, demande.etat) == (Origine.PAPIER, "papier", Etat.DEPOSEE)
    assert demande.medecin_souhaite_id == medecin.pk
    assert demande.responsable_id == guichet.membre.pk


def test_needs_reach_the_doctor_but_not_the_wish(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        demande = file_demande(guichet).demande
        demande.acces_pmr = True
        vue = view_as_medecin(demande)
        assert "Cabinet accessible en fauteuil roulant" in vue.besoins
        assert not hasattr(vue, "medecin_souhaite")


# Public pages


def test_the_form_on_paper_is_a_pdf_of_two_pages(guichet: Guichet) -> None:
    answer = Client().get(url(guichet, "papier"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.count(b"/Type /Page\n") + answer.content.count(b"/Type /Page\r") <= 2


def test_a_commune_elsewhere_says_whom_to_ask(guichet: Guichet) -> None:
    voisine = make_cpts(nom="CPTS de la vallée voisine", fictive=True)
    make_guichet(voisine)
    page = Client().get(url(guichet, "autre_commune"), {"commune": "villars"}).content.decode()
    assert "CPTS de la vallée voisine" in page or "C’est chez nous" in page
    assert "36 46" in Client().get(url(guichet, "autre_commune"), {"commune": "zzz"}).content.decode()


# The list and the call round


def test_a_list_goes_from_the_file_to_the_calls(guichet: Guichet, desk: Client) -> None:
    contenu = f"{TITRES}\nCanari;Zoé;1944;0477112233;Villars;;;oui;diabète;\n".encode()
    fichier = SimpleUploadedFile("attente.csv", contenu, content_type="text/csv")
    page = desk.post(url(guichet, "liste_nouvelle"), {"fichier": fichier}, follow=True)
    assert page.redirect_chain[-1][0].endswith("/colonnes/")
    texte = page.content.decode()
    assert "texte libre" in texte
    assert "numéro de sécurité sociale" in texte
    assert "diabète" not in texte
    with use_cpts(guichet.cpts.pk):
        liste = ListeAttente.objects.get()
        entetes, _ = read_liste(liste.unseal())
    choix = {f"c{rang}": liste.colonnes.get(titre, "") for rang, titre in enumerate(entetes)}
    page = desk.post(url(guichet, "liste_colonnes", liste.pk), choix, follow=True)
    assert "1 personne à ajouter" in page.content.decode().replace("\u00a0", " ")
    desk.post(url(guichet, "liste_appliquer", liste.pk))
    with use_cpts(guichet.cpts.pk):
        services.apply_liste(liste_id=liste.pk, by=guichet.acteur)
    assert "Canari".upper() in desk.get(url(guichet, "recontacts")).content.decode()
    assert "CANARI" not in desk.get(url(guichet, "liste")).content.decode()


def test_a_bad_file_says_why_beside_the_field(guichet: Guichet, desk: Client) -> None:
    fichier = SimpleUploadedFile("attente.csv", b"%PDF-1.4", content_type="text/csv")
    answer = desk.post(url(guichet, "liste_nouvelle"), {"fichier": fichier})
    assert answer.status_code == 422


def test_a_call_records_the_agreement_qualifies_and_gives_the_code(guichet: Guichet, desk: Client) -> None:
    with use_cpts(guichet.cpts.pk):
        demande = make_sans_accord(guichet)
    assert "CANARI" in desk.get(url(guichet, "recontact", demande.pk)).content.decode()
    reponse = {"besoins": ["c2s"], "langue": "fr", "moyen": "telephone"}
    assert desk.post(url(guichet, "accorder", demande.pk), reponse).status_code == 422
    page = desk.post(url(guichet, "accorder", demande.pk), {**reponse, "accord": "on"}, follow=True)
    assert "Code de suivi à donner" in page.content.decode()
    demande = only_demande(guichet)
    assert (demande.etat, demande.prochaine_action, demande.c2s) == (Etat.QUALIFIEE, Action.PROPOSER, True)
    assert desk.get(url(guichet, "recontact", demande.pk)).status_code == 302


def test_a_call_without_answer_is_planned_and_a_refusal_forgets(guichet: Guichet, desk: Client) -> None:
    with use_cpts(guichet.cpts.pk):
        demande = make_sans_accord(guichet)
    desk.post(url(guichet, "plus_tard", demande.pk), {"le": (today() + timedelta(days=2)).isoformat()})
    assert only_demande(guichet).prochaine_date == today() + timedelta(days=2)
    assert desk.post(url(guichet, "plus_tard", demande.pk), {"le": "hier"}).status_code == 422
    desk.post(url(guichet, "refuser_accord", demande.pk))
    with use_cpts(guichet.cpts.pk):
        assert not Identite.objects.exists()


def test_the_home_page_says_who_must_be_called_and_by_when(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        assert list_alertes_recontact(guichet.cpts.pk, guichet.acteur, now()) == []
        make_sans_accord(guichet)
        (alerte,) = list_alertes_recontact(guichet.cpts.pk, guichet.acteur, now())
        assert "à recontacter avant le" in alerte.phrase


def test_the_call_round_reads_a_constant_number_of_times(
    guichet: Guichet, desk: Client, django_assert_max_num_queries
) -> None:
    page = url(guichet, "recontacts")
    lignes = [f"Nom{n};Prénom;19{10 + n};06{n:08d};Villars;;;;;" for n in range(25)]
    with use_cpts(guichet.cpts.pk):
        take_liste(guichet, *lignes)
    desk.get(page)
    with django_assert_max_num_queries(32):
        desk.get(page)


# Follow-up by the person


def follow(demande: Demande) -> str:
    with use_cpts(demande.cpts_id):
        return reverse("medecin_traitant_suivi", args=[services.create_lien_suivi(demande)])


def test_the_person_corrects_telephone_mail_and_commune(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        demande = file_demande(guichet, nom="Canari").demande
    page = follow(demande)
    donnees = {"geste": "contact", "telephone": "0611223344", "courriel": "neuf@example.org", "commune": "42330"}
    answer = Client().post(page, donnees, follow=True)
    assert "Canari" not in answer.content.decode()
    assert Client().post(page, {"geste": "contact"}).status_code == 422
    with use_cpts(guichet.cpts.pk):
        demande = Demande.objects.select_related("patient").get()
        lue = read_identites([demande.patient_id], quoi="x", pourquoi="y", by=guichet.acteur)[demande.patient_id]
        assert (lue.telephone, lue.courriel, demande.patient.commune_id) == ("0611223344", "neuf@example.org", "42330")
        assert lue.nom == "Canari"


def test_the_person_corrects_the_needs_until_a_doctor_accepts(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        demande = make_demande(guichet, etat=Etat.QUALIFIEE)
        acceptee = make_demande(guichet, etat=Etat.ACCEPTEE)
    donnees = {"geste": "situation", "besoins": ["grossesse"], "langue": "en"}
    Client().post(follow(demande), donnees)
    Client().post(follow(acceptee), donnees)
    with use_cpts(guichet.cpts.pk):
        demande.refresh_from_db()
        acceptee.refresh_from_db()
        assert (demande.grossesse, demande.langue, demande.etat) == (True, "en", Etat.QUALIFIEE)
        assert demande.priorite_score > 0
        assert not acceptee.grossesse


def test_a_withdrawal_stops_everything_and_is_taken_back(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        demande = make_demande(guichet, etat=Etat.PROPOSEE)
        rang = demande.deposee_le
    page = follow(demande)
    Client().post(page, {"geste": "retirer"})
    with use_cpts(guichet.cpts.pk):
        demande.refresh_from_db()
        assert (demande.etat, demande.motif_cloture) == (Etat.CLOSE, "abandon")
        assert not demande.sollicitations.filter(etat=EtatSollicitation.ENVOYEE).exists()
    Client().post(page, {"geste": "reprendre"})
    with use_cpts(guichet.cpts.pk):
        demande.refresh_from_db()
        assert (demande.etat, demande.deposee_le) == (Etat.QUALIFIEE, rang)
        services.close_demande(demande_id=demande.pk, motif="doublon", by=guichet.acteur)
    Client().post(page, {"geste": "reprendre"})
    with use_cpts(guichet.cpts.pk):
        demande.refresh_from_db()
        assert demande.etat == Etat.CLOSE


def test_the_agreement_of_each_way_in_is_dated(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        demande = file_demande(guichet).demande
        assert (demande.accord, demande.accord_moyen) == ("recueilli", "en_ligne")
        assert demande.accord_le is not None
        assert Entree.objects.filter(objet_id=demande.pk, evenement="medecin_traitant.deposee").exists()
