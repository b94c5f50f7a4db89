"""Unscheduled care in the demonstration: a doctor, a physiotherapist and a nurse every afternoon, months of requests.

The past is replayed without services, request after request against the slots then open, so that delays, missed slots
and blank hours are those that such an offer gives. People, places and hours are fictitious.
"""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.gardes.models import Garde
from maillon.communaute.patients.models import Patient
from maillon.missions.soins_non_programmes.enums import Audience, EtatCreneau, Horaire, Modalite, Origine
from maillon.missions.soins_non_programmes.models import Creneau, LieuConsultation, Plage, Reglages
from maillon.regles.feries import compute_feries
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.models import AgentTerritorial, Membre

from .communautes import Communaute
from .soins_demandes import Offre, replay

JOURS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
APRES_MIDI = (time(14), time(20))
SEMAINES = {"grand-saint-etienne": 26, "venissieux": 14}
# Where one afternoon that comes lacks a physiotherapist; Vénissieux keeps its promise.
A_TROU = ("grand-saint-etienne",)
A_QUI_MANQUE = Profession.MASSEUR_KINESITHERAPEUTE
# To whom the doctors of a community are shown too.
PARTAGES = {"venissieux": ("vaulx-en-velin", "croix-rousse-presqu-ile")}
A_VENIR = timedelta(days=15)
DUREES = {Profession.MEDECIN: 30, Profession.MASSEUR_KINESITHERAPEUTE: 60, Profession.INFIRMIER: 60}
TOUS = [Audience.CPTS, Audience.PRO, Audience.SNP]


@dataclass(frozen=True, slots=True)
class Ouverture:
    """What one professional opens every week."""

    professionnel: Professionnel
    jour: int
    de: time
    a: time
    duree: int
    modalite: Modalite = Modalite.CABINET
    horaire: Horaire = Horaire.MISSION
    origine: Origine = Origine.AGENDA
    sauf: list[date] = field(default_factory=list)
    partages: list[UUID] = field(default_factory=list)


def open_soins(communaute: Communaute, *, now: datetime) -> None:
    """Places, openings and slots; then the requests of the past months. Nothing where nobody is on duty."""
    cpts = communaute.cpts
    semaines = SEMAINES.get(cpts.slug)
    if semaines is None:
        return
    hasard = random.Random(f"soins-{cpts.slug}")  # noqa: S311 - fictitious requests, not secrets
    fuseau = ZoneInfo(cpts.fuseau)
    aujourd_hui = now.astimezone(fuseau).date()
    debut = aujourd_hui - timedelta(days=aujourd_hui.weekday(), weeks=semaines)
    with use_cpts(cpts.pk):
        Reglages.objects.create(cpts=cpts)
        ouvertures = list(plan_week(communaute, aujourd_hui))
        lieux = make_lieux(communaute, ouvertures)
        plages = make_plages(communaute, ouvertures, lieux, debut=debut, fin=aujourd_hui + A_VENIR)
        feries = compute_feries(debut, aujourd_hui + A_VENIR, cpts.departement)
        creneaux = [creneau for plage in plages for creneau in make_creneaux(plage, fuseau, feries)]
        creneaux.sort(key=lambda creneau: creneau.debut)
        patients = list(Patient.objects.present().filter(cpts=cpts).order_by("pk"))
        offre = Offre(cpts, fuseau, creneaux, patients, hasard, auteurs=find_auteurs(cpts))
        replay(offre, debut=debut, now=now)


def find_auteurs(cpts: Cpts) -> dict[str, dict[str, UUID]]:
    """Who gave the appointments of the past: the accounts of the demonstration, where the community has them."""
    roles = {Origine.PHARMACIE: Role.PHARMACIEN, Origine.GUICHET: Role.SECRETARIAT}
    membres = {
        origine: Membre.objects.filter(cpts=cpts, roles__contains=[role]).values_list("pk", flat=True).first()
        for origine, role in roles.items()
    }
    found = {str(origine): {"pris_par_id": pk} for origine, pk in membres.items() if pk}
    regulateur = AgentTerritorial.objects.filter(
        role=RoleTerritorial.REGULATEUR, departements__contains=[cpts.departement]
    ).first()
    if regulateur is not None:
        found[str(Origine.REGULATION)] = {"compte_id": regulateur.compte_id}
    return found


def plan_week(communaute: Communaute, aujourd_hui: date) -> Iterator[Ouverture]:
    """One of each profession every weekday 14–20 h; a doctor more on two mornings and on Saturday; one on Sunday
    afternoon, at the hours of the PDSA. Where one lacks, the day on which the roster has no physiotherapist is one on
    which nobody opens slots either.
    """
    professions = find_professionnels(communaute)
    medecins = professions[Profession.MEDECIN]
    vide = find_jour_vide(communaute, aujourd_hui) if communaute.cpts.slug in A_TROU else None
    voisines = list(Cpts.objects.filter(slug__in=PARTAGES.get(communaute.cpts.slug, ())).values_list("pk", flat=True))
    for profession, duree in DUREES.items():
        gens = professions[profession]
        for jour in range(5):
            a_domicile = profession == Profession.INFIRMIER and jour % 2
            yield Ouverture(
                gens[jour % len(gens)],
                jour,
                *APRES_MIDI,
                duree,
                modalite=Modalite.DOMICILE if a_domicile else Modalite.CABINET,
                sauf=[vide]
                if vide and profession == Profession.MASSEUR_KINESITHERAPEUTE and jour == vide.weekday()
                else [],
                partages=voisines if profession == Profession.MEDECIN else [],
            )
    yield Ouverture(medecins[5], 0, time(9), time(12), 20, origine=Origine.EXPRES)
    yield Ouverture(medecins[6], 2, time(9), time(11), 20, modalite=Modalite.DISTANCE)
    yield Ouverture(medecins[5], 5, time(8), time(12), 20)
    yield Ouverture(medecins[7], 6, time(14), time(18), 20, horaire=Horaire.PDSA)


