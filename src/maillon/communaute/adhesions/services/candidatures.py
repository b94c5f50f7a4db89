"""An application arrives, a body decides, a decision is undone while nothing followed."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.personnes.services import create_personne, update_coordonnees
from maillon.communaute.structures.models import Structure
from maillon.socle.chiffrement import blind_index
from maillon.socle.courriels.services import cancel_for
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import revoke_liens
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import Etat, EtatCandidature, EtatCotisation, Organe, Origine
from ..models import Adhesion, Candidature, Reglement
from ..notifications import (
    LIEN_INVITATION,
    AccuseCandidature,
    CandidatureAcceptee,
    CandidatureRefusee,
    DecisionAnnulee,
)
from . import adhesions, cotisations, structures
from .refus import AdhesionRefusee

CONSERVATION_JOURS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """What somebody typed of themselves."""

    prenom: str
    nom: str
    courriel: str
    rpps: str = ""
    profession: str = ""
    lieu: str = ""
    structure_nom: str = ""
    telephone: str = ""
    souhait: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Which body decided, and when."""

    organe: Organe
    le: date


def hash_source(adresse: str, *, cpts_id: UUID) -> bytes:
    """What the database keeps, for a day, of a network address."""
    return blind_index(adresse, cpts_id=cpts_id, kind="adhesion_source")


def count_passages(*, cpts_id: UUID, source: bytes) -> int:
    """Applications from this network address during the last hour."""
    return Candidature.objects.filter(cpts_id=cpts_id, source=source, deposee_le__gt=now() - timedelta(hours=1)).count()


@transaction.atomic
def file_candidature(
    *, cpts: Cpts, saisie: Saisie, notice_version: str, cle: str, source: bytes, by: Acteur
) -> Candidature:
    """Keep an application as typed, recognise the professional by the RPPS number, and acknowledge it by mail.

    The same key twice makes one application. Whether the person is a member already is told to nobody here.
    """
    known = Candidature.objects.filter(cpts=cpts, cle=cle).first()
    if known is not None:
        return known
    candidature = Candidature.objects.create(
        cpts=cpts,
        origine=Origine.FORMULAIRE,
        professionnel=Professionnel.objects.filter(rpps=saisie.rpps).first() if saisie.rpps else None,
        notice_version=notice_version,
        cle=cle,
        source=source,
        deposee_le=now(),
        **asdict(saisie),
    )
    _open_request(candidature, by=by)
    journal.record("adhesions.candidature", candidature, by=by, reconnue=candidature.professionnel_id is not None)
    AccuseCandidature.for_candidature(candidature, cpts).queue(to=candidature.courriel)
    return candidature


def _open_request(candidature: Candidature, *, by: Acteur) -> None:
    """A request for membership, when the applicant is known and has none open."""
    adherent = candidature.adherent
    if adherent is None or (candidature.structure_nom and candidature.structure is None):
        return
    key = {"structure" if candidature.structure else "professionnel": adherent}
    if not Adhesion.objects.filter(cpts_id=candidature.cpts_id, **key).exclude(etat=Etat.TERMINEE).exists():
        candidature.adhesion = adhesions.request_adhesion(cpts_id=candidature.cpts_id, adherent=adherent, by=by)
        candidature.save(update_fields=["adhesion"])


@transaction.atomic
def identify_candidature(*, candidature: Candidature, adherent: Professionnel | Structure, by: Acteur) -> None:
    """Say who, in the directory, an application comes from; what was typed stays."""
    candidature = lock(candidature)
    _check(candidature, EtatCandidature.DEPOSEE)
    _drop_request(candidature, by=by)
    if isinstance(adherent, Structure):
        candidature.structure = adherent
    else:
        candidature.professionnel = adherent
    candidature.save(update_fields=["structure", "professionnel"])
    _open_request(candidature, by=by)
    journal.record("adhesions.candidature_identifiee", candidature, by=by)


