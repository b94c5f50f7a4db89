"""Partners: facts beside the national ones, contacts, conventions and their terms, pages."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from fabriques.annuaire import ActiviteFabrique, ProfessionnelFabrique
from fabriques.droits import enter, make_acteur, make_cpts, make_membre
from fabriques.personnes import PersonneFabrique
from fabriques.structures import PartenariatFabrique, StructureFabrique
from fabriques.territoire import CommuneFabrique
from maillon.communaute.partenaires.alertes import list_alertes
from maillon.communaute.partenaires.echeances import Duree, find_etat, find_terme
from maillon.communaute.partenaires.enums import EtatConvention as E
from maillon.communaute.partenaires.models import Convention
from maillon.communaute.partenaires.selectors import compare_faits
from maillon.communaute.partenaires.services import (
    DonneesStructure,
    PartenaireRefuse,
    add_partenaire,
    create_partenaire,
    end_convention,
    end_partenariat,
    keep_fiche,
    resume_partenariat,
)
from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Partenariat, Structure
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now, today

JOUR = date(2026, 11, 22)
SIGNEE, FIN = date(2024, 1, 1), date(2026, 1, 31)


@pytest.fixture
def cpts(db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        yield cpts


@pytest.fixture
def by(cpts):
    return make_acteur(make_membre(cpts, Role.COORDINATION))


# Terms ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duree", "terme", "etat"),
    [
        (Duree(None, None, None, 90), None, E.A_SIGNER),
        (Duree(date(2026, 12, 1), None, None, 90), None, E.A_SIGNER),
        (Duree(SIGNEE, None, None, 90), None, E.EN_VIGUEUR),
        (Duree(SIGNEE, FIN, None, 90), FIN, E.ECHUE),
        (Duree(SIGNEE, JOUR, None, 90), JOUR, E.A_RENOUVELER),
        (Duree(SIGNEE, date(2027, 2, 20), None, 90), date(2027, 2, 20), E.A_RENOUVELER),
        (Duree(SIGNEE, date(2027, 2, 21), None, 90), date(2027, 2, 21), E.EN_VIGUEUR),
        # Renewed from the 31st of January each month: every term counts from the first one, February loses nothing.
        (Duree(SIGNEE, FIN, 1, 5), date(2026, 11, 30), E.EN_VIGUEUR),
        (Duree(SIGNEE, FIN, 12, 90), date(2027, 1, 31), E.A_RENOUVELER),
        (Duree(SIGNEE, FIN, None, 90, resiliee_le=JOUR), FIN, E.RESILIEE),
        (Duree(SIGNEE, date(2028, 1, 1), None, 90, resiliee_le=date(2026, 12, 1)), date(2028, 1, 1), E.EN_VIGUEUR),
    ],
)
def test_terms_and_states(duree, terme, etat):
    assert find_terme(duree, on=JOUR) == terme
    assert find_etat(duree, on=JOUR) == etat


# Services -------------------------------------------------------------------------------------------------------------


def test_what_the_community_knows_better_stands_beside_the_national_fact(cpts, by):
    ehpad = StructureFabrique(ehpad=True, telephone="04 77 00 00 00")
    partenariat = add_partenaire(cpts_id=cpts.pk, structure=ehpad, by=by)
    fiche = keep_fiche(partenariat=partenariat, objet="Crise", valeurs={"lits": 86, "telephone": ""}, by=by)
    ehpad.refresh_from_db()
    faits = {f.champ: (f.valeur, f.national) for f in compare_faits(ehpad, fiche)}
    assert faits["lits"] == ("86", "82")
    assert faits["telephone"] == ("04 77 00 00 00", "")
    assert ehpad.lits == 82


def test_a_partner_once_and_again(cpts, by):
    structure = StructureFabrique()
    partenariat = add_partenaire(cpts_id=cpts.pk, structure=structure, by=by)
    with pytest.raises(PartenaireRefuse, match="déjà partenaire"):
        add_partenaire(cpts_id=cpts.pk, structure=structure, by=by)
    end_partenariat(partenariat=partenariat, by=by)
    with pytest.raises(PartenaireRefuse, match="déjà pris fin"):
        end_partenariat(partenariat=partenariat, by=by)
    resume_partenariat(partenariat=partenariat, by=by)
    with pytest.raises(PartenaireRefuse):
        resume_partenariat(partenariat=partenariat, by=by)
    assert Partenariat.objects.get().jusqu_a is None
    soi = StructureFabrique(type=TypeStructure.CPTS, cpts=cpts)
    with pytest.raises(PartenaireRefuse, match="votre communauté"):
        add_partenaire(cpts_id=cpts.pk, structure=soi, by=by)


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"debut": JOUR, "fin": JOUR - timedelta(days=1)}, "convention_dates"),
        ({"reconduction": 12}, "convention_reconduction"),
        ({"resiliee_le": JOUR}, "convention_resiliee_apres_sa_signature"),
    ],
)
def test_database_refuses_impossible_conventions(cpts, champs, contrainte):
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        Convention.objects.create(cpts=cpts, structure=StructureFabrique(), objet="Essai", **champs)


def test_the_home_page_says_what_ends(cpts, by, django_assert_max_num_queries):
    for rang, fin in enumerate((-3, 20, 40, 60, 80, 400)):
        Convention.objects.create(
            cpts=cpts,
            structure=StructureFabrique(nom=f"Maison {rang}"),
            objet="Essai",
            signee_le=SIGNEE,
            fin=today() + timedelta(days=fin),
            reconduction=12 if fin == 20 else None,
        )
    with django_assert_max_num_queries(2):
        phrases = [alerte.phrase for alerte in list_alertes(cpts.pk, by, now())]
    assert phrases[0].startswith("La convention avec Maison 0 est échue depuis")
    assert "se reconduit d’elle-même" in phrases[1]
    assert phrases[2].startswith("La convention avec Maison 2 prend fin")
    assert phrases[3].replace("\u00a0", " ") == "2 autres conventions arrivent à terme."
    assert (
        list_alertes(cpts.pk, make_acteur(make_membre(cpts, Role.PROFESSIONNEL)), datetime.now(tz=now().tzinfo)) == []
    )


def test_a_termination_is_taken_back(cpts, by):
    convention = Convention(cpts=cpts, structure=StructureFabrique(), objet="Essai")
    convention.save()
    with pytest.raises(PartenaireRefuse, match="après sa signature"):
        end_convention(convention=convention, le=today(), by=by)
    convention.signee_le = SIGNEE
    convention.save()
    assert end_convention(convention=convention, le=today(), by=by).etat(today()) == E.RESILIEE
    assert end_convention(convention=convention, le=None, by=by).etat(today()) == E.EN_VIGUEUR


# Pages ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def url(cpts):
    return lambda nom, *args: reverse(f"partenaires:{nom}", args=[cpts.slug, *args])


@pytest.fixture
def client(cpts):
    return enter(Client(), make_membre(cpts, Role.SECRETARIAT).compte)


def test_found_in_the_national_file_and_kept(cpts, client, url):
    ehpad = StructureFabrique(ehpad=True, finess="420000123")
    assert "Les Glycines" in client.get(url("ajouter") + "?q=glycine&type=").content.decode()
    assert "Saisissez la structure" in client.get(url("ajouter") + "?q=zzzzzz&type=").content.decode()
    page = client.post(url("ajouter"), {"structure": str(ehpad.pk)}, follow=True).content.decode()
    assert "partenaire de la communauté" in page
    assert "420000123" in page
    assert client.post(url("ajouter"), {"structure": "x"}).status_code == 404
    refus = client.post(url("modifier", ehpad.pk), {"courriel": "pas une adresse"})
    assert (refus.status_code, "fichier national dit" in refus.content.decode()) == (422, True)
    page = client.post(url("modifier", ehpad.pk), {"lits": "86", "objet": "Crise"}, follow=True).content.decode()
    assert "86" in page
    assert "le fichier national dit : 82" in page.replace("\u00a0", " ")
    client.post(url("terminer", ehpad.pk))
    client.get(url("partenaire", ehpad.pk))  # shows the message once
    assert "Les Glycines" not in client.get(url("partenaires")).content.decode()
    assert "Les Glycines" in client.get(url("partenaires") + "?termines=oui").content.decode()
    client.post(url("reprendre", ehpad.pk))
    assert Partenariat.objects.get().jusqu_a is None


def test_entered_by_hand_after_a_look_at_those_alike(cpts, client, url):
    StructureFabrique(type=TypeStructure.MAIRIE, nom="Mairie de Villars", commune=CommuneFabrique(code_insee="42330"))
    donnees = {"type": "mairie", "nom": "Mairie de Villars", "commune": "42390", "telephone": "04 77 11 11 11"}
    page = client.post(url("creer"), donnees)
    assert page.status_code == 422
    assert "Est-ce l’une de celles-là" in page.content.decode()
    assert Structure.objects.filter(nom="Mairie de Villars").count() == 1
    assert client.post(url("creer"), donnees | {"nouvelle": "on"}).status_code == 302
    assert Partenariat.objects.get().structure.commune_id == "42330"
    assert client.post(url("creer"), donnees | {"commune": "nulle part"}).status_code == 422


def test_contacts_and_conventions_of_a_partner(cpts, client, url):
    structure = PartenariatFabrique(cpts=cpts).structure
    ActiviteFabrique(professionnel=ProfessionnelFabrique(nom="Dubreuil"), structure=structure)
    assert client.post(url("ajouter_contact", structure.pk), {"nom": "Roy", "prenom": "Ana"}).status_code == 422
    donnees = {"nom": "Roy", "prenom": "Ana", "fonction": "cadre", "telephone": "0477112233"}
    client.post(url("ajouter_contact", structure.pk), donnees)
    contact = Personne.objects.get(nom="Roy")
    client.post(url("modifier_contact", structure.pk, contact.pk), donnees | {"fonction": "directrice"})
    page = client.get(url("partenaire", structure.pk)).content.decode()
    assert "directrice" in page
    assert "Dubreuil" in page
    client.post(url("retirer_contact", structure.pk, contact.pk))
    client.get(url("partenaire", structure.pk))  # shows the message once
    assert "Ana Roy" not in client.get(url("partenaire", structure.pk)).content.decode()
    client.post(url("remettre_contact", structure.pk, contact.pk))
    assert Personne.objects.get(pk=contact.pk).partie_le is None

    page = url("ajouter_convention", structure.pk)
    assert client.post(page, {"objet": "Lits", "rappel": "90", "reconduction": "12"}).status_code == 422
    faux = SimpleUploadedFile("c.pdf", b"<script>")
    convention = {"objet": "Lits d'aval", "rappel": "90", "signee_le": "2025-01-01", "fin": "2035-01-01"}
    assert client.post(page, convention | {"document": faux}).status_code == 422
    assert not Convention.objects.exists()
    piece = SimpleUploadedFile("convention.txt", b"Entre les soussignes")
    assert client.post(page, convention | {"document": piece}).status_code == 302
    gardee = Convention.objects.get()
    assert client.get(reverse("fichiers_telecharger", args=[cpts.slug, gardee.document_id])).status_code == 200
    client.post(url("modifier_convention", structure.pk, gardee.pk), convention | {"objet": "Lits"})
    gardee.refresh_from_db()
    assert (gardee.objet, gardee.document is not None) == ("Lits", True)
    client.post(url("resilier", structure.pk, gardee.pk))
    assert "résiliée" in client.get(url("partenaire", structure.pk)).content.decode()
    client.post(url("retablir", structure.pk, gardee.pk))
    assert client.get(url("conventions") + "?etat=en_vigueur").content.decode().count("Lits") >= 1
    assert "1 convention" in client.get(url("conventions")).content.decode().replace("\u00a0", " ")
    assert client.get(url("conventions") + "?export=csv").status_code == 200


def test_lists_and_map_ask_the_same_queries_whatever_the_rows(cpts, client, url, django_assert_max_num_queries):
    for _ in range(12):
        structure = PartenariatFabrique(cpts=cpts).structure
        PersonneFabrique(cpts=cpts, structure=structure)
        Convention.objects.create(cpts=cpts, structure=structure, objet="Essai", signee_le=SIGNEE)
    with django_assert_max_num_queries(24):
        page = client.get(url("partenaires")).content.decode()
    assert "12 partenaires" in page.replace("\u00a0", " ")
    with django_assert_max_num_queries(24):
        assert "12 partenaires dans 1 commune" in client.get(url("carte")).content.decode().replace("\u00a0", " ")


def test_a_professional_sees_partners_but_no_convention(cpts, url):
    structure = PartenariatFabrique(cpts=cpts).structure
    Convention.objects.create(cpts=cpts, structure=structure, objet="Entre nous", signee_le=SIGNEE)
    PersonneFabrique(cpts=cpts, structure=structure, courriel="accueil@ehpad.test")
    discrete = make_membre(cpts, Role.PROFESSIONNEL)
    PersonneFabrique(cpts=cpts, structure=structure, membre=discrete, courriel="chez.elle@perso.test")
    client = enter(Client(), make_membre(cpts, Role.PROFESSIONNEL).compte)
    page = client.get(url("partenaire", structure.pk)).content.decode()
    assert "Entre nous" not in page
    assert "accueil@ehpad.test" in page
    assert "chez.elle@perso.test" not in page
    assert "Ajouter un contact" not in page
    assert "en vigueur" not in client.get(url("partenaires")).content.decode()


def test_create_keeps_a_structure_fictitious_in_a_fictitious_community(by):
    cpts = make_cpts(fictive=True)
    with use_cpts(cpts.pk):
        donnees = DonneesStructure(TypeStructure.ASSOCIATION, "Mieux vivre", CommuneFabrique())
        assert create_partenaire(cpts_id=cpts.pk, donnees=donnees, by=by).structure.fictive
