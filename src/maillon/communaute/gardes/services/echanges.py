"""Duties pass from one to another: offered to a colleague, given up, taken. The rules are checked at each step."""

from uuid import UUID

from django.db import transaction

from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.journal.models import Entree

from ..enums import EtatEchange, EtatGarde, EtatTableau, GenreEchange, OrigineGarde
from ..models import ActionRefusee, Echange, Garde, Participant, Poste, Tableau
from ..notifications import EchangePropose, EchangeRepondu, GardeAReprendre, absolute
from .ajustements import check_regles, end_garde, write_garde
from .commun import (
    close_call,
    get_own_participant,
    lock_professionnels,
    lock_tableau,
    lock_tableau_of,
    refuse_in_french,
)
from .envois import create_lien_miennes

LIEN_ECHANGE = "gardes.echange"
CEDEE = "gardes.cedee"
DEJA = {
    EtatEchange.ACCEPTE: "Cette proposition est déjà acceptée.",
    EtatEchange.REFUSE: "Cette proposition est déjà refusée.",
    EtatEchange.RETIRE: "Cette proposition n’attend plus de réponse.",
}


@transaction.atomic
def propose_echange(*, garde_id: UUID, vers_id: UUID, contre_id: UUID | None, by: Acteur) -> Echange:
    """Offer a duty to a colleague, against one of theirs or not; they get a link that one touch answers.

    Raises ActionRefusee when a rule would be broken on either side, or the duty has begun.
    """
    tableau, garde = lock_tableau_of(garde_id)
    vers = Participant.objects.select_related("personne", "professionnel").get(pk=vers_id, tableau=tableau)
    contre = _get_contre(contre_id, vers) if contre_id else None
    _check(tableau, garde, vers, contre)
    with refuse_in_french():
        echange = Echange.objects.create(
            cpts_id=tableau.cpts_id,
            genre=GenreEchange.ECHANGE if contre else GenreEchange.REPRISE,
            garde=garde,
            vers=vers,
            contre=contre,
        )
    journal.record("gardes.echange_propose", garde, by=by, genre=echange.genre)
    jeton = create_lien(but=LIEN_ECHANGE, cpts_id=tableau.cpts_id, objet_id=echange.pk, expire_le=garde.debut)
    EchangePropose(
        cpts=tableau.cpts,
        objet_id=echange.pk,
        lien=absolute("gardes_lien_echange", jeton=jeton),
        personne=vers.personne,
    ).queue(to=vers.personne.courriel)
    return echange


def _get_contre(contre_id: UUID, vers: Participant) -> Garde:
    found = Garde.objects.select_related("poste", "participant__personne").filter(pk=contre_id, participant=vers)
    contre = found.first()
    if contre is None:
        raise ActionRefusee("Cette garde n’est plus celle de votre collègue\u00a0: choisissez-en une autre.")
    return contre


def _check(tableau: Tableau, garde: Garde, vers: Participant, contre: Garde | None) -> None:
    """Raise ActionRefusee unless both may hold what they would."""
    if tableau.etat != EtatTableau.PUBLIE:
        raise ActionRefusee("Les gardes s’échangent une fois le tableau publié.")
    for one in (garde, contre):
        if one is not None and (one.etat != EtatGarde.PUBLIEE or one.debut <= now()):
            raise ActionRefusee("Une garde commencée ou retirée ne s’échange plus.")
    if vers.pk == garde.participant_id:
        raise ActionRefusee("Cette garde est déjà la sienne.")
    lock_professionnels([vers.professionnel_id, garde.professionnel_id])
    raisons = check_regles(tableau, vers, garde.poste, contre=contre.poste if contre else None)
    if raisons:
        raise ActionRefusee(f"Cette garde ne peut pas passer à {vers.personne}\u00a0: {raisons}.")
    if contre is not None:
        raisons = check_regles(tableau, garde.participant, contre.poste, contre=garde.poste)
        if raisons:
            raise ActionRefusee(f"L’autre garde ne peut pas passer à {garde.participant.personne}\u00a0: {raisons}.")


def _take(echange_id: UUID) -> tuple[Tableau, Echange]:
    """The roster, then the offer, locked. Raises ActionRefusee when it was answered."""
    seen = Echange.objects.values_list("garde__tableau", flat=True).get(pk=echange_id)
    tableau = lock_tableau(seen)
    echange = (
        Echange.objects.select_for_update(of=("self",))
        .select_related(
            "garde__poste",
            "garde__participant__personne",
            "vers__personne",
            "vers__professionnel",
            "contre__poste",
            "contre__participant__personne",
        )
        .get(pk=echange_id)
    )
    if echange.etat != EtatEchange.PROPOSE:
        raise ActionRefusee(DEJA[EtatEchange(echange.etat)])
    return tableau, echange


