"""A roster from its form to its pay: days tapped on a telephone, plans compared, one adjusted by hand and published, a
duty swapped, one given up and taken by a volunteer, handed over, held and paid."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from playwright.sync_api import expect

from maillon.communaute.gardes.enums import VIVANTES, EtatGarde
from maillon.communaute.gardes.models import Garde, Participant, Poste, Tableau
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import format_date, local_day
from navigateur import paie
from navigateur.conftest import BUREAU, TELEPHONE
from navigateur.parcours import Personne
from navigateur.test_parcours_principal import SLUG
from navigateur.test_parcours_repartition import press

Ouvrir = Callable[..., Personne]
GARDES = f"/c/{SLUG}/gardes/"
PARIS = ZoneInfo("Europe/Paris")


@dataclass
class Scene:
    """The roster under way, read between two gestures: no transaction stays open while somebody is at a screen."""

    cpts: Cpts
    album: Path | None
    tableau_id: UUID | None = None

    def keep(self, debut: date) -> None:
        """The roster that begins that day, with four doctors who have an account."""
        with use_cpts(self.cpts.pk):
            tableau = Tableau.objects.get(debut=debut)
            comptes = Compte.objects.exclude(rpps="").values_list("rpps", flat=True)
            tableau.participants.exclude(professionnel__rpps__in=list(comptes)).delete()
        self.tableau_id = tableau.pk

    def participant(self, nom: str) -> Participant:
        with use_cpts(self.cpts.pk):
            return Participant.objects.get(tableau=self.tableau_id, professionnel__nom__iexact=nom)

    def gardes(self, nom: str, **criteres: object) -> list[Garde]:
        """What somebody holds, the soonest first, unless told otherwise."""
        qui = self.participant(nom)
        with use_cpts(self.cpts.pk):
            rows = Garde.objects.filter(participant=qui, **(criteres or {"etat__in": VIVANTES}))
            return list(rows.select_related("poste").order_by("debut"))

    def first_poste(self) -> Poste:
        with use_cpts(self.cpts.pk):
            return Poste.objects.filter(tableau=self.tableau_id).earliest("debut")

    def next_on_duty(self, garde: Garde) -> Participant:
        """Who comes after this duty."""
        with use_cpts(self.cpts.pk):
            rows = Garde.objects.officielles().filter(debut__gt=garde.debut).select_related("participant__personne")
            return rows.earliest("debut").participant

    def list_mails(self, objet_id: UUID) -> list[Message]:
        with use_cpts(self.cpts.pk):
            return list(Message.objects.filter(objet_id=objet_id).order_by("-cree_le"))

    def find_lien(self, objet_id: UUID, motif: str) -> str:
        """The address in the last mail about this object that has one."""
        return next(found[0] for one in self.list_mails(objet_id) if (found := re.search(motif, one.texte)))

    def let_pass(self, garde: Garde) -> None:
        """The duty was until midnight: time has passed."""
        fin = datetime.combine(today(), time(), PARIS) + timedelta(seconds=1)
        debut = fin - timedelta(hours=6)
        with use_cpts(self.cpts.pk):
            Poste.objects.filter(pk=garde.poste_id).update(debut=debut, fin=fin, jour=debut.date())
            Garde.objects.filter(pk=garde.pk).update(debut=debut, fin=fin)
            garde.refresh_from_db()


def prepare(coordination: Personne, scene: Scene) -> date:
    """Two weeks of doctors from the Monday after the next, and their wishes asked by mail."""
    debut = today() + timedelta(days=14 - today().weekday())
    page = coordination.open(f"{GARDES}nouveau/")
    coordination.photograph(scene.album, "01-preparer")
    page.get_by_label("Premier jour").fill(debut.isoformat())
    page.get_by_label("Dernier jour").fill((debut + timedelta(days=13)).isoformat())
    page.get_by_label("médecin généraliste").check()
    page.get_by_label("Gardes par semaine, au plus").fill("3")
    coordination.click("button", "Préparer le tableau")
    scene.keep(debut)
    page = coordination.open(f"{GARDES}{scene.tableau_id}/")
    page.get_by_role("button", name="Demander les vœux").first.click()
    dialogue = page.get_by_role("dialog")
    dialogue.get_by_label("Répondre avant le").fill((today() + timedelta(days=5)).isoformat())
    with page.expect_navigation():
        dialogue.get_by_role("button", name="Envoyer", exact=True).click()
    coordination.look()
    return debut


def tap_days(medecin: Personne, scene: Scene, debut: date) -> None:
    """By the link of the mail, without an account: never the first day, rather the second."""
    page = medecin.open(scene.find_lien(scene.participant("Chavanne").pk, r"/l/[\w-]+/gardes/voeux/"))
    page.get_by_role("button", name=format_date(debut)).click()
    page.get_by_text("J’aimerais", exact=True).click()
    page.get_by_role("button", name=format_date(debut + timedelta(days=1))).click()
    expect(page.get_by_text("2 jours dits")).to_be_visible()
    medecin.photograph(scene.album, "02-voeux")
    medecin.click("button", "Enregistrer")
    expect(page.get_by_text("Merci, c’est noté")).to_be_visible()


def build(coordination: Personne, scene: Scene, work: Callable[[], None]) -> None:
    """Two plans, side by side; the first is taken up."""
    page = coordination.open(f"{GARDES}{scene.tableau_id}/")
    press(coordination, "Clore les vœux et construire", "Clore les vœux")
    for rang in (1, 2):
        coordination.open(f"{GARDES}{scene.tableau_id}/variantes/")
        coordination.click("button", "Calculer")
        coordination.photograph(scene.album, f"03-calcul-{rang}")
        work()
        expect(page.get_by_text("prouvée la meilleure").first).to_be_visible(timeout=20_000)  # the page follows
        coordination.look()
    coordination.photograph(scene.album, "04-variante")
    coordination.open(f"{GARDES}{scene.tableau_id}/variantes/")
    expect(page.get_by_role("heading", name="Comparer")).to_be_visible()
    coordination.photograph(scene.album, "05-comparer")
    coordination.click("button", "Retenir")
    coordination.photograph(scene.album, "06-brouillon")


def adjust(coordination: Personne, scene: Scene) -> None:
    """The first day changes hands; who cannot is said with the reason, and refused when tried all the same."""
    page = coordination.open(f"{GARDES}postes/{scene.first_poste().pk}/")
    coordination.click("button", re.compile("^Retirer"))
    page.get_by_text(re.compile("Pourquoi pas les autres")).click()
    expect(page.get_by_role("listitem").filter(has_text="Hélène Chavanne")).to_contain_text("Est indisponible")
    coordination.photograph(scene.album, "07-ajuster")
    bouton = page.get_by_role("button", name=re.compile("^Donner à")).first
    bouton.evaluate("(b, qui) => { b.value = qui; }", str(scene.participant("Chavanne").pk))
    with page.expect_navigation():
        bouton.click()
    expect(page.locator("main")).to_contain_text("Personne pour l’instant")
    expect(page.get_by_role("status").filter(has_text="Hélène Chavanne")).to_contain_text("est indisponible")
    coordination.photograph(scene.album, "08-refus")
    coordination.click("button", re.compile("^Donner à"))
    expect(page.get_by_role("button", name="Annuler").first).to_be_visible()
    coordination.open(f"{GARDES}{scene.tableau_id}/")
    press(coordination, "Publier", "Publier")


def swap(medecin: Personne, scene: Scene, collegue: Personne) -> None:
    """The next duty is on the home page; it is offered against one of a colleague's, who says yes by the link."""
    mienne = scene.gardes("Chavanne")[0]
    page = medecin.open(f"/c/{SLUG}/")
    expect(page.get_by_role("heading", name="Ma prochaine garde")).to_be_visible()
    expect(page.locator("main")).to_contain_text(format_date(mienne.poste.jour).capitalize())
    medecin.photograph(scene.album, "09-accueil")
    medecin.open(f"{GARDES}mes-gardes/")
    medecin.photograph(scene.album, "10-mes-gardes")
    medecin.click("link", re.compile("^Échanger"))
    page.get_by_text(re.compile("Rémi Montagny")).first.click()
    medecin.photograph(scene.album, "11-echanger")
    medecin.click("button", re.compile("Proposer à Rémi Montagny"))
    with use_cpts(scene.cpts.pk):
        echange = mienne.echanges.select_related("contre").get()
    page = collegue.open(scene.find_lien(echange.pk, r"/l/[\w-]+/gardes/echange/"))
    collegue.photograph(scene.album, "12-lien-echange")
    collegue.click("button", "J’échange")
    expect(page.get_by_text("La garde a changé de mains")).to_be_visible()
    assert mienne.poste_id in {garde.poste_id for garde in scene.gardes("Montagny")}
    assert echange.contre.poste_id in {garde.poste_id for garde in scene.gardes("Chavanne")}


