"""Partners of a community: their facts, contacts, professionals and conventions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import can_read_coordonnees
from maillon.communaute.recherche import normalize_nom
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Partenariat, Structure
from maillon.communaute.structures.selectors import search_structures
from maillon.communaute.territoire.models import Commune
from maillon.communaute.territoire.selectors import get_codes_by_cpts
from maillon.socle.declarations import ElementPersonne, SourceElementsPartenaire, collect
from maillon.socle.droits.acteur import Acteur

from .enums import EtatConvention
from .models import Convention, FicheStructure
from .permissions import CONVENTIONS, VOIR

CORRIGEABLES = {"telephone": "Téléphone", "courriel": "Courriel", "adresse": "Adresse", "lits": "Lits et places"}
RESULTATS_MAX = 30


@dataclass(frozen=True, slots=True)
class FaitStructure:
    """A fact as the community keeps it, and what the national file says when it is something else."""

    champ: str
    libelle: str
    valeur: str
    national: str = ""


def list_partenariats(cpts_id: UUID, *, on: date, termines: bool = False) -> QuerySet[Partenariat]:
    """Partnerships in force that day, or those that ended."""
    rows = Partenariat.objects.filter(cpts_id=cpts_id).select_related("structure__commune")
    ended = rows.filter(jusqu_a__lte=on)
    return ended if termines else rows.exclude(pk__in=ended.values("pk"))


def get_structure(pk: UUID, *, for_acteur: Acteur) -> Structure:
    """A structure that is or was a partner of the person's community, or 404."""
    structure = Structure.objects.select_related("commune").filter(pk=pk).first()
    known = Partenariat.objects.filter(structure=pk, cpts_id=for_acteur.cpts_id or UUID(int=0))
    if structure is None or not for_acteur.can(VOIR) or not known.exists():
        raise Http404
    return structure


def get_partenariat(structure: Structure, cpts_id: UUID) -> Partenariat:
    """The last partnership with a structure, the open one first."""
    rows = Partenariat.objects.filter(structure=structure, cpts_id=cpts_id)
    return rows.filter(jusqu_a=None).first() or rows.latest("depuis")


def get_fiche(structure: Structure, cpts_id: UUID) -> FicheStructure | None:
    return FicheStructure.objects.filter(structure=structure, cpts_id=cpts_id).first()


def compare_faits(structure: Structure, fiche: FicheStructure | None) -> list[FaitStructure]:
    """Each fact that may be corrected: the community's value first, with the national one when it differs."""
    faits = []
    for champ, libelle in CORRIGEABLES.items():
        national = _say(getattr(structure, champ))
        ici = _say(getattr(fiche, champ)) if fiche is not None else ""
        faits.append(FaitStructure(champ, libelle, ici or national, national if ici and ici != national else ""))
    return faits


def _say(valeur: object) -> str:
    return "" if valeur is None else str(valeur)


def list_contacts(structures: Iterable[UUID], *, for_acteur: Acteur) -> dict[UUID, list[Personne]]:
    """People to call in each structure, by name; one query. Whoever has an account chose what others read of them."""
    contacts: dict[UUID, list[Personne]] = defaultdict(list)
    rows = Personne.objects.visible_to(for_acteur).en_activite().filter(structure__in=list(structures))
    for personne in rows.select_related("professionnel").order_by("nom", "prenom"):
        if personne.membre_id is not None:
            courriel, telephone = can_read_coordonnees(personne, for_acteur)
            personne.courriel = personne.courriel if courriel else ""
            personne.telephone = personne.telephone if telephone else ""
        assert personne.structure_id is not None
        contacts[personne.structure_id].append(personne)
    return contacts


def get_contact(pk: UUID, structure: Structure, *, for_acteur: Acteur) -> Personne:
    """Somebody of the structure, gone or not, or 404."""
    rows = Personne.objects.visible_to(for_acteur).filter(pk=pk, structure=structure, fusionnee_dans=None)
    personne = rows.first()
    if personne is None:
        raise Http404
    return personne


def list_professionnels(structure: Structure) -> list[Professionnel]:
    """Professionals of the directory who work there."""
    return list(Professionnel.objects.filter(activites__structure=structure).distinct()[:200])


def list_conventions(acteur: Acteur) -> QuerySet[Convention]:
    """Conventions of the person's community that they may read."""
    if acteur.cpts_id is None or not acteur.can(CONVENTIONS):
        return Convention.objects.none()
    return Convention.objects.filter(cpts_id=acteur.cpts_id).select_related("structure", "document")


