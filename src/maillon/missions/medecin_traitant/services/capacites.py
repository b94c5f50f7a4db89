"""The places that doctors offer."""

from uuid import UUID

from django.db import transaction

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..models import ActionRefusee, Capacite


@transaction.atomic
def update_capacite(
    *,
    cpts_id: UUID,
    professionnel: Professionnel,
    places: int,
    accepte_ald: bool = True,
    accepte_enfants: bool = True,
    accepte_visites: bool = False,
    by: Acteur,
) -> Capacite:
    """Record how many new patients a médecin généraliste takes from now on, and which; counts restart at this moment.

    Raises ActionRefusee for another profession or more than 200 places.
    """
    if not professionnel.is_medecin_generaliste:
        raise ActionRefusee("Seul un médecin généraliste peut offrir des places de médecin traitant.")
    if not 0 <= places <= 200:
        raise ActionRefusee("Indiquez entre 0 et 200 places.")
    capacite, _ = Capacite.objects.select_for_update().get_or_create(cpts_id=cpts_id, professionnel=professionnel)
    was_volunteer = capacite.volontaire_depuis is not None
    capacite.places = places
    capacite.accepte_ald, capacite.accepte_enfants = accepte_ald, accepte_enfants
    capacite.accepte_visites = accepte_visites
    capacite.maj_le = now()
    if not places:
        capacite.volontaire_depuis = None
    elif not was_volunteer:
        capacite.volontaire_depuis = capacite.maj_le
    capacite.save()
    journal.record("medecin_traitant.capacite", capacite, by=by, places=places)
    if was_volunteer != bool(places):
        enqueue("pilotage.rafraichir", cpts_id=cpts_id, once=f"pilotage.rafraichir:{cpts_id}")
    return capacite
