"""Minutes: from the agenda to two approvals, kept in versions, sent to those who were invited."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from fabriques.droits import enter, make_cpts, make_membre
from fabriques.personnes import PersonneFabrique
from fabriques.reunions import ParticipationFabrique, PointFabrique, ReunionFabrique
from maillon.communaute.personnes.services import keep_membre
from maillon.communaute.reunions.enums import Etat, EtatCompteRendu, GenreDocument, PreuvePresence, Qualite
from maillon.communaute.reunions.models import ActionRefusee, Approbation, CompteRendu, DocumentReunion
from maillon.communaute.reunions.selectors.comptes_rendus import list_points
from maillon.communaute.reunions.services import cloture, decisions, presences
from maillon.communaute.reunions.services import comptes_rendus as services
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.fichiers.services import read_fichier
from maillon.socle.horloge import now, today


@pytest.fixture(autouse=True)
def _fichiers(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def cpts(db):
    return make_cpts()


@pytest.fixture
def gens(cpts):
    """The coordinator, a doctor with an account, somebody without."""
    coordination = make_membre(cpts, Role.COORDINATION, nom="Fournel", prenom="Claire")
    medecin = make_membre(cpts, Role.PROFESSIONNEL, nom="Martel", prenom="Luc")
    with use_cpts(cpts.pk):
        return {
            "coordination": coordination,
            "medecin": medecin,
            "claire": keep_membre(membre=coordination, by=SYSTEME),
            "luc": keep_membre(membre=medecin, by=SYSTEME),
            "rose": PersonneFabrique(cpts=cpts, nom="Vial", prenom="Rose", courriel="rose.vial@example.org"),
        }


@pytest.fixture
def tenue(cpts, gens):
    """A meeting closed an hour ago: two present, one absent, two items on its agenda."""
    with use_cpts(cpts.pk):
        debut = now() - timedelta(hours=1)
        reunion = ReunionFabrique(cpts=cpts, etat=Etat.CONVOQUEE, debut=debut, organisateur=gens["claire"])
        PointFabrique(cpts=cpts, reunion=reunion, rang=1, titre="Bilan du dépistage")
        PointFabrique(cpts=cpts, reunion=reunion, rang=2, titre="Calendrier")
        lignes = [
            ParticipationFabrique(cpts=cpts, reunion=reunion, personne=gens[nom]) for nom in ("claire", "luc", "rose")
        ]
        for ligne in lignes[:2]:
            presences.record_presence(participation=ligne, preuve=PreuvePresence.SAISIE, by=SYSTEME)
        yield cloture.close_reunion(reunion=reunion, by=SYSTEME)


def make_soumis(reunion, gens) -> CompteRendu:
    compte_rendu = services.begin_compte_rendu(reunion=reunion, by=SYSTEME)
    textes = {point.pk: f"Dit du point {point.rang}.\n\nEt la suite." for point in list_points(compte_rendu)}
    services.write_compte_rendu(
        compte_rendu=compte_rendu,
        introduction="La séance s’ouvre.",
        president=gens["luc"],
        secretaire=gens["claire"],
        textes=textes,
        by=SYSTEME,
    )
    services.submit_compte_rendu(compte_rendu=compte_rendu, by=SYSTEME)
    compte_rendu.refresh_from_db()
    return compte_rendu


def approve(compte_rendu, qualite, personne) -> None:
    services.approve_compte_rendu(compte_rendu=compte_rendu, qualite=qualite, personne=personne, by=SYSTEME)


def test_two_people_approve_then_the_documents_leave(tenue, gens):
    point = tenue.points.get(rang=1)
    decision = decisions.record_decision(reunion=tenue, texte="Le dépistage reprend en mars.", point=point, by=SYSTEME)
    decisions.give_tache(
        reunion=tenue, libelle="Réserver la salle", responsable=gens["rose"], echeance=today(), decision=decision,
        by=SYSTEME,
    )  # fmt: skip
    compte_rendu = make_soumis(tenue, gens)
    approve(compte_rendu, Qualite.PRESIDENT, gens["luc"])
    with pytest.raises(ActionRefusee, match="déjà donnée"):
        approve(compte_rendu, Qualite.PRESIDENT, gens["luc"])
    with pytest.raises(ActionRefusee, match="une autre personne"):
        approve(compte_rendu, Qualite.SECRETAIRE, gens["luc"])
    assert not DocumentReunion.objects.filter(genre=GenreDocument.COMPTE_RENDU).exists()
    approve(compte_rendu, Qualite.SECRETAIRE, gens["claire"])
    compte_rendu.refresh_from_db()
    assert compte_rendu.etat == EtatCompteRendu.VALIDE
    documents = {d.genre: d.fichier for d in DocumentReunion.objects.filter(reunion=tenue)}
    pdf = PdfReader(io.BytesIO(read_fichier(documents["compte_rendu"])))
    texte = " ".join(page.extract_text() for page in pdf.pages)
    word = "\n".join(p.text for p in Document(io.BytesIO(read_fichier(documents["compte_rendu_docx"]))).paragraphs)
    attendus = ("Bilan du dépistage", "Claire Fournel, Luc Martel", "Rose Vial", "reprend en mars", "Validé")
    for mots in attendus:
        assert mots in texte
        assert mots in word
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert Message.objects.filter(gabarit__endswith="compte_rendu.txt").count() == 3
    with pytest.raises(ActionRefusee, match="ne change plus"):
        presences.record_feuille(reunion=tenue, piece=None, presents=[], by=SYSTEME)


def test_a_correction_keeps_the_version_and_asks_again(tenue, gens):
    compte_rendu = make_soumis(tenue, gens)
    approve(compte_rendu, Qualite.PRESIDENT, gens["luc"])
    with pytest.raises(ActionRefusee, match="à approuver"):
        services.add_point(compte_rendu=compte_rendu, titre="Oubli", by=SYSTEME)
    services.reopen_compte_rendu(compte_rendu=compte_rendu, by=SYSTEME)
    services.add_point(compte_rendu=compte_rendu, titre="Un point oublié", by=SYSTEME)
    seconde = services.submit_compte_rendu(compte_rendu=compte_rendu, by=SYSTEME)
    assert (seconde.numero, compte_rendu.versions.count()) == (2, 2)
    assert len(seconde.contenu["points"]) == 3
    assert len(compte_rendu.versions.get(numero=1).contenu["points"]) == 2
    assert not seconde.approbations.exists()


def test_the_database_refuses_one_person_for_two(tenue, gens):
    compte_rendu = make_soumis(tenue, gens)
    approve(compte_rendu, Qualite.PRESIDENT, gens["luc"])
    version = compte_rendu.versions.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Approbation.objects.create(cpts=tenue.cpts, version=version, qualite=Qualite.SECRETAIRE, personne=gens["luc"])
    with pytest.raises(IntegrityError), transaction.atomic():
        CompteRendu.objects.filter(pk=compte_rendu.pk).update(secretaire=gens["luc"])


def test_from_the_page_to_the_approvals(cpts, tenue, gens, client, django_assert_max_num_queries):
    enter(client, gens["coordination"].compte)
    args = [cpts.slug, tenue.pk]
    page, ecrire = (reverse(f"reunions:{nom}", args=args) for nom in ("compte_rendu", "compte_rendu_ecrire"))
    assert "Commencer le compte rendu" in client.get(page).content.decode()
    assert client.get(ecrire).status_code == 200
    points = list_points(CompteRendu.objects.get())
    donnees = {f"point-{points[0].pk}": "Cent douze personnes reçues.", "president": gens["luc"].pk}
    assert client.post(ecrire, donnees | {"secretaire": gens["luc"].pk}).status_code == 200
    client.post(ecrire, donnees | {"secretaire": gens["claire"].pk})
    lu = client.get(page).content.decode()
    assert "Cent douze personnes reçues." in lu
    assert client.get(reverse("reunions:compte_rendu_projet", args=[*args, "pdf"])).content.startswith(b"%PDF")
    assert client.get(reverse("reunions:compte_rendu_projet", args=[*args, "docx"])).content.startswith(b"PK")
    medecin = enter(Client(), gens["medecin"].compte)
    assert "Cent douze" not in medecin.get(page).content.decode()
    client.post(reverse("reunions:compte_rendu_soumettre", args=args))
    approuver = reverse("reunions:compte_rendu_approuver", args=args)
    assert "J’approuve" in medecin.get(page).content.decode()
    medecin.post(approuver, {"qualite": "president"})
    client.post(approuver, {"qualite": "secretaire"})
    assert CompteRendu.objects.get().etat == EtatCompteRendu.VALIDE
    with django_assert_max_num_queries(35):
        assert "Cent douze" in medecin.get(page).content.decode()
    document = DocumentReunion.objects.get(genre=GenreDocument.COMPTE_RENDU)
    releve = DocumentReunion.objects.get(genre=GenreDocument.PRESENCES)
    fichier = "fichiers_telecharger"
    assert medecin.get(reverse(fichier, args=[cpts.slug, document.fichier_id])).status_code == 200
    assert medecin.get(reverse(fichier, args=[cpts.slug, releve.fichier_id])).status_code == 404
    assert client.get(reverse(fichier, args=[cpts.slug, releve.fichier_id])).status_code == 200


def test_who_has_no_account_reads_by_a_link(tenue, gens, client):
    compte_rendu = make_soumis(tenue, gens)
    for qualite, nom in ((Qualite.PRESIDENT, "luc"), (Qualite.SECRETAIRE, "claire")):
        approve(compte_rendu, qualite, gens[nom])
    textes = [m.texte for m in Message.objects.filter(gabarit__endswith="compte_rendu.txt")]
    chemin = "/l/" + textes[0].split("/l/")[1].split()[0]
    assert "Dit du point 1." in client.get(chemin).content.decode()
    assert client.get(f"{chemin}pdf/").content.startswith(b"%PDF")
