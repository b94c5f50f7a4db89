"""Rules that leave no plan at all: a smallest set of them that cannot hold together, as French sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from maillon.regles.gardes.groupe import Groupe, Paire, Regle
from maillon.regles.gardes.phrases import say_absence, say_ailleurs, say_limite, say_personnes, say_places, say_poste
from maillon.regles.gardes.plan import Raison


@dataclass(frozen=True, slots=True)
class _Motif:
    """One fact that may be taken away: pairs forbidden, one imposed, a post to fill, or that is full, or rules."""

    raison: Raison
    interdites: tuple[Paire, ...] = ()
    imposee: Paire | None = None
    plein: int | None = None
    plafond: int | None = None
    regles: tuple[Regle, ...] = ()


def find_contradiction(groupe: Groupe) -> tuple[Raison, ...]:
    """Facts that cannot all be true of a roster; leave any one out, and the others can."""
    motifs = list(_iter_motifs(groupe))
    noyau = _find_core(groupe, motifs) or []
    for motif in tuple(noyau):
        reste = [autre for autre in noyau if autre is not motif]
        noyau = noyau if _find_core(groupe, reste) is None else reste
    return tuple(motif.raison for motif in noyau)


def _iter_motifs(groupe: Groupe) -> Iterator[_Motif]:
    probleme = groupe.probleme
    for numero, poste in enumerate(groupe.postes):
        if poste.obligatoire:
            phrase = f"{say_poste(probleme, poste)} doit être tenue par {say_personnes(poste.besoin)}"
            yield _Motif(Raison("besoin", phrase, poste=poste.cle), plein=numero)
        phrase = f"{say_poste(probleme, poste)} n’a {say_places(poste.besoin)}"
        yield _Motif(Raison("besoin", phrase, poste=poste.cle), plafond=numero)
    for absence in probleme.indisponibilites:
        if absence.personne in groupe.rangs:
            rang = groupe.rangs[absence.personne]
            touchees = ((rang, q) for q, poste in enumerate(groupe.postes) if absence.touches(poste))
            if touches := _leave_out(groupe, touchees):
                raison = Raison("indisponible", say_absence(probleme, absence), absence.personne)
                yield _Motif(raison, interdites=touches)
    for rang, personne in enumerate(groupe.personnes):
        for garde in probleme.list_ailleurs(personne.cle):
            if touches := _leave_out(groupe, ((rang, q) for q in groupe.find_voisins(rang, garde))):
                phrase = f"{say_limite(personne, 'ecart_heures')}, et {say_ailleurs(probleme, garde)}"
                yield _Motif(Raison("ailleurs", phrase, personne.cle), interdites=touches)
    for rang, numero in sorted(groupe.read_paires(probleme.interdites) - groupe.commencees):
        qui, poste = groupe.personnes[rang], groupe.postes[numero]
        phrase = f"{qui.appel} ne peut pas tenir {say_poste(probleme, poste)}"
        yield _Motif(Raison("interdite", phrase, qui.cle, poste.cle), interdites=((rang, numero),))
    for rang, numero in sorted(groupe.fixees - groupe.commencees):
        qui, poste = groupe.personnes[rang], groupe.postes[numero]
        phrase = f"{qui.appel} a déjà {say_poste(probleme, poste)}"
        yield _Motif(Raison("fixee", phrase, qui.cle, poste.cle), imposee=(rang, numero))
    par_limite: dict[tuple[int, str], list[Regle]] = {}
    for regle in groupe.regles:
        par_limite.setdefault((regle.personne, regle.code), []).append(regle)
    for (rang, code), regles in par_limite.items():
        personne = groupe.personnes[rang]
        compte = code not in ("periode", "ecart_heures") and probleme.list_ailleurs(personne.cle)
        autres = ", gardes des autres tableaux comprises" if compte else ""
        yield _Motif(Raison(code, f"{say_limite(personne, code)}{autres}", personne.cle), regles=tuple(regles))


def _leave_out(groupe: Groupe, paires: Iterable[Paire]) -> tuple[Paire, ...]:
    """Without what has begun: nothing forbids it any more."""
    return tuple(paire for paire in paires if paire not in groupe.commencees)


def _find_core(groupe: Groupe, motifs: Collection[_Motif]) -> list[_Motif] | None:
    """Facts among these that already contradict; ``None`` when all of them can hold together."""
    cp = cp_model.CpModel()
    postes = range(len(groupe.postes))
    tenus = {(p, q): cp.new_bool_var("") for p in range(len(groupe.personnes)) for q in postes}
    presents = [sum(tenus[p, q] for p in range(len(groupe.personnes))) for q in postes]
    for paire in groupe.commencees:
        cp.add(tenus[paire] == 1)
    gardiens = {}
    for motif in motifs:
        gardien = cp.new_bool_var("")
        gardiens[gardien.index] = motif
        cp.add_assumption(gardien)
        if motif.plein is not None:
            cp.add(presents[motif.plein] >= groupe.postes[motif.plein].besoin).only_enforce_if(gardien)
        if motif.plafond is not None:
            cp.add(presents[motif.plafond] <= groupe.postes[motif.plafond].besoin).only_enforce_if(gardien)
        if motif.imposee is not None:
            cp.add_implication(gardien, tenus[motif.imposee])
        for paire in motif.interdites:
            cp.add_implication(gardien, tenus[paire].negated())
        for regle in motif.regles:
            cp.add(sum(_touch(cp, tenus, regle)) <= regle.limite).only_enforce_if(gardien)
    solveur = cp_model.CpSolver()
    solveur.parameters.num_workers = 1
    solveur.parameters.random_seed = groupe.probleme.graine
    if solveur.solve(cp) != cp_model.INFEASIBLE:
        return None
    return [gardiens[index] for index in solveur.sufficient_assumptions_for_infeasibility()]


def _touch(cp: cp_model.CpModel, tenus: dict[Paire, cp_model.IntVar], regle: Regle) -> Iterator[cp_model.IntVar]:
    for groupe in regle.groupes:
        touche = cp.new_bool_var("")
        for poste in groupe:
            cp.add_implication(tenus[regle.personne, poste], touche)
        yield touche
