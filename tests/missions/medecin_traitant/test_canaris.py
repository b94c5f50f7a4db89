"""Nothing of a person where nothing should be: whole journeys of the desk, each identity with words that nobody else
has, then a search everywhere. With its controls: a word planted in each place is found there."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from fabriques.canaris import Promeneur, Traces, search
from fabriques.droits import enter
from fabriques.entrees import look_liste
from fabriques.medecin_traitant import Guichet, file_demande, find_lien, make_acteur_medecin, make_medecin
from fabriques.messagerie import run_jobs
from fabriques.recensement import make_campagne
from fabriques.structures import PartenariatFabrique
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import create_lien_sollicitation
from maillon.missions.medecin_traitant import services, tasks
from maillon.missions.medecin_traitant.attente.colonnes import read_liste
from maillon.missions.medecin_traitant.enums import Bilan, Etat
from maillon.missions.medecin_traitant.models import (
    DecisionPriorite,
    Demande,
    DestinataireRecensement,
    ListeAttente,
    Repartition,
    TacheGuichet,
)
from maillon.missions.medecin_traitant.notifications import DemandeProposee
from maillon.missions.medecin_traitant.services import listes_ecriture
from maillon.missions.medecin_traitant.services.propositions import create_lien_reponse
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.models import Membre
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.journal import services as journal
from maillon.socle.taches import TravailArrete, enqueue

pytestmark = pytest.mark.django_db

EXCEL = {
    "Nom": "Ysengrimax",
    "Prénom": "Zéphirette",
    "Date de naissance": "12/03/1944",
    "Tél": "0639981101",
    "Mail": "zeph1101@example.org",
    "Adresse": "12 rue Quelconquine",
    "Ville": "Saint-Étienne",
    "CP": "42000",
    "Personne à contacter": "Barnabousse Trublion",
    "Tel proche": "0639981102",
    "ALD": "oui",
    "Observations": "lupusinex sévère",
    "N° sécu": "2 44 03 42 218 001 12",
}
LIBRES = ("ordonnance glycémichose", "voisine querelleuse")
PARTENAIRE = {
    "telephone": "0639982201",
    "nom": "Xylandrou",
    "prenom": "Anabellise",
    "annee_naissance": "1951",
    "commune": "saint-ét",
    "courriel": "anab2201@example.org",
    "besoins": ["ald"],
    "langue": "fr",
    "accord": "on",
    "cle": "k" * 20,
}
PROCHE = {
    "pour": "proche",
    "commune": "42218",
    "prenom": "Octavandre",
    "nom": "Wimperfeld",
    "annee_naissance": "1938",
    "telephone": "0639983301",
    "courriel": "octa3301@example.org",
    "proche_nom": "Quentinelle Vroumache",
    "proche_lien": "nièce zorglubienne",
    "proche_telephone": "0639983302",
    "besoins": ["ald"],
    "langue": "fr",
    "accord": "on",
    "etape": "4",
    "cle": "q" * 20,
}
CANARIS = (
    *("Ysengrimax", "Zéphirette", "0639981101", "zeph1101", "Quelconquine", "Barnabousse", "Trublion", "0639981102"),
    *("lupusinex", "2 44 03 42 218 001", "glycémichose", "querelleuse"),
    *("Xylandrou", "Anabellise", "0639982201", "anab2201"),
    *("Octavandre", "Wimperfeld", "0639983301", "octa3301", "Quentinelle", "Vroumache", "zorglubienne", "0639983302"),
)


@pytest.fixture
def traces() -> Traces:
    return Traces()


@pytest.fixture
def desk(guichet: Guichet, traces: Traces) -> Promeneur:
    return enter(Promeneur(traces), guichet.membre.compte)


def url(guichet: Guichet, name: str, *args: object) -> str:
    return reverse(f"medecin_traitant_{name}", args=[guichet.cpts.slug, *args])


def read(guichet: Guichet, rows: Callable):
    with use_cpts(guichet.cpts.pk):
        return rows()


def look_everywhere(guichet: Guichet, traces: Traces, caplog: pytest.LogCaptureFixture) -> dict[str, list[str]]:
    logs = "\n".join(f"{r.name} {r.getMessage()} {r.exc_text or ''} {r.args}" for r in caplog.records)
    return search(CANARIS, cpts=guichet.cpts, traces=traces, journaux=logs)


# The journeys


def take_over_excel(guichet: Guichet, desk: Promeneur) -> Demande:
    """From the workbook to the agreement told on the telephone."""
    classeur = Workbook()
    classeur.active.append(list(EXCEL))
    classeur.active.append(list(EXCEL.values()))
    contenu = BytesIO()
    classeur.save(contenu)
    fichier = SimpleUploadedFile("attente.xlsx", contenu.getvalue())
    desk.post(url(guichet, "liste_nouvelle"), {"fichier": fichier})
    liste = read(guichet, ListeAttente.objects.get)
    entetes, _ = read_liste(liste.unseal())
    choix = {f"c{rang}": liste.colonnes.get(titre, "") for rang, titre in enumerate(entetes)}
    assert desk.get(url(guichet, "liste_colonnes", liste.pk)).status_code == 200
    page = desk.post(url(guichet, "liste_colonnes", liste.pk), choix, follow=True)
    assert "1 personne à ajouter" in page.content.decode().replace("\xa0", " ")
    desk.post(url(guichet, "liste_appliquer", liste.pk))
    assert run_jobs("medecin_traitant.appliquer_liste") == 1
    demande = read(guichet, lambda: Demande.objects.get(liste=liste))
    assert "YSENGRIMAX" in desk.get(url(guichet, "recontacts")).content.decode()
    assert "0639981101" in desk.get(url(guichet, "recontact", demande.pk)).content.decode()
    accord = {"besoins": ["ald"], "langue": "fr", "moyen": "telephone", "accord": "on"}
    assert desk.post(url(guichet, "accorder", demande.pk), accord, follow=True).status_code == 200
    return demande


def file_by_partner(guichet: Guichet, desk: Promeneur, traces: Traces) -> Demande:
    structure = read(guichet, lambda: PartenariatFabrique(cpts=guichet.cpts).structure)
    donnees = {"origine": "mairie", "service": "CCAS", "mois": "6", "courriel": "ccas@example.org"}
    shown = desk.post(url(guichet, "donner_acces", structure.pk), donnees, follow=True).content.decode()
    lien = re.search(r"/l/[\w-]+/orienter/", shown)
    assert lien
    partenaire = Promeneur(traces)
    partenaire.post(lien[0], {**PARTENAIRE, "accord": ""})  # refused, and shown again with what was typed
    page = partenaire.post(lien[0], PARTENAIRE, follow=True).content.decode()
    demande = read(guichet, lambda: Demande.objects.get(acces_partenaire__isnull=False))
    assert demande.reference in page
    return demande


def file_by_carer(guichet: Guichet, traces: Traces) -> Demande:
    form = reverse("medecin_traitant_formulaire", args=[guichet.cpts.slug])
    proche = Promeneur(traces)
    for etape in ("1", "2", "3"):
        assert proche.post(form, {**PROCHE, "etape": etape}).status_code == 200
    suivi = proche.post(form, PROCHE, follow=True)
    assert suivi.status_code == 200
    proche.post(suivi.redirect_chain[-1][0], {"geste": "contact", "telephone": "0639983301"}, follow=True)
    return read(guichet, lambda: Demande.objects.get(origine="proche"))


def work_at_desk(guichet: Guichet, desk: Promeneur, demandes: list[Demande]) -> None:
    """Look up, qualify, note a task and a decision with a free text, export."""
    desk.post(reverse("recherche", args=[guichet.cpts.slug]), {"q": "Wimperfeld"})
    desk.post(url(guichet, "connues"), {"telephone": PROCHE["telephone"]})
    desk.post(url(guichet, "liste"), {"q": "Xylandrou"})
    for demande in demandes:
        desk.post(url(guichet, "qualifier", demande.pk), {"besoins": ["ald"], "langue": "fr"}, follow=True)
    jour = (horloge.today() + timedelta(days=9)).isoformat()
    tache = {"t-quoi": "piece", "t-precision": LIBRES[0], "t-responsable": str(guichet.membre.pk)}
    page = desk.post(url(guichet, "noter_tache", demandes[0].pk), {**tache, "t-echeance": jour}, follow=True)
    assert "La tâche est notée." in page.content.decode(), page.content.decode()
    priorite = {"p-niveau": "haute", "p-motif": "situation", "p-jusque": jour, "p-precision": LIBRES[1]}
    desk.post(url(guichet, "decider_priorite", demandes[0].pk), priorite, follow=True)
    for sorte in ("csv", "xlsx", "pdf"):
        assert desk.get(url(guichet, "liste"), {"export": sorte}).status_code == 200
    for page in ("journee", "totaux", "recontacts", "listes"):
        assert desk.get(url(guichet, page)).status_code == 200


def ask_for_places(guichet: Guichet, traces: Traces, medecin: Professionnel) -> None:
    campagne = read(guichet, lambda: make_campagne(guichet, sent=False))
    assert run_jobs("medecin_traitant.recensement_envoyer") == 1
    destinataire = read(guichet, lambda: DestinataireRecensement.objects.get(campagne=campagne, professionnel=medecin))
    texte = read(guichet, lambda: Message.objects.filter(objet_id=destinataire.pk).get().texte)
    lien = re.search(r"/l/[\w-]+/places/", texte)
    assert lien
    page = Promeneur(traces).post(lien[0], {"places": "6", "places_prevues": "0", "accepte_tous": "on"})
    assert page.status_code == 200


def share_out(guichet: Guichet, desk: Promeneur) -> None:
    options = {"niveaux": "toutes", "minutes_max": "45", "reserve": "0", "medecins": "1", "par_vague": "1"}
    run = desk.post(url(guichet, "repartir"), {**options, "jours": "5"}).url
    assert run_jobs("medecin_traitant.calculer_repartition") == 1
    pk = read(guichet, lambda: Repartition.objects.get().pk)
    for page in (run, url(guichet, "repartition_medecins", pk), url(guichet, "repartition_carte", pk)):
        assert desk.get(page).status_code == 200
    assert desk.get(run, {"export": "csv"}).status_code == 200
    desk.post(url(guichet, "repartition_envoyer", pk), follow=True)
    assert run_jobs("medecin_traitant.envoyer_repartition") == 1


def answer(guichet: Guichet, demande: Demande, traces: Traces) -> None:
    """The doctor accepts by the link of the mail, the person says yes by theirs."""
    asked = read(guichet, lambda: Sollicitation.objects.get(appel__objet_id=demande.pk, etat="envoyee"))
    jeton = read(guichet, lambda: create_lien_sollicitation(asked))
    medecin, personne = Promeneur(traces), Promeneur(traces)
    lien = reverse("sollicitations:lien", args=[jeton])
    assert medecin.get(lien).status_code == 200
    assert "réservé pour vous" in medecin.post(lien, {"geste": "accepter"}).content.decode()
    lien = reverse("medecin_traitant_reponse", args=[read(guichet, lambda: create_lien_reponse(asked))])
    assert personne.get(lien).status_code == 200
    assert personne.post(lien, {"reponse": "oui"}).status_code == 200


def three_months_later(guichet: Guichet, demande: Demande, traces: Traces, medecin: Professionnel) -> None:
    """The doctor reads who came, the news are asked, reminded and given."""
    acteur = read(guichet, lambda: make_acteur_medecin(guichet, medecin))
    compte = read(guichet, lambda: Membre.objects.select_related("compte").get(pk=acteur.membre_id).compte)
    page = enter(Promeneur(traces), compte).get(url(guichet, "mes_patients"))
    assert "XYLANDROU" in page.content.decode()
    for jours in (15, 60, 100, 108):
        with horloge.at(horloge.now() + timedelta(days=jours)):
            tasks.echeances(timestamp=int(horloge.now().timestamp()))
    with horloge.at(horloge.now() + timedelta(days=109)):
        lien = read(guichet, lambda: find_lien(demande, services.LIEN_NOUVELLES))
        assert lien
        texte = read(guichet, lambda: Message.objects.filter(objet_id=demande.pk).latest("cree_le").texte)
        adresse = re.search(r"/l/[\w-]+/nouvelles/", texte)
        assert adresse
        personne = Promeneur(traces)
        assert personne.get(adresse[0]).status_code == 200
        personne.post(adresse[0], {"bilan-suivie": "oui", "bilan-declaree": "oui"})


def walk(guichet: Guichet, desk: Promeneur, traces: Traces) -> list[Demande]:
    """All the journeys; returns the three requests, placed and followed to the end."""
    medecin = read(guichet, lambda: make_medecin(guichet, places=None))
    ask_for_places(guichet, traces, medecin)
    demandes = [
        take_over_excel(guichet, desk),
        file_by_partner(guichet, desk, traces),
        file_by_carer(guichet, traces),
    ]
    work_at_desk(guichet, desk, demandes)
    share_out(guichet, desk)
    for demande in demandes:
        answer(guichet, demande, traces)
        assert desk.get(url(guichet, "fiche", demande.pk)).status_code == 200
    for demande in demandes:
        three_months_later(guichet, demande, traces, medecin)
    return demandes


def test_no_word_of_an_identity_is_found_outside_it(
    guichet: Guichet, desk: Promeneur, traces: Traces, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    demandes = walk(guichet, desk, traces)
    with use_cpts(guichet.cpts.pk):
        ended = Demande.objects.filter(pk__in=[d.pk for d in demandes]).values_list("etat", "bilan")
        assert list(ended) == [(Etat.PLACEE, Bilan.SUIVI)] * 3
        assert TacheGuichet.objects.get().texte == LIBRES[0]
        assert DecisionPriorite.objects.get().texte == LIBRES[1]
        gabarits = set(Message.objects.values_list("gabarit", flat=True))
    assert len(gabarits) >= 8, gabarits
    assert caplog.records
    assert len(traces.adresses) > 200
    assert look_everywhere(guichet, traces, caplog) == {}


def test_a_list_that_breaks_the_job_leaves_no_word_in_the_logs(
    guichet: Guichet, desk: Promeneur, traces: Traces, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise ValueError(f"cannot read {EXCEL['Nom']}")

    with use_cpts(guichet.cpts.pk):
        liste = look_liste(guichet, f"{EXCEL['Nom']};Zoé;1944;{EXCEL['Tél']};Villars;;;oui;;")
        services.ask_application_attente(liste_id=liste.pk, by=guichet.acteur)
    monkeypatch.setattr(listes_ecriture, "create_patients", break_down)
    with pytest.raises(TravailArrete) as stopped:
        run_jobs("medecin_traitant.appliquer_liste")
    # What the worker writes of a failed job.
    logging.getLogger("procrastinate").error("Job ended with status: Error", exc_info=stopped.value)
    assert "erreur imprévue" in read(guichet, lambda: ListeAttente.objects.get(pk=liste.pk).erreur)
    assert look_everywhere(guichet, traces, caplog) == {}


# Controls: the same search finds a word where it is planted


def write_mail(guichet: Guichet, sujet: str) -> None:
    mail = DemandeProposee(cpts=guichet.cpts, objet_id=guichet.membre.pk, lien="x")
    mail.sujet = sujet  # type: ignore[misc]
    mail.queue(to="medecin@example.org")


def plant_adresse(guichet: Guichet, desk: Promeneur) -> None:
    desk.get(url(guichet, "liste"), {"commune": "YSENGRIMAX"})


def plant_fichier(guichet: Guichet, desk: Promeneur) -> None:
    gerer = "medecin_traitant.gerer"
    store_fichier(
        cpts_id=guichet.cpts.pk, nom="xylandrou.csv", contenu=b"a;b\n1;2\n", permission=gerer, by=guichet.acteur
    )


def plant_ecriture(guichet: Guichet, desk: Promeneur) -> None:
    demande = file_demande(guichet).demande
    Demande.objects.filter(pk=demande.pk).update(niveau_impose="trublion", niveau_impose_jusque=horloge.today())


def plant_tache(guichet: Guichet, desk: Promeneur) -> None:
    enqueue("medecin_traitant.calculer_repartition", cpts_id=guichet.cpts.pk, repartition_id="0639981101")


def plant_session(guichet: Guichet, desk: Promeneur) -> None:
    session = desk.session
    session["q"] = "Octavandre"
    session.save()


PLANTS: dict[str, Callable[[Guichet, Promeneur], object]] = {
    "courriels": lambda guichet, _: write_mail(guichet, "Mme Ysengrimax cherche un médecin"),
    "courriels rendus": lambda guichet, _: write_mail(guichet, "Rappelez le 06 39 98 11 01"),
    "événements": lambda guichet, _: journal.record(
        "medecin_traitant.deposee", guichet.membre, by=guichet.acteur, origine="Zephirette"
    ),
    "écritures": plant_ecriture,
    "noms de fichiers": plant_fichier,
    "tâches": plant_tache,
    "cache": lambda *_: cache.set("essai", "barnabousse"),
    "tables": lambda guichet, _: write_mail(guichet, "Quentinelle"),
    "journaux": lambda *_: logging.getLogger("maillon").warning("refusé : %s", {"nom": "Wimperfeld"}),
    "adresses": plant_adresse,
    "titres": lambda _, desk: desk.traces.titres.append("Mme Xylandrou"),
    "témoins": lambda _, desk: desk.traces.temoins.append("nom=anab2201"),
    "sessions": plant_session,
}


@pytest.mark.parametrize("lieu", PLANTS)
def test_control_a_word_planted_is_found(
    lieu: str, guichet: Guichet, desk: Promeneur, traces: Traces, caplog: pytest.LogCaptureFixture
) -> None:
    with use_cpts(guichet.cpts.pk):
        PLANTS[lieu](guichet, desk)
    assert lieu in look_everywhere(guichet, traces, caplog)


def test_control_a_mail_that_names_the_person_is_found_after_the_journeys(
    guichet: Guichet, desk: Promeneur, traces: Traces, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DemandeProposee, "sujet", f"{PARTENAIRE['prenom']} cherche un médecin traitant")
    walk(guichet, desk, traces)
    assert set(look_everywhere(guichet, traces, caplog)) == {"courriels", "courriels rendus", "tables"}
