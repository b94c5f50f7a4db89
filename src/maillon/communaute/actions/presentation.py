"""What the pages of actions show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.socle.ui.composants import Chiffre, Evenement, Fait
from maillon.socle.ui.typographie import MOIS, format_date, format_euros

from .enums import TRANSITIONS, Etat
from .models import Action
from .selectors import Rattaches, list_cibles

MOIS_COURTS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
ICONES = {"reunions": "calendar-event", "budget": "coin-euro", "preuves": "paperclip", "documents": "file-text"}
# What each state change is called, by where it goes and where it comes from.
GESTES = {
    (Etat.PREVUE, Etat.EN_COURS): ("Démarrer l’action", "player-play"),
    (Etat.EN_COURS, Etat.REALISEE): ("Action réalisée", "check"),
    (Etat.EN_COURS, Etat.PREVUE): ("Remettre à prévue", "arrow-back-up"),
    (Etat.REALISEE, Etat.EN_COURS): ("Rouvrir l’action", "arrow-back-up"),
    (Etat.ABANDONNEE, Etat.PREVUE): ("Reprendre l’action", "arrow-back-up"),
}


@dataclass(frozen=True, slots=True)
class Bouton:
    etat: str
    libelle: str
    icone: str
    principal: bool


def list_boutons(action: Action) -> list[Bouton]:
    """What may be done next, in one touch; giving up is asked for apart."""
    possibles = [(action.etat, suivant) for suivant in TRANSITIONS[Etat(action.etat)]]
    nommes = [(paire, GESTES[paire]) for paire in possibles if paire in GESTES]
    return [
        Bouton(apres.value, libelle, icone, rang == 0)
        for rang, ((_, apres), (libelle, icone)) in enumerate(nommes)
        if rang == 0 or action.is_ouverte
    ]


def build_faits(action: Action, cibles: dict[str, str]) -> list[Fait]:
    """Mission, indicator, owner, dates, partners."""
    fin = format_date(action.fin, jour=False) if action.fin else "sans date de fin"
    faits = [Fait("Mission", action.get_mission_display().capitalize())]
    if action.indicateur:
        faits.append(Fait("Indicateur du contrat", cibles.get(action.indicateur, action.indicateur)))
    faits.append(Fait("Responsable", action.responsable or "à désigner", getattr(action.responsable, "fonction", "")))
    if action.groupe:
        faits.append(Fait("Groupe de travail", action.groupe))
    faits.append(Fait("Calendrier", f"{format_date(action.debut, jour=False)} – {fin}"))
    partenaires = [str(lien.structure) for lien in action.liens_partenaires.select_related("structure")]
    if partenaires:
        faits.append(Fait("Partenaires", ", ".join(sorted(partenaires))))
    return faits


def build_chiffres(action: Action, rattaches: Sequence[Rattaches]) -> list[Chiffre]:
    """The planned budget against what hangs on it, and how far the steps are."""
    depense = sum((r.total for r in rattaches), Decimal(0))
    prevu = action.montant_prevu
    chiffres = []
    if prevu is not None or depense:
        chiffres.append(
            Chiffre(
                "Dépensé et engagé",
                depense,
                "€",
                cible=f"{format_euros(prevu)} prévus" if prevu is not None else "aucun budget prévu",
                realise=depense / prevu if prevu else None,
            )
        )
    etapes = action.etapes_prevues  # type: ignore[attr-defined]
    if etapes:
        faites = sum(1 for etape in etapes if etape.faite_le)
        chiffres.append(
            Chiffre("Étapes faites", faites, cible=f"sur {len(etapes)}", realise=faites / len(etapes)),
        )
    for r in rattaches:
        if not r.total and r.code != "documents":  # they have their own section
            chiffres.append(Chiffre(r.libelle, len(r.elements)))
    return chiffres


def build_chronologie(action: Action, rattaches: Sequence[Rattaches]) -> list[Evenement]:
    """What hangs on the action and its steps done, the latest first."""
    evenements = [
        Evenement(
            element.le,
            element.libelle,
            texte=" – ".join(
                filter(None, (element.detail, format_euros(element.montant) if element.montant is not None else ""))
            ),
            icone=ICONES.get(r.code, "point"),
            url=element.url,
        )
        for r in rattaches
        for element in r.elements
    ]
    etapes = action.etapes_prevues  # type: ignore[attr-defined]
    evenements += [Evenement(e.faite_le, f"Étape faite\u00a0: {e.libelle}", ton="bien") for e in etapes if e.faite_le]
    return sorted(evenements, key=lambda evenement: evenement.quand, reverse=True)


def get_libelles(action: Action) -> dict[str, str]:
    """The indicators of the contract by code."""
    return {cible.code: cible.libelle for cible in list_cibles(action.cpts_id)}


@dataclass(frozen=True, slots=True)
class Barre:
    """A row of the year: months before, months of the action, months after, and the steps of each month in words."""

    action: Action
    avant: int
    pendant: int
    apres: int
    dit: str


def build_annee(actions: Sequence[Action], annee: int) -> list[Barre]:
    """The actions that touch a year, on twelve columns."""
    barres = []
    for action in actions:
        fin = action.fin or date(annee, 12, 31)
        if action.debut.year > annee or fin.year < annee:
            continue
        premier = action.debut.month if action.debut.year == annee else 1
        dernier = fin.month if fin.year == annee else 12
        dit = f"de {MOIS[premier - 1]} à {MOIS[dernier - 1]}" if premier != dernier else f"en {MOIS[premier - 1]}"
        barres.append(Barre(action, premier - 1, dernier - premier + 1, 12 - dernier, dit))
    return barres
