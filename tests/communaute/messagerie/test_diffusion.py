"""Mailings and announcements: to whom, once each, what became of them, who has read."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from fabriques.adhesions import AdhesionFabrique
from fabriques.droits import enter, make_acteur, make_cpts, make_membre
from fabriques.messagerie import make_annonce, make_envoi, make_gens, run_jobs
from fabriques.personnes import AppartenanceFabrique, GroupeFabrique, PersonneFabrique
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.annuaire.models import Activite
from maillon.communaute.messagerie.criteres import Criteres, describe_criteres, find_personnes
from maillon.communaute.messagerie.declarations import get_alertes
from maillon.communaute.messagerie.enums import EtatEnvoi, Nature, Portee
from maillon.communaute.messagerie.models import Annonce, Desabonnement, Destinataire, Envoi, Reception
from maillon.communaute.messagerie.selectors.diffusion import find_audience, get_bilan, make_empreinte
from maillon.communaute.messagerie.services.annonces import acknowledge, remind_unread, write_annonces
from maillon.communaute.messagerie.services.commun import MessageRefuse
from maillon.communaute.messagerie.services.envois import launch_envoi, resend_echecs, save_envoi, write_lot
from maillon.communaute.messagerie.variables import fill_variables, find_inconnues
from maillon.communaute.personnes.services import keep_professionnel
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cpts() -> Cpts:
    return make_cpts(fictive=True)


def make_adherent(cpts: Cpts, **champs: object):
    """A member of the association, as a person."""
    adhesion: Adhesion = AdhesionFabrique(cpts=cpts, **champs)
    return keep_professionnel(cpts_id=cpts.pk, professionnel=adhesion.professionnel, by=SYSTEME)


def test_criteria_choose_people(cpts) -> None:
    on = horloge.today()
    with use_cpts(cpts.pk):
        medecin, infirmier = make_adherent(cpts, college="medecins"), make_adherent(cpts, college="professionnels")
        partenaire = PersonneFabrique(cpts=cpts)
        parti = PersonneFabrique(cpts=cpts, partie_le=on)
        groupe = GroupeFabrique(cpts=cpts, mission="prevention")
        AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=infirmier)
        AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=partenaire, jusqu_a=date(2024, 2, 1))

        def find(**criteres: object) -> set[object]:
            return set(find_personnes(cpts.pk, Criteres.read(criteres), on=on))

        assert find() == {medecin, infirmier}
        assert find(portee=Portee.PERSONNES) == {medecin, infirmier, partenaire}
        assert parti not in find(portee=Portee.PERSONNES)
        assert find(colleges=["medecins"]) == {medecin}
        assert find(groupes=[str(groupe.pk)]) == find(missions=["prevention"]) == {infirmier}
        assert find(missions=["crise"]) == set()
        assert medecin in find(professions=[medecin.professionnel.profession])
        commune = Activite.objects.filter(professionnel=medecin.professionnel).values_list("commune", flat=True).first()
        if commune:
            assert medecin in find(communes=[commune])
        phrase = describe_criteres(cpts.pk, Criteres.read({"groupes": [groupe.pk], "missions": ["prevention"]}))
    assert phrase == f"Les membres – groupe\xa0: {groupe.nom} ; mission\xa0: prévention"


def test_each_address_once_and_reasons_for_the_others(cpts) -> None:
    with use_cpts(cpts.pk):
        un = PersonneFabrique(cpts=cpts, nom="Aaa", courriel="Jeanne@example.org")
        double = PersonneFabrique(cpts=cpts, nom="Bbb", courriel="jeanne@EXAMPLE.org")
        muet = PersonneFabrique(cpts=cpts, courriel="")
        sourd = PersonneFabrique(cpts=cpts)
        Desabonnement.objects.create(cpts=cpts, personne=sourd)
        envoi = make_envoi(cpts)
        audience = find_audience(envoi)
        assert un in audience.joignables
        assert (audience.doublons, audience.sans_adresse, audience.desabonnees) == ([double], [muet], [sourd])
        envoi.nature = Nature.ASSOCIATION
        assert sourd in find_audience(envoi).joignables


def test_sent_once_by_lots_then_again_only_where_it_failed(cpts) -> None:
    with use_cpts(cpts.pk):
        gens = [PersonneFabrique(cpts=cpts, prenom=f"P{rang}") for rang in range(3)]
        envoi = make_envoi(cpts, texte="Bonjour {prénom}, de {communauté}")
        author = make_gens(cpts, Role.COORDINATION)[1]
        launch_envoi(envoi=envoi, by=author)
        with pytest.raises(MessageRefuse, match="déjà parti"):
            launch_envoi(envoi=envoi, by=author)
        with pytest.raises(MessageRefuse, match="déjà parti"):
            save_envoi(cpts_id=cpts.pk, champs={"objet": "autre"}, envoi=envoi, by=author)
        total = Destinataire.objects.filter(envoi=envoi).count()
        assert write_lot(envoi_id=envoi.pk) == 0
        assert write_lot(envoi_id=envoi.pk) == 0  # the job taken up again writes nothing twice
        Destinataire.objects.update(ecrit_le=None)  # killed between the mail and its mark
        write_lot(envoi_id=envoi.pk)
        mails = Message.objects.filter(gabarit__endswith="envoi.txt")
        assert mails.count() == total
        envoi.refresh_from_db()
        assert envoi.etat == EtatEnvoi.ENVOYE
        texte = mails.get(objet_id=Destinataire.objects.get(personne=gens[0]).pk).texte
        assert texte.startswith(f"Bonjour P0, de {cpts.nom}")
        assert "/desabonnement/" in texte
        etats = dict(zip(Destinataire.objects.values_list("pk", flat=True), [Etat.ECHEC, Etat.INCERTAIN], strict=False))
        mails.update(etat=Etat.ENVOYE)
        for pk, etat in etats.items():
            mails.filter(objet_id=pk).update(etat=etat)
        bilan = get_bilan(envoi)
        assert (bilan.total, bilan.envoyes, bilan.echecs, bilan.incertains) == (total, total - 2, 1, 1)
        assert resend_echecs(envoi=envoi, incertains=False, by=author) == 1
        assert resend_echecs(envoi=envoi, incertains=True, by=author) == 1
        assert get_bilan(envoi).en_route == 2


def test_database_refuses_an_address_twice(cpts) -> None:
    with use_cpts(cpts.pk):
        envoi, personne = make_envoi(cpts), PersonneFabrique(cpts=cpts)
        empreinte = make_empreinte("Jeanne@example.org ", cpts_id=cpts.pk)
        assert empreinte == make_empreinte("jeanne@example.org", cpts_id=cpts.pk)
        assert empreinte != make_empreinte("jeanne@example-org", cpts_id=cpts.pk)
        Destinataire.objects.create(cpts=cpts, envoi=envoi, personne=personne, empreinte=empreinte)
        with pytest.raises(IntegrityError), transaction.atomic():
            Destinataire.objects.create(
                cpts=cpts, envoi=envoi, personne=PersonneFabrique(cpts=cpts), empreinte=empreinte
            )


def test_unsubscribe_by_link_and_back(cpts) -> None:
    with use_cpts(cpts.pk):
        personne = PersonneFabrique(cpts=cpts)
        envoi = make_envoi(cpts)
        launch_envoi(envoi=envoi, by=SYSTEME)
        write_lot(envoi_id=envoi.pk)
        mail = Message.objects.get(objet_id=Destinataire.objects.get(personne=personne).pk)
        lien = "/l/" + mail.texte.partition("/l/")[2].split()[0]
    client = Client()
    assert client.get(lien).status_code == 200
    with use_cpts(cpts.pk):
        assert not Desabonnement.objects.exists()  # reading the link changes nothing
    assert "Vous ne recevez plus" in client.post(lien, {"geste": "arreter"}).content.decode()
    with use_cpts(cpts.pk):
        assert Desabonnement.objects.get().personne == personne
    assert "de nouveau" in client.post(lien, {"geste": "reprendre"}).content.decode()
    with use_cpts(cpts.pk):
        assert not Desabonnement.objects.exists()


def test_whole_way_of_a_mailing(client, cpts) -> None:
    """Draft with a document, counted, tried on oneself, taken up again, sent; another begun from it."""
    membre = make_membre(cpts, Role.SECRETARIAT)
    enter(client, membre.compte)
    with use_cpts(cpts.pk):
        PersonneFabrique(cpts=cpts, nom="Ferrand-Unique")
    nouveau = reverse("messagerie:nouvel_envoi", args=[cpts.slug])
    champs = {"objet": "Ateliers", "texte": "Bonjour {prenom}", "nature": "information", "portee": "personnes"}
    refused = client.post(nouveau, champs)
    assert (refused.status_code, "ne connaît pas {prenom}" in refused.content.decode()) == (422, True)
    piece = SimpleUploadedFile("calendrier.pdf", b"%PDF-1.7 x")
    page = client.post(nouveau, {**champs, "texte": "Bonjour {prénom}", "pieces": [piece]}).url
    body = client.get(page).content.decode()
    assert "Ferrand-Unique" in body
    assert "calendrier.pdf" in body
    client.post(f"{page}essayer/")
    with use_cpts(cpts.pk):
        essai = Message.objects.get()
        assert (essai.sujet, essai.adresse, len(essai.pieces)) == ("[Essai] Ateliers", membre.compte.email, 1)
    modifie = {**champs, "objet": "Ateliers d’hiver", "texte": "Bonjour {prénom}"}
    assert client.post(f"{page}modifier/", modifie).url == page
    client.post(f"{page}lancer/")
    with use_cpts(cpts.pk):
        envoi = Envoi.objects.get()
        assert (envoi.objet, envoi.etat) == ("Ateliers d’hiver", EtatEnvoi.EN_COURS)
    assert client.get(f"{page}avancement/").status_code == 200
    assert run_jobs("messagerie.envoyer") == 1
    with use_cpts(cpts.pk):
        Message.objects.update(etat=Etat.ENVOYE)
    assert client.get(f"{page}avancement/").status_code == 204
    assert "Ferrand-Unique" in client.get(f"{page}destinataires/").content.decode()
    assert client.get(f"{page}modifier/").url == page
    assert client.post(f"{page}supprimer/", follow=True).content.decode().count("déjà parti") == 1
    copie = client.post(f"{page}copier/").url
    assert "Ateliers d’hiver" in client.get(copie).content.decode()


def test_variables() -> None:
    assert find_inconnues("{prénom} {PRÉNOM} { nom } {age} {}") == ["age"]


def test_what_is_not_a_variable_stays(cpts) -> None:
    with use_cpts(cpts.pk):
        personne = PersonneFabrique(cpts=cpts, prenom="Zoé", fonction="infirmière")
        assert fill_variables("{prénom}, {Profession} : {autre}", personne, cpts) == "Zoé, infirmière : {autre}"


def test_announcement_waits_on_home_pages_until_it_is_read(client, cpts) -> None:
    membre = make_membre(cpts, Role.PROFESSIONNEL)
    with use_cpts(cpts.pk):
        lecteur, sa_main = make_gens(cpts, Role.BUREAU)
        annonce = make_annonce(cpts)
        (alerte,) = get_alertes(cpts.pk, sa_main, horloge.now())
        assert alerte.phrase == "Annonce à lire : Assemblée"
        assert get_alertes(cpts.pk, make_acteur(membre), horloge.now()) == []  # not kept among people that day
        with horloge.at(horloge.now() + timedelta(days=8)):
            assert get_alertes(cpts.pk, sa_main, horloge.now()) == []
    enter(client, lecteur.membre.compte)
    page = reverse("messagerie:annonce", args=[cpts.slug, annonce.pk])
    assert "pas encore lue" in client.get(page).content.decode()
    client.post(f"{page}lue/")
    with use_cpts(cpts.pk):
        assert get_alertes(cpts.pk, sa_main, horloge.now()) == []
        first = Reception.objects.get(personne=lecteur).lue_le
        assert acknowledge(annonce=annonce, by=sa_main)
        assert Reception.objects.get(personne=lecteur).lue_le == first
    enter(client, membre.compte)
    assert client.get(page).status_code == 404


def test_reminder_goes_to_the_unread_once_a_day(cpts) -> None:
    with use_cpts(cpts.pk):
        _, sa_main = make_gens(cpts, Role.BUREAU)
        muet, _ = make_gens(cpts, Role.PROFESSIONNEL)
        annonce = make_annonce(cpts, texte="Texte-canari")
        acknowledge(annonce=annonce, by=sa_main)
        count = remind_unread(annonce=annonce, by=SYSTEME)
        assert (run_jobs("messagerie.annoncer"), count) == (1, 1)
        assert write_annonces(annonce_id=annonce.pk, rappel=True) == 0
        (mail,) = Message.objects.filter(objet_id=annonce.pk)
        assert (mail.adresse, "canari" in mail.texte) == (muet.courriel, False)
        with pytest.raises(MessageRefuse, match="déjà parti aujourd’hui"):
            remind_unread(annonce=annonce, by=SYSTEME)
        with horloge.at(horloge.now() + timedelta(days=1)):
            assert remind_unread(annonce=annonce, by=SYSTEME) == 1


def test_publishing_counts_then_takes_down(client, cpts) -> None:
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    with use_cpts(cpts.pk):
        make_gens(cpts, Role.BUREAU)
        PersonneFabrique(cpts=cpts)
    page = reverse("messagerie:nouvelle_annonce", args=[cpts.slug])
    champs = {
        "titre": "Fermeture",
        "texte": "Le secrétariat ferme.",
        "affichee_jusqu_au": (horloge.today() + timedelta(days=3)).isoformat(),
        "portee": "personnes",
    }
    counted = client.post(page, {**champs, "geste": "compter"}).content.decode()
    assert "2\xa0personnes choisies" in counted
    assert client.post(page, {**champs, "affichee_jusqu_au": "2020-01-01"}).status_code == 422
    assert client.post(page, {**champs, "portee": "membres"}).status_code == 422  # nobody would see it
    fiche = client.post(page, {**champs, "geste": "publier"}).url
    client.post(f"{fiche}retirer/")
    with use_cpts(cpts.pk):
        assert Annonce.objects.get().retiree_le is not None
    client.post(f"{fiche}retirer/?remettre")
    with use_cpts(cpts.pk):
        assert Annonce.objects.get().retiree_le is None
