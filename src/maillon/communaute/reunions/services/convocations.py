"""Convoking a meeting, gathering answers, reminding; the rules of the bodies."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.ui.typographie import format_date

from ..codes import is_ouverte
from ..documents import write_convocation_pdf
from ..enums import SANS_CONVOCATION, Envoi, Etat, Majorite, Reponse, TypeReunion
from ..models import ActionRefusee, Convocation, Participation, ReglesInstance, Reunion, Sondage
from ..permissions import VOIR
from ..selectors.convocations import PlanConvocation, plan_convocation
from .commun import check_transition, lock
from .envois import ask_envoi
from .sondages import remind_sondage

RELANCER_AVANT = timedelta(days=5)
RELANCER_APRES = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DonneesRegles:
    """What the statutes say of a body, as they are typed."""

    preavis_jours: int
    quorum_numerateur: int
    quorum_denominateur: int
    pouvoirs_max: int
    majorite: Majorite
    seconde_sans_quorum: bool
    seconde_preavis_jours: int


@transaction.atomic
def set_regles(*, cpts_id: UUID, type_reunion: TypeReunion, donnees: DonneesRegles, by: Acteur) -> ReglesInstance:
    """Keep what the statutes say of a body; meetings already convoked keep the rules of their convocation."""
    valeurs = {nom: getattr(donnees, nom) for nom in DonneesRegles.__slots__}
    regles, _ = ReglesInstance.objects.update_or_create(
        cpts_id=cpts_id, type=type_reunion, defaults=valeurs | {"confirmees_le": today()}
    )
    journal.record("reunions.regles", regles, by=by, instance=str(type_reunion))
    return regles


@transaction.atomic
def convoke_reunion(*, reunion_id: UUID, by: Acteur, motif_delai: str = "") -> Convocation:
    """Convoke: voices are frozen, the document is kept, everybody on the list is written to.

    Raises ActionRefusee without date or people, and when the notice of the body is too short and `motif_delai` empty.
    """
    reunion = lock(reunion_id)
    check_transition(reunion, Etat.CONVOQUEE)
    if reunion.debut is None:
        raise ActionRefusee("Choisissez d’abord une date.")
    if reunion.debut <= now():
        raise ActionRefusee("Cette date est passée : changez-la avant de convoquer.")
    plan = plan_convocation(reunion)
    if not plan.invites:
        raise ActionRefusee("Invitez d’abord des personnes : il n’y a personne à convoquer.")
    if plan.hors_delai and not motif_delai:
        raise ActionRefusee(
            f"Les règles demandent {plan.preavis_jours} jours : il fallait convoquer avant le "
            f"{format_date(plan.limite)}. Changez la date, ou dites pourquoi le délai est réduit."
        )
    Participation.objects.filter(reunion=reunion).update(votant=False)
    Participation.objects.filter(pk__in=plan.votants).update(votant=True)
    reunion.etat, reunion.convoquee_le = Etat.CONVOQUEE, now()
    reunion.save(update_fields=["etat", "convoquee_le"])
    Sondage.objects.filter(reunion=reunion, clos_le=None).update(clos_le=now())
    convocation = _keep_convocation(reunion, plan, motif_delai, by=by)
    ask_envoi(reunion, Envoi.CONVOCATION)
    journal.record(
        "reunions.convoquee",
        reunion,
        by=by,
        convoques=plan.invites,
        votants=len(plan.votants),
        hors_delai=plan.hors_delai,
    )
    return convocation


@transaction.atomic
def open_sans_convocation(*, reunion_id: UUID, motif: str, by: Acteur) -> Convocation:
    """Let a board or a bureau that met without being convoked vote, all its voices being there or represented.

    Nobody is written to. The absence of one voice is enough to stop a vote, because that person was told of nothing;
    `motif` is what the statutes say. Raises ActionRefusee for an assembly, before the meeting, or once it is over.
    """
    reunion = lock(reunion_id)
    if reunion.type not in SANS_CONVOCATION:
        raise ActionRefusee("Une assemblée générale ne vote que si ses membres ont été convoqués.")
    check_transition(reunion, Etat.CONVOQUEE)
    if reunion.debut is None or reunion.fin is None or not is_ouverte(reunion.debut, reunion.fin, now()):
        raise ActionRefusee("Cela se fait pendant la réunion. Avant elle, convoquez-la ; après elle, on n’y vote plus.")
    if not motif.strip():
        raise ActionRefusee("Dites quel article des statuts permet de délibérer sans convocation.")
    plan = plan_convocation(reunion)
    if not plan.votants:
        raise ActionRefusee("Personne n’a de voix dans cette réunion : ajoutez d’abord les membres de l’instance.")
    assert plan.regles is not None
    Participation.objects.filter(reunion=reunion).update(votant=False)
    Participation.objects.filter(pk__in=plan.votants).update(votant=True)
    reunion.etat, reunion.convoquee_le = Etat.CONVOQUEE, now()
    reunion.save(update_fields=["etat", "convoquee_le"])
    Sondage.objects.filter(reunion=reunion, clos_le=None).update(clos_le=now())
    convocation = Convocation.objects.create(
        cpts_id=reunion.cpts_id,
        reunion=reunion,
        le=now(),
        convoques=plan.invites,
        preavis_jours=0,
        quorum_numerateur=1,
        quorum_denominateur=1,
        pouvoirs_max=plan.regles.pouvoirs_max,
        majorite=plan.regles.majorite,
        hors_delai=True,
        motif_delai=f"Réunie sans convocation : {motif.strip()}"[:300],
        regles_confirmees=plan.regles.confirmees_le is not None,
    )
    journal.record("reunions.sans_convocation", reunion, by=by, votants=len(plan.votants))
    return convocation


def _keep_convocation(reunion: Reunion, plan: PlanConvocation, motif: str, *, by: Acteur) -> Convocation:
    regles = plan.regles
    sans_quorum = regles is None or (reunion.seconde and regles.seconde_sans_quorum)
    convocation = Convocation(
        cpts_id=reunion.cpts_id,
        reunion=reunion,
        le=now(),
        convoques=plan.invites,
        preavis_jours=plan.preavis_jours,
        quorum_numerateur=0 if sans_quorum or regles is None else regles.quorum_numerateur,
        quorum_denominateur=regles.quorum_denominateur if regles else 1,
        pouvoirs_max=regles.pouvoirs_max if regles else 0,
        majorite=regles.majorite if regles else Majorite.SIMPLE,
        hors_delai=plan.hors_delai,
        motif_delai=motif if plan.hors_delai else "",
        regles_confirmees=regles is None or regles.confirmees_le is not None,
    )
    jour = timezone.localtime(reunion.debut).date()
    convocation.document = store_fichier(
        cpts_id=reunion.cpts_id,
        nom=f"convocation-{jour.isoformat()}.pdf",
        contenu=write_convocation_pdf(reunion, convocation, votants=len(plan.votants)),
        by=by,
        permission=VOIR.code,
    )
    convocation.save(force_insert=True)
    return convocation


@transaction.atomic
def answer_invitation(*, participation_id: UUID, reponse: Reponse, by: Acteur) -> Participation:
    """Say whether one comes; said again, the last word counts. Raises ActionRefusee outside of a coming meeting."""
    participation = Participation.objects.select_related("reunion").get(pk=participation_id)
    reunion = lock(participation.reunion_id)
    if reunion.etat != Etat.CONVOQUEE:
        raise ActionRefusee(f"Cette réunion est {reunion.get_etat_display()} : votre réponse n’est plus attendue.")
    participation.reponse, participation.repondu_le = reponse, now()
    participation.save(update_fields=["reponse", "repondu_le"])
    journal.record("reunions.repondue", participation, by=by, reponse=str(reponse))
    return participation


@transaction.atomic
def remind_invites(*, reunion_id: UUID, by: Acteur) -> None:
    """Write again to those who have not said yes or no."""
    reunion = lock(reunion_id)
    if reunion.etat != Etat.CONVOQUEE:
        raise ActionRefusee("On relance pour une réunion convoquée.")
    ask_envoi(reunion, Envoi.RELANCE)
    journal.record("reunions.relancee", reunion, by=by)


@transaction.atomic
def set_votant(*, participation_id: UUID, votant: bool, by: Acteur) -> None:
    """Correct who has a voice, as long as nothing was voted and no proxy of theirs holds."""
    participation = Participation.objects.get(pk=participation_id)
    reunion = lock(participation.reunion_id)
    if reunion.etat != Etat.CONVOQUEE or reunion.resolutions.exclude(etat="prete").exists():
        raise ActionRefusee("Un vote a commencé : la liste des voix ne change plus.")
    if (
        not votant
        and reunion.pouvoirs.filter(Q(mandant=participation) | Q(mandataire=participation), fin_le=None).exists()
    ):
        raise ActionRefusee("Cette personne a donné ou reçu pouvoir : retirez d’abord ce pouvoir.")
    participation.votant = votant
    participation.save(update_fields=["votant"])
    journal.record("reunions.voix", participation, by=by, votant=votant)


@transaction.atomic
def remind_daily(*, cpts_id: UUID) -> int:
    """Each day: once, those who have not answered five days before a meeting, and the eve of a poll's end."""
    soon = Reunion.objects.filter(
        cpts_id=cpts_id,
        etat=Etat.CONVOQUEE,
        debut__gt=now(),
        debut__lte=now() + RELANCER_AVANT,
        convoquee_le__lte=now() - RELANCER_APRES,
        participations__reponse=Reponse.ATTENDUE,
        participations__convoquee_le__isnull=False,
    ).exclude(participations__relancee_le__isnull=False)
    reunions = list(soon.distinct())
    for reunion in reunions:
        remind_invites(reunion_id=reunion.pk, by=SYSTEME)
    sondages = _find_ending_polls(cpts_id, today())
    for sondage in sondages:
        remind_sondage(reunion_id=sondage.reunion_id, by=SYSTEME)
    return len(reunions) + len(sondages)


def _find_ending_polls(cpts_id: UUID, on: date) -> list[Sondage]:
    return list(
        Sondage.objects.filter(
            cpts_id=cpts_id,
            clos_le=None,
            envoye_le__isnull=False,
            relance_le=None,
            repondre_avant__range=(on, on + timedelta(days=1)),
        )
    )
