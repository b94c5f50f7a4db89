"""Bank accounts: kept encrypted, closed when replaced; their holder is told."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.models import Structure
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..models import CompteBancaire
from ..notifications import CompteChange
from ..sepa import check_bic, check_iban
from .paiements import lock_paiements


@transaction.atomic
def keep_compte(
    *,
    cpts_id: UUID,
    titulaire: str,
    iban: str,
    bic: str,
    by: Acteur,
    personne: Personne | None = None,
    structure: Structure | None = None,
) -> CompteBancaire:
    """Keep the account of a person, of an employer, or of the community (neither); the former one is closed.

    The same IBAN again changes nothing; a person whose account somebody else changes is told. Raises SaisieInvalide for
    a number whose key does not agree.
    """
    iban, bic = check_iban(iban), check_bic(bic)
    lock_paiements(cpts_id)
    former = (
        CompteBancaire.objects.select_for_update()
        .filter(cpts_id=cpts_id, personne=personne, structure=structure, jusqu_a=None)
        .first()
    )
    if former is not None:
        if former.iban == iban and former.bic == bic and former.titulaire == titulaire:
            return former
        former.jusqu_a = now()
        former.save(update_fields=["jusqu_a"])
    compte = CompteBancaire(
        cpts_id=cpts_id, personne=personne, structure=structure, titulaire=titulaire, bic=bic, saisi_par=by.compte_id
    )
    compte.write_iban(iban)
    compte.save(force_insert=True)
    journal.record("indemnites.compte_bancaire", compte, by=by)
    if former is not None and personne is not None:
        _warn_titulaire(personne, compte, by=by)
    return compte


def _warn_titulaire(personne: Personne, compte: CompteBancaire, *, by: Acteur) -> None:
    """A number changed by somebody else is the fraud that associations meet: the person learns it at once."""
    titulaire = personne.membre.compte if personne.membre else None
    if titulaire is not None and titulaire.pk == by.compte_id:
        return
    adresse = titulaire.email if titulaire else personne.courriel
    lien = settings.MAILLON_ADRESSE + reverse("indemnites:mon_compte", args=[personne.cpts.slug])
    CompteChange.for_personne(personne, lien=lien, objet_id=compte.pk).queue(to=adresse)
