"""Which rate, scale or convention holds on a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.models import Structure
from maillon.regles import indemnites as regles
from maillon.socle.declarations import SourceParticipations, collect
from maillon.socle.droits.enums import Mission

from ..enums import DE_GARDE, Fonction
from ..models import BaremeKilometrique, CalculProfession, ConventionEmployeur, Tarif
from .gens import get_profession

# How far back participation is collected.
FENETRE = timedelta(days=90)


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


def count_gardes_sans_tarif(cpts_id: UUID, debut: date, fin: date) -> int:
    """Duties proven over [debut, fin[ for which no rate was decided; one query when every duty has one."""
    connus = [to_connu(t) for t in Tarif.objects.filter(cpts_id=cpts_id, fonction__in=DE_GARDE)]
    if any(_covers_all(tarif, debut, fin) for tarif in connus):
        return 0
    sources: list[SourceParticipations] = list(collect("participations"))
    payables = [p for source in sources for p in source.participations(cpts_id, debut, fin) if p.fonctions]
    gens = Personne.objects.select_related("professionnel").in_bulk({p.personne_id for p in payables})
    return sum(
        not any(
            regles.choose_tarif(
                connus, fonction=f, mission=p.mission, profession=get_profession(gens[p.personne_id]), on=p.le
            )
            for f in p.fonctions
        )
        for p in payables
    )


def _covers_all(tarif: regles.TarifConnu, debut: date, fin: date) -> bool:
    """Whether any duty of the period is paid by this rate, if by no other."""
    anyone = tarif.fonction == Fonction.GARDE and not tarif.profession and tarif.mission in ("", Mission.ACCES)
    return anyone and tarif.debut <= debut and (tarif.fin is None or tarif.fin >= fin)


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

    @property
    def has_gardes(self) -> bool:
        """Whether some duty has a rate."""
        return any(tarif.fonction in DE_GARDE for tarif in self.tarifs)


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
