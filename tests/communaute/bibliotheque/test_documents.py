"""Documents: who reads which, versions that stay, archives."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from fabriques.actions import ActionFabrique
from fabriques.bibliotheque import PDF, make_document
from fabriques.droits import enter, make_acteur, make_membre
from fabriques.personnes import AppartenanceFabrique, GroupeFabrique, PersonneFabrique
from maillon.communaute.bibliotheque import services
from maillon.communaute.bibliotheque.declarations import list_alertes
from maillon.communaute.bibliotheque.donnees import DonneesDocument, Piece
from maillon.communaute.bibliotheque.models import Document, VersionDocument
from maillon.communaute.bibliotheque.selectors import may_open_fichier
from maillon.communaute.bibliotheque.tasks import archiver_echus
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import at, now, today


def url(nom: str, cpts, *args) -> str:
    return reverse(f"bibliotheque:{nom}", args=[cpts.slug, *args])


def read(reponse) -> str:
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " "))


@pytest.fixture
def coordination(cpts) -> Client:
    return enter(Client(), make_membre(cpts, Role.COORDINATION).compte)


LUS = {
    Role.COORDINATION: {"membres", "mission", "bureau"},
    Role.SECRETARIAT: {"membres", "mission"},
    Role.REFERENT_MISSION: {"membres", "mission"},
    Role.PROFESSIONNEL: {"membres"},
    Role.PARTENAIRE: set(),
}


@pytest.mark.parametrize("role", LUS)
def test_each_reads_what_is_theirs_and_opens_no_other_file(dans_cpts, role):
    par_portee = {
        portee: make_document(dans_cpts, titre=portee, portee=portee, mission="parcours")
        for portee in ("membres", "mission", "bureau")
    }
    autre = make_document(dans_cpts, titre="autre mission", portee="mission", mission="crise")
    mission = "parcours" if role == Role.REFERENT_MISSION else ""
    acteur = make_acteur(make_membre(dans_cpts, role, mission=mission))
    lus = Document.objects.visible_to(acteur)
    assert {d.titre for d in lus} - {autre.titre} == LUS[role]
    for portee, document in par_portee.items():
        assert may_open_fichier(acteur, document.versions.get().fichier_id) is (portee in LUS[role])
    assert may_open_fichier(acteur, autre.versions.get().fichier_id) is (role in (Role.COORDINATION, Role.SECRETARIAT))
    tenus = {d.titre for d in lus.kept_by(acteur)}
    assert tenus == (LUS[role] | ({autre.titre} & {d.titre for d in lus}) if role != Role.PROFESSIONNEL else set())


def test_a_working_group_opens_the_documents_of_its_mission(dans_cpts):
    make_document(dans_cpts, portee="mission", mission="parcours")
    membre = make_membre(dans_cpts, Role.PROFESSIONNEL)
    groupe = GroupeFabrique(cpts=dans_cpts, mission="parcours")
    assert not Document.objects.visible_to(make_acteur(membre)).exists()
    AppartenanceFabrique(cpts=dans_cpts, groupe=groupe, personne=PersonneFabrique(cpts=dans_cpts, membre=membre))
    assert Document.objects.visible_to(make_acteur(membre)).exists()


def test_a_new_version_keeps_the_former_readable_and_nothing_rewrites_it(cpts, coordination):
    with use_cpts(cpts.pk):
        document = make_document(cpts)
    adresse = url("version", cpts, document.pk)
    memes = coordination.post(adresse, {"fichier": SimpleUploadedFile("statuts.pdf", PDF)})
    assert memes.status_code == 422
    assert "identique à la version en vigueur" in read(memes)
    faux = coordination.post(adresse, {"fichier": SimpleUploadedFile("statuts.pdf", b"<html>")})
    assert faux.status_code == 422
    neuve = SimpleUploadedFile("statuts-2.pdf", PDF + b" 2")
    assert coordination.post(adresse, {"fichier": neuve, "note": "Article 7"}).status_code == 302
    page = coordination.get(url("document", cpts, document.pk))
    assert "Version 2" in read(page)
    assert "Article 7" in read(page)
    liens = re.findall(r'href="([^"]+/fichiers/[^"]+)"', page.content.decode())
    assert {coordination.get(lien).content for lien in liens} == {PDF, PDF + b" 2"}
    with use_cpts(cpts.pk), pytest.raises(ProgrammingError), transaction.atomic():
        VersionDocument.objects.update(note="réécrite")
    with use_cpts(cpts.pk), pytest.raises(IntegrityError), transaction.atomic():
        VersionDocument.objects.create(
            cpts=cpts, document=document, numero=2, fichier_id=document.versions.last().fichier_id
        )


def test_several_documents_at_once_one_refused_leaves_the_others(cpts, coordination, django_assert_max_num_queries):
    fichiers = [
        SimpleUploadedFile("protocole_AVC-2026.pdf", PDF),
        SimpleUploadedFile("page.pdf", b"<html><script>"),
        SimpleUploadedFile("note.txt", b"Une note"),
    ]
    adresse = url("deposer", cpts)
    refus = coordination.post(adresse, {"fichiers": fichiers[:1], "portee": "mission", "nature": "protocole"})
    assert refus.status_code == 422
    assert "choisissez-y une mission" in read(refus)
    seul = coordination.post(adresse, {"fichiers": fichiers[1:2], "portee": "membres", "nature": "autre"})
    assert seul.status_code == 422
    for fichier in fichiers:
        fichier.seek(0)
    champs = {"fichiers": fichiers, "portee": "mission", "mission": "parcours", "nature": "protocole"}
    page = read(coordination.post(adresse, champs, follow=True))
    assert "2 documents ajoutés" in page
    assert "protocole AVC 2026" in page
    assert "n’est pas d’un type accepté" in page
    with django_assert_max_num_queries(30):
        assert "1 document" in read(coordination.get(url("liste", cpts) + "?q=avc"))


def test_archiving_is_undone_and_ends_with_the_retention(cpts, coordination):
    with use_cpts(cpts.pk):
        document = make_document(cpts, titre="Ancien règlement", conserver_jusqu_a=today())
        acteur = make_acteur(make_membre(cpts, Role.COORDINATION))
        assert "sera archivé aujourd’hui" in list_alertes(cpts.pk, acteur, now())[0].phrase
    retour = url("retablir", cpts, document.pk)
    assert retour in coordination.post(url("archiver", cpts, document.pk), follow=True).content.decode()
    assert "Ancien règlement" in read(coordination.get(url("archives", cpts)))
    coordination.post(retour)
    assert "Ancien règlement" in read(coordination.get(url("liste", cpts)))
    with at(now() + timedelta(days=1)), use_cpts(cpts.pk):
        archiver_echus.func(timestamp=0)
        assert Document.objects.get().archive_le is not None
        services.restore_document(document=document, by=SYSTEME)
        assert Document.objects.get().conserver_jusqu_a is None


def test_a_restricted_document_says_who_opened_it(cpts, coordination):
    with use_cpts(cpts.pk):
        document = make_document(cpts, titre="Paie", portee="bureau")
        fichier = document.versions.get().fichier_id
    lecteur = make_membre(cpts, Role.BUREAU, prenom="Lucie", nom="Oriol")
    enter(Client(), lecteur.compte).get(reverse("fichiers_telecharger", args=[cpts.slug, fichier]))
    assert "Lucie Oriol" in read(coordination.get(url("document", cpts, document.pk)))
    soignant = enter(Client(), make_membre(cpts, Role.PROFESSIONNEL).compte)
    assert soignant.get(url("document", cpts, document.pk)).status_code == 404
    assert soignant.get(reverse("fichiers_telecharger", args=[cpts.slug, fichier])).status_code == 404


def test_a_document_hangs_on_an_action(cpts, coordination):
    with use_cpts(cpts.pk):
        action = ActionFabrique(cpts=cpts, mission="prevention")
        connu = make_document(cpts, titre="Convention avec la Ville")
    adresse = reverse("actions:ajouter_document", args=[cpts.slug, action.pk])
    assert coordination.post(adresse, {}).status_code == 422
    champs = {"fichiers": [SimpleUploadedFile("affiche.pdf", PDF + b" 3")], "document": str(connu.pk)}
    page = read(coordination.post(adresse, champs, follow=True))
    assert "affiche" in page
    assert "Convention avec la Ville" in page
    with use_cpts(cpts.pk):
        neuf = Document.objects.get(titre="affiche")
        assert (neuf.mission, neuf.portee) == ("prevention", "mission")
    retirer = reverse("actions:document", args=[cpts.slug, action.pk, connu.pk, "retirer"])
    page = coordination.post(retirer, follow=True).content.decode()
    assert reverse("actions:document", args=[cpts.slug, action.pk, connu.pk, "lier"]) in page


def test_a_mission_is_said_when_its_people_are_the_readers(dans_cpts):
    with pytest.raises(SaisieInvalide, match="Choisissez la mission"):
        make_document(dans_cpts, portee="mission")
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(cpts=dans_cpts, titre="Sans mission", portee="mission")
    depot = services.add_documents(
        cpts_id=dans_cpts.pk, donnees=DonneesDocument(titre="Seul"), pieces=[Piece("a.txt", b"a")], by=SYSTEME
    )
    assert [d.titre for d in depot.documents] == ["Seul"]
