"""The dry run of a list: what each row would add, complete, leave, ask or refuse. Writes nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from maillon.communaute.personnes.models import Personne
from maillon.communaute.recherche import normalize_nom
from maillon.communaute.structures.models import Structure
from maillon.communaute.territoire.models import Commune
from maillon.regles.catalogue import fold
from maillon.socle.fichiers.tableaux import Tableau

from .connus import Connus, Trouve, load_connus
from .enums import Champ, Choix, Genre, Issue
from .fiches import Fiche, LigneRefusee, read_fiche

CHAMPS_COMPARES = {"courriel": "Courriel", "telephone": "Téléphone", "fonction": "Fonction"}


@dataclass(slots=True)
class Verdict:
    """What one row would do. `ecrits` are the values that it would write on the person, by field."""

    numero: int
    nom: str
    issue: Issue
    motif: str = ""
    fiche: Fiche | None = None
    personne: Personne | None = None
    trouve: Trouve | None = None
    structure: Structure | None = None
    commune: Commune | None = None
    adhesion: date | None = None
    college: str = ""
    ecrits: dict[str, str] = field(default_factory=dict)
    groupes: tuple[str, ...] = ()
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    candidats: list[tuple[str, str]] = field(default_factory=list)
    choix: str = ""


@dataclass(frozen=True, slots=True)
class Demande:
    """How a list is to be read."""

    cpts_id: UUID
    colonnes: Mapping[str, str]
    genre: Genre
    date_defaut: date
    on: date


def examine(tableau: Tableau, demande: Demande, choix: Mapping[int, str]) -> Iterator[Verdict]:
    """Every row of the table, in order; `choix` holds what somebody decided, by number of row."""
    lues = [_read(tableau, ligne, demande) for ligne in tableau.lignes]
    connus = load_connus(demande.cpts_id, [lue for lue in lues if isinstance(lue, Fiche)], on=demande.on)
    repetees = _Repetees()
    for lue in lues:
        if isinstance(lue, Verdict):
            yield lue
        elif deja := repetees.find(lue, connus.commune_of(lue)):
            yield Verdict(lue.numero, str(lue), Issue.REFUSEE, f"Répète la ligne {deja}.")
        else:
            yield judge(lue, connus, demande, choix.get(lue.numero, ""))


def _read(tableau: Tableau, ligne: Any, demande: Demande) -> Fiche | Verdict:
    cellules = {
        Champ(champ): ligne.cellules[rang]
        for titre, champ in demande.colonnes.items()
        if champ and (rang := tableau.column(titre)) is not None
    }
    try:
        return read_fiche(ligne.numero, cellules, on=demande.on)
    except LigneRefusee as refus:
        nom = " ".join(str(cellules[c]) for c in (Champ.PRENOM, Champ.NOM, Champ.NOM_COMPLET) if cellules.get(c))
        return Verdict(ligne.numero, nom[:170], Issue.REFUSEE, str(refus))


class _Repetees:
    """Rows already met in the same list: same number, or same name in the same commune."""

    def __init__(self) -> None:
        self._numeros: dict[str, int] = {}
        self._noms: dict[tuple[str, str], tuple[int, str]] = {}

    def find(self, fiche: Fiche, commune: Commune | None) -> int | None:
        numero = fiche.rpps or (fiche.finess if fiche.is_structure else "")
        if numero and numero in self._numeros:
            return self._numeros[numero]
        if numero:
            self._numeros[numero] = fiche.numero
        if fiche.is_structure:
            return None
        cle = (fiche.cle_nom, commune.pk if commune else fold(fiche.commune))
        deja, rpps = self._noms.setdefault(cle, (fiche.numero, fiche.rpps))
        return deja if deja != fiche.numero and not (rpps and fiche.rpps) else None


def judge(fiche: Fiche, connus: Connus, demande: Demande, choix: str) -> Verdict:
    """What one row does, given what is known and what was decided."""
    verdict = Verdict(fiche.numero, str(fiche), Issue.AJOUT, fiche=fiche, choix=choix, commune=connus.commune_of(fiche))
    verdict.college = connus.colleges.get(fold(fiche.college), "")
    if fiche.finess:
        verdict.structure = connus.structures.get(fiche.finess)
        if verdict.structure is None:
            return _refuse(verdict, f"Aucune structure connue ne porte le numéro FINESS {fiche.finess}.")
    if fiche.is_structure:
        return _judge_structure(verdict, connus, demande)
    _recognise(verdict, fiche, connus)
    if verdict.candidats and not _decide(verdict, connus):
        verdict.issue = Issue.DOUTEUSE
        return verdict
    if verdict.personne is not None:
        return _judge_connue(verdict, fiche, connus, demande)
    return _judge_nouvelle(verdict, fiche, connus, demande)


def _refuse(verdict: Verdict, motif: str) -> Verdict:
    verdict.issue, verdict.motif = Issue.REFUSEE, motif
    return verdict


def _judge_structure(verdict: Verdict, connus: Connus, demande: Demande) -> Verdict:
    structure = verdict.structure
    assert structure is not None
    verdict.nom = structure.nom
    if demande.genre == Genre.CONTACTS:
        return _refuse(verdict, "Cette ligne ne nomme personne : une structure n’est pas un contact.")
    if connus.is_member(structure.pk):
        verdict.issue, verdict.motif = Issue.CONNUE, "Cette structure est déjà membre."
        return verdict
    return _plan_adhesion(verdict, structure.pk, connus, demande)


def _recognise(verdict: Verdict, fiche: Fiche, connus: Connus) -> None:
    """Who the row is: by number, then by name and commune, then by mail. What is not sure becomes candidates."""
    if fiche.rpps and _recognise_rpps(verdict, fiche, connus):
        return
    proches = [p for p in connus.par_nom.get(fiche.cle_nom, []) if not _is_autre(p, fiche)]
    code = verdict.commune.pk if verdict.commune else ""
    for raison, certaines in (
        ("son nom et sa commune", [p for p in proches if code and code in connus.places_of(p)]),
        ("son nom et son courriel", [p for p in proches if fiche.courriel and p.courriel.lower() == fiche.courriel]),
        ("son nom", [p for p in proches if not fiche.rpps and _has_nothing_against(p, fiche, connus)]),
    ):
        if len(certaines) == 1:
            verdict.personne, verdict.motif = certaines[0], f"Reconnue par {raison}."
            return
    if proches:
        verdict.motif = "Une personne de la communauté porte ce nom."
        verdict.candidats = [(f"personne:{p.pk}", say_personne(p)) for p in proches]
        return
    partages = [p for p in connus.par_courriel.get(fiche.courriel, []) if fiche.courriel and not _is_autre(p, fiche)]
    if partages:
        verdict.motif = "Ce courriel est celui d’une personne de la communauté."
        verdict.candidats = [(f"personne:{p.pk}", say_personne(p)) for p in partages]
    elif not fiche.rpps:
        _recognise_annuaire(verdict, fiche, connus, code)


def _recognise_rpps(verdict: Verdict, fiche: Fiche, connus: Connus) -> bool:
    """By RPPS number; the number of somebody with another surname is a doubt."""
    trouve = connus.annuaire.get(fiche.rpps)
    if trouve is None:
        return False
    personne = connus.par_rpps.get(fiche.rpps)
    if _share_word(fiche.nom, f"{trouve.nom} {personne.nom if personne else ''}"):
        verdict.trouve, verdict.personne = trouve, personne
        return personne is not None
    verdict.motif = f"Ce numéro RPPS est celui de {trouve.prenom} {trouve.nom}."
    verdict.candidats = [
        (f"personne:{personne.pk}", say_personne(personne)) if personne else (f"rpps:{trouve.rpps}", str(trouve))
    ]
    return True


def _recognise_annuaire(verdict: Verdict, fiche: Fiche, connus: Connus, code: str) -> None:
    """Professionals of that name who work in that commune, for a row without number."""
    homonymes = connus.homonymes.get(normalize_nom(f"{fiche.nom} {fiche.prenom}"), {}).values()
    sur_place = [trouve for trouve in homonymes if code and code in trouve.lieux]
    if sur_place:
        verdict.motif = "L’annuaire connaît un professionnel de ce nom dans cette commune."
        verdict.candidats = [(f"rpps:{trouve.rpps}", str(trouve)) for trouve in sur_place]


def _is_autre(personne: Personne, fiche: Fiche) -> bool:
    """Two different RPPS numbers are two people, whatever their names."""
    professionnel = personne.professionnel
    return bool(fiche.rpps and professionnel is not None and professionnel.rpps != fiche.rpps)


def _has_nothing_against(personne: Personne, fiche: Fiche, connus: Connus) -> bool:
    """A namesake of whom no place is known, and whose mail and telephone are not others than those of the row."""
    paires = ((personne.courriel, fiche.courriel), (personne.telephone, fiche.telephone))
    return not connus.places_of(personne) and all(not a or not b or fold(a) == fold(b) for a, b in paires)


def _share_word(nom: str, autre: str) -> bool:
    return not nom or not set(fold(nom).split()).isdisjoint(fold(autre).split())


def say_personne(personne: Personne) -> str:
    rpps = f"RPPS {personne.professionnel.rpps}" if personne.professionnel else ""
    return ", ".join(part for part in (str(personne), personne.fonction, personne.courriel, rpps) if part)


def _decide(verdict: Verdict, connus: Connus) -> bool:
    """Apply what somebody chose among the candidates; False when the doubt remains."""
    if verdict.choix == Choix.NOUVELLE and not _is_pris(verdict):
        return True
    if verdict.choix not in dict(verdict.candidats):
        return False
    genre, _, cle = verdict.choix.partition(":")
    if genre == "personne":
        verdict.personne = connus.personnes[UUID(cle)]
    else:
        fiche = verdict.fiche
        assert fiche is not None
        homonymes = connus.homonymes.get(normalize_nom(f"{fiche.nom} {fiche.prenom}"), {})
        verdict.trouve = connus.annuaire.get(cle) or homonymes[cle]
    return True


def _is_pris(verdict: Verdict) -> bool:
    """The doubt is about the number itself: nobody else can be added under it."""
    return verdict.motif.startswith("Ce numéro RPPS")


def _judge_connue(verdict: Verdict, fiche: Fiche, connus: Connus, demande: Demande) -> Verdict:
    """Somebody already kept: blanks are filled, what differs is shown and left, unless the list was chosen."""
    personne = verdict.personne
    assert personne is not None
    for champ, libelle in CHAMPS_COMPARES.items():
        ici, dit = getattr(personne, champ), getattr(fiche, champ)
        if not dit or _flatten(champ, ici) == _flatten(champ, dit):
            continue
        if not ici or verdict.choix == Choix.LISTE:
            verdict.ecrits[champ] = dit
        if ici:
            verdict.differences.append((libelle, ici, dit))
    verdict.groupes = tuple(
        nom
        for nom in fiche.groupes
        if (groupe := connus.groupes.get(fold(nom))) is None or (groupe.pk, personne.pk) not in connus.appartenances
    )
    if demande.genre == Genre.MEMBRES and (personne.professionnel_id or verdict.trouve):
        _plan_adhesion(verdict, personne.professionnel_id or _key_of(verdict.trouve), connus, demande)
        if verdict.issue == Issue.REFUSEE:
            return verdict
    rattache = personne.professionnel_id is None and verdict.trouve is not None
    if verdict.ecrits or verdict.groupes or verdict.adhesion or rattache:
        verdict.issue = Issue.COMPLEMENT
    else:
        verdict.issue = Issue.DIFFERENCE if verdict.differences else Issue.CONNUE
    return verdict


def _flatten(champ: str, texte: str) -> str:
    return re.sub(r"\D", "", texte) if champ == "telephone" else fold(texte)


def _judge_nouvelle(verdict: Verdict, fiche: Fiche, connus: Connus, demande: Demande) -> Verdict:
    verdict.issue = Issue.AJOUT
    verdict.groupes = fiche.groupes
    if fiche.rpps and verdict.trouve is None:
        if not fiche.profession:
            return _refuse(
                verdict,
                "L’annuaire ne connaît pas ce numéro RPPS, et la ligne ne dit pas de profession de santé reconnue.",
            )
        verdict.motif = "Inconnue de l’annuaire national : ajoutée avec ce que dit la liste."
    if demande.genre == Genre.CONTACTS:
        return verdict
    if verdict.trouve is not None:
        return _plan_adhesion(verdict, _key_of(verdict.trouve), connus, demande)
    if fiche.rpps:
        verdict.adhesion = fiche.adhesion or demande.date_defaut
    else:
        verdict.motif = "Sans numéro RPPS : ajoutée aux personnes, sans adhésion."
    return verdict


def _key_of(trouve: Trouve | None) -> UUID | None:
    return trouve.professionnel.pk if trouve is not None and trouve.professionnel is not None else None


def _plan_adhesion(verdict: Verdict, adherent_id: UUID | None, connus: Connus, demande: Demande) -> Verdict:
    """A membership from the row's date; none for a member, refused when a past one covers that day."""
    if adherent_id is not None and connus.is_member(adherent_id):
        return verdict
    debut = (verdict.fiche.adhesion if verdict.fiche else None) or demande.date_defaut
    if adherent_id is not None and (fin := connus.was_member(adherent_id, debut)) is not None:
        return _refuse(verdict, f"Déjà membre à cette date : son adhésion a pris fin le {fin:%d/%m/%Y}.")
    verdict.adhesion = debut
    return verdict
