"""The requests of the demonstration, replayed against the slots that were open: who found one at once, who was found an
answer, how long it took, who was asked and why some declined."""

import hashlib
import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.models import Patient, RelationSoin
from maillon.communaute.sollicitations.enums import EtatAppel, EtatSollicitation, MotifRetrait
from maillon.communaute.sollicitations.models import Appel, Sollicitation
from maillon.missions.soins_non_programmes.enums import (
    Besoin,
    EtatCreneau,
    EtatDemande,
    EtatRendezVous,
    Horaire,
    MotifAnnulation,
    MotifRefus,
    Origine,
    Reponse,
)
from maillon.missions.soins_non_programmes.models import GENRE, Creneau, DemandeSoin, RendezVous
from maillon.missions.soins_non_programmes.services.creneaux import insert_creneaux
from maillon.regles.horaires import Moment
from maillon.socle import horloge
from maillon.socle.cpts.models import Cpts

# Requests of a weekday by profession, and how they come over the hours: the end of the afternoon asks most.
PAR_JOUR = {Profession.MEDECIN: 12.0, Profession.MASSEUR_KINESITHERAPEUTE: 1.6, Profession.INFIRMIER: 2.4}
HEURES = {8: 3, 9: 5, 10: 6, 11: 5, 12: 1, 13: 2, 14: 6, 15: 7, 16: 10, 17: 17, 18: 13, 19: 5}
POIDS_DU_JOUR = (1.35, 1.0, 0.9, 1.0, 1.15, 0.35, 0.0)
ORIGINES = {Origine.PHARMACIE: 38, Origine.REGULATION: 30, Origine.GUICHET: 18, Origine.PROFESSIONNEL: 14}
BESOINS = {
    Profession.MEDECIN: Besoin.CONSULTATION,
    Profession.MASSEUR_KINESITHERAPEUTE: Besoin.KINESITHERAPIE,
    Profession.INFIRMIER: Besoin.SOIN_INFIRMIER,
}
# What is answered when no slot serves.
AUTRES_REPONSES = {Reponse.ACCUEIL: 5, Reponse.REGULATION: 3, Reponse.AILLEURS: 2, Reponse.CONSEIL: 3}
REFUS = {MotifRefus.COMPLET: 10, MotifRefus.ABSENT: 4, MotifRefus.TROP_LOIN: 3, MotifRefus.AUTRE: 1}
DELAI_VAGUE = timedelta(minutes=10)
TROUVE_SEUL = 0.85


