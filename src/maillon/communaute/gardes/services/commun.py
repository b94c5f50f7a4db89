"""What every service of rosters does: lock in the one order, say what the database refuses."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from maillon.communaute.sollicitations.enums import MotifRetrait
from maillon.communaute.sollicitations.services import close_appel
from maillon.socle.droits.acteur import Acteur

from ..models import ActionRefusee, Garde, Participant, Poste, Tableau

# The kind of the call for volunteers.
GENRE = "gardes"
# The sentence for each thing that the database refuses.
REFUS = {
    "garde_sans_chevauchement": "Ce professionnel a déjà une garde à cette heure, dans ce tableau ou ailleurs.",
    "garde_projet_sans_chevauchement": "Ce professionnel a déjà une garde à cette heure dans ce tableau.",
    "garde_une_par_place": "Cette place vient d’être prise.",
    "gardes_echange_un_vivant": "Cette garde est déjà proposée à quelqu’un\u00a0: retirez d’abord cette proposition.",
    "gardes_participant_unique": "Cette personne est déjà dans le tableau.",
    "gardes_poste_unique": "Cette garde est déjà dans le tableau.",
    "gardes_variante_un_calcul": "Un calcul est déjà en cours pour ce tableau.",
}


@contextmanager
def refuse_in_french() -> Iterator[None]:
    """A savepoint in which a refusal of the database becomes ActionRefusee, with its sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        contrainte = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if contrainte not in REFUS:
            raise
        raise ActionRefusee(REFUS[contrainte]) from error


def lock_tableau(tableau_id: UUID) -> Tableau:
    """The roster, locked until the transaction ends: every service that changes it or its duties comes through here
    first. Then, in this order: the call for volunteers, its solicitations, the professionals, the duties."""
    return Tableau.objects.select_for_update(of=("self",)).select_related("cpts").get(pk=tableau_id)


def lock_tableau_of(garde_id: UUID) -> tuple[Tableau, Garde]:
    """The same, from one of its duties."""
    tableau = lock_tableau(Garde.objects.values_list("tableau", flat=True).get(pk=garde_id))
    garde = Garde.objects.select_related("poste", "participant__personne", "professionnel").get(pk=garde_id)
    garde.tableau = tableau
    return tableau, garde


def lock_professionnels(professionnel_ids: Iterable[UUID]) -> None:
    """One at a time for a professional, over all communities: the exclusion alone would deadlock under contention."""
    with connection.cursor() as cursor:
        for professionnel_id in sorted(set(professionnel_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"gardes:{professionnel_id}"])


def find_place(poste: Poste) -> int:
    """The first free place of a shift. Raises ActionRefusee when it is full."""
    taken = set(Garde.objects.vivantes().filter(poste=poste).values_list("place", flat=True))
    free = next((place for place in range(1, poste.nombre + 1) if place not in taken), None)
    if free is None:
        raise ActionRefusee("Cette garde est déjà pourvue. Rechargez la page pour voir par qui.")
    return free


def close_call(poste: Poste, *, by: Acteur) -> None:
    """A shift that is filled asks nobody any more."""
    if poste.gardes.vivantes().count() >= poste.nombre:
        close_appel(genre=GENRE, objet=poste, motif=MotifRetrait.AUTRE, by=by)


def get_own_participant(tableau: Tableau, by: Acteur) -> Participant:
    """Who acts, in this roster. Raises ActionRefusee for somebody who is not in it."""
    found = Participant.objects.filter(tableau=tableau, professionnel__rpps=by.rpps or "-").first()
    if found is None:
        raise ActionRefusee(
            "Vous n’êtes pas dans ce tableau de garde\u00a0: demandez à la coordination de vous y ajouter."
        )
    return found
