"""Inviting professionals of the directory, and what they answer by their link."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.models import Lien
from maillon.socle.droits.services import consume_lien, create_lien, revoke_liens
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import EtatCandidature, Organe, Origine
from ..models import Adhesion, Candidature
from ..notifications import LIEN_INVITATION, InvitationAdhesion
from .adhesions import request_adhesion
from .candidatures import Decision, accept_candidature, drop_candidature, lock
from .refus import AdhesionRefusee

JOURS_INVITATION = 30


@transaction.atomic
def invite_professionnel(
    *, cpts: Cpts, professionnel: Professionnel, courriel: str, accord_prealable: bool, by: Acteur
) -> Candidature:
    """Invite a professional to join by a link that lives 30 days. `accord_prealable`: the bureau has agreed already.

    Raises AdhesionRefusee for somebody invited already, or member.
    """
    if Adhesion.objects.filter(cpts=cpts, professionnel=professionnel).exclude(etat="terminee").exists():
        raise AdhesionRefusee(f"{professionnel} a déjà une adhésion ou une candidature en cours.")
    lieu = professionnel.activites.select_related("commune").order_by("pk").first()
    try:
        with transaction.atomic():
            candidature = Candidature.objects.create(
                cpts=cpts,
                origine=Origine.INVITATION,
                etat=EtatCandidature.INVITEE,
                prenom=professionnel.prenom,
                nom=professionnel.nom,
                rpps=professionnel.rpps,
                profession=professionnel.libelle_profession,
                lieu=str(lieu.commune) if lieu else "",
                courriel=courriel,
                telephone=lieu.telephone if lieu else "",
                professionnel=professionnel,
                accord_prealable=accord_prealable,
                deposee_le=now(),
            )
    except IntegrityError as error:
        if "candidature_une_invitation" in str(error):
            raise AdhesionRefusee(f"{professionnel} est déjà invité.") from error
        raise
    journal.record("adhesions.invitee", candidature, by=by, accord=accord_prealable)
    _send(candidature, cpts)
    return candidature


def _send(candidature: Candidature, cpts: Cpts) -> None:
    jeton = create_lien(
        but=LIEN_INVITATION,
        cpts_id=cpts.pk,
        objet_id=candidature.pk,
        expire_le=now() + timedelta(days=JOURS_INVITATION),
    )
    InvitationAdhesion.for_candidature(candidature, cpts, jeton=jeton).queue(
        to=candidature.courriel, occasion=now().isoformat()
    )


@transaction.atomic
def resend_invitation(*, candidature: Candidature, by: Acteur) -> None:
    """Write again to somebody invited: the former link stops."""
    candidature = lock(candidature)
    if candidature.etat != EtatCandidature.INVITEE:
        raise AdhesionRefusee("Cette personne a déjà répondu.")
    revoke_liens(but=LIEN_INVITATION, objet_id=candidature.pk)
    journal.record("adhesions.invitee", candidature, by=by, accord=candidature.accord_prealable)
    _send(candidature, candidature.cpts)


@transaction.atomic
def answer_invitation(*, candidature: Candidature, lien: Lien, oui: bool, by: Acteur) -> Candidature:
    """What the invited person says: no closes, yes makes a member if the bureau agreed beforehand, else an application.

    Raises AdhesionRefusee when another request of the same person came first.
    """
    if not consume_lien(lien_id=lien.pk):
        raise AdhesionRefusee("Cette invitation a déjà reçu une réponse.")
    candidature = lock(candidature)
    if candidature.etat != EtatCandidature.INVITEE or candidature.professionnel is None:
        raise AdhesionRefusee("Cette invitation n’attend plus de réponse.")
    if not oui:
        drop_candidature(candidature=candidature, by=by)
    elif candidature.accord_prealable:
        accept_candidature(candidature=candidature, decision=Decision(organe=Organe.BUREAU, le=today()), by=by)
    else:
        candidature.etat, candidature.deposee_le = EtatCandidature.DEPOSEE, now()
        candidature.adhesion = request_adhesion(cpts_id=candidature.cpts_id, adherent=candidature.professionnel, by=by)
        candidature.save()
        journal.record("adhesions.candidature", candidature, by=by, reconnue=True)
    candidature.refresh_from_db()
    return candidature
