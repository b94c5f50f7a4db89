"""A request for care today: filed in twenty seconds, followed until its answer, never without a next date.

Locks: the request, then its call and its solicitations, then the professional's time, then the patient.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from maillon.communaute.patients.identites import SaisieIdentite
from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.patients.services import create_patient, touch_patient
from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.enums import MotifRetrait
from maillon.communaute.sollicitations.models import ActionRefusee as SollicitationRefusee
from maillon.regles.tour import Rang, cut
from maillon.socle.comptes.models import Compte
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums import SANS_REPONSE, TRANSITIONS_DEMANDE, Besoin, EtatDemande, Modalite, Origine, Reponse
from ..models import GENRE, ActionRefusee, DemandeSoin
from ..notifications import DemandeEscaladee, DemandeRepondue, absolute
from ..permissions import GERER
from ..selectors.candidats import find_de_garde, rank_candidats
from ..selectors.reglages import get_reglages
from .acceptations import forget_acceptance

# How long the desk, the duty professional and the regulator have before the request comes up again.
ESCALADE = timedelta(minutes=15)
# A professional who accepted says the hour within this time.
HEURE = timedelta(minutes=10)
FERME = "Cet espace n’est pas ouvert dans cette communauté. Rien n’a été enregistré."


@dataclass(frozen=True, slots=True, kw_only=True)
class SaisieDemande:
    """What a request says besides the person."""

    besoin: Besoin
    profession: str
    modalite: Modalite
    commune_id: str
    avant_le: datetime
    usuel_id: UUID | None = None


def lock_demande(demande_id: UUID) -> DemandeSoin:
    """The request, locked until the transaction ends: every service that changes it comes through here first."""
    return (
        DemandeSoin.objects.select_for_update(of=("self",), no_key=True)
        .select_related("cpts", "patient", "commune", "accepte_par", "usuel")
        .get(pk=demande_id)
    )


def move(demande: DemandeSoin, etat: EtatDemande, **fields: Any) -> None:
    """Change the state by the table of transitions, with what goes with it, and save."""
    if etat not in TRANSITIONS_DEMANDE[EtatDemande(demande.etat)]:
        raise ActionRefusee(
            f"La demande {demande.reference} est «\u00a0{demande.get_etat_display()}\u00a0»\u00a0: rechargez la page."
        )
    demande.etat = etat
    save(demande, **fields)


def save(demande: DemandeSoin, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(demande, name, value)
    demande.save()
    touch_patient(patient=demande.patient)


@transaction.atomic
def file_demande(
    *,
    cpts: Cpts,
    identite: SaisieIdentite | None,
    saisie: SaisieDemande,
    origine: Origine,
    cle_depot: str,
    by: Acteur,
    patient: Patient | None = None,
) -> DemandeSoin:
    """Record a request and ask the first professionals at once. `identite` of a new person, or a known `patient`.

    The same key twice makes one request. Raises ActionRefusee when the patient rooms of the community are closed.
    """
    if not cpts.is_ouverte_aux_patients(on=today()):
        raise ActionRefusee(FERME)
    _lock_depots(cpts.pk)
    existing = DemandeSoin.objects.filter(cpts=cpts, cle_depot=cle_depot).first()
    if existing:
        return existing
    if patient is None:
        assert identite is not None
        patient = create_patient(
            cpts_id=cpts.pk,
            identite=identite,
            commune_id=saisie.commune_id,
            annee_naissance=None,
            origine="professionnel",
            notice_version=NOTICE_VERSION,
            by=by,
        )
    own = by.cpts_id == cpts.pk
    demande = DemandeSoin.objects.create(
        cpts=cpts,
        reference=_next_reference(cpts.pk),
        patient=patient,
        besoin=saisie.besoin,
        profession=saisie.profession,
        modalite=saisie.modalite,
        commune_id=saisie.commune_id,
        avant_le=saisie.avant_le,
        usuel_id=saisie.usuel_id,
        origine=origine,
        demandeur_id=by.membre_id if own else None,
        compte_id=None if own else by.compte_id,
        prochaine_le=now(),
        cle_depot=cle_depot,
    )
    journal.record("soins.demande_deposee", demande, by=by, origine=str(origine))
    ask_professionnels(demande_id=demande.pk, by=by)
    demande.refresh_from_db()
    return demande


def _lock_depots(cpts_id: UUID) -> None:
    """Filings of a community wait for each other: a number each, and one request a key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"soins-depot:{cpts_id}"])


