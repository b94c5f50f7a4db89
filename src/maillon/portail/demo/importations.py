"""Files of the Assurance Maladie in the demonstration: one imported, whose values make a history, and one to check."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from maillon.pilotage.contrats.enums import EtatConstat, Periodicite
from maillon.pilotage.contrats.models import Contrat, Indicateur
from maillon.pilotage.importations.correspondances import Colonnes
from maillon.pilotage.importations.services import (
    choose_colonnes,
    choose_libelles,
    confirm_importation,
    deposit_fichier,
    deposit_from_new_source,
)
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute

LIBELLES = {
    "Dépistage organisé – sein": "prev-sein",
    "Dépistage organisé – colorectal": "prev-colorectal",
    "Dépistage – col de l’utérus": "prev-col",
    "Patients ALD sans MT": "mt-ald",
    "Assurés de plus de 70 ans sans MT": "mt-70-ans",
}
# How far each past value stood between the reference and the last one, and how many days before the latter.
CHEMIN = ((Decimal("0.34"), 330), (Decimal("0.47"), 240), (Decimal("0.78"), 150), (Decimal("0.85"), 60))
ATTENDUES = {
    "prev-sein": Periodicite.SEMESTRIELLE,
    "prev-colorectal": Periodicite.TRIMESTRIELLE,
    "prev-col": Periodicite.MENSUELLE,
}
TITRES = "CPTS;Indicateur;Date;Valeur\n"


def import_fichiers(communaute: Communaute, contrat: Contrat, *, now: datetime) -> None:
    """Give the statistics of a community their past, through the very steps that a coordinator follows."""
    nom = communaute.cpts.nom
    with use_cpts(communaute.cpts.pk), horloge.at(now):
        for code, periodicite in ATTENDUES.items():
            contrat.indicateurs.filter(code=code).update(periodicite=periodicite)
        rangees = [f"{nom};{rangee}" for rangee in _read_past(contrat)]
        if not rangees:
            return
        importation = deposit_from_new_source(
            cpts_id=communaute.cpts.pk,
            source="Tableau de bord trimestriel (fictif)",
            organisme="assurance_maladie",
            certificateur="Assurance Maladie (statistiques)",
            nom="tableau-de-bord.csv",
            contenu=(TITRES + "\n".join(rangees) + "\n").encode(),
            by=SYSTEME,
        )
        colonnes = Colonnes("Indicateur", "Valeur", "Date", "CPTS", nom)
        choose_colonnes(importation=importation, colonnes=colonnes, date_fixe=None, feuille="", by=SYSTEME)
        choose_libelles(importation=importation, libelles=LIBELLES, by=SYSTEME)
        confirm_importation(importation=importation, by=SYSTEME)
        deposit_fichier(
            correspondance=importation.correspondance,
            nom="tableau-de-bord-nouveau.csv",
            contenu=_write_new(contrat, nom, now.date()).encode(),
            by=SYSTEME,
        )


def _read_past(contrat: Contrat) -> list[str]:
    rangees = []
    for libelle, code in LIBELLES.items():
        indicateur = contrat.indicateurs.filter(code=code).first()
        dernier = _find_last(indicateur)
        if indicateur is None or indicateur.reference is None or dernier is None:
            continue
        valeur, le = dernier
        for part, jours in CHEMIN:
            jour = le - timedelta(days=jours)
            if jour > contrat.signe_le:
                passee = indicateur.reference + (valeur - indicateur.reference) * part
                ecrite = f"{passee:.1f}".replace(".", ",") if indicateur.unite == "%" else f"{passee:.0f}"
                rangees.append(f"{libelle};{jour:%d/%m/%Y};{ecrite}")
    return rangees


def _find_last(indicateur: Indicateur | None) -> tuple[Decimal, date] | None:
    if indicateur is None:
        return None
    certifies = indicateur.constats.filter(etat=EtatConstat.CERTIFIE).order_by("-le", "-saisi_le")
    return certifies.values_list("valeur", "le").first()


def _write_new(contrat: Contrat, nom: str, on: date) -> str:
    """A value to add, one to correct, one under statistical secrecy, one that cannot be read."""
    veille = on - timedelta(days=1)
    dernier = _find_last(contrat.indicateurs.filter(code="prev-sein").first())
    sein, le = dernier or (Decimal(60), veille)
    rangees = [
        f"Dépistage organisé – sein;{veille:%d/%m/%Y};{sein + Decimal('0.4'):.1f} %",
        f"Dépistage organisé – sein;{le:%d/%m/%Y};{sein + Decimal('0.1'):.1f} %",
        f"Patients ALD sans MT;{veille:%d/%m/%Y};< 11",
        f"Dépistage – col de l’utérus;{veille:%d/%m/%Y};en cours",
    ]
    return TITRES + "".join(f"{nom};{rangee}\n" for rangee in rangees) + f"CPTS voisine;Autre;{veille:%d/%m/%Y};12\n"
