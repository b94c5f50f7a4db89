"""People kept twice: who may be, what merging them would keep and move."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from maillon.communaute.personnes.models import Personne
from maillon.regles.catalogue import fold

from .fiches import fold_nom
from .liens import list_liens
from .models import Distinction

CHAMPS_REUNIS = {
    "nom": "Nom",
    "prenom": "Prénom",
    "courriel": "Courriel",
    "telephone": "Téléphone",
    "fonction": "Fonction",
}
LIENS_REUNIS = {"professionnel": "Numéro RPPS", "membre": "Compte", "structure": "Structure"}
PAIRES_MAX = 200
PARTAGE_MAX = 12  # a mailbox shared by more people is nobody's


@dataclass(frozen=True, slots=True)
class Paire:
    """Two rows that may be one person, and what they share."""

    une: Personne
    autre: Personne
    raison: str


def list_paires(cpts_id: UUID) -> list[Paire]:
    """Pairs that share a name, a mail or a number, the surest first; those said to be two people are left out."""
    rows = Personne.objects.filter(cpts_id=cpts_id, fusionnee_dans=None).select_related(
        "professionnel", "structure", "membre__compte"
    )
    groupes: dict[tuple[str, str], list[Personne]] = defaultdict(list)
    for personne in rows:
        groupes["même nom", fold_nom(personne.nom, personne.prenom)].append(personne)
        groupes["même nom", fold_nom(personne.prenom, personne.nom)].append(personne)
        if personne.courriel:
            groupes["même courriel", personne.courriel.lower()].append(personne)
        if rpps := _rpps_of(personne):
            groupes["même numéro RPPS", rpps].append(personne)
    distinctes = set(Distinction.objects.filter(cpts_id=cpts_id).values_list("une", "autre"))
    raisons: dict[tuple[UUID, UUID], tuple[Personne, Personne, set[str]]] = {}
    for (raison, _), membres in groupes.items():
        if len(membres) > PARTAGE_MAX:
            continue
        for une, autre in combinations(sorted(set(membres), key=lambda p: p.pk), 2):
            if (une.pk, autre.pk) not in distinctes and not find_refus(une, autre):
                raisons.setdefault((une.pk, autre.pk), (une, autre, set()))[2].add(raison)
    ordre = ("même numéro RPPS", "même nom", "même courriel")
    paires = [
        Paire(*_oldest_first(une, autre), ", ".join(r for r in ordre if r in dites))
        for une, autre, dites in raisons.values()
        if dites != {"même courriel"} or _look_alike(une, autre)
    ]
    paires.sort(key=lambda p: (min(ordre.index(r) for r in p.raison.split(", ")), fold(p.une.nom)))
    return paires[:PAIRES_MAX]


def _oldest_first(une: Personne, autre: Personne) -> tuple[Personne, Personne]:
    """The one with an account or a number is proposed to be kept, else the oldest."""
    if bool(autre.membre_id) + bool(autre.professionnel_id) > bool(une.membre_id) + bool(une.professionnel_id):
        return autre, une
    return une, autre


def _look_alike(une: Personne, autre: Personne) -> bool:
    """A shared mailbox is not a person: the names must share a word."""
    mots = [set(fold(f"{personne.nom} {personne.prenom}").split()) for personne in (une, autre)]
    return not mots[0].isdisjoint(mots[1])


def _rpps_of(personne: Personne) -> str:
    """The number of the professional, else that of the account."""
    if personne.professionnel is not None:
        return personne.professionnel.rpps
    return (personne.membre.compte.rpps or "") if personne.membre is not None else ""


def find_refus(gardee: Personne, absorbee: Personne) -> str:
    """Why these two rows cannot be merged, in a sentence; an empty text when they can."""
    if gardee.pk == absorbee.pk:
        return "C’est la même fiche."
    if gardee.cpts_id != absorbee.cpts_id:
        return "Ces deux fiches sont de deux communautés."
    if gardee.fusionnee_dans_id or absorbee.fusionnee_dans_id:
        return "L’une de ces fiches a déjà été réunie à une autre."
    if _rpps_of(gardee) and _rpps_of(absorbee) and _rpps_of(gardee) != _rpps_of(absorbee):
        return "Ces deux fiches ont deux numéros RPPS : ce sont deux personnes."
    if gardee.membre_id and absorbee.membre_id:
        return "Ces deux fiches ont chacune un compte : fermez l’un des deux accès, puis détachez-le."
    return ""


@dataclass(frozen=True, slots=True)
class Champ:
    """A field of both rows; `choix` when both say something else."""

    nom: str
    libelle: str
    gardee: str
    absorbee: str

    @property
    def choix(self) -> bool:
        return bool(self.gardee and self.absorbee and fold(self.gardee) != fold(self.absorbee))

    @property
    def repris(self) -> bool:
        """A blank of the kept row that the other one fills."""
        return bool(self.absorbee and not self.gardee)


def compare_champs(gardee: Personne, absorbee: Personne) -> list[Champ]:
    """The two rows side by side."""
    noms = {**CHAMPS_REUNIS, **LIENS_REUNIS}
    return [Champ(nom, libelle, _say(gardee, nom), _say(absorbee, nom)) for nom, libelle in noms.items()]


def _say(personne: Personne, champ: str) -> str:
    valeur: Any = getattr(personne, champ)
    if champ == "professionnel":
        return f"{valeur.rpps} ({valeur.libelle_profession})" if valeur else ""
    if champ == "membre":
        return f"{valeur.compte} ({valeur.compte.email})" if valeur else ""
    return str(valeur or "")


@dataclass(frozen=True, slots=True)
class Suite:
    """How many rows of a kind hang on each of the two people."""

    libelle: str
    gardee: int
    absorbee: int


def count_suites(gardee: Personne, absorbee: Personne) -> list[Suite]:
    """What hangs on each of the two rows, whatever app keeps it."""
    return list(_walk(gardee, absorbee))


def _walk(gardee: Personne, absorbee: Personne) -> Iterator[Suite]:
    comptes: dict[str, list[int]] = {}
    for champ in list_liens(Personne, sauf=frozenset({"reprise"})):
        if champ.model is Personne:
            continue
        libelle = str(champ.model._meta.verbose_name)
        compte = comptes.setdefault(libelle, [0, 0])
        for rang, personne in enumerate((gardee, absorbee)):
            compte[rang] += champ.model._base_manager.filter(**{champ.name: personne}).count()
    for libelle, (ici, autre) in sorted(comptes.items()):
        if ici or autre:
            yield Suite(libelle, ici, autre)