def lock(candidature: Candidature) -> Candidature:
    """The application, locked until the transaction ends.

    Who it comes from and their membership are read after the lock: a row joined to one that was waited for is that of
    before the wait.
    """
    return Candidature.objects.select_for_update().get(pk=candidature.pk)


def _check(candidature: Candidature, *etats: EtatCandidature) -> None:
    if candidature.etat not in etats:
        raise AdhesionRefusee(f"La candidature de {candidature} est déjà {candidature.get_etat_display()}.")


@transaction.atomic
def accept_candidature(
    *, candidature: Candidature, decision: Decision, by: Acteur, college: str | None = None
) -> Adhesion:
    """Make a member from the day of the decision, tell the applicant, and ask for the dues under way.

    Raises AdhesionRefusee: already decided, nobody found in the directory, already a member.
    """
    candidature = lock(candidature)
    _check(candidature, EtatCandidature.DEPOSEE, EtatCandidature.INVITEE)
    adherent = candidature.structure if candidature.structure_nom else candidature.adherent
    if adherent is None:
        raise AdhesionRefusee(f"Dites d’abord qui est {candidature} dans l’annuaire, sur la fiche de sa candidature.")
    adhesion = adhesions.admit(
        cpts_id=candidature.cpts_id, adherent=adherent, debut=decision.le, college=college, by=by
    )
    candidature.adhesion = adhesion
    _decide(candidature, EtatCandidature.ACCEPTEE, decision)
    _keep_coordonnees(candidature, adhesion, on=decision.le, by=by)
    cotisations.ask_newcomer(adhesion=adhesion, by=by)
    journal.record("adhesions.candidature_acceptee", candidature, by=by, organe=str(decision.organe))
    CandidatureAcceptee.for_candidature(candidature, candidature.cpts).queue(
        to=candidature.courriel, occasion=now().isoformat()
    )
    return adhesion


def _keep_coordonnees(candidature: Candidature, adhesion: Adhesion, *, on: date, by: Acteur) -> None:
    """The addresses given by the applicant: on the person admitted, or on the voice of the structure admitted."""
    if adhesion.structure_id is not None:
        personne = create_personne(
            cpts_id=candidature.cpts_id,
            prenom=candidature.prenom,
            nom=candidature.nom,
            courriel=candidature.courriel,
            telephone=candidature.telephone,
            fonction=candidature.profession,
            structure=adhesion.structure,
            by=by,
        )
        structures.attach_personne(adhesion=adhesion, personne=personne, depuis=on, representant=True, by=by)
        return
    personne = adhesion.professionnel.personnes.get(cpts_id=candidature.cpts_id, fusionnee_dans=None)  # type: ignore[union-attr]
    update_coordonnees(
        personne=personne,
        courriel=candidature.courriel,
        telephone=candidature.telephone or personne.telephone,
        by=by,
    )


@transaction.atomic
def refuse_candidature(*, candidature: Candidature, decision: Decision, motif: str, by: Acteur) -> None:
    """Refuse, with the reason that the applicant reads."""
    candidature = lock(candidature)
    _check(candidature, EtatCandidature.DEPOSEE)
    _drop_request(candidature, by=by)
    candidature.motif = motif
    _decide(candidature, EtatCandidature.REFUSEE, decision)
    journal.record("adhesions.candidature_refusee", candidature, by=by, organe=str(decision.organe))
    CandidatureRefusee.for_candidature(candidature, candidature.cpts).queue(
        to=candidature.courriel, occasion=now().isoformat()
    )


def _decide(candidature: Candidature, etat: EtatCandidature, decision: Decision) -> None:
    if decision.le > today():
        raise AdhesionRefusee("Une décision se note une fois prise : sa date ne peut pas être à venir.")
    candidature.etat, candidature.decidee_le, candidature.organe = etat, decision.le, decision.organe
    candidature.save()


