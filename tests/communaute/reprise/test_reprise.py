"""A list taken over: what it would do, what it does, doing it twice, undoing it, and what is refused."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fabriques.adhesions import AdhesionFabrique
from fabriques.annuaire import ActiviteFabrique, ProfessionnelFabrique
from fabriques.droits import enter, make_acteur, make_membre
from fabriques.personnes import AppartenanceFabrique, GroupeFabrique, PersonneFabrique
from fabriques.structures import StructureFabrique
from maillon.communaute.adhesions.models import Adhesion, CollegeStatutaire
from maillon.communaute.annuaire.models import Inscription, Professionnel
from maillon.communaute.personnes.models import Appartenance, Groupe, Personne
from maillon.communaute.personnes.services import keep_professionnel
from maillon.communaute.recherche import normalize_nom
from maillon.communaute.reprise import tasks
from maillon.communaute.reprise.colonnes import propose_colonnes
from maillon.communaute.reprise.enums import Choix, EtatReprise, Genre, Issue
from maillon.communaute.reprise.models import Correspondance, LigneReprise, Reprise
from maillon.communaute.reprise.selectors import read_liste
from maillon.communaute.reprise.services import (
    RepriseRefusee,
    abandon_reprise,
    apply_reprise,
    ask_annulation,
    ask_application,
    choose_colonnes,
    decide_lignes,
    deposit_liste,
    undo_reprise,
)
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.identifiants import new_id
from maillon.socle.progres import read_progres, show_progres
from maillon.socle.taches import TravailArrete

pytestmark = pytest.mark.django_db
LISTE = (Path(__file__).parent / "membres.csv").read_bytes()
DEFAUT = date(2025, 1, 6)
TABLES = (Personne, Adhesion, Groupe, Appartenance, Professionnel)


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def verifie(cpts, by):
    """Deposit a list and say how it is read, as proposed."""

    def run(contenu: bytes = LISTE, *, genre: Genre = Genre.MEMBRES, nom: str = "membres.csv") -> Reprise:
        reprise = deposit_liste(cpts_id=cpts.pk, nom=nom, contenu=contenu, genre=genre, by=by)
        if reprise.etat == EtatReprise.A_LIRE:
            reprise = choose_colonnes(
                reprise=reprise, colonnes=reprise.colonnes, genre=genre, date_defaut=DEFAUT, feuille="", by=by
            )
        return reprise

    return run


def applique(reprise: Reprise, by) -> Reprise:
    ask_application(reprise=reprise, by=by)
    apply_reprise(reprise_id=reprise.pk, by=by)
    reprise.refresh_from_db()
    return reprise


def issues(reprise: Reprise) -> dict[int, str]:
    return dict(LigneReprise.objects.filter(reprise=reprise).values_list("numero", "issue"))


def motifs(reprise: Reprise) -> dict[int, str]:
    return dict(LigneReprise.objects.filter(reprise=reprise).values_list("numero", "motif"))


def counts() -> list[int]:
    return [modele.objects.count() for modele in TABLES]


def csv(*rangees: str) -> bytes:
    return "\n".join(rangees).encode()


# Dry run --------------------------------------------------------------------------------------------------------------


def test_the_dry_run_says_everything_and_writes_nothing(verifie):
    avant = counts()
    reprise = verifie()
    assert issues(reprise) == {
        3: Issue.AJOUT,
        4: Issue.AJOUT,
        5: Issue.AJOUT,
        6: Issue.REFUSEE,
        7: Issue.REFUSEE,
        8: Issue.REFUSEE,
        9: Issue.REFUSEE,
    }
    dits = motifs(reprise)
    assert "sans adhésion" in dits[4]
    assert "n’est pas une adresse" in dits[6]
    assert dits[7] == "Répète la ligne 3."
    assert "n’a pas 11 chiffres" in dits[8]
    assert "formule" in dits[9]
    assert counts() == avant


def test_a_list_becomes_people_members_and_groups(verifie, by):
    ProfessionnelFabrique(rpps="99800000001", nom="Martin", prenom="Dominique", profession="60")
    applique(verifie(), by)
    martin, roux = (Personne.objects.get(professionnel__rpps=f"9980000000{n}") for n in (1, 3))
    ferrand = Personne.objects.get(nom="FERRAND")
    assert (martin.nom, martin.courriel, martin.telephone) == (
        "Martin",
        "dominique.martin@example.org",
        "06 39 98 01 01",
    )
    debuts = dict(Adhesion.objects.values_list("professionnel__rpps", "debut"))
    assert debuts == {"99800000001": date(2024, 3, 15), "99800000003": date(2023, 1, 1)}
    assert (roux.professionnel.profession, roux.telephone) == ("70", "06 39 98 01 03")
    assert [a.commune_id for a in roux.professionnel.activites.all()] == ["42218"]
    assert ferrand.professionnel is None
    assert ferrand.fonction == ""
    noms = {(a.groupe.nom, a.personne.nom) for a in Appartenance.objects.select_related("groupe", "personne")}
    assert noms == {("Parcours", "Martin"), ("SNP", "Martin"), ("Parcours", "FERRAND")}


def test_the_same_list_twice_changes_nothing(verifie, by):
    applique(verifie(), by)
    avant = counts()
    seconde = verifie()
    assert seconde.etat == EtatReprise.A_VERIFIER  # its titles were known: nothing was asked
    assert {issues(seconde)[n] for n in (3, 4, 5)} == {Issue.CONNUE}
    applique(seconde, by)
    assert counts() == avant


def test_the_mapping_is_kept_by_set_of_titles(verifie, cpts, by):
    verifie(csv("Nom;Prénom;Truc", "Durand;Zoé;a@example.org"))
    garde = Correspondance.objects.get()
    garde.colonnes |= {"Truc": "courriel"}
    garde.save()
    autre = deposit_liste(
        cpts_id=cpts.pk, nom="b.csv", contenu=csv("Truc;Prénom;Nom", "b@example.org;Max;Petit"), genre="contacts", by=by
    )
    assert autre.etat == EtatReprise.A_VERIFIER
    assert autre.colonnes["Truc"] == "courriel"


def test_what_a_member_corrected_is_shown_and_kept(verifie, cpts, by):
    professionnel = ProfessionnelFabrique(rpps="99800000001", nom="Martin", prenom="Dominique")
    personne = keep_professionnel(cpts_id=cpts.pk, professionnel=professionnel, by=by)
    Personne.objects.filter(pk=personne.pk).update(courriel="nouveau@example.org")
    AdhesionFabrique(cpts=cpts, professionnel=professionnel)
    liste = csv("Nom;Prénom;RPPS;Mail;Téléphone", "Martin;Dominique;99800000001;ancien@example.org;0639980199")
    reprise = verifie(liste)
    ligne = LigneReprise.objects.get(reprise=reprise)
    assert ligne.issue == Issue.COMPLEMENT  # the telephone was blank
    assert ligne.differences == [["Courriel", "nouveau@example.org", "ancien@example.org"]]
    applique(reprise, by)
    personne.refresh_from_db()
    assert (personne.courriel, personne.telephone) == ("nouveau@example.org", "06 39 98 01 99")

    seconde = verifie(liste)
    assert LigneReprise.objects.get(reprise=seconde).issue == Issue.DIFFERENCE
    decide_lignes(reprise=seconde, choix={2: Choix.LISTE}, by=by)
    applique(seconde, by)
    personne.refresh_from_db()
    assert personne.courriel == "ancien@example.org"
    ask_annulation(reprise=seconde, by=by)
    undo_reprise(reprise_id=seconde.pk, by=by)
    personne.refresh_from_db()
    assert personne.courriel == "nouveau@example.org"

    # What somebody corrected since is not taken back.
    Personne.objects.filter(pk=personne.pk).update(telephone="06 39 98 02 22")
    ask_annulation(reprise=reprise, by=by)
    undo_reprise(reprise_id=reprise.pk, by=by)
    personne.refresh_from_db()
    assert personne.telephone == "06 39 98 02 22"


def test_recognised_by_name_and_commune_then_by_doubt(verifie, cpts, by):
    professionnel = ProfessionnelFabrique(nom="Durand", prenom="Élise", fictif=True)
    ActiviteFabrique(professionnel=professionnel)
    connue = keep_professionnel(cpts_id=cpts.pk, professionnel=professionnel, by=by)
    partage = PersonneFabrique(cpts=cpts, nom="Costa", prenom="Ana", courriel="cabinet@example.org")
    ailleurs = ProfessionnelFabrique(nom="Morel", prenom="Paul")
    ActiviteFabrique(professionnel=ailleurs)
    reprise = verifie(
        csv(
            "Nom;Prénom;RPPS;Commune;Mail",
            "DURAND;Elise;;Saint Etienne;",
            "Durand;Elise;;Villars;",
            "Costa Silva;Rui;;;cabinet@example.org",
            "Morel;Paul;;Saint-Étienne;",
            f"Inconnu;Jean;{professionnel.rpps};;",
        ),
        genre=Genre.CONTACTS,
    )
    lignes = {ligne.numero: ligne for ligne in LigneReprise.objects.filter(reprise=reprise)}
    assert (lignes[2].issue, lignes[2].personne_id) == (Issue.CONNUE, connue.pk)
    assert [lignes[n].issue for n in (3, 4, 5, 6)] == [Issue.DOUTEUSE] * 4
    assert lignes[4].candidats[0][0] == f"personne:{partage.pk}"
    assert lignes[5].candidats[0][0] == f"rpps:{ailleurs.rpps}"
    with pytest.raises(RepriseRefusee, match="n’offre pas ce choix"):
        decide_lignes(reprise=reprise, choix={2: Choix.LISTE}, by=by)
    choix = {3: Choix.ECARTEE, 4: Choix.NOUVELLE, 5: f"rpps:{ailleurs.rpps}", 6: Choix.NOUVELLE}
    decide_lignes(reprise=reprise, choix=choix, by=by)
    applique(reprise, by)
    assert Personne.objects.filter(courriel="cabinet@example.org").count() == 2
    assert Personne.objects.filter(professionnel=ailleurs).count() == 1
    assert not Personne.objects.filter(nom="Inconnu").exists()  # nobody is added under another's number
    assert Adhesion.objects.count() == 0


def test_the_national_directory_knows_more_than_the_list(verifie, cpts, by):
    """By number, then by name and commune: what it says prevails, and the person comes with its places."""
    publiees = [("10000000017", "LEROY", "ANNE", "60", "42330"), ("10000000025", "MOREL", "PAUL", "10", "42218")]
    for rang, (rpps, nom, prenom, profession, commune) in enumerate(publiees):
        Inscription.objects.create(
            empreinte=rang,
            type_identifiant="8",
            identifiant=rpps,
            nom=nom,
            prenom=prenom,
            nom_recherche=normalize_nom(f"{nom} {prenom}"),
            profession=profession,
            mode_exercice="L",
            commune=commune,
        )
    reprise = verifie(csv("Nom;Prénom;RPPS;Commune", "Leroy;Anne;10000000017;", "Morel;Paul;;Saint-Étienne"))
    lignes = {ligne.numero: ligne for ligne in LigneReprise.objects.filter(reprise=reprise)}
    assert (lignes[2].issue, lignes[2].motif) == (Issue.AJOUT, "")
    assert lignes[3].candidats == [["rpps:10000000025", "PAUL MOREL, médecin, RPPS 10000000025"]]
    decide_lignes(reprise=reprise, choix={3: "rpps:10000000025"}, by=by)
    avant = counts()
    applique(reprise, by)
    assert set(Adhesion.objects.values_list("professionnel__rpps", "college")) == {
        ("10000000017", "professionnels"),
        ("10000000025", "medecins"),
    }
    assert Professionnel.objects.get(rpps="10000000017").activites.get().commune_id == "42330"
    ask_annulation(reprise=reprise, by=by)
    undo_reprise(reprise_id=reprise.pk, by=by)
    assert counts() == avant


def test_the_college_is_one_of_the_community(verifie, cpts, by):
    CollegeStatutaire.objects.create(cpts=cpts, code="usagers", nom="Usagers et aidants")
    liste = csv("Nom;Prénom;RPPS;Profession;Collège", "Leroy;Anne;99800000077;Sage-femme;usagers et aidants")
    applique(verifie(liste), by)
    assert Adhesion.objects.get().college == "usagers"


def test_a_structure_joins_by_its_number(verifie, cpts, by):
    structure = StructureFabrique(finess="420000123")
    reprise = verifie(csv("Nom;Prénom;Finess;Date d'adhésion", ";;420000123;2024-02-01", ";;420000999;"))
    assert list(issues(reprise).values()) == [Issue.AJOUT, Issue.REFUSEE]
    applique(reprise, by)
    assert Adhesion.objects.get().structure == structure


# Undo -----------------------------------------------------------------------------------------------------------------


def test_undone_whole_while_nothing_hangs_on_it(verifie, cpts, by):
    GroupeFabrique(cpts=cpts, nom="Parcours")
    avant = counts()
    reprise = applique(verifie(), by)
    assert counts() != avant
    ask_annulation(reprise=reprise, by=by)
    undo_reprise(reprise_id=reprise.pk, by=by)
    reprise.refresh_from_db()
    assert (reprise.etat, counts()) == (EtatReprise.ANNULEE, avant)
    undo_reprise(reprise_id=reprise.pk, by=by)  # a job taken up again


def test_not_undone_once_something_hangs_on_it(verifie, cpts, by):
    reprise = applique(verifie(), by)
    groupe = GroupeFabrique(cpts=cpts)
    AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=Personne.objects.get(nom="FERRAND"))
    with pytest.raises(RepriseRefusee, match="appartenance à un groupe"):
        ask_annulation(reprise=reprise, by=by)


def test_abandoned_list_keeps_nothing_of_its_people(verifie, by):
    reprise = verifie()
    abandon_reprise(reprise=reprise, by=by)
    assert not LigneReprise.objects.exists()
    with pytest.raises(RepriseRefusee, match="abandonnée"):
        ask_application(reprise=reprise, by=by)


# All or nothing -------------------------------------------------------------------------------------------------------


def test_a_failure_half_way_leaves_no_trace_and_says_so(verifie, cpts, by, monkeypatch):
    reprise = verifie()
    ask_application(reprise=reprise, by=by)
    avant = counts()

    def fail(**options):
        raise RuntimeError("en panne")

    monkeypatch.setattr("maillon.communaute.reprise.services.ecriture.join_groupe", fail)
    with pytest.raises(TravailArrete):
        tasks.appliquer(cpts_id=str(cpts.pk), reprise_id=str(reprise.pk))
    reprise.refresh_from_db()
    assert (reprise.etat, counts()) == (EtatReprise.A_VERIFIER, avant)
    assert "rien n’a été écrit" in reprise.erreur
    monkeypatch.undo()
    applique(reprise, by)
    assert counts() != avant


def test_progress_is_told_by_the_transaction_itself():
    cle = new_id()
    show_progres(cle, 100, 120)
    show_progres(cle, 101, 120)
    assert read_progres(cle) == (100, 120)
    assert read_progres(new_id()) is None


# Bad files ------------------------------------------------------------------------------------------------------------


def xlsx(*rangees) -> bytes:
    classeur = openpyxl.Workbook()
    for rangee in rangees:
        classeur.active.append(rangee)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


@pytest.mark.parametrize(
    "contenu",
    [
        b"PK\x03\x04 coup\xc3\xa9",
        b"\xd0\xcf\x11\xe0 ancien",
        b"\x00\x01\x02",
        b"seul\n1\n",
        b"Nom;Pr\xc3\xa9nom\n" + b"x;y\n" * 25_001,
        xlsx(["Nom", "Prénom"], ["Durand", "Zoé"])[:-40],
    ],
    ids=["truncated", "xls", "binary", "no titles", "too long", "broken archive"],
)
def test_what_is_not_a_list_is_refused_in_words(cpts, by, contenu):
    with pytest.raises((RepriseRefusee, FichierRefuse), match=r"\.$"):
        deposit_liste(cpts_id=cpts.pk, nom="liste.csv", contenu=contenu, genre=Genre.MEMBRES, by=by)
    assert not Reprise.objects.exists()
    assert not Fichier.objects.exists()


def test_a_workbook_and_windows_1252_are_read(verifie):
    reprise = verifie(xlsx(["NOM", "PRENOM", "RPPS"], ["Durand", "Zoé", 99800000009]), nom="a.xlsx")
    assert issues(reprise) == {2: Issue.REFUSEE}  # unknown number, no profession
    reprise = verifie("Nom\tPrénom\nGrün\tZoé\n".encode("cp1252"), nom="b.tsv")
    assert list(LigneReprise.objects.filter(reprise=reprise).values_list("nom", flat=True)) == ["Zoé Grün"]


def test_queries_do_not_grow_with_the_rows(verifie, by):
    """Ten times the rows, the same queries: the titles are known, the list is read at once."""
    comptes = []
    verifie(csv("Nom;Prénom;Commune", "Zéro;Zoé;Villars"))
    for nombre in (20, 200):
        rangees = [f"Nom{nombre}x{rang};Zoé;Villars" for rang in range(nombre)]
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            verifie(csv("Nom;Prénom;Commune", *rangees))
        comptes.append(len(requetes))
    assert comptes[0] == comptes[1]


# Pages ----------------------------------------------------------------------------------------------------------------


def test_from_the_file_to_the_members_on_screen(cpts):
    membre = make_membre(cpts, Role.SECRETARIAT)
    client = enter(Client(), membre.compte)

    def url(nom, *args):
        return reverse(f"reprise:{nom}", args=[cpts.slug, *args])

    page = client.post(url("nouvelle"), {"fichier": SimpleUploadedFile("liste.csv", b"x"), "genre": "membres"})
    assert page.status_code == 422
    page = client.post(url("nouvelle"), {"fichier": SimpleUploadedFile("liste.csv", LISTE), "genre": "membres"})
    reprise = Reprise.objects.get()
    page = client.get(url("reprise", reprise.pk), follow=True)
    assert "Que dit chaque colonne" in page.content.decode()
    champs = {f"c{rang}": reprise.colonnes.get(titre, "") for rang, titre in enumerate(read_liste(LISTE).entetes)}
    donnees = {"genre": "membres", "date_defaut": "2025-01-06", **champs}
    vide = donnees | {f"c{rang}": "" for rang in range(len(champs))}
    assert client.post(url("colonnes", reprise.pk), vide).status_code == 422
    page = client.post(url("colonnes", reprise.pk), donnees, follow=True)
    assert "Cette liste donnerait : 3 personnes à ajouter et 4 lignes refusées" in page.content.decode().replace(
        "\u00a0", " "
    )
    page = client.post(url("appliquer", reprise.pk), follow=True)
    assert "Enregistrement de la liste" in page.content.decode()
    assert client.get(url("avancement", reprise.pk)).status_code == 200
    with use_cpts(cpts.pk):
        apply_reprise(reprise_id=reprise.pk, by=make_acteur(membre))
    assert client.get(url("avancement", reprise.pk)).status_code == 204
    page = client.get(url("reprise", reprise.pk) + "?issue=ajout")
    assert "3 personnes ajoutées" in page.content.decode().replace("\u00a0", " ")
    export = client.get(url("reprise", reprise.pk) + "?export=csv").content.decode("utf-8-sig")
    assert "Répète la ligne 3." in export


def test_titles_as_communities_write_them():
    assert propose_colonnes(["NOM Prénom", "Profession / spécialité", "Adresse mail", "Adresse", "Tél portable"]) == {
        "NOM Prénom": "nom_complet",
        "Profession / spécialité": "profession",
        "Adresse mail": "courriel",
        "Adresse": "adresse",
        "Tél portable": "telephone",
    }
