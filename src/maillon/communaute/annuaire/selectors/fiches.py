"""The sheet of one professional in a community, and the differences that wait."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from maillon.communaute.recherche import normalize_nom
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..differences import Difference, LieuCorrige, compare, correct
from ..models import Activite, Correction, FicheProfessionnel, ImportAnnuaire, PassageAnnuaire, Professionnel
from ..permissions import GERER, VOIR
from .membres import Complet, list_adherents
from .national import PersonneTrouvee, get_personnes


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything known of somebody: as a professional of ours, or in the national directory alone."""

    numero: str
    professionnel: Professionnel | None
    national: PersonneTrouvee | None
    membre: bool
    fiche: FicheProfessionnel | None
    lieux: list[LieuCorrige]
    differences: list[Difference]

    @property
    def nom(self) -> str:
        if self.professionnel:
            return str(self.professionnel)
        return f"{self.national.prenom} {self.national.nom}" if self.national else self.numero


@dataclass(frozen=True, slots=True)
class Source:
    """Where the national facts come from: the extraction's date, and when it was imported."""

    extrait_le: date | None
    importe_le: date


def get_source() -> Source | None:
    """The last import of the national directory; None before the first."""
    row = ImportAnnuaire.objects.values_list("extrait_le", "le").first()
    return Source(row[0], row[1].date()) if row else None


def get_dossier(numero: str, *, for_acteur: Acteur) -> Dossier:
    """Somebody by number: 404 for who is neither known nor in the national directory."""
    if for_acteur.cpts_id is None or not for_acteur.can(VOIR):
        raise Http404
    professionnel = Professionnel.objects.filter(rpps=numero).first()
    national = next(iter(get_personnes([numero])), None)
    if professionnel is None:
        if national is None:
            raise Http404
        return Dossier(numero, None, national, membre=False, fiche=None, lieux=[], differences=[])
    activites = list_activites(professionnel)
    differences = compare(activites, _corrections(for_acteur.cpts_id, professionnel))
    return Dossier(
        numero,
        professionnel,
        national,
        membre=list_adherents(for_acteur.cpts_id).filter(pk=professionnel.pk).exists(),
        fiche=get_fiche(for_acteur.cpts_id, professionnel),
        lieux=correct(activites, differences),
        differences=differences,
    )


def list_activites(professionnel: Professionnel) -> list[Activite]:
    return list(
        Activite.objects.filter(professionnel=professionnel)
        .select_related("commune", "structure", "professionnel")
        .order_by("pk")
    )


def _corrections(cpts_id: UUID, professionnel: Professionnel) -> list[Correction]:
    return list(Correction.objects.en_vigueur().filter(cpts_id=cpts_id, professionnel=professionnel).order_by("champ"))


def get_fiche(cpts_id: UUID, professionnel: Professionnel) -> FicheProfessionnel | None:
    return FicheProfessionnel.objects.filter(cpts_id=cpts_id, professionnel=professionnel).first()


def is_soi(professionnel: Professionnel, acteur: Acteur) -> bool:
    """Whether this actor is that professional."""
    return bool(acteur.rpps) and acteur.rpps == professionnel.rpps


def may_edit(professionnel: Professionnel, acteur: Acteur) -> bool:
    """The professional themself; for a member of the community, who keeps the sheets up to date."""
    if acteur.cpts_id is None or not acteur.can(VOIR):
        return False
    if is_soi(professionnel, acteur):
        return True
    return acteur.can(GERER) and list_adherents(acteur.cpts_id).filter(pk=professionnel.pk).exists()


def get_modifiable(numero: str, *, for_acteur: Acteur) -> Professionnel:
    """A professional whose sheet this actor may write; 404 for any other."""
    professionnel = get_object_or_404(Professionnel, rpps=numero)
    if not may_edit(professionnel, for_acteur):
        raise Http404
    return professionnel


def get_activite(professionnel: Professionnel, pk: UUID) -> Activite:
    return get_object_or_404(
        Activite.objects.select_related("commune", "structure"), pk=pk, professionnel=professionnel
    )


def get_correction(pk: UUID, *, for_acteur: Acteur) -> Correction:
    """A correction that this actor may keep or withdraw; 404 for any other."""
    row = get_object_or_404(Correction.objects.visible_to(for_acteur).select_related("professionnel"), pk=pk)
    if not may_edit(row.professionnel, for_acteur):
        raise Http404
    return row


def list_attentes(cpts_id: UUID) -> list[Difference]:
    """Differences of members where the national directory has changed since the correction; two queries."""
    corrections = list(
        Correction.objects.en_vigueur()
        .filter(cpts_id=cpts_id, professionnel__in=list_adherents(cpts_id))
        .select_related("professionnel")
        .order_by("professionnel__nom_recherche", "champ")
    )
    activites = Activite.objects.filter(professionnel__in=[c.professionnel_id for c in corrections])
    return [d for d in compare(activites.select_related("commune", "professionnel"), corrections) if d.attend]


def count_fiches(cpts_id: UUID) -> tuple[int, int]:
    """Members with a sheet, and those shown to the public."""
    rows = FicheProfessionnel.objects.filter(cpts_id=cpts_id, professionnel__in=list_adherents(cpts_id))
    publie = list(rows.values_list("publie_le", flat=True))
    return len(publie), sum(1 for le in publie if le is not None)


def filter_publics(people: list[Complet], *, texte: str = "", profession: str = "", commune: str = "") -> list[Complet]:
    """Those of the public directory who answer, by name, profession or commune; every word typed, without accents."""
    mots = normalize_nom(texte).split()
    return [
        complet
        for complet in people
        if all(mot in complet.professionnel.nom_recherche for mot in mots)
        and profession in ("", complet.professionnel.libelle_profession)
        and (not commune or any(lieu.activite.commune_id == commune for lieu in complet.lieux))
    ]


def count_passages(*, cpts_id: UUID, source: bytes) -> int:
    """Searches of the public directory from this network address during the last hour."""
    return PassageAnnuaire.objects.filter(cpts_id=cpts_id, source=source, le__gt=now() - timedelta(hours=1)).count()