def _drop_request(candidature: Candidature, *, by: Acteur) -> None:
    """End the request for membership that this application opened."""
    adhesion = candidature.adhesion
    candidature.adhesion = None
    if adhesion is not None and adhesion.etat == Etat.DEMANDEE:
        adhesions.end_adhesion(adhesion=adhesion, by=by)


@transaction.atomic
def undo_decision(*, candidature: Candidature, by: Acteur) -> None:
    """Come back on a decision while nothing followed: the application waits again, and the applicant is told if the
    first news had left. Raises AdhesionRefusee once dues were paid or the membership changed."""
    candidature = lock(candidature)
    _check(candidature, EtatCandidature.ACCEPTEE, EtatCandidature.REFUSEE, EtatCandidature.RETIREE)
    if candidature.etat == EtatCandidature.RETIREE and candidature.origine == Origine.INVITATION:
        raise AdhesionRefusee("Cette invitation est close : invitez la personne de nouveau.")
    told = candidature.etat != EtatCandidature.RETIREE and not cancel_for(
        cpts_id=candidature.cpts_id, objet_id=candidature.pk
    )
    if candidature.etat == EtatCandidature.ACCEPTEE:
        _undo_admission(candidature)
    candidature.etat, candidature.decidee_le = EtatCandidature.DEPOSEE, None
    candidature.organe = candidature.motif = ""
    candidature.save()
    if candidature.adhesion is None:
        _open_request(candidature, by=by)
    journal.record("adhesions.decision_annulee", candidature, by=by)
    if told:
        DecisionAnnulee.for_candidature(candidature, candidature.cpts).queue(
            to=candidature.courriel, occasion=now().isoformat()
        )


def _undo_admission(candidature: Candidature) -> None:
    assert candidature.adhesion is not None  # the database keeps it
    adhesion = Adhesion.objects.select_for_update(of=("self",)).get(pk=candidature.adhesion.pk)
    if adhesion.etat != Etat.ACTIVE:
        raise AdhesionRefusee("L’adhésion a pris fin depuis : la décision ne s’annule plus.")
    if Reglement.objects.filter(cotisation__adhesion=adhesion).exists():
        raise AdhesionRefusee("Ce membre a payé une cotisation depuis : mettez plutôt fin à son adhésion.")
    asked = adhesion.cotisations.all()
    if asked.filter(relances__isnull=False).exists() or asked.exclude(etat=EtatCotisation.DUE).exists():
        raise AdhesionRefusee("Une cotisation est suivie depuis : mettez plutôt fin à l’adhésion.")
    asked.delete()
    adhesion.rattachements.all().delete()
    adhesion.etat, adhesion.debut = Etat.DEMANDEE, None
    adhesion.save(update_fields=["etat", "debut"])


@transaction.atomic
def drop_candidature(*, candidature: Candidature, by: Acteur) -> None:
    """Leave an application or an invitation without a decision: a duplicate, a mistake, somebody who changed their
    mind. Nobody is told; an invitation's link closes."""
    candidature = lock(candidature)
    _check(candidature, EtatCandidature.DEPOSEE, EtatCandidature.INVITEE)
    revoke_liens(but=LIEN_INVITATION, objet_id=candidature.pk)
    cancel_for(cpts_id=candidature.cpts_id, objet_id=candidature.pk)
    _drop_request(candidature, by=by)
    candidature.etat = EtatCandidature.RETIREE
    candidature.save()
    journal.record("adhesions.candidature_retiree", candidature, by=by)


def forget_candidatures(*, cpts_id: UUID) -> None:
    """Forget network addresses after a day, and what never became a membership after a year."""
    own = Candidature.objects.filter(cpts_id=cpts_id)
    own.filter(source__isnull=False, deposee_le__lt=now() - timedelta(days=1)).update(source=None)
    over = (EtatCandidature.REFUSEE, EtatCandidature.RETIREE)
    own.filter(etat__in=over, deposee_le__lt=now() - timedelta(days=CONSERVATION_JOURS)).delete()
