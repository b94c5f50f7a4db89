"""Rules of one person, as the checker sees them: plain loops over the facts, nothing of the solver."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maillon.regles.gardes.phrases import (
    say_absence,
    say_ailleurs,
    say_jour,
    say_limite,
    say_mois,
    say_poste,
    say_semaine,
)
from maillon.regles.gardes.types import Ailleurs, Indisponibilite, Personne, Poste, Probleme


@dataclass(frozen=True, slots=True)
class Faute:
    """A rule broken: its code, a French sentence, who and which posts. Codes of limits are those of ``Limites``.

    ``motif`` is the sentence for whoever is looking at the post, when it is not the same.
    """

    code: str
    phrase: str
    personnes: tuple[str, ...] = ()
    postes: tuple[str, ...] = ()
    motif: str = ""

    @property
    def raison(self) -> str:
        return self.motif or self.phrase


def iter_fautes(probleme: Probleme, personne: Personne, postes: Collection[Poste]) -> Iterator[Faute]:
    """Rules that one person breaks by holding these posts."""
    postes = sorted(postes, key=lambda poste: (poste.debut.timestamp(), poste.cle))
    for poste in postes:
        if poste.profession != personne.profession:
            phrase = f"{personne.appel} n’est pas de la profession demandée pour {say_poste(probleme, poste)}"
            yield Faute("profession", phrase, (personne.cle,), (poste.cle,))
    for absence in probleme.indisponibilites:
        if absence.personne == personne.cle:
            for poste in postes:
                if _meets(absence, poste):
                    motif = say_absence(probleme, absence)
                    phrase = f"{motif}, et {say_poste(probleme, poste)} tombe alors"
                    yield Faute("indisponible", phrase, (personne.cle,), (poste.cle,), motif)
    for interdite in probleme.interdites:
        if interdite.personne == personne.cle and any(poste.cle == interdite.poste for poste in postes):
            phrase = f"{personne.appel} ne peut pas tenir {say_poste(probleme, probleme.par_poste[interdite.poste])}"
            yield Faute("interdite", phrase, (personne.cle,), (interdite.poste,))
    dehors = probleme.list_ailleurs(personne.cle)
    yield from _iter_ecarts(probleme, personne, postes)
    yield from _iter_ecarts_dehors(probleme, personne, postes, dehors)
    autres = [_jour(probleme, garde) for garde in dehors]
    yield from _iter_suites(probleme, personne, postes, autres)
    yield from _iter_nombres(probleme, personne, postes, autres)
    yield from _iter_week_ends(probleme, personne, postes, autres)


def iter_nouvelles(probleme: Probleme, personne: Personne, postes: Collection[Poste]) -> Iterator[Faute]:
    """Rules that one person breaks by holding these posts, but for what those that have begun broke by themselves."""
    faits = [probleme.par_poste[a.poste] for a in probleme.commencees if a.personne == personne.cle]
    deja = {(faute.code, faute.phrase) for faute in iter_fautes(probleme, personne, faits)}
    return (faute for faute in iter_fautes(probleme, personne, postes) if (faute.code, faute.phrase) not in deja)


def _jour(probleme: Probleme, garde: Poste | Ailleurs) -> date:
    return probleme.local(garde.debut).date()


def _meets(absence: Indisponibilite, poste: Poste) -> bool:
    """Whether a time of the post belongs to the absence; both are compared as instants."""
    commence = absence.debut is None or absence.debut.timestamp() < poste.fin.timestamp()
    finit = absence.fin is None or absence.fin.timestamp() > poste.debut.timestamp()
    return commence and finit


def _iter_ecarts(probleme: Probleme, personne: Personne, postes: Sequence[Poste]) -> Iterator[Faute]:
    for rang, premier in enumerate(postes):
        for second in postes[rang + 1 :]:
            repos = second.debut.timestamp() - premier.fin.timestamp()
            if repos < 0 or repos < 3600 * personne.limites.ecart_heures:
                quoi = f"{say_poste(probleme, premier)} et {say_poste(probleme, second)}"
                phrase = f"{say_limite(personne, 'ecart_heures')}, ce que ne laissent pas {quoi}"
                yield Faute("ecart_heures", phrase, (personne.cle,), (premier.cle, second.cle))


def _iter_ecarts_dehors(
    probleme: Probleme, personne: Personne, postes: Sequence[Poste], dehors: Collection[Ailleurs]
) -> Iterator[Faute]:
    ecart = 3600 * personne.limites.ecart_heures
    for poste in postes:
        for garde in dehors:
            avant = garde.debut.timestamp() - poste.fin.timestamp()
            apres = poste.debut.timestamp() - garde.fin.timestamp()
            if max(avant, apres) < ecart or max(avant, apres) < 0:
                motif = f"{say_limite(personne, 'ecart_heures')}, et {say_ailleurs(probleme, garde)}"
                phrase = f"{motif} ; or {say_poste(probleme, poste)}"
                yield Faute("ecart_heures", phrase, (personne.cle,), (poste.cle,), motif)


def _iter_suites(
    probleme: Probleme, personne: Personne, postes: Collection[Poste], autres: Collection[date]
) -> Iterator[Faute]:
    limite = personne.limites.consecutifs
    if limite is None:
        return
    suite: list[date] = []
    ici = {_jour(probleme, poste) for poste in postes}
    for jour in [*sorted({*ici, *autres}), date.max]:
        if suite and jour - suite[-1] != timedelta(days=1):
            if len(suite) > limite and not set(suite) <= set(autres):
                cles = tuple(sorted(poste.cle for poste in postes if _jour(probleme, poste) in suite))
                trop = f"{len(suite)} jours à partir du {say_jour(suite[0])}"
                phrase = f"{say_limite(personne, 'consecutifs')}, et le serait {trop}"
                yield Faute("consecutifs", phrase, (personne.cle,), cles)
            suite = []
        suite.append(jour)


def _iter_nombres(
    probleme: Probleme, personne: Personne, postes: Collection[Poste], autres: Collection[date]
) -> Iterator[Faute]:
    """Duties by week, by month, those of other rosters with them; and in the whole of this one."""
    par_semaine: dict[date, list[str]] = {}
    par_mois: dict[date, list[str]] = {}
    for poste in postes:
        jour = _jour(probleme, poste)
        par_semaine.setdefault(jour - timedelta(days=jour.weekday()), []).append(poste.cle)
        par_mois.setdefault(jour.replace(day=1), []).append(poste.cle)
    limites = personne.limites
    for lundi, cles in sorted(par_semaine.items()):
        en_plus = sum(jour - timedelta(days=jour.weekday()) == lundi for jour in autres)
        if limites.semaine is not None and len(cles) + en_plus > limites.semaine:
            combien = _say_nombre(len(cles), en_plus, say_semaine(lundi))
            phrase = f"{say_limite(personne, 'semaine')}, et en aurait {combien}"
            yield Faute("semaine", phrase, (personne.cle,), tuple(sorted(cles)))
    for premier, cles in sorted(par_mois.items()):
        en_plus = sum(jour.replace(day=1) == premier for jour in autres)
        if limites.mois is not None and len(cles) + en_plus > limites.mois:
            combien = _say_nombre(len(cles), en_plus, say_mois(premier.year, premier.month))
            phrase = f"{say_limite(personne, 'mois')}, et en aurait {combien}"
            yield Faute("mois", phrase, (personne.cle,), tuple(sorted(cles)))
    if limites.periode is not None and len(postes) > limites.periode:
        phrase = f"{say_limite(personne, 'periode')}, et en aurait {len(postes)}"
        yield Faute("periode", phrase, (personne.cle,), tuple(sorted(poste.cle for poste in postes)))


def _say_nombre(ici: int, en_plus: int, quand: str) -> str:
    return f"{ici + en_plus} {quand}" + (f", dont {en_plus} dans un autre tableau" if en_plus else "")


def _find_samedi(jour: date) -> date | None:
    """The Saturday of a Saturday or a Sunday."""
    if jour.weekday() < 5:
        return None
    return jour if jour.weekday() == 5 else jour - timedelta(days=1)


def _iter_week_ends(
    probleme: Probleme, personne: Personne, postes: Collection[Poste], autres: Collection[date]
) -> Iterator[Faute]:
    limite = personne.limites.week_ends
    if limite is None:
        return
    par_mois: dict[tuple[int, int], dict[date, list[str]]] = {}
    for poste in postes:
        samedi = _find_samedi(_jour(probleme, poste))
        if samedi is not None:
            par_mois.setdefault((samedi.year, samedi.month), {}).setdefault(samedi, []).append(poste.cle)
    pris = {samedi for jour in autres if (samedi := _find_samedi(jour)) is not None}
    for (annee, mois), week_ends in sorted(par_mois.items()):
        en_plus = sum((samedi.year, samedi.month) == (annee, mois) for samedi in pris)
        ici = len(set(week_ends) - pris)
        if ici and ici + en_plus > limite:
            cles = tuple(sorted(cle for liste in week_ends.values() for cle in liste))
            combien = _say_nombre(ici, en_plus, say_mois(annee, mois))
            phrase = f"{say_limite(personne, 'week_ends')}, et en aurait {combien}"
            yield Faute("week_ends", phrase, (personne.cle,), cles)
