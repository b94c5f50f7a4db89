"""A partner files without an account, by a link that the desk gives, lists and takes back."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maillon.communaute.structures.models import Structure
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import Origine
from ..models import AccesPartenaire, ActionRefusee
from ..notifications import LienPartenaire, absolute

LIEN_PARTENAIRE = "medecin_traitant.partenaire"
JOURS_PAR_MOIS = 31


@dataclass(frozen=True, slots=True)
class AccesDonne:
    """The link, shown once: only its hash is kept."""

    acces: AccesPartenaire
    jeton: str


@transaction.atomic
def give_acces(
    *, cpts: Cpts, structure: Structure, origine: Origine, service: str, mois: int, courriel: str = "", by: Acteur
) -> AccesDonne:
    """Give a partner a link to file requests for some months, and send it when an address is given."""
    acces = AccesPartenaire(
        cpts=cpts,
        structure=structure,
        origine=origine,
        service=service,
        cree_par_id=by.membre_id,
        expire_le=now() + timedelta(days=JOURS_PAR_MOIS * mois),
    )
    acces.save(force_insert=True)
    jeton = create_lien(but=LIEN_PARTENAIRE, cpts_id=cpts.pk, objet_id=acces.pk, expire_le=acces.expire_le)
    journal.record("medecin_traitant.acces_donne", acces, by=by, structure=str(structure.pk), origine=str(origine))
    if courriel:
        lien = absolute("orienter", jeton=jeton)
        LienPartenaire(cpts=cpts, objet_id=acces.pk, lien=lien, avant_le=acces.expire_le).queue(to=courriel)
    return AccesDonne(acces, jeton)


@transaction.atomic
def revoke_acces(*, acces_id: UUID, by: Acteur) -> AccesPartenaire:
    """Close a partner's link at once; the requests already filed follow their course."""
    acces = AccesPartenaire.objects.select_for_update(of=("self",)).select_related("structure").get(pk=acces_id)
    if not acces.is_valable:
        raise ActionRefusee("Cet accès est déjà fermé.")
    acces.revoque_le = now()
    acces.save(update_fields=["revoque_le"])
    revoke_liens(but=LIEN_PARTENAIRE, objet_id=acces.pk)
    journal.record("medecin_traitant.acces_retire", acces, by=by)
    return acces