@transaction.atomic
def accept_echange(*, echange_id: UUID, by: Acteur) -> Echange:
    """The colleague says yes: the duties change hands at once. Raises ActionRefusee when a rule forbids it by now."""
    tableau, echange = _take(echange_id)
    garde, vers, contre = echange.garde, echange.vers, echange.contre
    _check(tableau, garde, vers, contre)
    answer(echange, EtatEchange.ACCEPTE, by=by)
    donneur = garde.participant
    _end_pair(garde, contre)
    nouvelle = write_garde(tableau, garde.poste, vers, origine=OrigineGarde.ECHANGE)
    _link(garde, nouvelle)
    if contre is not None:
        _link(contre, write_garde(tableau, contre.poste, donneur, origine=OrigineGarde.ECHANGE))
    _tell(tableau, echange, accepte=True)
    return echange


def _end_pair(garde: Garde, contre: Garde | None) -> None:
    end_garde(garde)
    if contre is not None:
        end_garde(contre)


def _link(ancienne: Garde, nouvelle: Garde) -> None:
    ancienne.remplacee_par = nouvelle
    ancienne.save(update_fields=["remplacee_par"])


def answer(echange: Echange, etat: EtatEchange, *, by: Acteur) -> None:
    """Write an answer; the link stops."""
    echange.etat, echange.repondu_le = etat, now()
    echange.save(update_fields=["etat", "repondu_le"])
    revoke_liens(but=LIEN_ECHANGE, objet_id=echange.pk)
    journal.record("gardes.echange_repondu", echange.garde, by=by, etat=str(etat))


def _tell(tableau: Tableau, echange: Echange, *, accepte: bool) -> None:
    donneur = echange.garde.participant
    EchangeRepondu(
        cpts=tableau.cpts,
        objet_id=echange.pk,
        lien=create_lien_miennes(tableau, donneur),
        personne=donneur.personne,
        accepte=accepte,
    ).queue(to=donneur.personne.courriel)


@transaction.atomic
def refuse_echange(*, echange_id: UUID, by: Acteur) -> Echange:
    """The colleague says no: the duty stays where it is."""
    tableau, echange = _take(echange_id)
    answer(echange, EtatEchange.REFUSE, by=by)
    _tell(tableau, echange, accepte=False)
    return echange


@transaction.atomic
def withdraw_echange(*, echange_id: UUID, by: Acteur) -> Echange:
    """Who offered takes it back."""
    _, echange = _take(echange_id)
    answer(echange, EtatEchange.RETIRE, by=by)
    return echange


@transaction.atomic
def give_up(*, garde_id: UUID, by: Acteur) -> Garde:
    """Somebody cannot hold a duty: its place opens to the others, the community is told. Raises ActionRefusee for one
    that has begun."""
    tableau, garde = lock_tableau_of(garde_id)
    end_garde(garde)
    journal.record(CEDEE, garde, by=by)
    GardeAReprendre(
        cpts=tableau.cpts,
        objet_id=garde.pk,
        lien=absolute("gardes_poste", slug=tableau.cpts.slug, poste_id=garde.poste_id),
    ).queue(to=tableau.cpts.courriel)
    return garde


@transaction.atomic
def undo_give_up(*, garde_id: UUID, by: Acteur) -> Garde:
    """Take back at once what was given up, while nobody has it. Raises ActionRefusee otherwise, for a duty that was
    withdrawn or changed hands in another way, and when a rule forbids it by now."""
    tableau, garde = lock_tableau_of(garde_id)
    ceded = Entree.objects.filter(cpts_id=garde.cpts_id, objet_id=garde.pk, evenement=CEDEE)
    if garde.etat != EtatGarde.RETIREE or garde.remplacee_par_id or garde.debut <= now() or not ceded.exists():
        raise ActionRefusee("Cette garde ne peut plus vous revenir.")
    if raisons := check_regles(tableau, garde.participant, garde.poste):
        raise ActionRefusee(f"Cette garde ne peut plus vous revenir\u00a0: {raisons}.")
    nouvelle = write_garde(tableau, garde.poste, garde.participant, origine=OrigineGarde.REPRISE)
    _link(garde, nouvelle)
    journal.record("gardes.reprise", nouvelle, by=by)
    close_call(garde.poste, by=by)
    return nouvelle


@transaction.atomic
def take_ouverte(*, poste_id: UUID, by: Acteur) -> Garde:
    """Somebody takes an open place of a published roster. The first who does has it. Raises ActionRefusee with every
    rule that it would break."""
    tableau = lock_tableau(Poste.objects.values_list("tableau", flat=True).get(pk=poste_id))
    participant = get_own_participant(tableau, by)
    poste = Poste.objects.get(pk=poste_id)
    if tableau.etat != EtatTableau.PUBLIE or poste.debut <= now():
        raise ActionRefusee("Cette garde n’est plus à prendre.")
    raisons = check_regles(tableau, participant, poste)
    if raisons:
        raise ActionRefusee(f"Vous ne pouvez pas prendre cette garde\u00a0: {raisons}.")
    garde = write_garde(tableau, poste, participant, origine=OrigineGarde.REPRISE)
    journal.record("gardes.prise", garde, by=by)
    close_call(poste, by=by)
    return garde
