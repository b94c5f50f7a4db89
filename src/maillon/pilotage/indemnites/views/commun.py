"""What several pages share: the year of one person, tabs, attempts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.urls import reverse

from maillon.communaute.personnes.models import Personne
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Onglet
from maillon.socle.ui.typographie import INSECABLE, compter

from .. import presentation
from ..enums import Beneficiaire, Etat
from ..models import Declaration, Frais
from ..permissions import LIRE, PAYER
from ..presentation import show_rang
from ..selectors import annees

REFUS = (ErreurRegle, FichierRefuse)
PREMIERE_ANNEE = 2022


def find_annee(request: Requete) -> int:
    """The calendar year asked for (`?annee=2025`), else the present one."""
    brut = request.GET.get("annee", "")
    if not brut:
        return today().year
    if not brut.isdecimal() or not PREMIERE_ANNEE <= int(brut) <= today().year:
        raise Http404
    return int(brut)


def build_annee(slug: str, personne: Personne, annee: int, *, proposees: bool = False) -> dict[str, Any]:
    """The year of one person against the cap, by mission, with what waits for their word when asked; constant
    queries."""
    compte = annees.compute_compte(personne.pk, annee)
    memes = annees.list_memes(personne.pk)
    lignes = (
        Declaration.objects.filter(personne__in=memes)
        .of_annee(annee)
        .exclude(etat=Etat.ECARTEE)
        .select_related("convention__structure", "contrepassee_par")
    )
    frais = list(
        Frais.objects.filter(personne__in=memes)
        .of_annee(annee)
        .exclude(etat=Etat.ECARTEE)
        .select_related("bareme", "contrepassee_par")
    )
    montrees = lignes if proposees else lignes.exclude(etat=Etat.PROPOSEE)
    a_elle = lignes.filter(beneficiaire=Beneficiaire.PERSONNE)
    sommes = annees.sum_by_nature(a_elle)
    remboursables = sum((f.montant for f in frais if f.etat == Etat.APPROUVEE), Decimal(0))
    situation = annees.get_situation(personne.pk, annee)
    return {
        "personne": personne,
        "annee": annee,
        "compte": compte,
        "alerte": presentation.say_alerte(compte),
        "chiffres": presentation.build_chiffres(compte, sommes, remboursables),
        "explication": presentation.explain_plafond(compte, sommes),
        "missions": presentation.build_missions(annees.split_by_mission(personne.pk, annee)),
        "lignes": [show_rang(une, slug) for une in montrees.order_by("-le")],
        "frais": [show_rang(une, slug) for une in frais],
        "situation": situation,
        "situation_dite": presentation.say_situation(situation),
    }


def build_onglets(request: Requete, ici: str) -> list[Onglet]:
    """The rooms of pay for those who follow it."""
    slug = request.cpts.slug
    noms = [("accueil", "À traiter"), ("participations", "Participations"), ("frais", "Notes de frais")]
    if request.acteur.can(LIRE):
        noms += [("personnes", "Personnes"), ("tarifs", "Tarifs et conventions")]
    if request.acteur.can(PAYER):
        noms += [("campagnes", "Paiements"), ("das2", "DAS2")]
    return [Onglet(libelle, reverse(f"indemnites:{nom}", args=[slug]), nom == ici) for nom, libelle in noms]


def warn_plafond(request: Requete, ligne: Declaration) -> None:
    """Say it when the year comes near the cap with this declaration."""
    if ligne.beneficiaire != Beneficiaire.PERSONNE:
        return
    dit = presentation.say_alerte(annees.compute_compte(ligne.personne_id, ligne.le.year))
    if dit is not None:
        _, titre, phrase = dit
        messages.warning(request, f"{titre}{INSECABLE}: {phrase[:1].lower()}{phrase[1:]}")


def say_confirmed(request: Requete, issue: tuple[int, list[str]]) -> None:
    """How many participations were confirmed, and why others were not."""
    faites, refus = issue
    if faites:
        messages.success(request, f"{compter(faites, 'participation confirmée', 'participations confirmées')}.")
    for raison in dict.fromkeys(refus):
        messages.error(request, raison)


def attempt(request: Requete, act: Callable[[], Any], *, done: str = "") -> bool:
    """Do it, and say what came of it; False when it is refused."""
    try:
        act()
    except REFUS as refus:
        messages.error(request, str(refus))
        return False
    if done:
        messages.success(request, done)
    return True
