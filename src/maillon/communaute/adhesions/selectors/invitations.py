"""From what a coordinator pastes to professionals who may be invited."""

import re
from dataclasses import dataclass, field
from uuid import UUID

from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.annuaire.selectors import search_professionnels

from ..enums import Etat, EtatCandidature
from ..models import Adhesion, Candidature

LIGNES_MAX = 50
CHOIX_MAX = 5
FORME_COURRIEL = re.compile(r"[^\s;,<>]+@[^\s;,<>]+\.[^\s;,<>]+")


@dataclass(frozen=True, slots=True)
class Invitable:
    """One line pasted: whom it names (several for an ambiguous name), where to write, why it cannot be."""

    texte: str
    choix: list[Professionnel] = field(default_factory=list)
    courriels: dict[UUID, str] = field(default_factory=dict)
    probleme: str = ""


def find_invitables(cpts_id: UUID, texte: str) -> list[Invitable]:
    """Each line is an RPPS number or a name, with a mail address if one is known; 50 lines at most.

    A few queries for the names that are not numbers, and five besides.
    """
    lignes = [ligne.strip() for ligne in texte.splitlines() if ligne.strip()][:LIGNES_MAX]
    found = {ligne: _search(ligne) for ligne in dict.fromkeys(lignes)}
    people = [p for choix in found.values() for p in choix]
    adresses = _read_adresses(people)
    members = set(
        Adhesion.objects.filter(cpts_id=cpts_id, professionnel__in=people)
        .exclude(etat=Etat.TERMINEE)
        .values_list("professionnel", flat=True)
    )
    invited = set(
        Candidature.objects.filter(cpts_id=cpts_id, professionnel__in=people, etat=EtatCandidature.INVITEE).values_list(
            "professionnel", flat=True
        )
    )
    return [_check(ligne, choix, adresses, members, invited) for ligne, choix in found.items()]


def _search(ligne: str) -> list[Professionnel]:
    reste = FORME_COURRIEL.sub("", ligne).strip(" ;,\t<>")
    digits = reste.replace(" ", "")
    if digits.isdigit():
        return list(Professionnel.objects.filter(rpps=digits))
    found = list(search_professionnels(reste)[:CHOIX_MAX]) if reste else []
    exact = [p for p in found if getattr(p, "proximite", 0) >= 4]
    return exact or found


def _read_adresses(people: list[Professionnel]) -> dict[UUID, str]:
    rows = Activite.objects.filter(professionnel__in=people).exclude(courriel="").order_by("-pk")
    return dict(rows.values_list("professionnel", "courriel"))


def _check(
    ligne: str, choix: list[Professionnel], adresses: dict[UUID, str], members: set[UUID], invited: set[UUID]
) -> Invitable:
    typed = FORME_COURRIEL.search(ligne)
    courriels = {p.pk: typed.group() if typed else adresses.get(p.pk, "") for p in choix}
    free = [p for p in choix if p.pk not in members and p.pk not in invited]
    if free:
        return Invitable(ligne, free, courriels)
    if not choix:
        return Invitable(ligne, probleme="Introuvable dans l’annuaire : vérifiez le numéro ou l’orthographe.")
    who = str(choix[0])
    if choix[0].pk in members:
        return Invitable(ligne, probleme=f"{who} est déjà membre, ou sa candidature attend.")
    return Invitable(ligne, probleme=f"{who} est déjà invité.")
