"""French typography: amounts, figures, dates, durations and plurals as people read them."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from maillon.socle import horloge

# Thousands take a full no-break space: the narrow one of our typeface does not separate at reading size.
INSECABLE = "\u00a0"  # no-break space: thousands, before a unit
MOINS = "\u2212"
VIDE = "—"
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
Chiffrable = int | float | Decimal
MOTS = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")


def format_nombre(valeur: Chiffrable | None, decimales: int | None = None) -> str:
    """`1 234,5`. `decimales` fixes their number; otherwise at most two, without trailing zeros. None gives a dash."""
    if valeur is None:
        return VIDE
    if type(valeur) is int and not decimales:  # most figures of a page, and nothing to round
        return (MOINS if valeur < 0 else "") + f"{abs(valeur):,}".replace(",", INSECABLE)
    exact = valeur if isinstance(valeur, Decimal) else Decimal(str(valeur))
    if not exact.is_finite():
        return VIDE
    arrondi = exact.quantize(Decimal(1).scaleb(-(2 if decimales is None else decimales)), rounding=ROUND_HALF_UP)
    texte = f"{abs(arrondi):,f}"
    if decimales is None and "." in texte:
        texte = texte.rstrip("0").rstrip(".")
    texte = texte.replace(",", INSECABLE).replace(".", ",")
    return MOINS + texte if arrondi < 0 else texte


def format_euros(valeur: Chiffrable | None) -> str:
    """`1 234 €`, or `1 234,50 €` when the amount is not whole. `valeur` is in euros."""
    if valeur is None:
        return VIDE
    exact = (valeur if isinstance(valeur, Decimal) else Decimal(str(valeur))).quantize(
        Decimal("0.01"), rounding=ROUND_HALF_UP
    )
    entier = exact == exact.to_integral_value()
    return format_nombre(exact, 0 if entier else 2) + INSECABLE + "€"


def format_pour_cent(part: Chiffrable | None, decimales: int | None = None) -> str:
    """`12,5 %` from a share between 0 and 1; at most one decimal unless told."""
    if part is None:
        return VIDE
    pour_cent = (Decimal(str(part)) * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return format_nombre(pour_cent, decimales) + INSECABLE + "%"


def local_day(moment: date | datetime) -> date:
    """The day of a moment, in the reader's time zone."""
    if isinstance(moment, datetime):
        return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return moment


def format_date(moment: date | datetime | None, *, today: date | None = None, jour: bool = True) -> str:
    """`mardi 3 mars`, `dimanche 1er février 2027`: the year is said when it is not the current one."""
    if moment is None:
        return VIDE
    le = local_day(moment)
    quantieme = "1er" if le.day == 1 else str(le.day)
    mots = [quantieme, MOIS[le.month - 1]]
    if jour:
        mots.insert(0, JOURS[le.weekday()])
    if le.year != (today or horloge.today()).year:
        mots.append(str(le.year))
    # The day number stays with its month.
    return " ".join(mots).replace(
        f"{quantieme} {mots[2 if jour else 1]}", f"{quantieme}{INSECABLE}{mots[2 if jour else 1]}"
    )


def format_heure(moment: datetime | time | None) -> str:
    """`14 h` or `14 h 30`."""
    if moment is None:
        return VIDE
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    texte = f"{moment.hour}{INSECABLE}h"
    return f"{texte}{INSECABLE}{moment.minute:02d}" if moment.minute else texte


def format_date_heure(moment: datetime | None, *, today: date | None = None) -> str:
    """`mardi 3 mars, 14 h 30`."""
    return VIDE if moment is None else f"{format_date(moment, today=today)}, {format_heure(moment)}"


def format_duree(duree: timedelta | int | None) -> str:
    """`45 min`, `1 h 30`, `3 jours`. An integer is a number of minutes."""
    if duree is None:
        return VIDE
    minutes: int = duree if isinstance(duree, int) else round(duree.total_seconds() / 60)
    if minutes >= 48 * 60:
        return compter(round(minutes / 1440), "jour", "jours")
    heures, reste = divmod(minutes, 60)
    if not heures:
        return f"{reste}{INSECABLE}min"
    return f"{heures}{INSECABLE}h" + (f"{INSECABLE}{reste:02d}" if reste else "")


def format_delai(moment: date | datetime | None, *, today: date | None = None) -> str:
    """How far a day is: `aujourd'hui`, `demain`, `dans 29 jours`, `il y a 3 jours`."""
    if moment is None:
        return VIDE
    jours = (local_day(moment) - (today or horloge.today())).days
    proches = {0: "aujourd’hui", 1: "demain", -1: "hier"}
    if jours in proches:
        return proches[jours]
    return f"dans {compter(jours, 'jour', 'jours')}" if jours > 0 else f"il y a {compter(-jours, 'jour', 'jours')}"


def accorder(nombre: Chiffrable, singulier: str, pluriel: str | None = None) -> str:
    """The French plural begins at two: 0 demande, 1,5 heure, 2 demandes."""
    return singulier if -2 < nombre < 2 else pluriel or singulier + "s"


def compter(nombre: Chiffrable, singulier: str, pluriel: str | None = None) -> str:
    """`3 demandes`, `1 204 demandes`, `0 demande`."""
    return f"{format_nombre(nombre)}{INSECABLE}{accorder(nombre, singulier, pluriel)}"


def write_nombre(nombre: int, *, feminin: bool = False) -> str:
    """Small numbers in words, as a sentence says them: `onze`, `une`, `14`."""
    if nombre == 1 and feminin:
        return "une"
    return MOTS[nombre] if 0 <= nombre < len(MOTS) else format_nombre(nombre)


def format_telephone(numero: str | None) -> str:
    """`04 77 12 34 56` from any French writing of a number; another number is left as it is."""
    brut = "".join(c for c in numero or "" if c.isdigit() or c == "+")
    if brut.startswith("+33"):
        brut = "0" + brut[3:]
    if len(brut) == 10 and brut.startswith("0"):
        return INSECABLE.join(brut[i : i + 2] for i in range(0, 10, 2))
    return numero or VIDE
