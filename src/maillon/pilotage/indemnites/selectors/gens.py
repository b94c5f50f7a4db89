"""Who may be paid, as what, by which employer."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.annuaire.enums import ModeExercice
from maillon.communaute.annuaire.models import Activite
from maillon.communaute.personnes.models import Personne, PersonneQuerySet
from maillon.communaute.structures.models import Partenariat, Structure
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Mandat

from ..enums import FONCTIONNEMENT, Fonction
from ..models import Declaration


def get_profession(personne: Personne) -> str:
    """The code of the profession; empty for somebody who has none."""
    return personne.professionnel.profession if personne.professionnel else ""


def guess_fonction(personne: Personne, mission: str, on: date) -> Fonction:
    """As what somebody takes part, from their mandates that day: referent of the mission, or for the running of the
    association président or member of the bureau; a participant otherwise."""
    if personne.membre_id is None:
        return Fonction.PARTICIPANT
    tenus = set(Mandat.objects.filter(membre=personne.membre_id, periode__contains=on).values_list("role", "mission"))
    if (Role.REFERENT_MISSION.value, mission) in tenus:
        return Fonction.REFERENT
    if mission == FONCTIONNEMENT:
        roles = {role for role, _ in tenus}
        if Role.PRESIDENT.value in roles:
            return Fonction.PRESIDENT
        if Role.BUREAU.value in roles:
            return Fonction.BUREAU
    return Fonction.PARTICIPANT


def find_employeur(personne: Personne) -> Structure | None:
    """Where this person works, or is salaried according to the national directory."""
    if personne.structure is not None:
        return personne.structure
    salariee = Activite.objects.filter(
        professionnel=personne.professionnel_id, mode_exercice=ModeExercice.SALARIE, structure__isnull=False
    )
    lieu = salariee.select_related("structure").order_by("pk").first() if personne.professionnel_id else None
    return lieu.structure if lieu else None


def find_habitude(personne: Personne) -> Declaration | None:
    """The last participation that the person declared: most people come back for the same thing."""
    return Declaration.objects.filter(personne=personne, contrepasse=None).order_by("-declare_le").first()


def list_payables(cpts_id: UUID) -> PersonneQuerySet:
    """People for whom somebody may enter a participation, by name."""
    connues = Personne.objects.en_activite().filter(cpts_id=cpts_id)
    return connues.filter(Q(professionnel__isnull=False) | Q(structure__isnull=False))


def list_employeurs(cpts_id: UUID) -> QuerySet[Structure]:
    """Structures that the community knows: members, partners, and where its people work."""
    gens = Personne.objects.filter(cpts_id=cpts_id)
    salariees = Activite.objects.filter(
        professionnel__in=gens.filter(professionnel__isnull=False).values("professionnel"),
        structure__isnull=False,
    )
    return Structure.objects.filter(
        Q(pk__in=gens.filter(structure__isnull=False).values("structure"))
        | Q(pk__in=salariees.values("structure"))
        | Q(pk__in=Adhesion.objects.filter(cpts_id=cpts_id, structure__isnull=False).values("structure"))
        | Q(pk__in=Partenariat.objects.filter(cpts_id=cpts_id).values("structure"))
    )


def get_personne(cpts_id: UUID, pk: UUID) -> Personne | None:
    """One person of the community with what pay needs; None when unknown."""
    return (
        Personne.objects.select_related("professionnel", "structure", "membre__compte", "cpts")
        .filter(cpts_id=cpts_id, pk=pk)
        .first()
    )