def _next_reference(cpts_id: UUID) -> str:
    """The next number of this year, under the lock of the filings."""
    prefix = f"SD-{today().year}-"
    last = (
        DemandeSoin.objects.filter(cpts_id=cpts_id, reference__gte=prefix, reference__lt=f"{prefix}A")
        .order_by("-reference")
        .values_list("reference", flat=True)
        .first()
    )
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:05d}"


# Asking


@transaction.atomic
def ask_professionnels(*, demande_id: UUID, by: Acteur) -> bool:
    """Ask those who were not asked yet: the usual professional, then waves by distance and by turn. False, and the
    request escalates, when nobody is left."""
    demande = lock_demande(demande_id)
    if demande.etat not in SANS_REPONSE or demande.etat == EtatDemande.ACCEPTEE:
        raise ActionRefusee(f"La demande {demande.reference} ne cherche plus personne\u00a0: rechargez la page.")
    reglages = get_reglages(demande.cpts_id)
    vagues = [[make_cible(rang) for rang in vague] for vague in cut(rank_candidats(demande), reglages.par_vague)]
    if not vagues:
        escalate(demande, by=by)
        return False
    delai = timedelta(minutes=reglages.vague_minutes)
    try:
        sollicitations.solicit(genre=GENRE, objet=demande, vagues=vagues, delai=delai, by=by)
    except SollicitationRefusee as refus:
        raise ActionRefusee(str(refus)) from refus
    return True


def make_cible(rang: Rang) -> sollicitations.Cible:
    """Why this one, in numbers that say nothing of the person."""
    one = rang.pressenti
    facts = {
        "minutes": one.minutes,
        "sollicitations": one.sollicitations,
        "acceptations": one.acceptations,
        "usuel": rang.usuel,
    }
    return sollicitations.Cible(UUID(one.cle), facts)


def escalate(demande: DemandeSoin, *, by: Acteur) -> None:
    """Nobody could: the request goes to the duty professional, to the desk and to the regulators of the territory, and
    comes up again. The request is locked by the caller."""
    fields = {"escaladee_le": demande.escaladee_le or now(), "prochaine_le": now() + ESCALADE}
    if demande.etat == EtatDemande.ESCALADEE:
        save(demande, **fields)
    else:
        move(demande, EtatDemande.ESCALADEE, **fields)
    journal.record("soins.demande_escaladee", demande, by=by)
    enqueue("soins.garde", cpts_id=demande.cpts_id, once=f"soins.garde:{demande.pk}", demande_id=str(demande.pk))
    warn_guichet(demande)


def warn_guichet(demande: DemandeSoin) -> None:
    """A mail to each person of the desk, once an hour."""
    occasion = f"{now():%Y%m%d%H}"
    lien = absolute("demande", demande.cpts.slug, demande.pk)
    roles = sorted(role.value for role in GERER.roles)
    desk = Membre.objects.filter(cpts_id=demande.cpts_id, actif=True, roles__overlap=roles).select_related("compte")
    for membre in desk:
        DemandeEscaladee(cpts=demande.cpts, objet_id=demande.pk, lien=lien).queue(
            to=membre.compte.email, occasion=f"{membre.pk}:{occasion}"
        )


@transaction.atomic
def ask_de_garde(*, demande_id: UUID, by: Acteur = SYSTEME) -> int:
    """Ask whoever is on duty now, even when they were asked before without answering. Returns how many were asked."""
    demande = lock_demande(demande_id)
    if demande.etat != EtatDemande.ESCALADEE:
        return 0
    on_duty = find_de_garde(demande.cpts_id, demande.profession, now())
    cibles = [sollicitations.Cible(pk, {"garde": True}) for pk in on_duty]
    asked = 0
    for cible in cibles:
        try:
            with transaction.atomic():
                delai = timedelta(minutes=get_reglages(demande.cpts_id).vague_minutes)
                sollicitations.solicit(genre=GENRE, objet=demande, vagues=[[cible]], delai=delai, by=by)
                asked += 1
        except SollicitationRefusee:  # asked already, or declined
            continue
    return asked


