"""The facts of the desk as the matching rule takes them: people who wait, doctors who have places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef

from maillon.communaute.adhesions.enums import Etat as EtatAdhesion
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.annuaire.models import Activite
from maillon.communaute.sollicitations.selectors import list_absents
from maillon.communaute.territoire.models import Commune, Population
from maillon.regles.appariement import Besoin, Densite, Lieu, Medecin, Patient, Reglages, estimate_trajet
from maillon.socle.horloge import now, today

from ..enums import Langue, MotifRefus
from ..models import Capacite, Demande
from ..retours import Consigne, Refus, learn
from .reponses import Charge, count_charges, list_refus, read_deja

JOURS_CHARGE = 90
JOURS_RETOURS = 180
AGE_ENFANT = 16
MINUTES_SANS_LIMITE = 24 * 60
# Inhabitants per km², the bounds of urban and dense cells in the grid of Eurostat, taken here for a whole commune.
DENSE, INTERMEDIAIRE = 1500, 300
INSTRUCTIFS = (MotifRefus.COMPLET, MotifRefus.TROP_LOIN, MotifRefus.VISITES, MotifRefus.LANGUE)


@dataclass(frozen=True, slots=True)
class Offre:
    """The doctors who may be asked, and what the refusals of each taught."""

    medecins: tuple[Medecin, ...]
    consignes: Mapping[str, Consigne]
    attendues: Mapping[str, int]  # how many of their answers are awaited


def with_limite(reglages: Reglages, minutes: int) -> Reglages:
    """The same parameters with the longest journey that the desk chose; 0 for none."""
    limite = minutes or MINUTES_SANS_LIMITE
    return replace(reglages, limite_cabinet=limite, limite_visite=min(reglages.limite_visite, limite))


# People who wait


def read_besoins(demande: Demande) -> frozenset[Besoin]:
    """What a doctor must offer to take this person; never C2S nor AME."""
    annee = demande.patient.annee_naissance
    enfant = annee is not None and demande.deposee_le.year - annee < AGE_ENFANT
    found = {
        Besoin.ALD: demande.ald,
        Besoin.VISITE: demande.ne_peut_se_deplacer,
        Besoin.PMR: demande.acces_pmr,
        Besoin.ENFANT: enfant,
        Besoin.ADULTE: not enfant and not demande.ald,
    }
    return frozenset(besoin for besoin, present in found.items() if present)


def describe_situation(demande: Demande) -> dict[str, Any]:
    """What of a request decides which doctor suits it: compared again before it is sent."""
    return {
        "besoins": sorted(read_besoins(demande)),
        "langue": demande.langue,
        "commune": demande.patient.commune_id,
        "choix": str(demande.medecin_souhaite_id) if demande.medecin_souhaite_id else None,
    }


def read_patients(demandes: Sequence[Demande], *, offre: Offre, reglages: Reglages) -> list[Patient]:
    """These requests as the rule takes them, with the doctors they exclude. Three queries."""
    communes = {demande.patient.commune.pk: demande.patient.commune for demande in demandes}
    densites = read_densites(communes.values())
    deja = read_deja([demande.pk for demande in demandes])
    limites = _Limites(offre, densites, reglages)
    patients = []
    for demande in demandes:
        commune = demande.patient.commune
        seen = {str(professionnel) for professionnel in deja.get(demande.pk, ())}
        patients.append(
            Patient(
                cle=str(demande.pk),
                score=demande.priorite_score,
                deposee_le=demande.deposee_le,
                lieu=lieu_of(commune),
                densite=densites[commune.pk],
                besoins=read_besoins(demande),
                choix=(str(demande.medecin_souhaite_id),) if demande.medecin_souhaite_id else (),
                exclus=frozenset(seen | limites.exclude(commune, demande.langue)),
            )
        )
    return patients


def lieu_of(commune: Commune) -> Lieu | None:
    """The middle of a commune."""
    return Lieu(commune.lon, commune.lat) if commune.lon is not None and commune.lat is not None else None


def read_densites(communes: Iterable[Commune]) -> dict[str, Densite]:
    """How densely each commune is peopled, by the last population known. Two queries."""
    areas = {commune.pk: float(commune.superficie_km2 or 0) for commune in communes}
    populations = Population.objects.filter(commune__in=list(areas))
    last = populations.aggregate(le=Max("millesime"))["le"]
    people = dict(populations.filter(millesime=last).values_list("commune_id", "municipale"))
    return {code: _densite(people.get(code, 0) / area if area else 0.0) for code, area in areas.items()}


def _densite(par_km2: float) -> Densite:
    if par_km2 >= DENSE:
        return Densite.DENSE
    return Densite.INTERMEDIAIRE if par_km2 >= INTERMEDIAIRE else Densite.RURALE


class _Limites:
    """Who is too far or does not speak the language, by what they answered before."""

    def __init__(self, offre: Offre, densites: Mapping[str, Densite], reglages: Reglages) -> None:
        self._lieux = {medecin.cle: medecin.lieux for medecin in offre.medecins}
        self._consignes = {cle: c for cle, c in offre.consignes.items() if cle in self._lieux}
        self._densites, self._reglages = densites, reglages
        self._far: dict[str, frozenset[str]] = {}

    def exclude(self, commune: Commune, langue: str) -> set[str]:
        if commune.pk not in self._far:
            self._far[commune.pk] = frozenset(self._find_far(commune))
        return {*self._far[commune.pk], *(cle for cle, c in self._consignes.items() if langue in c.langues)}

    def _find_far(self, commune: Commune) -> Iterable[str]:
        for cle, consigne in self._consignes.items():
            if consigne.minutes is None:
                continue
            minutes = measure_minutes(
                lieu_of(commune), self._lieux[cle], densite=self._densites[commune.pk], reglages=self._reglages
            )
            if minutes is not None and minutes >= consigne.minutes:
                yield cle


def measure_minutes(depart: Lieu | None, lieux: Iterable[Lieu], *, densite: Densite, reglages: Reglages) -> int | None:
    """Estimated minutes to the nearest of these places; None when either is unknown."""
    if depart is None:
        return None
    return min(
        (estimate_trajet(depart, lieu, densite=densite, reglages=reglages).minutes for lieu in lieux), default=None
    )


# Doctors who have places


def read_offre(cpts_id: UUID, *, reglages: Reglages, promises: bool = False) -> Offre:
    """Member doctors with a place left, what they take, what they lately received and answered. Eight queries.

    A place about which an answer is awaited is not offered a second time, unless the desk sees them all (`promises`).
    """
    member = Adhesion.objects.filter(cpts=cpts_id, professionnel=OuterRef("professionnel"), etat=EtatAdhesion.ACTIVE)
    capacites = list(
        Capacite.objects.with_restantes().filter(Exists(member), cpts=cpts_id, restantes__gt=0).order_by("pk")
    )
    lieux = read_lieux([capacite.professionnel_id for capacite in capacites])
    charges = count_charges(cpts_id, since=now() - timedelta(days=JOURS_CHARGE))
    maj = {str(capacite.professionnel_id): capacite.maj_le for capacite in capacites}
    consignes = learn(_read_refus(cpts_id, lieux, reglages), maj=maj)
    for absent in list_absents([c.professionnel_id for c in capacites], cpts_id=cpts_id, on=today()):
        consignes[str(absent)] = replace(consignes.get(str(absent), Consigne()), absent=True)
    medecins = tuple(
        _medecin(capacite, consignes.get(str(capacite.professionnel_id), Consigne()), lieux, charges, promises=promises)
        for capacite in capacites
    )
    attendues = {str(pk): charge.attendues for pk, charge in charges.items() if charge.attendues}
    return Offre(medecins, {cle: consigne for cle, consigne in consignes.items() if cle in maj}, attendues)


def _medecin(
    capacite: Any,
    consigne: Consigne,
    lieux: Mapping[UUID, tuple[Lieu, ...]],
    charges: Mapping[UUID, Charge],
    *,
    promises: bool,
) -> Medecin:
    charge = charges.get(capacite.professionnel_id, Charge(0, 0))
    free = max(0, capacite.restantes - (0 if promises else charge.attendues))
    refused = {
        Besoin.ALD: not capacite.accepte_ald,
        Besoin.ENFANT: not capacite.accepte_enfants,
        Besoin.ADULTE: not capacite.accepte_adultes,
        Besoin.PMR: capacite.acces_pmr is False,
        Besoin.VISITE: not capacite.accepte_visites or consigne.sans_visites,
    }
    return Medecin(
        cle=str(capacite.professionnel_id),
        places=0 if consigne.complet or consigne.absent else free,
        lieux=lieux.get(capacite.professionnel_id, ()),
        accepte=frozenset(besoin for besoin in Besoin if not refused.get(besoin, False)),
        charge=charge.total,
    )


def read_lieux(professionnels: Sequence[UUID]) -> dict[UUID, tuple[Lieu, ...]]:
    """Where each doctor works: the address where it is placed, else the middle of its commune. One query."""
    found: dict[UUID, dict[Lieu, None]] = {}
    activites = Activite.objects.filter(professionnel__in=professionnels).order_by("id")
    rows = activites.values_list("professionnel_id", "lon", "lat", "commune__lon", "commune__lat")
    for professionnel, lon, lat, milieu_lon, milieu_lat in rows:
        if lon is None or lat is None:
            lon, lat = milieu_lon, milieu_lat
        if lon is not None and lat is not None:
            found.setdefault(professionnel, {})[Lieu(lon, lat)] = None
    return {professionnel: tuple(lieux) for professionnel, lieux in found.items()}


def _read_refus(cpts_id: UUID, lieux: Mapping[UUID, tuple[Lieu, ...]], reglages: Reglages) -> list[Refus]:
    """The instructive refusals of the last months, with the journey or the language that they were about."""
    since = now() - timedelta(days=JOURS_RETOURS)
    rows = [row for row in list_refus(cpts_id, motifs=INSTRUCTIFS, since=since) if row.professionnel in lieux]
    about = {row.demande for row in rows if row.demande is not None}
    demandes = {
        demande: (langue, commune)
        for demande, langue, commune in Demande.objects.filter(pk__in=about).values_list("pk", "langue", "commune")
    }
    communes = Commune.objects.in_bulk({commune for _, commune in demandes.values()})
    densites = read_densites(communes.values())

    @cache
    def measure(commune: str, professionnel: UUID) -> int | None:
        depart = lieu_of(communes[commune])
        return measure_minutes(depart, lieux[professionnel], densite=densites[commune], reglages=reglages)

    found = []
    for row in rows:
        langue, commune = demandes.get(row.demande, (Langue.FRANCAIS, "")) if row.demande else (Langue.FRANCAIS, "")
        minutes = measure(commune, row.professionnel) if row.motif == MotifRefus.TROP_LOIN else None
        if langue == Langue.FRANCAIS:
            langue = ""
        found.append(Refus(str(row.professionnel), row.motif, row.le, minutes, langue))
    return found
