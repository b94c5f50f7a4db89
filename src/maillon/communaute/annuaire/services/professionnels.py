"""Taking professionals from the national directory, and keeping them as it says.

Name, profession, savoir-faire and national places are the directory's: each import writes them again for those whom
communities know. What somebody corrects stands elsewhere and is never written here.
"""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import transaction

from maillon.communaute.structures.models import Structure
from maillon.communaute.territoire.models import Commune
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from ..faits import FaitsProfessionnel
from ..models import Activite, Professionnel
from ..selectors.national import fetch_faits

LOT = 1000
CHAMPS = ("nom", "prenom", "civilite", "profession", "savoir_faire", "absent_depuis")
CHAMPS_LIEU = ("mode_exercice", "commune_id", "structure_id", "adresse", "code_postal", "telephone", "courriel")


class AbsentDeLAnnuaire(ValueError):
    """Nobody to take under this number; the message is a French sentence for the person who gave it."""


@transaction.atomic
def adopt_professionnel(*, rpps: str, by: Acteur, cpts_id: UUID | None = None) -> Professionnel:
    """The professional of this RPPS number, taken from the national directory with the places when not yet known.

    Journalled in the community that asks, if any. Raises AbsentDeLAnnuaire when the directory has nobody under this
    number, or somebody of a profession that is not in our nomenclature.
    """
    if (known := Professionnel.objects.filter(rpps=rpps).first()) is not None:
        return known
    faits = fetch_faits([rpps]).get(rpps) if len(rpps) == 11 and rpps.isdigit() else None
    if faits is None:
        raise AbsentDeLAnnuaire(f"Personne n’a le numéro RPPS « {rpps} » dans l’annuaire national.")
    if not faits.profession:
        raise AbsentDeLAnnuaire(f"La profession du numéro RPPS « {rpps} » n’est pas dans la nomenclature.")
    professionnel = Professionnel(rpps=rpps, fictif=faits.fictif)
    _copy(professionnel, faits)
    professionnel.save(force_insert=True)
    _keep_lieux({professionnel: faits})
    if cpts_id is not None:
        journal.record("annuaire.repris", professionnel, by=by, cpts_id=cpts_id)
    return professionnel


@transaction.atomic
def refresh_professionnels(rpps: Collection[str]) -> int:
    """Write again the national facts of known professionals among these numbers; returns how many have changed.

    Somebody who has left the directory keeps what it last said, and is marked absent.
    """
    changed = 0
    for professionnels in _batches(rpps):
        faits = fetch_faits([professionnel.rpps for professionnel in professionnels])
        moved = [p for p in professionnels if _copy(p, faits.get(p.rpps))]
        for professionnel in moved:
            professionnel._meta.get_field("nom_recherche").pre_save(professionnel, add=False)
        Professionnel.objects.bulk_update(moved, [*CHAMPS, "nom_recherche"])
        relocated = _keep_lieux({p: faits[p.rpps] for p in professionnels if p.rpps in faits})
        changed += len({p.pk for p in moved} | relocated)
    return changed


def _batches(rpps: Collection[str]) -> Iterator[list[Professionnel]]:
    numeros = sorted(rpps)
    for debut in range(0, len(numeros), LOT):
        rows = Professionnel.objects.select_for_update().filter(rpps__in=numeros[debut : debut + LOT], fictif=False)
        yield list(rows.order_by("rpps"))


def _copy(professionnel: Professionnel, faits: FaitsProfessionnel | None) -> bool:
    """Give a professional the facts of the directory; whether they differed."""
    before = [getattr(professionnel, champ) for champ in CHAMPS]
    if faits is None:
        professionnel.absent_depuis = professionnel.absent_depuis or today()
    else:
        professionnel.nom, professionnel.prenom, professionnel.civilite = faits.nom, faits.prenom, faits.civilite
        professionnel.profession = faits.profession or professionnel.profession
        professionnel.savoir_faire = list(faits.savoir_faire)
        professionnel.absent_depuis = None
    return before != [getattr(professionnel, champ) for champ in CHAMPS]


def _keep_lieux(faits: dict[Professionnel, FaitsProfessionnel]) -> set[UUID]:
    """Make the national places of these people what the directory says; returns the people whose places changed.

    A place in a commune unknown to us is left out. Places that do not come from the directory stay.
    """
    lieux = [lieu for f in faits.values() for lieu in f.lieux]
    communes = set(Commune.objects.filter(pk__in={lieu.commune for lieu in lieux}).values_list("pk", flat=True))
    structures = dict(
        Structure.objects.filter(finess__in={x.finess for x in lieux if x.finess}).values_list("finess", "pk")
    )
    known = {
        (activite.professionnel_id, activite.cle_nationale): activite
        for activite in Activite.objects.filter(professionnel__in=faits).exclude(cle_nationale="")
    }
    added, moved = [], []
    for professionnel, f in faits.items():
        for lieu in f.lieux:
            if lieu.commune not in communes:
                continue
            activite = known.pop((professionnel.pk, lieu.cle), None)
            if activite is None:
                activite = Activite(professionnel=professionnel, cle_nationale=lieu.cle)
                added.append(activite)
            before = [getattr(activite, champ) for champ in CHAMPS_LIEU]
            activite.mode_exercice, activite.commune_id = lieu.mode_exercice, lieu.commune
            activite.structure_id = structures.get(lieu.finess)
            activite.adresse, activite.code_postal = lieu.adresse, lieu.code_postal
            activite.telephone, activite.courriel = lieu.telephone, lieu.courriel
            if activite not in added and before != [getattr(activite, champ) for champ in CHAMPS_LIEU]:
                moved.append(activite)
    Activite.objects.filter(pk__in=[activite.pk for activite in known.values()]).delete()
    Activite.objects.bulk_create(added)
    Activite.objects.bulk_update(moved, CHAMPS_LIEU)
    return {activite.professionnel_id for activite in [*added, *moved, *known.values()]}
