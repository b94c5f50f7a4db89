"""What the demonstration shows of the cascade: a request asked of doctors one after the other, a doctor away."""

from dataclasses import fields
from datetime import datetime, timedelta

from maillon.communaute.sollicitations.services import declare_absence
from maillon.missions.medecin_traitant.enums import Etat, MotifRefus
from maillon.missions.medecin_traitant.models import Demande
from maillon.missions.medecin_traitant.selectors import list_candidats
from maillon.missions.medecin_traitant.services import (
    FaitsSaisis,
    decline_proposition,
    propose_demande,
    qualify_demande,
)
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute


def run_cascade(communaute: Communaute, *, now: datetime) -> None:
    """The first request in rank goes to four doctors two by two: one has declined, the other may still answer, the
    second wave waits. A doctor without account is away for two weeks."""
    cpts_id = communaute.cpts.pk
    with use_cpts(cpts_id):
        with horloge.at(now - timedelta(hours=6)):
            away = communaute.medecins[-1]
            start = horloge.today() + timedelta(days=3)
            declare_absence(cpts_id=cpts_id, professionnel=away, du=start, au=start + timedelta(days=13), by=SYSTEME)
            demande = _qualify_one(communaute)
            candidats = list_candidats(demande)[:4] if demande else []
            if demande is None or len(candidats) < 3:
                return
            sent = propose_demande(
                demande_id=demande.pk,
                professionnel_ids=[candidat.professionnel.pk for candidat in candidats],
                explications={
                    candidat.professionnel.pk: {"km": round(candidat.km or 0), "places": candidat.restantes}
                    for candidat in candidats
                },
                par_vague=2,
                jours=3,
                by=SYSTEME,
            )
        with horloge.at(now - timedelta(hours=3)):
            decline_proposition(proposition_id=sent[0].pk, motif=MotifRefus.COMPLET, by=SYSTEME)


def _qualify_one(communaute: Communaute) -> Demande | None:
    """A request that waits, qualified if nobody did."""
    waiting = Demande.objects.filter(
        cpts=communaute.cpts, etat__in=(Etat.DEPOSEE, Etat.QUALIFIEE), deposee_le__lt=horloge.now()
    )
    demande = waiting.by_rank().first()
    if demande is not None and demande.etat == Etat.DEPOSEE:
        faits = FaitsSaisis(**{fait.name: getattr(demande, fait.name) for fait in fields(FaitsSaisis)})
        demande = qualify_demande(demande_id=demande.pk, faits=faits, by=SYSTEME)
    return demande
