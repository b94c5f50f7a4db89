"""Months of requests for a médecin traitant, replayed through the services of the desk with the clock moved.

Each request is a small story that yields the moment of its next event; a heap plays all of them in order of time, so
that numbers, ranks, places and journal are those that would have been.
"""

import heapq
import random
from collections.abc import Generator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.patients.services import SaisieIdentite
from maillon.communaute.sollicitations.services import expire
from maillon.missions.medecin_traitant import services as guichet
from maillon.missions.medecin_traitant.enums import Cloture, Etat, Langue, MotifRefus, Origine
from maillon.missions.medecin_traitant.models import ActionRefusee, Capacite, Demande
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import PUBLIC, SYSTEME

from .communautes import Communaute

Histoire = Generator[datetime, None, None]

MOIS_ACTIVITE = 7
# Requests filed in the last hours, which nobody has qualified yet.
FRAICHES = 4
LANGUES = (Langue.ARABE, Langue.TURC, Langue.PORTUGAIS, Langue.ANGLAIS, Langue.UKRAINIEN)


def play_activite(communaute: Communaute, *, until: datetime) -> int:
    """Replay the requests of a community up to `until`; returns how many were filed."""
    hasard = communaute.tirage.hasard
    start = until - timedelta(days=30 * MOIS_ACTIVITE)
    with use_cpts(communaute.cpts.pk):
        _offer_places(communaute, start)
        heap: list[tuple[datetime, int, Histoire]] = []
        nombre = communaute.donnees["demandes"]
        span = (until - start).total_seconds()
        moments = sorted(start + timedelta(seconds=span * hasard.random() ** 0.85) for _ in range(nombre - FRAICHES))
        for rang, moment in enumerate(moments):
            histoire = _live(communaute, rang)
            next(histoire)
            heapq.heappush(heap, (_at_work(moment, hasard), rang, histoire))
        while heap and heap[0][0] <= until:
            moment, rang, histoire = heapq.heappop(heap)
            with horloge.at(moment):
                try:
                    suite = next(histoire)
                except StopIteration:
                    continue
            heapq.heappush(heap, (_at_work(suite, hasard), rang, histoire))
        _set_the_table(communaute, until)
    return nombre


def _set_the_table(communaute: Communaute, until: datetime) -> None:
    """What the first day finds: requests to qualify, and proposals that wait for the doctors who have an account."""
    for rang in range(FRAICHES):
        with horloge.at(until - timedelta(hours=2 + 7 * rang)):
            file_fictive(communaute, 1000 + rang)
    with horloge.at(until - timedelta(hours=1)):
        expire(cpts_id=communaute.cpts.pk)
        guichet.refresh_priorites(cpts_id=communaute.cpts.pk)
        waiting = list(Demande.objects.filter(cpts=communaute.cpts, etat=Etat.QUALIFIEE).by_rank())
        for medecin in communaute.medecins[:4]:
            guichet.update_capacite(cpts_id=communaute.cpts.pk, professionnel=medecin, places=6, by=SYSTEME)
            _propose_first(waiting, medecin)


def _propose_first(waiting: list[Demande], medecin: Professionnel) -> None:
    """Propose to this doctor the first waiting request that they have not declined, and take it out of the list."""
    for demande in waiting:
        try:
            guichet.propose_demande(demande_id=demande.pk, professionnel_ids=[medecin.pk], by=SYSTEME)
        except ActionRefusee:
            continue
        waiting.remove(demande)
        return


def _at_work(moment: datetime, hasard: random.Random) -> datetime:
    """The same moment, brought to a working day between 8 h and 19 h."""
    local = timezone.localtime(moment)
    while local.weekday() >= 5:
        local += timedelta(days=1)
    return local.replace(hour=hasard.randrange(8, 19), minute=hasard.randrange(60)).astimezone(UTC)


def _offer_places(communaute: Communaute, start: datetime) -> None:
    """Half of the doctors offer places; the first ones, who have accounts, always do."""
    hasard = communaute.tirage.hasard
    with horloge.at(start):
        for rang, medecin in enumerate(communaute.medecins):
            if rang >= 4 and hasard.random() < 0.5:
                continue
            guichet.update_capacite(
                cpts_id=communaute.cpts.pk,
                professionnel=medecin,
                places=hasard.randrange(4, 15),
                accepte_visites=hasard.random() < 0.4,
                by=SYSTEME,
            )


