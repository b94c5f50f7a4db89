"""Expenses: declared with their receipt, corrected."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from maillon.communaute.personnes.models import Personne
from maillon.pilotage.contrats.donnees import Piece
from maillon.regles import indemnites as regles
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.identifiants import new_id
from maillon.socle.journal import services as journal

from ..donnees import DonneesFrais
from ..enums import SOURCE_SAISIE, Etat, GenreFrais
from ..models import Frais
from ..permissions import DECLARER
from ..selectors.tarifs import find_bareme
from .approbation import lock
from .participations import check_jour, move
from .refus import say_refus


@transaction.atomic
def declare_frais(*, personne: Personne, donnees: DonneesFrais, by: Acteur) -> Frais:
    """Keep an expense. The same form sent twice is one.

    Raises SaisieInvalide: impossible day, no scale for kilometres, no receipt for the rest; FichierRefuse.
    """
    check_jour(donnees.le)
    reference = donnees.reference or str(new_id())
    if deja := Frais.objects.filter(
        cpts_id=personne.cpts_id, source=SOURCE_SAISIE, reference=reference, personne=personne
    ).first():
        return deja
    frais = Frais(
        cpts_id=personne.cpts_id,
        personne=personne,
        source=SOURCE_SAISIE,
        reference=reference,
        declare_par=by.compte_id,
    )
    _fill(frais, donnees, by=by)
    with say_refus():
        frais.save(force_insert=True)
    journal.record("indemnites.frais_declares", frais, by=by, le=donnees.le.isoformat(), montant=str(frais.montant))
    return frais


@transaction.atomic
def correct_frais(*, frais: Frais, donnees: DonneesFrais, by: Acteur) -> Frais:
    """Change what is not approved yet: it starts again from the first check. Without a new receipt the former stays."""
    frais = lock(frais)
    check_jour(donnees.le)
    move(frais, Etat.DECLAREE)
    _fill(frais, donnees, by=by)
    frais.declare_par = by.compte_id
    frais.save()
    journal.record("indemnites.corrigee", frais, by=by, montant=str(frais.montant))
    return frais


def _fill(frais: Frais, donnees: DonneesFrais, *, by: Acteur) -> None:
    frais.le, frais.genre, frais.libelle = donnees.le, donnees.genre, donnees.libelle
    frais.mission = donnees.action.mission if donnees.action else donnees.mission
    frais.action = donnees.action
    piece = _store(frais.cpts_id, donnees.justificatif, by=by)
    for nom, valeur in _price(frais, donnees, piece or frais.justificatif).items():
        setattr(frais, nom, valeur)


def _price(frais: Frais, donnees: DonneesFrais, piece: Fichier | None) -> dict[str, Any]:
    """Kilometres at the scale of that day, or the amount that the receipt shows."""
    if donnees.genre == GenreFrais.KILOMETRES:
        bareme = find_bareme(frais.cpts_id, donnees.le)
        if bareme is None:
            raise SaisieInvalide(
                f"La communauté n’a pas de barème kilométrique pour le {donnees.le:%d/%m/%Y}\u00a0: "
                "demandez-le à la coordination."
            )
        kilometres = donnees.kilometres or Decimal(0)
        montant = regles.compute_kilometres(bareme.taux, kilometres).montant
        return {"bareme": bareme, "kilometres": kilometres, "montant": montant, "justificatif": piece}
    if not donnees.montant:
        raise SaisieInvalide("Indiquez le montant payé.")
    if piece is None:
        raise SaisieInvalide("Joignez le justificatif\u00a0: une photo lisible suffit.")
    return {"bareme": None, "kilometres": None, "montant": donnees.montant, "justificatif": piece}


def _store(cpts_id: UUID, piece: Piece | None, *, by: Acteur) -> Fichier | None:
    if piece is None:
        return None
    return store_fichier(cpts_id=cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=DECLARER.code)
