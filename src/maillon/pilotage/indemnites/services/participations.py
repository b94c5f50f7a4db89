"""Participations: declared, proposed from attendance, confirmed, corrected, withdrawn."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from maillon.communaute.actions.models import Action
from maillon.communaute.adhesions.selectors import is_couvert
from maillon.communaute.personnes.models import Personne
from maillon.regles import indemnites as regles
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import ParticipationPayable, SourceParticipations, collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.identifiants import new_id
from maillon.socle.journal import services as journal
from maillon.socle.une_fois import insert_once

from ..donnees import DonneesDeclaration
from ..enums import (
    ASSOCIATIVES,
    FONCTIONNEMENT,
    SOURCE_SAISIE,
    TRANSITIONS,
    Beneficiaire,
    Etat,
    Fonction,
    Nature,
    Poste,
)
from ..models import Declaration
from ..selectors.gens import find_employeur, get_profession, guess_fonction
from ..selectors.tarifs import find_convention, find_tarif, to_connu
from .refus import say_refus

ZERO = Decimal(0)


@transaction.atomic
def declare(*, personne: Personne, donnees: DonneesDeclaration, by: Acteur) -> Declaration:
    """Keep what somebody took part in, with the rate of that day. The same form sent twice is one.

    Raises SaisieInvalide for an impossible day or duration, or working time without the employer's convention.
    """
    check_jour(donnees.le)
    regles.check_heures(donnees.heures)
    reference = donnees.reference or str(new_id())
    if deja := Declaration.objects.filter(
        cpts_id=personne.cpts_id, source=SOURCE_SAISIE, reference=reference, personne=personne
    ).first():
        return deja
    declaration = Declaration(
        cpts_id=personne.cpts_id,
        personne=personne,
        source=SOURCE_SAISIE,
        reference=reference,
        declare_par=by.compte_id,
        **_values(donnees),
    )
    price(declaration, employeur=donnees.employeur)
    with say_refus():
        declaration.save(force_insert=True)
    journal.record(
        "indemnites.declaree", declaration, by=by, le=donnees.le.isoformat(), montant=str(declaration.montant)
    )
    return declaration


def _values(donnees: DonneesDeclaration) -> dict[str, Any]:
    return {
        "le": donnees.le,
        "heures": donnees.heures,
        "mission": donnees.action.mission if donnees.action else donnees.mission,
        "libelle": donnees.libelle,
        "fonction": donnees.fonction,
        "action": donnees.action,
    }


def price(declaration: Declaration, *, employeur: bool) -> None:
    """Find the rate, or the employer's convention, and keep what it gives on the row. Without any rate it is worth
    nothing yet, and cannot be checked."""
    personne = declaration.personne
    declaration.nature = Nature.INDEMNITE if declaration.fonction in ASSOCIATIVES else Nature.REMUNERATION
    declaration.tarif = declaration.convention = declaration.taux = None
    declaration.mode, declaration.montant = "", ZERO
    declaration.beneficiaire = Beneficiaire.EMPLOYEUR if employeur else Beneficiaire.PERSONNE
    if employeur:
        structure = find_employeur(personne)
        convention = find_convention(declaration.cpts_id, structure, declaration.le) if structure else None
        if convention is None:
            raise SaisieInvalide(
                "Une participation sur votre temps de travail est remboursée à l’employeur, et aucune convention avec "
                "le vôtre n’est en vigueur ce jour-là. Demandez-la à la coordination."
            )
        declaration.convention, declaration.mode, declaration.taux = convention, regles.Mode.HEURE, convention.taux
        declaration.montant = regles.compute_employeur(convention.taux, declaration.heures).montant
        return
    tarif = find_tarif(
        declaration.cpts_id,
        fonction=declaration.fonction,
        mission=declaration.mission,
        profession=get_profession(personne),
        on=declaration.le,
    )
    if tarif is not None:
        declaration.tarif, declaration.mode, declaration.taux = tarif, tarif.mode, tarif.montant
        declaration.nature = tarif.nature
        declaration.montant = regles.compute_montant(to_connu(tarif), declaration.heures).montant


@transaction.atomic
def collect_participations(*, cpts_id: UUID, debut: date, fin: date, by: Acteur) -> int:
    """Propose to people what other apps prove over [debut, fin[; returns how many are new. What is known stays as it
    is: collecting again proposes nothing twice. Somebody whom the text does not cover, or for whom no rate was decided,
    is asked nothing; a later collection will see them if that changes."""
    nouvelles = 0
    sources: list[SourceParticipations] = list(collect("participations"))
    for source in sources:
        payables = source.participations(cpts_id, debut, fin)
        connues = set(
            Declaration.objects.filter(cpts_id=cpts_id, source=source.code).values_list("reference", flat=True)
        )
        manquantes = [p for p in payables if p.reference not in connues]
        gens = Personne.objects.select_related("professionnel", "structure").in_bulk(
            [p.personne_id for p in manquantes]
        )
        actions = Action.objects.in_bulk([p.action_id for p in manquantes if p.action_id])
        for payable in manquantes:
            action = actions.get(payable.action_id) if payable.action_id else None
            personne = gens[payable.personne_id]
            if payable.heures > 0 and is_couvert(personne, payable.le):
                nouvelles += _propose(cpts_id, source.code, payable, personne, action)
    if nouvelles:
        cpts = Cpts.objects.get(pk=cpts_id)
        journal.record("indemnites.proposee", cpts, by=by, cpts_id=cpts_id, nombre=nouvelles)
    return nouvelles


def _propose(
    cpts_id: UUID, source: str, payable: ParticipationPayable, personne: Personne, action: Action | None
) -> int:
    mission = payable.mission if payable.mission in Poste.values else FONCTIONNEMENT
    declaration = Declaration(
        cpts_id=cpts_id,
        personne=personne,
        etat=Etat.PROPOSEE,
        le=payable.le,
        heures=min(payable.heures, regles.JOUR),
        mission=mission,
        libelle=payable.libelle[:160],
        preuve=payable.preuve[:120],
        action=action,
        source=source,
        reference=payable.reference,
    )
    # A duty is paid as a duty or waits for its rate: never as a meeting, whose hours are capped otherwise.
    guess = (guess_fonction(personne, mission, payable.le), Fonction.PARTICIPANT)
    for fonction in dict.fromkeys(payable.fonctions or guess):
        declaration.fonction = Fonction(fonction)
        price(declaration, employeur=False)
        if not declaration.is_sans_tarif:
            break
    else:
        return 0
    # Two collections at once: the database keeps one row, and the second one says so by inserting none.
    return int(insert_once(declaration))


@transaction.atomic
def confirm(*, declaration: Declaration, by: Acteur, employeur: bool = False) -> Declaration:
    """The person says that a proposed participation is theirs to be paid. Saying it twice changes nothing."""
    declaration = lock(declaration)
    if declaration.etat == Etat.DECLAREE:
        return declaration
    move(declaration, Etat.DECLAREE)
    price(declaration, employeur=employeur)
    declaration.declare_par = by.compte_id
    declaration.save()
    journal.record("indemnites.confirmee", declaration, by=by, montant=str(declaration.montant))
    return declaration


def confirm_all(*, declarations: Iterable[Declaration], by: Acteur, employeur: bool = False) -> tuple[int, list[str]]:
    """Confirm several, each on its own: how many are, and why the others are not."""
    faites, refus = 0, []
    for declaration in declarations:
        try:
            confirm(declaration=declaration, by=by, employeur=employeur)
            faites += 1
        except SaisieInvalide as raison:
            refus.append(str(raison))
    return faites, refus


@transaction.atomic
def correct(*, declaration: Declaration, donnees: DonneesDeclaration, by: Acteur) -> Declaration:
    """Change what is not approved yet: it starts again from the first check. What attendance proves keeps its day."""
    declaration = lock(declaration)
    check_jour(donnees.le)
    regles.check_heures(donnees.heures)
    move(declaration, Etat.DECLAREE)
    valeurs = _values(donnees)
    if declaration.source != SOURCE_SAISIE:
        valeurs.pop("le")
    for nom, valeur in valeurs.items():
        setattr(declaration, nom, valeur)
    price(declaration, employeur=donnees.employeur)
    declaration.declare_par = by.compte_id
    declaration.save()
    journal.record("indemnites.corrigee", declaration, by=by, montant=str(declaration.montant))
    return declaration


def lock(declaration: Declaration) -> Declaration:
    """The row itself until the transaction ends, with its person."""
    return (
        Declaration.objects.select_for_update(of=("self",))
        .select_related("personne__professionnel", "personne__structure")
        .get(pk=declaration.pk)
    )


def move(ligne: Any, etat: Etat) -> None:
    """Change the state; going back to the first check forgets who had checked. Raises SaisieInvalide."""
    if etat not in TRANSITIONS[Etat(ligne.etat)]:
        raise SaisieInvalide(f"« {ligne.libelle} » est {ligne.get_etat_display()}\u00a0: ce geste n’est plus possible.")
    ligne.etat = etat
    if etat in (Etat.DECLAREE, Etat.PROPOSEE, Etat.ECARTEE):
        ligne.verifie_le = ligne.verifie_par = None
        ligne.motif = ""


def check_jour(le: date) -> None:
    """Refuse a day to come, and one older than the last calendar year: its accounts are closed."""
    if le > today():
        raise SaisieInvalide("Cette date est à venir\u00a0: déclarez une participation ou des frais une fois passés.")
    if le.year < today().year - 1:
        raise SaisieInvalide("Cette date est trop ancienne\u00a0: on déclare l’année en cours et la précédente.")