def find_volunteer(medecin: Personne, coordination: Personne, volontaire: Personne, scene: Scene) -> None:
    """A duty is given up, volunteers are called, the first yes has it."""
    perdue = scene.gardes("Chavanne")[-1]
    page = medecin.open(f"{GARDES}mes-gardes/")
    page.get_by_role("button", name=f"Je ne peux plus le {format_date(perdue.poste.jour)}").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Je ne peux plus", exact=True).click()
    medecin.look()
    coordination.open(f"{GARDES}postes/{perdue.poste_id}/")
    press(coordination, "Appeler des volontaires", "Appeler")
    coordination.photograph(scene.album, "13-volontaires")
    page = volontaire.open(f"/c/{SLUG}/sollicitations/")
    volontaire.photograph(scene.album, "14-sollicitation")
    volontaire.click("button", "Je prends cette garde")
    expect(page.get_by_text("Cette garde est à vous").first).to_be_visible()
    assert perdue.poste_id in {garde.poste_id for garde in scene.gardes("Michalon")}


def read_calendar(medecin: Personne, scene: Scene) -> None:
    """The feed has the duties held, and says cancelled the one given up."""
    medecin.open(f"{GARDES}mes-gardes/")
    medecin.click("link", "Dans mon agenda")
    page = medecin.click("button", "S’abonner")
    texte = httpx.get(page.get_by_label("Pour Google Agenda").input_value()).text
    vevents = {
        re.search(r"garde-([\w-]+)@", bloc)[1]: bloc for bloc in texte.split("BEGIN:VEVENT")[1:] if "garde-" in bloc
    }
    for garde in scene.gardes("Chavanne"):
        assert "STATUS:CANCELLED" not in vevents[str(garde.pk)]
    retirees = scene.gardes("Chavanne", etat=EtatGarde.RETIREE)
    assert len(retirees) == 2, "one swapped, one given up"
    assert all("STATUS:CANCELLED" in vevents[str(garde.pk)] for garde in retirees)


