"""A checker that knows the rules and nothing of the solver: plain loops over the facts, no array, no shared code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from maillon.regles.gardes.phrases import say_absence, say_ailleurs, say_limite, say_personnes, say_poste
from maillon.regles.gardes.plan import Objectif, Plan
from maillon.regles.gardes.types import Affectation, Ailleurs, Genre, Indisponibilite, Personne, Poste, Probleme


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


@dataclass(frozen=True, slots=True)
class Verification:
    """What the checker found: the faults, and the objectives counted again."""

    fautes: tuple[Faute, ...]
    couverture: int
    equite: int
    souhaits: int
    manques: tuple[tuple[str, int], ...]

    @property
    def valide(self) -> bool:
        return not self.fautes


def check(probleme: Probleme, plan: Plan | Collection[Affectation]) -> Verification:
    """Every rule and every objective of a plan, or of assignments changed by hand; of a plan, what it says of itself.

    Raises ``SaisieInvalide`` for an unknown person or post, or a pair given twice.
    """
    affectations = plan.affectations if isinstance(plan, Plan) else tuple(plan)
    probleme.check_affectations(affectations, "Une affectation")
    carnets: dict[str, list[Poste]] = {personne.cle: [] for personne in probleme.personnes}
    presents: Counter[str] = Counter()
    for affectation in affectations:
        carnets[affectation.personne].append(probleme.par_poste[affectation.poste])
        presents[affectation.poste] += 1
    fautes = [faute for p in probleme.personnes for faute in iter_nouvelles(probleme, p, carnets[p.cle])]
    fautes += _iter_fautes_postes(probleme, presents)
    fautes += _iter_oublis(probleme, set(affectations))
    manques = [(q.cle, q.besoin - presents[q.cle]) for q in probleme.postes if presents[q.cle] < q.besoin]
    verification = Verification(
        fautes=tuple(fautes),
        couverture=sum(probleme.par_poste[cle].importance * nombre for cle, nombre in manques),
        equite=sum(_weigh(probleme, p, carnets[p.cle]) for p in probleme.personnes),
        souhaits=_add_souhaits(probleme, carnets),
        manques=tuple(manques),
    )
    return _compare(verification, plan) if isinstance(plan, Plan) else verification


def iter_nouvelles(probleme: Probleme, personne: Personne, postes: Collection[Poste]) -> Iterator[Faute]:
    """Rules that one person breaks by holding these posts, but for what those that have begun broke by themselves."""
    faits = [probleme.par_poste[a.poste] for a in probleme.commencees if a.personne == personne.cle]
    deja = {(faute.code, faute.phrase) for faute in iter_fautes(probleme, personne, faits)}
    return (faute for faute in iter_fautes(probleme, personne, postes) if (faute.code, faute.phrase) not in deja)


def list_obstacles(
    probleme: Probleme, affectations: Iterable[Affectation], personne: str, poste: str
) -> tuple[Faute, ...]:
    """What forbids this person to take this post beside what they already hold; empty when nothing does."""
    qui, ajout = probleme.par_personne[personne], probleme.par_poste[poste]
    tenus = [probleme.par_poste[a.poste] for a in affectations if a.personne == personne and a.poste != poste]
    avant = set(iter_fautes(probleme, qui, tenus))
    return tuple(faute for faute in iter_fautes(probleme, qui, [*tenus, ajout]) if faute not in avant)


# Rules of one person ------------------------------------------------------------------------------------------------


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
                quoi = f"{say_poste(probleme, premier)}, puis {say_poste(probleme, second)}"
                phrase = f"{say_limite(personne, 'ecart_heures')}\u00a0; or {quoi}"
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
                trop = f"{len(suite)} jours à partir du {suite[0]:%d/%m/%Y}"
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
            combien = _say_nombre(len(cles), en_plus, f"la semaine du {lundi:%d/%m/%Y}")
            phrase = f"{say_limite(personne, 'semaine')}, et en aurait {combien}"
            yield Faute("semaine", phrase, (personne.cle,), tuple(sorted(cles)))
    for premier, cles in sorted(par_mois.items()):
        en_plus = sum(jour.replace(day=1) == premier for jour in autres)
        if limites.mois is not None and len(cles) + en_plus > limites.mois:
            combien = _say_nombre(len(cles), en_plus, f"en {premier:%m/%Y}")
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
            combien = _say_nombre(ici, en_plus, f"en {mois:02}/{annee}")
            phrase = f"{say_limite(personne, 'week_ends')}, et en aurait {combien}"
            yield Faute("week_ends", phrase, (personne.cle,), cles)


# Rules of the posts ---------------------------------------------------------------------------------------------------


def _iter_fautes_postes(probleme: Probleme, presents: Counter[str]) -> Iterator[Faute]:
    for poste in probleme.postes:
        nombre, quoi = presents[poste.cle], say_poste(probleme, poste)
        if nombre > poste.besoin:
            phrase = f"{quoi} demande {say_personnes(poste.besoin)}, et {nombre} y sont"
            yield Faute("besoin", phrase, (), (poste.cle,))
        if nombre < poste.besoin and poste.obligatoire:
            phrase = f"{quoi} doit être tenue\u00a0: il y manque {say_personnes(poste.besoin - nombre)}"
            yield Faute("obligatoire", phrase, (), (poste.cle,))


def _iter_oublis(probleme: Probleme, affectations: Collection[Affectation]) -> Iterator[Faute]:
    for fixee in probleme.fixees:
        if fixee not in affectations:
            quoi = say_poste(probleme, probleme.par_poste[fixee.poste])
            phrase = f"{probleme.par_personne[fixee.personne].appel} doit garder {quoi}, déjà publiée"
            yield Faute("fixee", phrase, (fixee.personne,), (fixee.poste,))
    for faite in probleme.commencees:
        if faite not in affectations:
            quoi = say_poste(probleme, probleme.par_poste[faite.poste])
            phrase = f"{probleme.par_personne[faite.personne].appel} doit garder {quoi}, commencée"
            yield Faute("commencee", phrase, (faite.personne,), (faite.poste,))


# Objectives -----------------------------------------------------------------------------------------------------------


def _weigh(probleme: Probleme, personne: Personne, postes: Collection[Poste]) -> int:
    """Squares of the loads of one person, by kind that their profession has and in all, over their quotité."""
    genres = {poste.genre for poste in probleme.postes if poste.profession == personne.profession}
    charges = probleme.credits_of(personne)
    for poste in postes:
        charges[poste.genre] += poste.charge
    carres = sum(charges[genre] ** 2 for genre in Genre if genre in genres) + sum(charges.values()) ** 2
    return 100_000 // personne.quotite * carres


def _add_souhaits(probleme: Probleme, carnets: dict[str, list[Poste]]) -> int:
    return sum(
        souhait.signe
        for souhait in probleme.souhaits
        for poste in carnets[souhait.personne]
        if probleme.matches(souhait, poste)
    )


def _compare(verification: Verification, plan: Plan) -> Verification:
    """What the plan says of itself, beside what was counted."""
    comptes = {
        Objectif.COUVERTURE: verification.couverture,
        Objectif.EQUITE: verification.equite,
        Objectif.SOUHAITS: verification.souhaits,
    }
    fautes = list(verification.fautes)
    for niveau in plan.niveaux:
        compte = comptes.get(niveau.objectif, niveau.valeur)
        if compte != niveau.valeur:
            phrase = f"Le plan annonce {niveau.valeur} pour «\u00a0{niveau.objectif.libelle}\u00a0», et c’est {compte}"
            fautes.append(Faute("valeur", phrase))
    return Verification(
        tuple(fautes), verification.couverture, verification.equite, verification.souhaits, verification.manques
    )
