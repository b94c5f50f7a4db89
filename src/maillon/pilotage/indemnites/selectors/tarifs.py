"""Which rate, scale or convention holds on a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from maillon.communaute.structures.models import Structure
from maillon.regles import indemnites as regles

from ..models import BaremeKilometrique, CalculProfession, ConventionEmployeur, Tarif


def to_connu(tarif: Tarif) -> regles.TarifConnu:
    """A rate as the rules know it."""
    return regles.TarifConnu(
        cle=str(tarif.pk),
        fonction=tarif.fonction,
        nature=regles.Nature(tarif.nature),
        mode=regles.Mode(tarif.mode),
        montant=tarif.montant,
        debut=tarif.periode.lower,
        fin=tarif.periode.upper,
        mission=tarif.mission,
        profession=tarif.profession,
        heures_max=tarif.heures_max,
    )


def find_tarif(cpts_id: UUID, *, fonction: str, mission: str, profession: str, on: date) -> Tarif | None:
    """The most precise rate in force that day."""
    tarifs = {str(t.pk): t for t in Tarif.objects.filter(cpts_id=cpts_id, fonction=fonction, periode__contains=on)}
    connus = [to_connu(t) for t in tarifs.values()]
    choisi = regles.choose_tarif(connus, fonction=fonction, mission=mission, profession=profession, on=on)
    return tarifs[choisi.cle] if choisi else None


def find_convention(cpts_id: UUID, structure: Structure | None, on: date) -> ConventionEmployeur | None:
    """The convention of this employer in force that day."""
    return ConventionEmployeur.objects.filter(cpts_id=cpts_id, structure=structure, periode__contains=on).first()


def find_bareme(cpts_id: UUID, on: date) -> BaremeKilometrique | None:
    """The mileage scale in force that day."""
    return BaremeKilometrique.objects.filter(cpts_id=cpts_id, periode__contains=on).first()


def list_finissantes(cpts_id: UUID, on: date, horizon: date) -> list[ConventionEmployeur]:
    """Conventions in force that end by `horizon`, and that none follows."""
    suivante = ConventionEmployeur.objects.filter(
        structure=OuterRef("structure"), cpts=OuterRef("cpts"), periode__endswith__gt=OuterRef("periode__endswith")
    )
    ouverte = ConventionEmployeur.objects.filter(
        structure=OuterRef("structure"), cpts=OuterRef("cpts"), periode__upper_inf=True
    )
    return list(
        ConventionEmployeur.objects.filter(
            ~Exists(suivante),
            ~Exists(ouverte),
            cpts_id=cpts_id,
            periode__contains=on,
            periode__endswith__lte=horizon,
        ).select_related("structure")
    )


@dataclass(frozen=True, slots=True)
class Reglement:
    """Everything decided, the present first."""

    tarifs: list[Tarif]
    anciens: list[Tarif]
    calculs: list[CalculProfession]
    baremes: list[BaremeKilometrique]
    conventions: list[ConventionEmployeur]
    uniformes: list[Tarif]


def get_reglement(cpts_id: UUID, on: date) -> Reglement:
    """Rates in force or to come, those that ended, calculations, scales and conventions; five queries."""
    tous = list(Tarif.objects.filter(cpts_id=cpts_id).select_related("calcul", "document"))
    en_vigueur = [t for t in tous if t.periode.upper is None or t.periode.upper > on]
    uniformes = {t.cle for t in regles.find_uniformes([to_connu(t) for t in en_vigueur])}
    return Reglement(
        tarifs=en_vigueur,
        anciens=[t for t in tous if t not in en_vigueur],
        calculs=list(CalculProfession.objects.filter(cpts_id=cpts_id).select_related("document")),
        baremes=list(BaremeKilometrique.objects.filter(cpts_id=cpts_id).select_related("document")),
        conventions=list(ConventionEmployeur.objects.filter(cpts_id=cpts_id).select_related("structure", "document")),
        uniformes=[t for t in en_vigueur if str(t.pk) in uniformes],
    )