def get_convention(pk: UUID, *, for_acteur: Acteur) -> Convention:
    """The convention, or 404."""
    convention = list_conventions(for_acteur).filter(pk=pk).first()
    if convention is None:
        raise Http404
    return convention


def group_conventions(structures: Iterable[UUID], *, for_acteur: Acteur) -> dict[UUID, list[Convention]]:
    """Conventions of each structure; one query."""
    conventions: dict[UUID, list[Convention]] = defaultdict(list)
    for convention in list_conventions(for_acteur).filter(structure__in=list(structures)):
        conventions[convention.structure_id].append(convention)
    return conventions


def list_a_renouveler(acteur: Acteur, *, on: date) -> list[tuple[Convention, date]]:
    """Conventions whose term is near, or past without renewal, with this term, the nearest first; one query."""
    proches = []
    for convention in list_conventions(acteur).filter(signee_le__isnull=False, fin__isnull=False):
        terme = convention.terme(on)
        if convention.etat(on) in (EtatConvention.A_RENOUVELER, EtatConvention.ECHUE) and terme is not None:
            proches.append((convention, terme))
    return sorted(proches, key=lambda paire: paire[1])


def search_nationales(texte: str, type_structure: str, cpts_id: UUID) -> list[tuple[Structure, bool]]:
    """Structures of the national file by name or number, and whether each is a partner already."""
    if not texte.strip() and not type_structure:
        return []
    rows = search_structures(texte, type_structure=type_structure).filter(cpts=None).select_related("commune")
    found = list(rows[:RESULTATS_MAX])
    ouverts = Partenariat.objects.filter(cpts_id=cpts_id, jusqu_a=None, structure__in=found)
    deja = set(ouverts.values_list("structure", flat=True))
    return [(structure, structure.pk in deja) for structure in found]


def find_semblables(nom: str, commune: Commune) -> list[Structure]:
    """Structures of a like name in the same commune."""
    rows = Structure.objects.filter(commune=commune, nom_recherche__trigram_similar=normalize_nom(nom))
    return list(rows.select_related("commune")[:5])


def count_by_commune(cpts_id: UUID, *, on: date) -> dict[str, int]:
    """Number of partners by commune."""
    rows = list_partenariats(cpts_id, on=on).filter(structure__commune__isnull=False).order_by()
    return dict(rows.values_list("structure__commune").annotate(Count("pk")))


def get_territoire_codes(cpts_id: UUID, *, on: date) -> list[str]:
    return get_codes_by_cpts([cpts_id], on=on).get(cpts_id, [])


def get_communes_of_partenaires(cpts_id: UUID, *, on: date) -> list[tuple[str, str]]:
    """Codes and names of the communes that have a partner: the choices of a filter."""
    communes = Commune.objects.filter(pk__in=count_by_commune(cpts_id, on=on))
    return [(commune.pk, commune.nom) for commune in communes]


def get_types_of_partenaires(cpts_id: UUID, *, on: date) -> list[tuple[str, str]]:
    """Kinds of the partners: the choices of a filter."""
    codes = set(list_partenariats(cpts_id, on=on).order_by().values_list("structure__type", flat=True))
    return [(code, label) for code, label in TypeStructure.choices if code in codes]


def get_fiches(structures: Iterable[UUID], cpts_id: UUID) -> dict[UUID, FicheStructure]:
    """What the community knows of each structure; one query."""
    rows = FicheStructure.objects.filter(cpts_id=cpts_id, structure__in=list(structures))
    return {fiche.structure_id: fiche for fiche in rows}


@dataclass(frozen=True, slots=True)
class SectionPartenaire:
    """What another room keeps of a partner."""

    source: SourceElementsPartenaire
    elements: list[ElementPersonne]
    ajouter: str


def list_sections(structure: Structure, slug: str, *, for_acteur: Acteur) -> list[SectionPartenaire]:
    """The sections that other rooms add to a partner's sheet, for who may see them."""
    sources: list[SourceElementsPartenaire] = list(collect("elements_partenaire"))
    return [
        SectionPartenaire(
            source,
            source.elements(for_acteur.cpts_id, structure.pk, for_acteur),
            source.ajouter(slug, structure.pk),
        )
        for source in sources
        if for_acteur.cpts_id is not None and for_acteur.can(source.permission)
    ]
