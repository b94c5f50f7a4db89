"""Evidence and sealed years of the demonstration: a new version, a withdrawal, documents of acts, two seals."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from maillon.pilotage.arretes.services import freeze_periode
from maillon.pilotage.contrats.actes import Fenetre, find_declare, get_rows
from maillon.pilotage.contrats.donnees import DonneesPreuve, Piece
from maillon.pilotage.contrats.enums import EtatContrat, GenrePreuve, Nature
from maillon.pilotage.contrats.models import Contrat, Preuve
from maillon.pilotage.contrats.regles import bounds_of, find_annee
from maillon.pilotage.contrats.services import (
    attach_documents,
    attach_preuve,
    record_constat,
    replace_preuve,
    withdraw_preuve,
)
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute

MENTION = "document fictif de la démonstration de Maillon"
PARIS = ZoneInfo("Europe/Paris")


def show_preuves(communaute: Communaute, contrat: Contrat, *, now: datetime) -> None:
    """Seal the last finished year; then join, replace and withdraw documents of the current one."""
    with use_cpts(communaute.cpts.pk):
        if contrat.etat != EtatContrat.ACTIF or not contrat.indicateurs.exists():
            return
        _seal_last_year(contrat, now)
        with horloge.at(now):
            _certify_late(contrat, now)
            _revise(contrat)
            _prove_acts(contrat, now)


def _seal_last_year(contrat: Contrat, now: datetime) -> None:
    """Ten days after the anniversary, for the evaluation."""
    numero, _, _ = find_annee(contrat, now.date())
    if numero == 1:
        return
    _, fin = bounds_of(contrat, numero - 1)
    moment = datetime.combine(fin + timedelta(days=10), time(14), PARIS)
    with horloge.at(min(moment, now)):
        freeze_periode(contrat=contrat, numero=numero - 1, by=SYSTEME, motif=f"Évaluation de l’année {numero - 1}")


def _certify_late(contrat: Contrat, now: datetime) -> None:
    """A value of the sealed year that its certifier gives after the seal: the seal keeps its figures, and says so."""
    numero, debut, _ = find_annee(contrat, now.date())
    indicateur = contrat.indicateurs.filter(nature=Nature.COMPTE, code_declare="").order_by("ordre").first()
    if numero == 1 or indicateur is None:
        return
    record_constat(
        indicateur=indicateur,
        valeur=min(palier.seuil for palier in indicateur.paliers.all()),
        le=debut - timedelta(days=20),
        by=SYSTEME,
        source=f"courrier reçu après l’évaluation ; {MENTION}",
        certifie_par=indicateur.certificateur,
    )


def _revise(contrat: Contrat) -> None:
    """A second version of one document, and another withdrawn with its reason."""
    preuve = Preuve.objects.en_vigueur().filter(indicateur__contrat=contrat, acte="").order_by("pk").first()
    if preuve is None or preuve.indicateur is None:
        return
    donnees = DonneesPreuve(libelle=f"{preuve.libelle}, corrigée", le=preuve.le, genre=GenrePreuve.LISTE)
    corrige = f"{preuve.libelle}, deux lignes corrigées – {MENTION}.\n".encode()
    replace_preuve(preuve=preuve, donnees=donnees, piece=Piece("version-2.txt", corrige), by=SYSTEME)
    erreur = attach_preuve(
        indicateur=preuve.indicateur,
        libelle="Feuille d’une autre réunion",
        le=preuve.le,
        nom="feuille.txt",
        contenu=f"Feuille d’une autre réunion – {MENTION}.\n".encode(),
        genre=GenrePreuve.EMARGEMENT,
        nominative=True,
        by=SYSTEME,
    )
    withdraw_preuve(preuve=erreur, motif="Document d’une autre réunion", by=SYSTEME)


def _prove_acts(contrat: Contrat, now: datetime) -> None:
    """One document that proves several acts of the year."""
    indicateur = contrat.indicateurs.exclude(code_declare="").order_by("ordre").first()
    declare = find_declare(indicateur) if indicateur is not None else None
    if indicateur is None or declare is None:
        return
    _, debut, _ = find_annee(contrat, now.date())
    actes = [
        declare.to_acte(row).reference
        for row in get_rows(declare, contrat.cpts_id, Fenetre(debut, now.date() + timedelta(days=1)))[:12]
    ]
    if actes:
        attach_documents(
            indicateur=indicateur,
            donnees=DonneesPreuve(
                libelle="Suivi nominatif du trimestre", le=now.date(), genre=GenrePreuve.LISTE, nominative=True
            ),
            pieces=[Piece("suivi.txt", f"Suivi nominatif, noms inventés – {MENTION}.\n".encode())],
            actes=actes,
            by=SYSTEME,
        )
