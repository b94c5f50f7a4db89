"""French for posts, absences and limits."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from maillon.regles.gardes.types import Ailleurs, Indisponibilite, Personne, Poste, Probleme

_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MOIS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
         "décembre")  # fmt: skip
_INSECABLE = "\u00a0"
_PAR = {
    "semaine": "par semaine",
    "mois": "par mois",
    "periode": "sur la période",
}


def say_jour(instant: date) -> str:
    """« lundi 4 janvier 2027 »."""
    quantieme = "1er" if instant.day == 1 else str(instant.day)
    return f"{_JOURS[instant.weekday()]} {quantieme} {_MOIS[instant.month - 1]} {instant.year}"


def say_heure(instant: datetime) -> str:
    """« 20 h », « 8 h 30 »."""
    minutes = f"{_INSECABLE}{instant.minute:02}" if instant.minute else ""
    return f"{instant.hour}{_INSECABLE}h{minutes}"


def say_poste(probleme: Probleme, poste: Poste) -> str:
    """What a post is called: its name, or its day and hours."""
    debut, fin = probleme.local(poste.debut), probleme.local(poste.fin)
    plage = f"{say_jour(debut)}, {say_heure(debut)}–{say_heure(fin)}"
    return f"la garde «{_INSECABLE}{poste.nom}{_INSECABLE}» du {plage}" if poste.nom else f"la garde du {plage}"


def say_absence(probleme: Probleme, absence: Indisponibilite) -> str:
    """Who is away, from when to when; whole days are said as days."""
    qui = probleme.par_personne[absence.personne].appel
    motif = f" ({absence.motif})" if absence.motif else ""
    return f"{qui} est indisponible {_say_quand(probleme, absence)}{motif}"


def say_ailleurs(probleme: Probleme, garde: Ailleurs) -> str:
    """A duty held in another roster, to be said after who holds it."""
    debut, fin = probleme.local(garde.debut), probleme.local(garde.fin)
    plage = f"le {say_jour(debut)}, {say_heure(debut)}–{say_heure(fin)}"
    ou = f" («{_INSECABLE}{garde.tableau}{_INSECABLE}»)" if garde.tableau else ""
    return f"une autre garde l’occupe {plage}{ou}"


def _say_quand(probleme: Probleme, absence: Indisponibilite) -> str:
    debut, fin = (None if i is None else probleme.local(i) for i in (absence.debut, absence.fin))
    if all(instant is None or instant.time() == time() for instant in (debut, fin)):
        fin = None if fin is None else fin - timedelta(days=1)
        mots = [None if instant is None else say_jour(instant) for instant in (debut, fin)]
    else:
        mots = [None if i is None else f"{say_jour(i)} à {say_heure(i)}" for i in (debut, fin)]
    depuis, jusque = mots
    if depuis is None:
        return "tout le temps" if jusque is None else f"jusqu’au {jusque}"
    if jusque is None:
        return f"à partir du {depuis}"
    return f"le {depuis}" if depuis == jusque else f"du {depuis} au {jusque}"


def say_limite(personne: Personne, code: str) -> str:
    """A rule of a person."""
    if code == "ecart_heures":
        heures = personne.limites.ecart_heures
        if not heures:
            return f"{personne.appel} ne tient pas deux gardes en même temps"
        return f"{personne.appel} a au moins {heures}{_INSECABLE}h entre deux gardes"
    limite = getattr(personne.limites, code)
    if code == "consecutifs":
        return f"{personne.appel} n’est pas de garde {_say_au_plus(limite, 'jour')} de suite"
    if code == "week_ends":
        if not limite:
            return f"{personne.appel} n’est pas de garde le week-end"
        return f"{personne.appel} n’est pas de garde {_say_au_plus(limite, 'week-end')} par mois"
    return f"{personne.appel} ne tient pas {_say_au_plus(limite, 'garde')} {_PAR[code]}"


def say_personnes(nombre: int) -> str:
    return _count(nombre, "personne")


def say_places(nombre: int) -> str:
    """« qu’une place », « que 2 places »."""
    return "qu’une place" if nombre == 1 else f"que {_count(nombre, 'place')}"


def say_semaine(lundi: date) -> str:
    return f"la semaine du {say_jour(lundi)}"


def say_mois(annee: int, mois: int) -> str:
    """« en décembre 2026 »."""
    return f"en {_MOIS[mois - 1]} {annee}"


def _say_au_plus(limite: int, nom: str) -> str:
    """After a « ne … pas »: « plus d’une garde », « plus de 2 gardes »."""
    if limite == 1:
        return f"plus d’{'une' if nom == 'garde' else 'un'}{_INSECABLE}{nom}"
    return f"plus de {_count(limite, nom)}"


def _count(nombre: int, nom: str) -> str:
    return f"{nombre}{_INSECABLE}{nom}{'s' if nombre > 1 else ''}"
