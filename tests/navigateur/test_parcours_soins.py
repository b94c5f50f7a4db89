"""Care for today: a pharmacist finds nothing and asks the community, a doctor accepts on a telephone and receives the
person; a regulator books in two clicks. Nothing of the person leaves the pages that may show it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection
from playwright.sync_api import expect

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.territoire.models import Commune
from maillon.missions.soins_non_programmes.enums import Audience, EtatCreneau, EtatDemande, EtatRendezVous, Modalite
from maillon.missions.soins_non_programmes.models import GENRE, Creneau, DemandeSoin, LieuConsultation, RendezVous
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
    page.get_by_label("Date de naissance", exact=True).fill("12/03/1950")
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


def find_sollicitation() -> UUID:
    """What the request filed last asks of Dr Chavanne."""
    cpts = Cpts.objects.get(slug=SLUG)
    with use_cpts(cpts.pk):
        demande = DemandeSoin.objects.latest("deposee_le")
        return Sollicitation.objects.of_objets(GENRE, [demande.pk]).get(professionnel__nom="Chavanne").pk


def accept_and_receive(medecin: Personne, album: Path | None) -> None:
    """One touch to accept, one to say now; the name comes after the yes."""
    page = medecin.open(f"/c/{SLUG}/sollicitations/")
    geste = page.locator(f'form[action*="{find_sollicitation()}"]')
    article = page.get_by_role("article").filter(has=geste)
    expect(article).not_to_contain_text(NOM.upper())
    medecin.photograph(album, "sollicitation")
    with page.expect_navigation():
        article.get_by_role("button", name="Je reçois cette personne").click()
    medecin.look()
    expect(page.get_by_role("heading", name=re.compile(NOM, re.I))).to_be_visible()
    medecin.photograph(album, "heure")
    medecin.click("button", "J’y vais maintenant")
    medecin.photograph(album, "rendez-vous")
    medecin.click("button", "Oui, elle est venue")
    expect(page.locator("main")).to_contain_text("Honoré")


def make_creneaux(cpts: Cpts, *heures: int) -> list[Creneau]:
    """Free slots of the demonstration that the centre 15 may see, so many hours from now."""
    professionnel = Professionnel.objects.get(nom="Massardier", prenom="Antoine")
    commune = Commune.objects.get(pk="42218")
    base = now().replace(second=0, microsecond=0)
    with use_cpts(cpts.pk):
        Creneau.objects.filter(professionnel=professionnel).update(etat="retire")
        lieu, _ = LieuConsultation.objects.get_or_create(
            cpts=cpts, professionnel=professionnel, libelle="Cabinet d’essai", commune=commune, telephone="0477112233"
        )
        return [
            Creneau.objects.create(
                cpts=cpts,
                professionnel=professionnel,
                lieu=lieu,
                debut=base + timedelta(hours=dans),
                fin=base + timedelta(hours=dans, minutes=20),
                profession="10",
                commune=commune.pk,
                zone="42",
                modalite=Modalite.CABINET,
                audiences=[Audience.SNP],
            )
            for dans in heures
        ]


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
    (creneau,) = make_creneaux(cpts, 1)
    regulateur.enter("Vincent Lacroix")
    book_in_two_clicks(regulateur, creneau, album)
    with use_cpts(cpts.pk):
        demande = DemandeSoin.objects.latest("deposee_le")
        assert (demande.etat, demande.rendez_vous.get().etat) == (EtatDemande.POURVUE, EtatRendezVous.HONORE)
        assert RendezVous.objects.get(creneau=creneau).etat == EtatRendezVous.CONFIRME
    expect_no_canary(cpts, pharmacienne.traces, serveur_demo.journal)


def give_then_cancel(secretaire: Personne, creneau: Creneau, album: Path | None) -> None:
    """Two clicks and a name; cancelled with its reason; the cancellation taken back."""
    page = secretaire.open(f"{SOINS}?profession=10&quand=semaine&modalite=cabinet&tri=tot")
    with page.expect_navigation():
        page.locator(f'button[name="creneau"][value="{creneau.pk}"]').click()
    secretaire.look()
    fill_person(secretaire)
    secretaire.click("button", "Donner le rendez-vous")
    expect(page.locator("main")).not_to_contain_text("est-elle venue")
    page.get_by_role("button", name="Annuler le rendez-vous").first.click()
    dialogue = page.get_by_role("dialog")
    dialogue.get_by_label("Pourquoi").select_option("patient")
    secretaire.photograph(album, "annuler")
    with page.expect_navigation():
        dialogue.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(page.locator("main")).to_contain_text("À la demande du patient")
    with page.expect_navigation():
        page.locator("#annonces").get_by_role("button", name="Annuler").click()
    expect(page.locator("main")).not_to_contain_text("À la demande du patient")


def move_then_note_absent(secretaire: Personne, vers: Creneau, album: Path | None) -> None:
    """Another hour, in one touch; when it has passed, nobody came."""
    page = secretaire.page
    secretaire.click("link", "Déplacer")
    secretaire.photograph(album, "deplacer")
    with page.expect_navigation():
        page.locator(f'button[name="creneau"][value="{vers.pk}"]').click()
    secretaire.look()
    with use_cpts(vers.cpts_id):
        Creneau.objects.filter(pk=vers.pk).update(debut=now() - timedelta(hours=1), fin=now() - timedelta(minutes=40))
    page.reload()
    secretaire.look()
    secretaire.click("button", "Non")
    expect(page.locator("main")).to_contain_text("Patient absent")
    secretaire.photograph(album, "absent")


def test_from_a_search_to_a_person_who_did_not_come(ouvrir: Ouvrir, demo_base, serveur_demo, album) -> None:
    cpts = Cpts.objects.get(slug=SLUG)
    premier, second = make_creneaux(cpts, 3, 4)
    secretaire = ouvrir(TELEPHONE)
    secretaire.enter("Solène Sahin")
    give_then_cancel(secretaire, premier, album)
    move_then_note_absent(secretaire, second, album)
    with use_cpts(cpts.pk):
        assert Creneau.objects.get(pk=premier.pk).etat == EtatCreneau.LIBRE
        assert RendezVous.objects.get(creneau=second).etat == EtatRendezVous.ABSENT
    expect_no_canary(cpts, secretaire.traces, serveur_demo.journal)


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
