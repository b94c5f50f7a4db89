"""Finding professionals."""

from django.db.models import Exists, OuterRef

from maillon.communaute.recherche import filter_noms
from maillon.socle.droits.acteur import Acteur

from ..enums import Profession
from ..models import Activite, Professionnel, ProfessionnelQuerySet


def search_professionnels(
    texte: str = "", *, profession: Profession | str = "", commune: str = ""
) -> ProfessionnelQuerySet:
    """Professionals by name (accents and typing errors forgiven) or RPPS number, profession code and commune code.

    Each criterion narrows; without any, everybody by name. The nearest names come first.
    """
    rows = Professionnel.objects.all()
    if profession:
        rows = rows.filter(profession=profession)
    if commune:
        rows = rows.filter(Exists(Activite.objects.filter(professionnel=OuterRef("pk"), commune=commune)))
    texte = texte.strip()
    if texte.isdigit() and len(texte) == 11:
        return rows.filter(rpps=texte)
    return filter_noms(rows, texte) if texte else rows


def get_professionnel_of(acteur: Acteur) -> Professionnel | None:
    """The professional who is this actor, by RPPS number; None for somebody who is not in the directory."""
    if not acteur.rpps:
        return None
    return Professionnel.objects.filter(rpps=acteur.rpps).first()
