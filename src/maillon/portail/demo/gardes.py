"""What the demonstration shows of duty: last month's roster held, this month's published, next month's in wishes."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.gardes.enums import Choix, EtatGarde, EtatTableau, OrigineGarde
from maillon.communaute.gardes.forms import name_periode
from maillon.communaute.gardes.heures import Motif
from maillon.communaute.gardes.models import ActionRefusee, Garde, Participant, Poste, Tableau, Voeu
from maillon.communaute.gardes.selectors import list_soldes
from maillon.communaute.gardes.services import (
    DonneesTableau,
    create_tableau,
    freeze_credits,
    propose_echange,
    record_constats,
)
from maillon.socle import horloge
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.journal import services as journal

from .communautes import Communaute

# Every afternoon a médecin généraliste, an infirmier and a masseur-kinésithérapeute.
PROFESSIONS = (Profession.MEDECIN, Profession.INFIRMIER, Profession.MASSEUR_KINESITHERAPEUTE)
APRES_MIDI = Motif(frozenset(range(1, 6)), time(14), time(20))
SAMEDI = Motif(frozenset({6}), time(8), time(14))
# How many of each profession take part: the demonstration loads in a second.
PARTICIPANTS = 10


def keep_rosters(communaute: Communaute, *, now: datetime) -> None:
    """Last month is held and confirmed but for its last days, this month is published with an open place and a swap
    that waits, next month asks for wishes."""
    debut = horloge.today().replace(day=1)
    mois_d_avant = (debut - timedelta(days=1)).replace(day=1)
    suivant = (debut + timedelta(days=32)).replace(day=1)
    with use_cpts(communaute.cpts.pk):
        with horloge.at(now - timedelta(days=70)):
            ancien = _prepare(communaute, mois_d_avant, debut - timedelta(days=1))
            _fill(communaute, ancien)
            _publish(ancien)
        record_constats(tableau_id=ancien.pk, garde_ids=None, by=SYSTEME)
        with horloge.at(now - timedelta(days=40)):
            courant = _prepare(communaute, debut, suivant - timedelta(days=1))
            _fill(communaute, courant)
            _leave_open(courant, now)
            _publish(courant)
        _confirm_old(courant, now)
        _offer_swap(courant, now)
        with horloge.at(now - timedelta(days=6)):
            fin = (suivant + timedelta(days=62)).replace(day=1) - timedelta(days=1)
            prochain = _prepare(communaute, suivant, fin)
            _ask_voeux(prochain, avant=horloge.today() + timedelta(days=8))
            _say_voeux(communaute, prochain, part=0.6)


def _prepare(communaute: Communaute, debut: date, fin: date) -> Tableau:
    tableau = create_tableau(
        cpts=communaute.cpts,
        donnees=DonneesTableau(
            nom=name_periode(debut, fin),
            debut=debut,
            fin=fin,
            professions=[profession.value for profession in PROFESSIONS],
            motifs=[APRES_MIDI, SAMEDI],
        ),
        by=SYSTEME,
    )
    kept: list[UUID] = []
    mine = set(_list_accounts())
    for profession in PROFESSIONS:
        own = list(tableau.participants.filter(professionnel__profession=profession).select_related("professionnel"))
        own.sort(key=lambda p: (p.professionnel.rpps not in mine, p.professionnel.rpps))
        kept += [participant.pk for participant in own[:PARTICIPANTS]]
    tableau.participants.exclude(pk__in=kept).delete()
    return tableau


def _publish(tableau: Tableau) -> None:
    """As the service does, without the mails of months ago, which nobody would read."""
    moment = horloge.now()
    freeze_credits(tableau)
    tableau.gardes.update(etat=EtatGarde.PUBLIEE, publiee_le=moment)
    Tableau.objects.filter(pk=tableau.pk).update(etat=EtatTableau.PUBLIE, publie_le=moment)
    journal.record("gardes.tableau_publie", tableau, by=SYSTEME)


def _ask_voeux(tableau: Tableau, *, avant: date) -> None:
    """The same for the mails that asked for wishes."""
    Tableau.objects.filter(pk=tableau.pk).update(etat=EtatTableau.VOEUX, voeux_avant=avant)
    tableau.participants.update(demande_le=horloge.now())
    journal.record("gardes.voeux_demandes", tableau, by=SYSTEME, avant=avant.isoformat())


def _list_accounts() -> list[str]:
    return [rpps for rpps in Compte.objects.values_list("rpps", flat=True) if rpps]


def _fill(communaute: Communaute, tableau: Tableau) -> None:
    """In turn, as communities do by hand: two months are loaded in a moment, without the solver."""
    _say_voeux(communaute, tableau, part=0.9)
    absents = {
        (voeu.participant_id, voeu.jour)
        for voeu in Voeu.objects.filter(participant__tableau=tableau, choix=Choix.INDISPONIBLE)
    }
    gardes: list[Garde] = []
    for profession in PROFESSIONS:
        people = list(tableau.participants.filter(professionnel__profession=profession))
        gardes += _take_turns(tableau, people, tableau.postes.filter(profession=profession), absents)
    Garde.objects.bulk_create(gardes)


def _take_turns(
    tableau: Tableau, people: list[Participant], postes: Iterable[Poste], absents: set[tuple[UUID, date]]
) -> list[Garde]:
    soldes = list_soldes(tableau)
    loads: Counter[UUID] = Counter({p.pk: round(sum(soldes[p.pk].values())) for p in people})
    last: dict[UUID, date] = {}
    gardes = []
    for poste in postes:
        free = [
            p for p in people if (p.pk, poste.jour) not in absents and (poste.jour - last.get(p.pk, date.min)).days > 3
        ]
        if not free:
            continue
        chosen = min(free, key=lambda p: (loads[p.pk], str(p.pk)))
        loads[chosen.pk] += 1
        last[chosen.pk] = poste.jour
        gardes.append(
            Garde(
                cpts_id=tableau.cpts_id,
                tableau=tableau,
                poste=poste,
                participant=chosen,
                professionnel_id=chosen.professionnel_id,
                debut=poste.debut,
                fin=poste.fin,
                origine=OrigineGarde.CALCUL,
            )
        )
    return gardes


def _say_voeux(communaute: Communaute, tableau: Tableau, *, part: float) -> None:
    """A week away, days liked and avoided: what people tap."""
    hasard = communaute.tirage.hasard
    jours = sorted(set(tableau.postes.values_list("jour", flat=True)))
    voeux, answered = [], []
    for participant in tableau.participants.order_by("professionnel__rpps"):
        if hasard.random() > part:
            continue
        answered.append(participant)
        participant.nom_public = hasard.random() < 0.6
        participant.repondu_le = horloge.now()
        start = hasard.randrange(len(jours))
        said = dict.fromkeys(jours[start : start + hasard.choice((0, 3, 5, 6))], Choix.INDISPONIBLE)
        for choix in (Choix.SOUHAITE, Choix.EVITE):
            for _ in range(hasard.randrange(3)):
                said.setdefault(hasard.choice(jours), choix)
        voeux += [
            Voeu(cpts_id=tableau.cpts_id, participant=participant, jour=jour, choix=choix)
            for jour, choix in said.items()
        ]
    Participant.objects.bulk_update(answered, ["nom_public", "repondu_le"])
    Voeu.objects.bulk_create(voeux)


def _leave_open(tableau: Tableau, now: datetime) -> None:
    """A kinésithérapeute is missing in a few days: what the home page says, and where volunteers are called."""
    missing = (
        tableau.gardes.filter(poste__profession=Profession.MASSEUR_KINESITHERAPEUTE, debut__gt=now + timedelta(days=2))
        .order_by("debut")
        .first()
    )
    if missing is not None:
        missing.delete()


def _confirm_old(tableau: Tableau, now: datetime) -> None:
    """Those of the last five days wait for somebody to say that they were held."""
    old = tableau.gardes.filter(etat=EtatGarde.PUBLIEE, fin__lt=now - timedelta(days=5))
    record_constats(tableau_id=tableau.pk, garde_ids=list(old.values_list("pk", flat=True)), by=SYSTEME)


def _offer_swap(tableau: Tableau, now: datetime) -> None:
    """A doctor offers a duty to one who has an account."""
    accounts = _list_accounts()
    vers = tableau.participants.filter(
        professionnel__profession=Profession.MEDECIN, professionnel__rpps__in=accounts
    ).first()
    if vers is None:
        return
    soon = tableau.gardes.filter(etat=EtatGarde.PUBLIEE, debut__gt=now + timedelta(days=1))
    for garde in soon.filter(poste__profession=Profession.MEDECIN).exclude(participant=vers).order_by("debut")[:8]:
        try:
            propose_echange(garde_id=garde.pk, vers_id=vers.pk, contre_id=None, by=SYSTEME)
        except ActionRefusee:
            continue
        return
