"""What the ways in read: doctors one may wish for, people already known, partners' links, other communities."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from maillon.communaute.annuaire.models import Activite
from maillon.communaute.patients.identites import IdentiteLue, normalize_telephone
from maillon.communaute.patients.selectors import read_identites, search_patients
from maillon.communaute.personnes.models import Personne
from maillon.communaute.recherche import filter_noms
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Structure
from maillon.communaute.territoire.models import Commune, TerritoireCommune
from maillon.regles.catalogue import fold
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import today

from ..enums import OUVERTS, Origine
from ..models import AccesPartenaire, Demande
from ..permissions import GERER
from .medecins import list_medecins

T = TypeStructure
ORIGINES: dict[str, Origine] = {
    T.PHARMACIE: Origine.PHARMACIE,
    T.HOPITAL: Origine.HOPITAL,
    T.MATERNITE: Origine.HOPITAL,
    T.SAMU: Origine.SAMU,
    T.MAIRIE: Origine.MAIRIE,
    T.CENTRE_EXAMENS_SANTE: Origine.CES,
    T.CPAM: Origine.ASSURANCE_MALADIE,
    T.EHPAD: Origine.ETABLISSEMENT,
    T.RESIDENCE_AUTONOMIE: Origine.ETABLISSEMENT,
    T.SSIAD: Origine.ETABLISSEMENT,
    T.AIDE_DOMICILE: Origine.ETABLISSEMENT,
    T.CABINET: Origine.PROFESSIONNEL,
    T.MSP: Origine.PROFESSIONNEL,
    T.CENTRE_SANTE: Origine.PROFESSIONNEL,
    T.LABORATOIRE: Origine.PROFESSIONNEL,
}


def find_origine_structure(structure: Structure) -> Origine:
    """How requests of this structure are counted."""
    return ORIGINES.get(structure.type, Origine.PARTENAIRE)


def find_origine(acteur: Acteur) -> Origine:
    """How requests filed by this account are counted: by its role, and by where a partner works."""
    if acteur.has_role(Role.PHARMACIEN):
        return Origine.PHARMACIE
    if acteur.has_role(Role.PROFESSIONNEL):
        return Origine.PROFESSIONNEL
    if acteur.cpts_id is None:
        return Origine.PARTENAIRE
    personne = (
        Personne.objects.filter(cpts_id=acteur.cpts_id, membre=acteur.membre_id, fusionnee_dans=None)
        .select_related("structure")
        .first()
    )
    return find_origine_structure(personne.structure) if personne and personne.structure else Origine.PARTENAIRE


def list_medecins_choix(cpts_id: UUID) -> list[tuple[str, str]]:
    """The member médecins généralistes whom a person may have in mind, with where they work: two queries."""
    medecins = list(list_medecins(cpts_id).order_by("nom_recherche"))
    lieux: dict[UUID, str] = {}
    for activite in Activite.objects.filter(professionnel__in=medecins).select_related("commune").order_by("id"):
        lieux.setdefault(activite.professionnel_id, activite.commune.nom)
    return [(str(m.pk), f"{m}, {lieux[m.pk]}" if m.pk in lieux else str(m)) for m in medecins]


@dataclass(frozen=True, slots=True)
class Connue:
    """An open request of somebody who may be on the telephone."""

    demande: Demande
    identite: IdentiteLue | None


def find_connues(*, telephone: str, nom: str, prenom: str, by: Acteur) -> list[Connue]:
    """Open requests under this number, else under this whole name; each person shown leaves a trace."""
    if by.cpts_id is None:
        return []
    pourquoi = "appel au guichet"
    found: list[UUID] = []
    if len(normalize_telephone(telephone)) >= 9:
        found = search_patients(telephone, pourquoi=pourquoi, by=by, limite=20)
    if not found and len(nom.strip()) > 1 and len(prenom.strip()) > 1:
        found = search_patients(f"{nom} {prenom}", pourquoi=pourquoi, by=by, limite=20)
    demandes = list(
        Demande.objects.visible_to(by)
        .filter(patient__in=found, etat__in=OUVERTS)
        .select_related("patient__commune")
        .order_by("-deposee_le")[:5]
    )
    identites = read_identites([d.patient_id for d in demandes], quoi="identite", pourquoi=pourquoi, by=by)
    return [Connue(demande, identites.get(demande.patient_id)) for demande in demandes]


def list_acces(cpts_id: UUID, structure_id: UUID) -> QuerySet[AccesPartenaire]:
    """The links given to a partner, the latest first."""
    return AccesPartenaire.objects.filter(cpts_id=cpts_id, structure=structure_id).select_related("structure")


def get_acces(pk: UUID, *, for_acteur: Acteur) -> AccesPartenaire:
    """A partner's link of the person's community, or the one that the bearer holds; 404 otherwise."""
    acces = AccesPartenaire.objects.select_related("structure", "cpts").filter(pk=pk).first()
    if (
        acces is None
        or acces.cpts_id != for_acteur.cpts_id
        or not (for_acteur.can(GERER) or for_acteur.lien_objet == pk)
    ):
        raise Http404
    return acces


def list_deposees(acces: AccesPartenaire) -> QuerySet[Demande]:
    """What was filed by this link: references and states, nothing of the people."""
    return Demande.objects.filter(cpts_id=acces.cpts_id, acces_partenaire=acces).order_by("-deposee_le")


@dataclass(frozen=True, slots=True)
class CommuneVoisine:
    """A commune found by its name, and the community to ask, when one is known here."""

    commune: Commune
    communaute: Cpts | None
    ouverte: bool


def find_communautes(texte: str) -> list[CommuneVoisine]:
    """Communes by name or postal code, and the community of each today: two queries. Public information."""
    texte = texte.strip()[:60]
    if len(texte) < 2:
        return []
    rows = Commune.objects.all()
    rows = rows.filter(codes_postaux__contains=[texte]) if texte.isdigit() else filter_noms(rows, texte)
    found = list(rows[:8])
    communes = [c for c in found if fold(c.nom) == fold(texte)] or found
    liens = TerritoireCommune.objects.filter(commune__in=communes, territoire__periode__contains=today())
    par_commune = {lien.commune_id: lien.cpts for lien in liens.select_related("cpts")}
    return [
        CommuneVoisine(c, cpts := par_commune.get(c.pk), bool(cpts and cpts.is_ouverte_aux_patients(on=today())))
        for c in communes
    ]