def _live(communaute: Communaute, rang: int) -> Histoire:
    """One request from filing to placement, as far as time allows."""
    hasard = communaute.tirage.hasard
    yield datetime.min.replace(tzinfo=UTC)  # made before its moment; filed when first played
    depot = file_fictive(communaute, rang)
    demande_id = depot.demande.pk
    yield horloge.now() + timedelta(days=hasard.uniform(0.3, 3))
    if hasard.random() < 0.05:
        motif = hasard.choice([Cloture.TROUVE_SEUL, Cloture.INJOIGNABLE, Cloture.DOUBLON])
        guichet.close_demande(demande_id=demande_id, motif=motif, by=SYSTEME)
        return
    guichet.qualify_demande(demande_id=demande_id, faits=build_faits(depot.demande), by=SYSTEME)
    for _ in range(6):
        yield horloge.now() + timedelta(days=hasard.uniform(1, 9))
        chosen = _choose(communaute)
        if not chosen:
            continue
        try:
            propositions = guichet.propose_demande(demande_id=demande_id, professionnel_ids=chosen, by=SYSTEME)
        except ActionRefusee:
            continue
        yield horloge.now() + timedelta(days=hasard.uniform(0.2, 4.5))
        accepted = False
        for proposition in propositions:
            try:
                accepted = _answer(proposition.pk, hasard)
            except ActionRefusee:
                continue
            if accepted:
                break
        if not accepted:
            yield horloge.now() + timedelta(days=5)
            expire(cpts_id=communaute.cpts.pk)
            continue
        yield horloge.now() + timedelta(days=hasard.uniform(0.2, 4))
        oui = hasard.random() < 0.93
        guichet.confirm_by_patient(demande_id=demande_id, oui=oui, by=SYSTEME)
        if oui:
            return


def _answer(proposition_id: UUID, hasard: random.Random) -> bool:
    """A doctor accepts, declines or lets the deadline pass."""
    issue = hasard.random()
    if issue < 0.62:
        guichet.accept_proposition(proposition_id=proposition_id, by=SYSTEME)
        return True
    if issue < 0.9:
        motif = hasard.choice([MotifRefus.COMPLET, MotifRefus.COMPLET, MotifRefus.TROP_LOIN, MotifRefus.VISITES])
        guichet.decline_proposition(proposition_id=proposition_id, motif=motif, by=SYSTEME)
    return False


def _choose(communaute: Communaute) -> list[UUID]:
    ids = list(
        Capacite.objects.filter(cpts=communaute.cpts)
        .with_restantes()
        .filter(restantes__gt=0)
        .order_by("pk")
        .values_list("professionnel_id", flat=True)
    )
    if not ids:
        return []
    return communaute.tirage.hasard.sample(ids, k=min(len(ids), communaute.tirage.hasard.choice([1, 1, 2])))


def build_faits(demande: object) -> guichet.FaitsSaisis:
    """The facts of a request as they were filed."""
    names = [field.name for field in fields(guichet.FaitsSaisis)]
    return guichet.FaitsSaisis(**{name: getattr(demande, name) for name in names})


def file_fictive(communaute: Communaute, rang: int) -> guichet.Depot:
    """File a request drawn by lot at the present moment; `rang` makes it unique."""
    tirage, hasard = communaute.tirage, communaute.tirage.hasard
    personne = tirage.personne()
    age = min(96, max(2, int(hasard.gauss(58, 20))))
    naissance = date(horloge.today().year - age, hasard.randrange(1, 13), hasard.randrange(1, 29))
    ald = hasard.random() < (0.55 if age > 60 else 0.25)
    ame = hasard.random() < 0.03
    origine = hasard.choice([Origine.PUBLIC, Origine.PUBLIC, Origine.PROCHE, Origine.GUICHET, Origine.PROFESSIONNEL])
    weights = [float(commune.superficie_km2 or 1) for commune in communaute.communes]
    return guichet.file_demande(
        cpts=communaute.cpts,
        identite=SaisieIdentite(
            nom=personne.nom,
            prenom=personne.prenom,
            naissance=naissance,
            telephone=tirage.telephone(),
            courriel=personne.courriel if hasard.random() < 0.6 else "",
            adresse=tirage.adresse(),
        ),
        commune_id=hasard.choices(communaute.communes, weights)[0].pk,
        annee_naissance=naissance.year,
        faits=guichet.FaitsSaisis(
            ald=ald,
            c2s=hasard.random() < 0.2,
            ame=ame,
            ne_peut_se_deplacer=age > 78 and hasard.random() < 0.4,
            grossesse=20 < age < 42 and hasard.random() < 0.05,
            sortie_hopital=hasard.random() < 0.08,
            isolement=age > 70 and hasard.random() < 0.25,
            langue=hasard.choice(LANGUES) if hasard.random() < 0.12 else Langue.FRANCAIS,
        ),
        origine=origine,
        notice_version=NOTICE_VERSION,
        cle_depot=f"demonstration-{rang}",
        by=PUBLIC if origine in (Origine.PUBLIC, Origine.PROCHE) else SYSTEME,
    )


def settle_mail() -> None:
    """Mail of the past was sent in its time."""
    Message.objects.filter(etat=EtatCourriel.A_ENVOYER).update(
        etat=EtatCourriel.ENVOYE, tentatives=1, envoye_le=F("cree_le")
    )
