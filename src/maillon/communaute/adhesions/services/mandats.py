"""Giving and ending the offices of the association: dates, groups, and rights in Maillon."""

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from maillon.communaute.personnes.enums import GenreGroupe
from maillon.communaute.personnes.models import Appartenance, Groupe, Personne
from maillon.communaute.personnes.services import join_groupe, leave_groupe
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Mandat
from maillon.socle.droits.services import end_role, give_role
from maillon.socle.journal import services as journal

from ..enums import Fonction, instances_of
from ..models import MandatStatutaire
from .refus import AdhesionRefusee

# Offices that open rights: the others are those of an ordinary member.
ROLES: dict[str, Role] = {
    Fonction.PRESIDENT: Role.PRESIDENT,
    Fonction.VICE_PRESIDENT: Role.BUREAU,
    Fonction.TRESORIER: Role.BUREAU,
    Fonction.TRESORIER_ADJOINT: Role.BUREAU,
    Fonction.SECRETAIRE: Role.BUREAU,
    Fonction.SECRETAIRE_ADJOINT: Role.BUREAU,
}


@transaction.atomic
def give_mandat(
    *, personne: Personne, fonction: Fonction, debut: date, fin: date | None, ouvre_acces: bool, by: Acteur
) -> MandatStatutaire:
    """Record an office from `debut` (to `fin`, excluded): the person sits in the council, and in the bureau unless a
    mere councillor. `ouvre_acces` gives the matching role to the person's account.

    Raises ValidationError, in French: office held by somebody else, or twice by the same person.
    """
    mandat = MandatStatutaire(
        cpts_id=personne.cpts_id, personne=personne, fonction=fonction, periode=DateRange(debut, fin)
    )
    mandat.validate_constraints()
    if ouvre_acces:
        mandat.acces = _open_acces(personne, fonction, debut, fin, by=by)
    mandat.save(force_insert=True)
    for instance in instances_of(fonction):
        groupe, _ = Groupe.objects.get_or_create(
            cpts_id=personne.cpts_id,
            instance=instance,
            ferme_le=None,
            defaults={"nom": instance.label.capitalize(), "genre": GenreGroupe.INSTANCE},
        )
        join_groupe(
            groupe=groupe,
            personne=personne,
            depuis=debut,
            jusqu_a=fin,
            responsable=fonction == Fonction.PRESIDENT,
            by=by,
        )
    journal.record("adhesions.mandat_donne", mandat, by=by, fonction=str(fonction), debut=debut.isoformat())
    return mandat


def _open_acces(personne: Personne, fonction: Fonction, debut: date, fin: date | None, *, by: Acteur) -> Mandat | None:
    """The role of the office, unless the person has no account or holds the role already at these dates."""
    role = ROLES.get(fonction)
    if role is None or personne.membre is None:
        return None
    periode = DateRange(debut, fin)
    if Mandat.objects.filter(membre=personne.membre, role=role, periode__overlap=periode).exists():
        return None
    give_role(compte=personne.membre.compte, cpts=personne.cpts, role=role, start=debut, end=fin, by=by)
    return Mandat.objects.get(membre=personne.membre, role=role, periode=periode)


@transaction.atomic
def end_mandat(*, mandat: MandatStatutaire, on: date, by: Acteur) -> None:
    """End an office: `on` is the first day without it. The role that it opened ends with it, and so does the seat
    where no other office of the person keeps it. One that had not begun is removed.

    Raises AdhesionRefusee after its end, DerniereCoordination from `end_role`.
    """
    if mandat.periode.upper is not None and mandat.periode.upper <= on:
        raise AdhesionRefusee("Ce mandat est déjà terminé à cette date.")
    acces, personne = mandat.acces, mandat.personne
    journal.record("adhesions.mandat_fini", mandat, by=by, fonction=mandat.fonction, fin=on.isoformat())
    if mandat.periode.lower >= on:
        mandat.delete()
    else:
        mandat.periode = DateRange(mandat.periode.lower, on)
        mandat.save(update_fields=["periode"])
    if acces is not None and (acces.periode.upper is None or acces.periode.upper > on):
        end_role(mandat=acces, on=on, by=by)
    _leave_seats(personne, on=on, by=by)


def _leave_seats(personne: Personne, *, on: date, by: Acteur) -> None:
    """Leave the bodies where no office running that day keeps the person."""
    held = MandatStatutaire.objects.filter(personne=personne, periode__contains=on)
    kept = {instance for mandat in held for instance in instances_of(Fonction(mandat.fonction))}
    seats = Appartenance.objects.filter(personne=personne).exclude(groupe__instance="").select_related("groupe")
    for seat in seats:
        if seat.groupe.instance not in kept and (seat.jusqu_a is None or seat.jusqu_a > on):
            leave_groupe(appartenance=seat, on=on, by=by)