@dataclass(slots=True)
class Offre:
    """The slots of a community in order of time, and what is replayed on them."""

    cpts: Cpts
    fuseau: ZoneInfo
    creneaux: list[Creneau]
    patients: list[Patient]
    hasard: random.Random
    rendez_vous: list[RendezVous] = field(default_factory=list)
    demandes: list[DemandeSoin] = field(default_factory=list)
    appels: list[Appel] = field(default_factory=list)
    sollicitations: list[Sollicitation] = field(default_factory=list)
    par_profession: dict[str, list[Creneau]] = field(default_factory=lambda: defaultdict(list))
    auteurs: dict[str, dict[str, UUID]] = field(default_factory=dict)
    gens: dict[str, list[Professionnel]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for creneau in self.creneaux:
            if creneau.horaire == Horaire.MISSION:
                self.par_profession[creneau.profession].append(creneau)
        for profession, creneaux in self.par_profession.items():
            for creneau in {creneau.plage_id: creneau for creneau in creneaux}.values():
                if creneau.professionnel not in self.gens[profession]:
                    self.gens[profession].append(creneau.professionnel)

    def find_libre(self, profession: str, apres: datetime, avant: datetime) -> Creneau | None:
        """The first free slot of the profession that begins in [apres, avant[."""
        offerts = self.par_profession[profession]
        rang = bisect_left(offerts, apres, key=lambda creneau: creneau.debut)
        for creneau in islice(offerts, rang, None):
            if creneau.debut >= avant:
                break
            if creneau.etat == EtatCreneau.LIBRE:
                return creneau
        return None

    def draw(self, poids: Mapping[Any, int]) -> Any:
        return self.hasard.choices(list(poids), list(poids.values()))[0]


def hash_facts(*facts: object) -> str:
    """The hash that stands for the evidence of a fictitious act."""
    return hashlib.sha256("|".join(str(fact) for fact in facts).encode()).hexdigest()


def replay(offre: Offre, *, debut: date, now: datetime) -> None:
    """Every request from `debut` up to now, then everything is written."""
    for profession, moment in sorted(_arrive(offre, debut, now), key=lambda arrivee: arrivee[1]):
        _receive(offre, profession, moment, now)
    _settle(offre, now)
    _open_identites(offre, now)
    _write_creneaux(offre)
    DemandeSoin.objects.bulk_create(offre.demandes)
    RendezVous.objects.bulk_create(offre.rendez_vous, batch_size=2000)
    Appel.objects.bulk_create(offre.appels)
    Sollicitation.objects.bulk_create(offre.sollicitations, batch_size=2000)


def _arrive(offre: Offre, debut: date, now: datetime) -> Iterable[tuple[Profession, datetime]]:
    """When people ask, day after day."""
    hasard = offre.hasard
    jour = debut
    while (minuit := datetime.combine(jour, time(), offre.fuseau)) <= now:
        for profession, moyenne in PAR_JOUR.items():
            attendu = moyenne * POIDS_DU_JOUR[jour.weekday()]
            for _ in range(int(attendu + hasard.random() * 1.8)):
                heure = hasard.choices(list(HEURES), list(HEURES.values()))[0]
                moment = minuit.replace(hour=heure, minute=hasard.randrange(60)).astimezone(UTC)
                if moment <= now - timedelta(minutes=90):
                    yield profession, moment
        jour += timedelta(days=1)


def _receive(offre: Offre, profession: Profession, moment: datetime, now: datetime) -> None:
    """A slot is taken at once when whoever asks finds one within eight hours; otherwise it becomes a request."""
    creneau = offre.find_libre(profession, moment + timedelta(minutes=15), moment + timedelta(hours=8))
    if creneau is not None and offre.hasard.random() < TROUVE_SEUL:
        _book(offre, creneau, moment, str(offre.draw(ORIGINES)))
        return
    _ask(offre, profession, moment, now)


def _book(
    offre: Offre, creneau: Creneau, moment: datetime, origine: str, demande: DemandeSoin | None = None
) -> RendezVous:
    """One appointment; one in twenty-five is cancelled, and its slot is free again."""
    patient = demande.patient if demande else offre.hasard.choice(offre.patients)
    rendez_vous = RendezVous(
        cpts=offre.cpts,
        creneau=creneau,
        patient=patient,
        demande=demande,
        etat=EtatRendezVous.CONFIRME,
        origine=origine,
        **offre.auteurs.get(origine, {}),
        cle_depot=f"demo-rendez-vous-{len(offre.rendez_vous)}",
        pris_le=moment,
        confirme_le=moment,
    )
    offre.rendez_vous.append(rendez_vous)
    annule_le = moment + (creneau.debut - moment) / 2
    if demande is None and offre.hasard.random() < 0.04:
        rendez_vous.etat, rendez_vous.annule_le = EtatRendezVous.ANNULE, annule_le
        rendez_vous.motif_annulation = offre.hasard.choice([MotifAnnulation.PATIENT, MotifAnnulation.AUTRE_SOLUTION])
    else:
        creneau.etat = EtatCreneau.RESERVE
    return rendez_vous


def _ask(offre: Offre, profession: Profession, moment: datetime, now: datetime) -> None:
    """A request that waits for its answer, at most a day; one in thirty is called off by whoever asked."""
    hasard = offre.hasard
    numero = len(offre.demandes)
    patient = hasard.choice(offre.patients)
    demande = DemandeSoin(
        cpts=offre.cpts,
        reference=f"SD-{moment.year}-{numero + 1:05d}",
        patient=patient,
        besoin=BESOINS[profession],
        profession=profession,
        commune_id=patient.commune_id,
        avant_le=moment + timedelta(hours=24),
        origine=str(offre.draw(ORIGINES)),
        deposee_le=moment,
        cle_depot=f"demo-demande-{numero}",
    )
    offre.demandes.append(demande)
    if hasard.random() < 1 / 30:
        demande.etat = EtatDemande.ANNULEE
        return
    minutes = min(hasard.lognormvariate(3.2, 0.8), 20 * 60)
    escaladee = hasard.random() < 0.06
    if escaladee:
        demande.escaladee_le = moment + timedelta(minutes=30)
        minutes += hasard.randrange(60, 2400)
    repondue_le = min(moment + timedelta(minutes=minutes), now - timedelta(minutes=1))
    creneau = offre.find_libre(profession, repondue_le + timedelta(minutes=10), moment + timedelta(hours=24))
    demande.repondue_le = repondue_le
    if creneau is not None and not escaladee:
        demande.etat, demande.reponse = EtatDemande.POURVUE, Reponse.RENDEZ_VOUS
        demande.accepte_par = creneau.professionnel
        _book(offre, creneau, repondue_le, demande.origine, demande)
    else:
        demande.etat, demande.reponse = EtatDemande.ORIENTEE, str(offre.draw(AUTRES_REPONSES))
    demande.empreinte = hash_facts(demande.pk, demande.etat, repondue_le.isoformat())
    _solicit(offre, demande, taken=demande.etat == EtatDemande.POURVUE)


def _solicit(offre: Offre, demande: DemandeSoin, *, taken: bool) -> None:
    """Whom the cascade asked before the answer: some declined, some were silent, the last one said yes."""
    hasard = offre.hasard
    assert demande.repondue_le is not None
    gens = [p for p in offre.gens[demande.profession] if p != demande.accepte_par]
    asked = hasard.sample(gens, k=min(len(gens), hasard.randrange(1, 4)))
    appel = Appel(
        cpts=offre.cpts,
        genre=GENRE,
        objet_id=demande.pk,
        etat=EtatAppel.CLOS,
        delai=DELAI_VAGUE,
        vague=1,
        ouvert_le=demande.deposee_le,
        clos_le=demande.repondue_le,
    )
    offre.appels.append(appel)
    for rang, professionnel in enumerate([*asked, *([demande.accepte_par] if taken else [])], start=1):
        accepted = professionnel == demande.accepte_par
        refused = not accepted and hasard.random() < 0.55
        offre.sollicitations.append(
            Sollicitation(
                cpts=offre.cpts,
                appel=appel,
                professionnel=professionnel,
                vague=1,
                rang=rang,
                etat=EtatSollicitation.ACCEPTEE
                if accepted
                else EtatSollicitation.REFUSEE
                if refused
                else EtatSollicitation.RETIREE
                if taken
                else EtatSollicitation.EXPIREE,
                motif_refus=str(offre.draw(REFUS)) if refused else "",
                motif_retrait=MotifRetrait.AUTRE if taken and not accepted and not refused else "",
                envoyee_le=demande.deposee_le,
                expire_le=demande.deposee_le + DELAI_VAGUE,
                repondue_le=demande.repondue_le if accepted or refused else None,
            )
        )


def _settle(offre: Offre, now: datetime) -> None:
    """Who came, who did not: one in sixteen is missed. What has not begun, or was not said yet, stays confirmed."""
    for rendez_vous in offre.rendez_vous:
        creneau = rendez_vous.creneau
        if rendez_vous.etat != EtatRendezVous.CONFIRME or creneau.fin > now - timedelta(hours=2):
            continue
        rendez_vous.etat = EtatRendezVous.ABSENT if offre.hasard.random() < 1 / 16 else EtatRendezVous.HONORE
        rendez_vous.constate_le = creneau.fin
        rendez_vous.empreinte = hash_facts(rendez_vous.pk, rendez_vous.etat, creneau.debut.isoformat())


def _open_identites(offre: Offre, now: datetime) -> None:
    """Who receives, or received of late, knows whom."""
    recents = {
        (rendez_vous.patient_id, rendez_vous.creneau.professionnel.rpps): rendez_vous.pris_le
        for rendez_vous in offre.rendez_vous
        if rendez_vous.etat != EtatRendezVous.ANNULE and rendez_vous.creneau.debut > now - timedelta(days=14)
    }
    known = set(RelationSoin.objects.filter(cpts=offre.cpts, jusque=None).values_list("patient_id", "rpps"))
    RelationSoin.objects.bulk_create(
        RelationSoin(cpts=offre.cpts, patient_id=patient_id, rpps=rpps, depuis=le.date(), motif="rendez-vous")
        for (patient_id, rpps), le in recents.items()
        if patient_id and (patient_id, rpps) not in known
    )


def _write_creneaux(offre: Offre) -> None:
    """The slots as the service writes them, opening by opening, then each appointment on its own."""
    par_plage: dict[UUID | None, list[Creneau]] = defaultdict(list)
    for creneau in offre.creneaux:
        par_plage[creneau.plage_id].append(creneau)
    for creneaux in par_plage.values():
        plage = creneaux[0].plage
        assert plage is not None
        with horloge.at(plage.ouverte_le):
            insert_creneaux(
                plage, [(Moment(c.debut, c.fin), Horaire(c.horaire), EtatCreneau(c.etat)) for c in creneaux]
            )
    cles = Creneau.objects.filter(cpts=offre.cpts).values_list("professionnel_id", "debut", "pk")
    connus = {(professionnel_id, debut): pk for professionnel_id, debut, pk in cles.order_by()}
    for rendez_vous in offre.rendez_vous:
        creneau = rendez_vous.creneau
        rendez_vous.creneau_id = connus[creneau.professionnel_id, creneau.debut]
