"""The life of a request in a browser without JavaScript: the sheet, the day's list, several at once, the links."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_compte, make_membre
from fabriques.entrees import make_sans_accord
from fabriques.medecin_traitant import Guichet, make_acteur_medecin, make_demande, make_medecin
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Action, Bilan, Declaration, Etat, EtatTache, RoleEquipe
from maillon.missions.medecin_traitant.models import (
    AppelTelephonique,
    Demande,
    Equipier,
    PoidsAdoptes,
    TacheGuichet,
)
from maillon.missions.medecin_traitant.nir import contains_nir
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.droits.services import create_lien
from maillon.socle.journal.models import Lecture

pytestmark = pytest.mark.django_db


def url(guichet: Guichet, name: str, *args: object) -> str:
    return reverse(f"medecin_traitant_{name}", args=[guichet.cpts.slug, *args])


def make(guichet: Guichet, etat: Etat = Etat.DEPOSEE, **champs: object) -> Demande:
    with use_cpts(guichet.cpts.pk):
        return make_demande(guichet, etat=etat, **champs)


def reload(objet):
    with use_cpts(objet.cpts_id):
        return type(objet).objects.get(pk=objet.pk)


def day(days: int) -> str:
    return (horloge.today() + timedelta(days=days)).isoformat()


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def test_one_touch_after_a_call_from_the_day_list(guichet: Guichet):
    demande = make(guichet, nom="Canari")
    with horloge.at(horloge.now() + timedelta(days=3)):
        desk = enter(Client(), guichet.membre.compte)
        address = url(guichet, "journee")
        page = text(desk.get(address))
        assert "CANARI" in page
        assert "tel:" in page
        sent = {"issue": "repondeur", "vers": "patient", "retour": "journee"}
        answer = desk.post(url(guichet, "appeler", demande.pk), sent, follow=True)
        assert "répondeur" in text(answer)
        assert answer.redirect_chain[-1][0] == address
        assert "CANARI" not in text(desk.get(address)), "to be called again later"
        with use_cpts(guichet.cpts.pk):
            appel = AppelTelephonique.objects.get()
            assert Lecture.objects.filter(pourquoi="appels du jour").exists()
        desk.post(url(guichet, "annuler_appel", demande.pk, appel.pk))
        assert "CANARI" in text(desk.get(address + "?qui=tous"))
        reached = desk.post(url(guichet, "appeler", demande.pk), {**sent, "issue": "joint"}, follow=True)
        assert "Qualifier la demande" in text(reached), "what was said is written on the sheet"


def test_the_day_list_leads_to_the_call_round_without_naming_anybody(desk: Client, guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        demande = make_sans_accord(guichet, nom="Aubépine")
        Demande.objects.update(prochaine_date=horloge.today())
    page = text(desk.get(url(guichet, "journee") + "?qui=tous"))
    assert "1 accord à recueillir" in page.replace("\u00a0", " ")
    assert url(guichet, "recontact", demande.pk) in page
    assert "AUBÉPINE" not in page.upper()
    with use_cpts(guichet.cpts.pk):
        Demande.objects.update(prochaine_date=horloge.today() + timedelta(days=1))
    assert "à recueillir" not in text(desk.get(url(guichet, "journee") + "?qui=tous"))


def test_a_task_is_noted_done_and_taken_back(desk: Client, guichet: Guichet):
    demande = make(guichet)
    sent = {"t-quoi": "piece", "t-precision": "Carte Vitale", "t-responsable": str(guichet.membre.pk)}
    refused = desk.post(url(guichet, "noter_tache", demande.pk), sent)
    assert refused.status_code == 422
    assert "Carte Vitale" in text(refused), "what was typed stays"
    nir = {**sent, "t-precision": "2 44 03 42 218 123 45", "t-echeance": day(0)}
    assert "sécurité sociale" in text(desk.post(url(guichet, "noter_tache", demande.pk), nir))
    desk.post(url(guichet, "noter_tache", demande.pk), {**sent, "t-echeance": day(0)})
    assert "Carte Vitale" in text(desk.get(url(guichet, "journee")))
    with use_cpts(guichet.cpts.pk):
        tache = TacheGuichet.objects.get()
    done = url(guichet, "finir_tache", demande.pk, tache.pk)
    desk.post(done, {"geste": "faite"})
    assert reload(tache).etat == EtatTache.FAITE
    desk.post(done)  # « Annuler »
    assert reload(tache).etat == EtatTache.A_FAIRE


def test_a_choice_whose_key_looks_like_a_social_security_number_is_accepted(desk: Client, guichet: Guichet):
    """Keys are drawn: one in some tens of them holds thirteen digits that begin as such a number does."""
    cle = UUID("01a204a0-9589-7773-9665-1000290ec843")
    assert contains_nir(str(cle))
    with use_cpts(guichet.cpts.pk):
        compte = Membre.objects.create(pk=cle, cpts=guichet.cpts, compte=make_compte(nom="Malchance")).compte
        make_membre(guichet.cpts, Role.INTERLOCUTEUR_SOCIAL, compte=compte)
    demande = make(guichet)
    sent = {"t-quoi": "piece", "t-precision": "Carte Vitale", "t-responsable": str(cle), "t-echeance": day(0)}
    assert desk.post(url(guichet, "noter_tache", demande.pk), sent).status_code == 302
    with use_cpts(guichet.cpts.pk):
        assert TacheGuichet.objects.get().responsable_id == cle


def test_a_level_is_decided_with_its_reason_and_given_back(desk: Client, guichet: Guichet):
    demande = make(guichet)
    sent = {"p-niveau": "haute", "p-motif": "situation", "p-jusque": day(300), "p-precision": "Chute hier"}
    refused = desk.post(url(guichet, "decider_priorite", demande.pk), sent)
    assert refused.status_code == 422
    assert "six mois" in text(refused)
    page = desk.post(url(guichet, "decider_priorite", demande.pk), {**sent, "p-jusque": day(9)}, follow=True)
    assert "Chute hier" in text(page)
    assert reload(demande).priorite_niveau == "haute"
    desk.post(url(guichet, "rendre_priorite", demande.pk))
    assert reload(demande).priorite_niveau == "normale"


def test_a_team_is_shown_to_the_desk_and_to_the_person(client: Client, desk: Client, guichet: Guichet):
    demande = make(guichet, Etat.QUALIFIEE)
    with use_cpts(guichet.cpts.pk):
        ipa = make_medecin(guichet, places=None, nom="Passereau")
        suivi = reverse("medecin_traitant_suivi", args=[services.create_lien_suivi(demande)])
    sent = {"e-professionnel": str(ipa.pk), "e-role": RoleEquipe.IPA}
    assert desk.post(url(guichet, "ajouter_equipier", demande.pk), sent).status_code == 422
    desk.post(url(guichet, "ajouter_equipier", demande.pk), {**sent, "e-accord": "on"})
    assert str(ipa) in text(client.get(suivi))
    assert "revue" in text(desk.post(url(guichet, "revoir_equipe", demande.pk), follow=True))
    with use_cpts(guichet.cpts.pk):
        equipier = Equipier.objects.get()
    desk.post(url(guichet, "retirer_equipier", demande.pk, equipier.pk))
    assert str(ipa) not in text(client.get(suivi))


def test_the_desk_follows_a_placement_to_its_end(desk: Client, guichet: Guichet):
    demande = make(guichet, Etat.PLACEE)
    suite = url(guichet, "suite", demande.pk)
    assert desk.post(suite, {"geste": "rdv"}).status_code == 422
    desk.post(suite, {"geste": "rdv", "premier_rdv_le": day(0)})
    desk.post(suite, {"geste": "non_declaree"})
    assert reload(demande).declaration == Declaration.NON_FAITE
    desk.post(suite, {"geste": "oublier_declaration"})
    desk.post(suite, {"geste": "declaree"})
    assert reload(demande).prochaine_action == Action.BILAN
    assert desk.post(suite, {"geste": "nouvelles"}).status_code == 422
    desk.post(suite, {"geste": "nouvelles", "bilan-suivie": "non"})
    page = text(desk.get(url(guichet, "fiche", demande.pk)))
    assert "Rouvrir à son rang" in page
    desk.post(suite, {"geste": "finir"})
    assert reload(demande).bilan == Bilan.NON_SUIVI
    desk.post(suite)  # « Annuler »
    assert reload(demande).is_suivie
    desk.post(url(guichet, "rouvrir", demande.pk))
    page = text(desk.get(url(guichet, "fiche", demande.pk)))
    assert "Tour 2" in page
    assert "Tour 1" in page


def link(demande: Demande) -> str:
    with use_cpts(demande.cpts_id):
        jeton = create_lien(
            but=services.LIEN_NOUVELLES,
            cpts_id=demande.cpts_id,
            objet_id=demande.pk,
            expire_le=horloge.now() + timedelta(days=9),
        )
    return reverse("medecin_traitant_donner_nouvelles", args=[jeton])


def test_the_person_answers_by_link_without_any_identity(client: Client, guichet: Guichet):
    demande = make(guichet, Etat.PLACEE, nom="Canari")
    address = link(demande)
    page = text(client.get(address))
    assert "CANARI" not in page
    assert "Canari" not in page
    client.get(address)
    assert reload(demande).premier_rdv_le is None, "GET changes nothing"
    assert "C’est noté" in text(client.post(address, {"geste": "rdv", "premier_rdv_le": day(2)}))
    assert client.post(address, {"geste": "nouvelles"}).status_code == 422
    answer = client.post(address, {"geste": "nouvelles", "bilan-suivie": "oui", "bilan-declaree": "oui"})
    assert "Tout va bien" in text(answer)
    found = reload(demande)
    assert (found.bilan, found.declaration, found.is_suivie) == (Bilan.SUIVI, Declaration.FAITE, False)
    assert client.get(address).status_code == 410, "the link closed with the answer"


def test_a_person_with_ame_is_not_asked_about_a_declaration(client: Client, guichet: Guichet):
    demande = make(guichet, Etat.PLACEE, ame=True)
    page = text(client.get(link(demande)))
    assert "déclaré comme" not in page
    answer = client.post(link(demande), {"geste": "nouvelles", "bilan-suivie": "non"})
    assert "vous gardez votre rang" in text(answer)
    assert reload(demande).prochaine_action == Action.DECIDER


def test_the_doctor_notes_the_first_appointment_of_own_patients_only(guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        medecin, other = make_medecin(guichet), make_medecin(guichet)
        demande = make_demande(guichet, etat=Etat.PLACEE, medecins=[medecin])
        clients = []
        for one in (medecin, other):
            acteur = make_acteur_medecin(guichet, one)
            clients.append(enter(Client(), Membre.objects.select_related("compte").get(pk=acteur.membre_id).compte))
    own, rival = clients
    address = url(guichet, "suite_par_medecin", demande.pk)
    assert "Premier rendez-vous le" in text(own.get(url(guichet, "mes_patients")))
    own.post(address, {"premier_rdv_le": day(3)})
    own.post(address, {"geste": "declaree"})
    found = reload(demande)
    assert (found.premier_rdv_le.isoformat(), found.declaration) == (day(3), Declaration.FAITE)
    assert rival.post(address, {"premier_rdv_le": day(5)}).status_code == 404


def test_an_opposition_from_the_sheet(desk: Client, guichet: Guichet):
    demande = make(guichet, Etat.PROPOSEE, nom="Canari")
    desk.post(url(guichet, "opposition", demande.pk), {"geste": "opposer"})
    page = text(desk.get(url(guichet, "fiche", demande.pk)))
    assert "CANARI" not in page
    assert "Lever l’opposition" in page
    desk.post(url(guichet, "opposition", demande.pk), {"geste": "lever"})
    assert "CANARI" in text(desk.get(url(guichet, "fiche", demande.pk)))
    assert reload(demande).etat == Etat.CLOSE, "nothing opens again by itself"


def test_a_yes_recorded_by_mistake_is_taken_back(desk: Client, guichet: Guichet):
    demande = make(guichet, Etat.ACCEPTEE)
    desk.post(url(guichet, "repondre_pour_patient", demande.pk), {"reponse": "oui"})
    assert "Annuler la réponse du patient" in text(desk.get(url(guichet, "fiche", demande.pk)))
    desk.post(url(guichet, "annuler_reponse", demande.pk))
    assert reload(demande).etat == Etat.ACCEPTEE


def test_several_are_previewed_then_planned_or_exported(desk: Client, guichet: Guichet):
    demandes = [make(guichet) for _ in range(2)]
    other = make(guichet)
    address = url(guichet, "lot")
    assert desk.post(address).status_code == 302
    choix = {"choix": [str(d.pk) for d in demandes] + ["pas-une-cle"]}
    assert "2 demandes choisies" in text(desk.post(address, choix))
    assert desk.post(address, {**choix, "geste": "apercu"}).status_code == 422
    planned = {**choix, "prochaine_date": day(6), "responsable": str(guichet.membre.pk)}
    page = text(desk.post(address, {**planned, "geste": "apercu"}))
    assert "2 demandes seront suivies par" in page
    assert reload(demandes[0]).prochaine_date.isoformat() != day(6), "a preview changes nothing"
    desk.post(address, {**planned, "geste": "appliquer"})
    assert {reload(d).prochaine_date.isoformat() for d in demandes} == {day(6)}
    assert reload(other).prochaine_date.isoformat() != day(6)
    exported = desk.post(address, {**choix, "geste": "exporter"})
    assert exported["Content-Type"].endswith("sheet")


def test_weights_are_seen_before_they_are_adopted(guichet: Guichet):
    make(guichet, isolement=True)
    president = enter(Client(), make_membre(guichet.cpts, Role.PRESIDENT).compte)
    address = url(guichet, "poids")
    page = president.get(address)
    assert "à confirmer" in text(page)
    sent = {k: str(v) for k, v in page.context["form"].initial.items()} | {"isolement": "45", "depuis": day(0)}
    assert president.post(address, {**sent, "geste": "adopter"}).status_code == 422, "who decided it"
    low = {**sent, "decision": "Bureau", "seuil_haute": "10"}
    assert "doit commencer au-dessus" in text(president.post(address, low))
    sent["decision"] = "Bureau du 12 novembre"
    preview = text(president.post(address, {**sent, "geste": "apercu"}))
    assert "1 monte" in preview
    assert "MT-" not in preview, "the bureau sees no request"
    with use_cpts(guichet.cpts.pk):
        assert not PoidsAdoptes.objects.exists()
    president.post(address, {**sent, "geste": "adopter"})
    assert "Bureau du 12 novembre" in text(president.get(address))


def count_queries(assert_max, client: Client, address: str) -> int:
    with assert_max(200) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_queries_do_not_grow_with_the_day_nor_with_the_life(
    desk: Client, guichet: Guichet, django_assert_max_num_queries
):
    demande = make(guichet)
    fiche = url(guichet, "fiche", demande.pk)

    def fill() -> None:
        with use_cpts(guichet.cpts.pk):
            services.record_appel(demande_id=demande.pk, issue="rappeler", rappeler_le=horloge.today(), by=SYSTEME)
            for _ in range(3):
                services.add_tache(demande_id=demande.pk, quoi="piece", echeance=horloge.today(), by=SYSTEME)
                due = make_demande(guichet)
                services.record_appel(demande_id=due.pk, issue="rappeler", rappeler_le=horloge.today(), by=SYSTEME)

    fill()
    few = [count_queries(django_assert_max_num_queries, desk, a) for a in (url(guichet, "journee"), fiche)]
    fill()
    more = [count_queries(django_assert_max_num_queries, desk, a) for a in (url(guichet, "journee"), fiche)]
    assert more == few
    assert max(few) <= 40
