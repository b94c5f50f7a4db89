"""Care for today: a pharmacist finds nothing and asks the community, a doctor accepts on a telephone and receives the
person; a regulator books in two clicks. Nothing of the person leaves the pages that may show it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db import connection
from playwright.sync_api import expect

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.territoire.models import Commune
from maillon.missions.soins_non_programmes.enums import Audience, EtatDemande, EtatRendezVous, Modalite
from maillon.missions.soins_non_programmes.models import Creneau, DemandeSoin, LieuConsultation, RendezVous
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import now
from maillon.socle.journal.models import Ecriture, Entree
from navigateur.conftest import BUREAU, TELEPHONE
from navigateur.parcours import Personne, Traces

Ouvrir = Callable[..., Personne]
SLUG = "grand-saint-etienne"
SOINS = f"/c/{SLUG}/acces/soins/"
NOM, PRENOM, NUMERO = "Wozniakowski", "Ysaline", "06 39 98 74 13"
CANARIS = (NOM, NOM.upper(), PRENOM, "0639987413", NUMERO)


def fill_person(personne: Personne) -> None:
    page = personne.page
    page.get_by_label("Téléphone", exact=True).fill(NUMERO)
    page.get_by_label("Nom", exact=True).fill(NOM)
    page.get_by_label("Prénom", exact=True).fill(PRENOM)
    page.get_by_label("Date de naissance").fill("12/03/1950")
    page.get_by_label("Commune", exact=True).fill("Saint-Étienne (42000, 42100, 42230)")


def ask_the_community(pharmacienne: Personne, album: Path | None) -> None:
    """Nothing at home today: the request, in one page."""
    page = pharmacienne.open(f"{SOINS}?profession=10&modalite=domicile&quand=aujourdhui")
    expect(page.get_by_role("heading", name="Aucun créneau libre")).to_be_visible()
    pharmacienne.photograph(album, "rien")
    pharmacienne.click("link", "Demander à la communauté")
    fill_person(pharmacienne)
    page.get_by_label("Commune", exact=True).fill("42218")
    page.get_by_label(re.compile("professionnel habituel")).select_option(label="Dr Hélène Chavanne")
    pharmacienne.photograph(album, "demande")
    pharmacienne.click("button", "Solliciter maintenant")
    expect(page.locator("main")).to_contain_text("Attend depuis")
    expect(page.locator("main")).not_to_contain_text(NOM.upper())


def accept_and_receive(medecin: Personne, album: Path | None) -> None:
    """One touch to accept, one to say now; the name comes after the yes."""
    page = medecin.open(f"/c/{SLUG}/sollicitations/")
    article = page.get_by_role("article").filter(has_text="Soin du jour")
    expect(article).not_to_contain_text(NOM.upper())
    medecin.photograph(album, "sollicitation")
    with page.expect_navigation():
        article.get_by_role("button", name="Je reçois cette personne").click()
    medecin.look()
    expect(page.get_by_role("heading", name=re.compile(NOM, re.I))).to_be_visible()
    medecin.photograph(album, "heure")
    medecin.click("button", "Qu’elle vienne maintenant")
    medecin.photograph(album, "rendez-vous")
    medecin.click("button", "Oui, elle est venue")
    expect(page.locator("main")).to_contain_text("Honoré")


def make_creneau(cpts: Cpts) -> Creneau:
    """A free slot of the demonstration that the centre 15 may see."""
    professionnel = Professionnel.objects.get(nom="Massardier", prenom="Antoine")
    commune = Commune.objects.get(pk="42218")
    with use_cpts(cpts.pk):
        Creneau.objects.filter(professionnel=professionnel).update(etat="retire")
        lieu, _ = LieuConsultation.objects.get_or_create(
            cpts=cpts, professionnel=professionnel, libelle="Cabinet d’essai", commune=commune, telephone="0477112233"
        )
        debut = (now() + timedelta(hours=1)).replace(second=0, microsecond=0)
        return Creneau.objects.create(
            cpts=cpts,
            professionnel=professionnel,
            lieu=lieu,
            debut=debut,
            fin=debut + timedelta(minutes=20),
            profession="10",
            commune=commune.pk,
            zone="42",
            modalite=Modalite.CABINET,
            audiences=[Audience.SNP],
        )


def book_in_two_clicks(regulateur: Personne, creneau: Creneau, album: Path | None) -> None:
    """By keyboard to the first slot; the person; done."""
    page = regulateur.open("/regulation/?profession=10&quand=semaine&modalite=cabinet&tri=tot")
    page.keyboard.press("/")
    expect(page.get_by_label("Qui")).to_be_focused()
    regulateur.photograph(album, "regulation")
    with page.expect_navigation():
        page.locator(f'button[name="creneau"][value="{creneau.pk}"]').click()
    regulateur.look()
    expect(page.locator("[data-reste]")).to_contain_text("encore")
    fill_person(regulateur)
    page.get_by_label("Commune", exact=True).fill("42218")
    regulateur.photograph(album, "identite")
    regulateur.click("button", "Donner le rendez-vous")
    expect(page.locator("main")).to_contain_text("Ce qu’il faut dire à la personne")
    expect(page.locator("main")).not_to_contain_text(NOM.upper())


def test_from_an_empty_search_to_a_person_received(ouvrir: Ouvrir, demo_base, serveur_demo, album) -> None:
    cpts = Cpts.objects.get(slug=SLUG)
    pharmacienne, medecin, regulateur = ouvrir(BUREAU), ouvrir(TELEPHONE), ouvrir(BUREAU)
    pharmacienne.enter("Inès Granjon")
    ask_the_community(pharmacienne, album)
    medecin.enter("Hélène Chavanne")
    accept_and_receive(medecin, album)
    pharmacienne.page.reload()
    expect(pharmacienne.page.locator("main")).to_contain_text("Rendez-vous donné")
    creneau = make_creneau(cpts)
    regulateur.enter("Vincent Lacroix")
    book_in_two_clicks(regulateur, creneau, album)
    with use_cpts(cpts.pk):
        demande = DemandeSoin.objects.filter(cle_depot__gt="").latest("deposee_le")
        assert (demande.etat, demande.rendez_vous.get().etat) == (EtatDemande.POURVUE, EtatRendezVous.HONORE)
        assert RendezVous.objects.get(creneau=creneau).etat == EtatRendezVous.CONFIRME
    expect_no_canary(cpts, pharmacienne.traces, serveur_demo.journal)


def expect_no_canary(cpts: Cpts, traces: Traces, journal: Path) -> None:
    """T9: not in an address, a title, a message, the journal, a job, the server's log."""
    with use_cpts(cpts.pk):
        messages = [f"{m.sujet} {m.texte}" for m in Message.objects.filter(gabarit__startswith="soins_non_programmes")]
        entrees = [str(details) for details in Entree.objects.values_list("details", flat=True)]
        ecritures = [str(valeurs) for valeurs in Ecriture.objects.values_list("valeurs", flat=True)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        travaux = [row[0] for row in cursor.fetchall()]
    assert messages
    places = {
        "adresses": traces.adresses,
        "titres": traces.titres,
        "messages": messages,
        "journal": [*entrees, *ecritures],
        "travaux": travaux,
        "serveur": journal.read_text(encoding="utf-8").splitlines(),
    }
    for place, textes in places.items():
        assert [texte[:200] for texte in textes if any(canari in texte for canari in CANARIS)] == [], place