def find_jour_vide(communaute: Communaute, aujourd_hui: date) -> date:
    """The first weekday from the day after tomorrow on without a physiotherapist on duty."""
    gardes = Garde.objects.officielles().filter(
        cpts=communaute.cpts,
        poste__profession=Profession.MASSEUR_KINESITHERAPEUTE,
        poste__jour__gt=aujourd_hui,
    )
    tenus = set(gardes.values_list("poste__jour", flat=True))
    jour = aujourd_hui + timedelta(days=2)
    while jour.weekday() >= 5 or jour in tenus:
        jour += timedelta(days=1)
    return jour


def find_professionnels(communaute: Communaute) -> dict[Profession, list[Professionnel]]:
    """Members by profession, those who have an account first: they come first in the directory of the demonstration."""
    membres = Professionnel.objects.filter(
        pk__in=Adhesion.objects.filter(cpts=communaute.cpts).values("professionnel_id")
    ).order_by("rpps")
    autres = [p for p in membres if p.profession != Profession.MEDECIN]
    return {
        Profession.MEDECIN: communaute.medecins,
        Profession.MASSEUR_KINESITHERAPEUTE: [p for p in autres if p.profession == Profession.MASSEUR_KINESITHERAPEUTE],
        Profession.INFIRMIER: [p for p in autres if p.profession == Profession.INFIRMIER],
    }


def make_lieux(communaute: Communaute, ouvertures: list[Ouverture]) -> dict[Professionnel, LieuConsultation]:
    """The place of each, copied from the directory."""
    gens = {ouverture.professionnel for ouverture in ouvertures}
    activites = {
        activite.professionnel_id: activite
        for activite in Activite.objects.filter(professionnel__in=gens).select_related("commune")
    }
    lieux = {
        professionnel: LieuConsultation(
            cpts=communaute.cpts,
            professionnel=professionnel,
            activite=activite,
            libelle=f"Cabinet de {activite.commune.nom}",
            adresse=activite.adresse,
            code_postal=activite.code_postal,
            commune=activite.commune,
            telephone=activite.telephone,
            lon=activite.lon,
            lat=activite.lat,
        )
        for professionnel in sorted(gens, key=lambda p: p.rpps)
        if (activite := activites.get(professionnel.pk))
    }
    LieuConsultation.objects.bulk_create(lieux.values())
    return lieux


def make_plages(
    communaute: Communaute,
    ouvertures: list[Ouverture],
    lieux: dict[Professionnel, LieuConsultation],
    *,
    debut: date,
    fin: date,
) -> list[Plage]:
    plages = [
        Plage(
            cpts=communaute.cpts,
            professionnel=ouverture.professionnel,
            lieu=lieux[ouverture.professionnel],
            jour=debut + timedelta(days=ouverture.jour),
            de=ouverture.de,
            a=ouverture.a,
            regle=f"FREQ=WEEKLY;BYDAY={JOURS[ouverture.jour]}",
            sauf=ouverture.sauf,
            duree=ouverture.duree,
            modalite=ouverture.modalite,
            audiences=TOUS,
            partages=ouverture.partages,
            horaire=ouverture.horaire,
            origine=ouverture.origine,
            ouverte_le=datetime.combine(debut, time(8), UTC) - timedelta(days=7),
            faite_jusque=fin,
        )
        for ouverture in ouvertures
    ]
    return Plage.objects.bulk_create(plages)


def make_creneaux(plage: Plage, fuseau: ZoneInfo, feries: Collection[date]) -> Iterator[Creneau]:
    """The slots of a weekly opening until the day up to which it is made."""
    assert plage.faite_jusque is not None
    jour = plage.jour
    while jour < plage.faite_jusque:
        if jour not in plage.sauf and jour not in feries:
            moment = datetime.combine(jour, plage.de, fuseau).astimezone(UTC)
            fin = datetime.combine(jour, plage.a, fuseau).astimezone(UTC)
            while moment < fin:
                suivant = moment + timedelta(minutes=plage.duree)
                yield _make_creneau(plage, moment, suivant)
                moment = suivant
        jour += timedelta(days=7)


def _make_creneau(plage: Plage, debut: datetime, fin: datetime) -> Creneau:
    professionnel, lieu = plage.professionnel, plage.lieu
    return Creneau(
        cpts_id=plage.cpts_id,
        plage=plage,
        professionnel=professionnel,
        lieu=lieu,
        debut=debut,
        fin=fin,
        etat=EtatCreneau.LIBRE,
        profession=professionnel.profession,
        specialite=(professionnel.savoir_faire or [""])[0],
        commune=lieu.commune_id,
        zone=lieu.commune_id[:2],
        modalite=plage.modalite,
        audiences=plage.audiences,
        horaire=plage.horaire,
        ouvert_le=max(plage.ouverte_le, debut - timedelta(days=60)),
    )