def hand_over(medecin: Personne, suivante: Personne, scene: Scene) -> Garde:
    """A note without any patient for the next on duty, who is told; then the duty is said held."""
    garde = scene.gardes("Chavanne")[0]
    scene.let_pass(garde)
    medecin.open(f"{GARDES}mes-gardes/")
    medecin.click("link", "Passation")
    page = medecin.page
    page.get_by_label("À transmettre").fill("Rappeler le 06 39 98 74 13")
    medecin.click("button", "Transmettre")
    expect(page.get_by_text(re.compile("long numéro")).first).to_be_visible()
    medecin.photograph(scene.album, "15-passation")
    medecin.traces.erreurs[:] = [one for one in medecin.traces.erreurs if "422" not in one]  # the refusal just seen
    page.get_by_label("À transmettre").fill("La clé du local est chez le pharmacien.")
    medecin.click("button", "Transmettre")
    prochaine = scene.next_on_duty(garde)
    suivante.enter(f"{prochaine.personne.prenom} {prochaine.personne.nom.capitalize()}")
    page = suivante.open(f"{GARDES}mes-gardes/")
    expect(page.get_by_text("La clé du local est chez le pharmacien.")).to_be_visible()
    suivante.photograph(scene.album, "16-passation-lue")
    suivante.click("button", "J’ai lu")
    sujets = [message.sujet for message in scene.list_mails(prochaine.pk)]
    assert "Une passation vous attend avant votre garde" in sujets
    medecin.open(f"{GARDES}mes-gardes/")
    medecin.click("button", re.compile("Oui"))
    return garde


def test_from_the_form_of_a_roster_to_a_duty_paid(ouvrir: Ouvrir, demo_base, serveur_demo, album) -> None:
    scene = Scene(Cpts.objects.get(slug=SLUG), album)
    indicateur = paie.count_heures(scene.cpts)
    with use_cpts(scene.cpts.pk):
        Garde.objects.update(remplacee_par=None)
        Garde.objects.all().delete()
        Tableau.objects.all().delete()
    coordination, anonyme, medecin = ouvrir(BUREAU), ouvrir(TELEPHONE), ouvrir(TELEPHONE)
    volontaire, suivante = ouvrir(TELEPHONE), ouvrir(TELEPHONE)
    coordination.enter("Claire Fournel")
    debut = prepare(coordination, scene)
    tap_days(anonyme, scene, debut)
    build(coordination, scene, serveur_demo.work)
    adjust(coordination, scene)
    medecin.enter("Hélène Chavanne")
    swap(medecin, scene, anonyme)
    volontaire.enter("Sophie Michalon")
    find_volunteer(medecin, coordination, volontaire, scene)
    read_calendar(medecin, scene)
    garde = hand_over(medecin, suivante, scene)
    libelle = f"Garde du {format_date(local_day(garde.debut), jour=False)}"
    bureau = ouvrir(TELEPHONE)
    bureau.enter("Lucie Oriol")
    deja = paie.read_paye(coordination)
    ligne = paie.declare(coordination, medecin, SLUG, libelle, album)
    paie.approve(coordination, bureau, ligne, album)
    paie.transfer(coordination, SLUG, ligne, album)
    # Others of the same mission are paid by the same run.
    assert paie.read_paye(coordination) >= deja + paie.DU
    paie.expect_hours(coordination, indicateur, album)
