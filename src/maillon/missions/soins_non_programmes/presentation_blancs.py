"""The afternoons ahead as the page shows them: a calendar of the promise, and whom to ask where nobody is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from maillon.communaute.annuaire.enums import Profession
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import now
from maillon.socle.ui.composants import Pastille
from maillon.socle.ui.typographie import compter, format_date, format_date_heure, format_heure, local_day

from .selectors.alertes_chiffres import say_blanc
from .selectors.indicateurs import get_promesse
from .selectors.promesses import (
    JOURS_DEVANT,
    SAMEDI,
    Blanc,
    Sollicitable,
    find_demandes_faites,
    find_sollicitables,
    list_fermes,
)

LA = Pastille("Présent", "bien")
MONTRES = 6


@dataclass(frozen=True, slots=True)
class Calendrier:
    """One row a day to come, one cell a promised profession."""

    titre: str
    professions: Sequence[str]
    jours: Sequence[tuple[str, Sequence[Pastille]]]
    heures: str


def build_calendrier(cpts: Cpts, blancs: Sequence[Blanc]) -> Calendrier:
    """The working days of the two weeks ahead."""
    de, a, promis = get_promesse(cpts.pk)
    debut = now().astimezone(ZoneInfo(cpts.fuseau)).date()
    fin = debut + timedelta(days=JOURS_DEVANT)
    feries = list_fermes(cpts, debut, fin)
    par_case = {(blanc.jour, blanc.profession): blanc for blanc in blancs}
    jours = [debut + timedelta(days=rang) for rang in range(JOURS_DEVANT)]
    entiers = sum(blanc.entier for blanc in blancs)
    if entiers:
        titre = f"{compter(entiers, 'après-midi sans personne', 'après-midi sans personne')} d’ici deux semaines"
    elif blancs:
        titre = "Il manque quelques heures d’ici deux semaines"
    else:
        titre = "Quelqu’un est là chaque après-midi d’ici deux semaines"
    return Calendrier(
        titre,
        [str(Profession(code).label).capitalize() for code in promis],
        [
            (format_date(jour), [_make_pastille(par_case.get((jour, code))) for code in promis])
            for jour in jours
            if jour.weekday() < SAMEDI and jour not in feries
        ],
        f"{format_heure(de)} – {format_heure(a)}",
    )


def _make_pastille(blanc: Blanc | None) -> Pastille:
    if blanc is None:
        return LA
    if blanc.entier:
        return Pastille("Personne", "alerte")
    return Pastille(
        ", ".join(f"sauf {format_heure(de.time())} – {format_heure(a.time())}" for de, a in blanc.trous), "attente"
    )


@dataclass(frozen=True, slots=True)
class Demandable:
    """A blank afternoon and whom to ask; `demande` says when it was last asked. Names only for the desk."""

    cle: str
    id_dialogue: str
    phrase: str
    gens: Sequence[Sollicitable]
    bouton: str
    question: str
    texte: str
    demande: str


def build_demandables(cpts: Cpts, blancs: Sequence[Blanc], *, nomme: bool) -> list[Demandable]:
    """The next blanks, with the gesture that asks for openings. Constant queries."""
    prochains = list(blancs)[:MONTRES]
    gens = find_sollicitables(cpts.pk, prochains) if nomme else {}
    faites = find_demandes_faites(cpts.pk, prochains) if nomme else {}
    fuseau = ZoneInfo(cpts.fuseau)
    demandables = []
    for rang, blanc in enumerate(prochains):
        possibles = gens.get(blanc.cle, [])
        faite = faites.get(blanc.cle)
        noms = ", ".join(str(gen.professionnel) for gen in possibles)
        demandables.append(
            Demandable(
                cle=blanc.cle,
                id_dialogue=f"demander-{rang}",
                phrase=say_blanc(blanc),
                gens=possibles,
                bouton=f"Demander à {compter(len(possibles), 'personne')}",
                question=f"Écrire à {compter(len(possibles), 'personne')}\u00a0?",
                texte=f"Un courriel leur demande d’ouvrir des créneaux\u00a0: {noms}. "
                "Personne n’en reçoit deux pour le même après-midi.",
                demande=f"Demandé le {format_date_heure(faite.le.astimezone(fuseau), today=local_day(now()))} à "
                f"{compter(faite.details.get('nombre', 0), 'personne')}."
                if faite
                else "",
            )
        )
    return demandables