# Answering


@transaction.atomic
def answer_demande(*, demande_id: UUID, reponse: Reponse, by: Acteur) -> DemandeSoin:
    """The person was told something else than an appointment: the delay stops, nobody is asked any more."""
    demande = lock_demande(demande_id)
    if reponse == Reponse.RENDEZ_VOUS:
        raise ActionRefusee("Donnez le rendez-vous\u00a0: la réponse s’enregistre avec lui.")
    if demande.etat == EtatDemande.ORIENTEE and demande.reponse == reponse:
        return demande
    sollicitations.close_appel(genre=GENRE, objet=demande, motif=MotifRetrait.CLOTURE, by=by)
    forget_acceptance(demande, by)
    finish(demande, EtatDemande.ORIENTEE, reponse, by=by)
    return demande


def finish(demande: DemandeSoin, etat: EtatDemande, reponse: Reponse, *, by: Acteur) -> None:
    """The request has its answer, with its moment; who filed it is told. Locked by the caller."""
    move(demande, etat, repondue_le=now(), reponse=reponse, prochaine_le=None)
    delai = int((now() - demande.deposee_le).total_seconds() // 60)
    journal.record("soins.demande_repondue", demande, by=by, reponse=str(reponse), minutes=delai)
    enqueue("pilotage.rafraichir", cpts_id=demande.cpts_id, once=f"pilotage.rafraichir:{demande.cpts_id}")
    if (adresse := _find_demandeur(demande, by)) is not None:
        DemandeRepondue(cpts=demande.cpts, objet_id=demande.pk, lien=adresse.lien).queue(
            to=adresse.courriel, occasion=f"{demande.repondue_le:%Y%m%d%H%M%S}"
        )


@dataclass(frozen=True, slots=True)
class _Adresse:
    courriel: str
    lien: str


def _find_demandeur(demande: DemandeSoin, by: Acteur) -> _Adresse | None:
    """Where to write to who filed it, unless they are the one who answers."""
    if demande.demandeur_id and demande.demandeur_id != by.membre_id:
        membre = Membre.objects.select_related("compte").get(pk=demande.demandeur_id)
        return _Adresse(membre.compte.email, absolute("demande", demande.cpts.slug, demande.pk))
    if demande.compte_id and demande.compte_id != by.compte_id:
        compte = Compte.objects.filter(pk=demande.compte_id, is_active=True).first()
        return _Adresse(compte.email, absolute("regulation_demande", demande.pk)) if compte else None
    return None


@transaction.atomic
def cancel_demande(*, demande_id: UUID, by: Acteur) -> DemandeSoin:
    """Who asked needs it no more: whoever was asked is released."""
    demande = lock_demande(demande_id)
    if demande.etat == EtatDemande.ANNULEE:
        return demande
    sollicitations.close_appel(genre=GENRE, objet=demande, motif=MotifRetrait.CLOTURE, by=by)
    forget_acceptance(demande, by)
    move(demande, EtatDemande.ANNULEE, prochaine_le=None)
    journal.record("soins.demande_annulee", demande, by=by)
    return demande


@transaction.atomic
def reopen_demande(*, demande_id: UUID, by: Acteur) -> DemandeSoin:
    """Answered or cancelled by mistake, or the professional cannot any more: it is sought again, its delay still
    counted from its filing."""
    demande = lock_demande(demande_id)
    if demande.etat in SANS_REPONSE:
        return demande
    sollicitations.close_appel(genre=GENRE, objet=demande, motif=MotifRetrait.REOUVERTURE, by=by)
    forget_acceptance(demande, by)
    move(
        demande,
        EtatDemande.OUVERTE,
        repondue_le=None,
        reponse="",
        escaladee_le=None,
        prochaine_le=now(),
    )
    journal.record("soins.demande_rouverte", demande, by=by)
    ask_professionnels(demande_id=demande.pk, by=by)
    demande.refresh_from_db()
    return demande
