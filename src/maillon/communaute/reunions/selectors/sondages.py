"""What a poll says."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from maillon.communaute.personnes.models import Personne
from maillon.regles.assemblees import Bilan, rank_creneaux
from maillon.socle.declarations import Occupation, collect

from ..enums import Choix
from ..models import Creneau, Disponibilite, Participation, Reunion, Sondage


@dataclass(frozen=True, slots=True)
class LigneGrille:
    """A person and, slot by slot, what they said (empty: nothing)."""

    participation: Participation
    choix: list[str]
    pris: list[bool]

    @property
    def cases(self) -> list[tuple[str, bool]]:
        """Slot by slot: what they said, and whether they are busy elsewhere."""
        return list(zip(self.choix, self.pris, strict=True))

    @property
    def a_repondu(self) -> bool:
        return any(self.choix)


@dataclass(frozen=True, slots=True)
class Colonne:
    """A slot and what all said of it; `rang` 1 is the best date. `pris` are those whose other calendar says that they
    are busy, and who have not answered otherwise."""

    creneau: Creneau
    bilan: Bilan
    rang: int
    pris: list[Personne]


@dataclass(frozen=True, slots=True)
class Grille:
    """People by slots, the best date first among `meilleurs`."""

    colonnes: list[Colonne]
    lignes: list[LigneGrille]

    @property
    def meilleure(self) -> Colonne | None:
        """The date to choose; None before the first answer."""
        if not self.repondants:
            return None
        return min(self.colonnes, key=lambda colonne: colonne.rang, default=None)

    @property
    def repondants(self) -> int:
        return sum(ligne.a_repondu for ligne in self.lignes)


def get_sondage(reunion: Reunion) -> Sondage | None:
    """The poll of a meeting, if it has one."""
    return Sondage.objects.filter(reunion=reunion).first()


def build_grille(sondage: Sondage) -> Grille:
    """The grid of a poll: four queries."""
    creneaux = list(sondage.creneaux.all())
    participations = list(
        Participation.objects.filter(reunion=sondage.reunion_id)
        .select_related("personne")
        .order_by("-requise", "personne__nom", "personne__prenom")
    )
    said = {
        (participation, creneau): choix
        for participation, creneau, choix in Disponibilite.objects.filter(creneau__sondage=sondage).values_list(
            "participation_id", "creneau_id", "choix"
        )
    }
    pris = _find_pris(creneaux, participations)
    bilans = {creneau.pk: _count(creneau, participations, said) for creneau in creneaux}
    rangs = {bilan.cle: rang for rang, bilan in enumerate(rank_creneaux(bilans.values()), start=1)}
    return Grille(
        [
            Colonne(
                creneau,
                bilans[creneau.pk],
                rangs[str(creneau.pk)],
                [
                    p.personne
                    for p in participations
                    if p.personne_id in pris[creneau.pk] and (p.pk, creneau.pk) not in said
                ],
            )
            for creneau in creneaux
        ],
        [
            LigneGrille(
                p,
                [said.get((p.pk, creneau.pk), "") for creneau in creneaux],
                [p.personne_id in pris[creneau.pk] for creneau in creneaux],
            )
            for p in participations
        ],
    )


def _find_pris(creneaux: list[Creneau], participations: list[Participation]) -> dict[UUID, set[UUID]]:
    """Slot by slot, the people who are busy elsewhere; nobody says with what."""
    if not creneaux:
        return {}
    personnes = [participation.personne_id for participation in participations]
    debut, fin = min(creneau.debut for creneau in creneaux), max(creneau.fin for creneau in creneaux)
    occupations: list[Occupation] = [
        occupation for source in collect("occupations") for occupation in source.occupations(personnes, debut, fin)
    ]
    return {
        creneau.pk: {o.personne_id for o in occupations if o.debut < creneau.fin and o.fin > creneau.debut}
        for creneau in creneaux
    }


def _count(creneau: Creneau, participations: list[Participation], said: dict[tuple[UUID, UUID], str]) -> Bilan:
    choix = [(p.requise, said.get((p.pk, creneau.pk), "")) for p in participations]
    return Bilan(
        cle=str(creneau.pk),
        debut=creneau.debut,
        oui=sum(c == Choix.OUI for _, c in choix),
        si_besoin=sum(c == Choix.SI_BESOIN for _, c in choix),
        non=sum(c == Choix.NON for _, c in choix),
        requis_oui=sum(requise and c == Choix.OUI for requise, c in choix),
        requis_non=sum(requise and c == Choix.NON for requise, c in choix),
    )


def list_muets(sondage: Sondage) -> list[Participation]:
    """Those who said nothing of any slot."""
    spoken = Disponibilite.objects.filter(creneau__sondage=sondage, participation=OuterRef("pk"))
    return list(Participation.objects.filter(~Exists(spoken), reunion=sondage.reunion_id).select_related("personne"))
