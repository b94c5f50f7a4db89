"""What became of the placements, and the day of the desk: calls, tasks, a decided priority, an équipe traitante."""

from datetime import datetime, timedelta

from maillon.communaute.annuaire.enums import Profession
from maillon.missions.medecin_traitant import services as guichet
from maillon.missions.medecin_traitant.enums import Declaration, Etat, IssueAppel, MotifPriorite, Quoi, RoleEquipe
from maillon.missions.medecin_traitant.models import Demande
from maillon.missions.medecin_traitant.selectors import list_equipables
from maillon.regles.priorite import Niveau
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute

# Placements whose follow-up is told, one by one; the others are asked by mail when their day comes.
RACONTEES = 24
ROLES = {Profession.INFIRMIER: RoleEquipe.IPA, Profession.PHARMACIEN: RoleEquipe.PHARMACIEN}


def follow_requests(communaute: Communaute, *, now: datetime) -> None:
    """Placements followed as far as time allows, then what the desk has to do today."""
    with use_cpts(communaute.cpts.pk):
        placees = Demande.objects.filter(cpts=communaute.cpts, etat=Etat.PLACEE).order_by("placee_le", "id")
        for rang, demande in enumerate(placees[:RACONTEES]):
            _follow(communaute, demande, rang, until=now)
        _prepare_day(communaute, now=now)


def _follow(communaute: Communaute, demande: Demande, rang: int, *, until: datetime) -> None:
    """First appointment, declaration, news: three in four say all of it, one is not followed by the doctor."""
    assert demande.placee_le is not None
    hasard = communaute.tirage.hasard
    rendez_vous = demande.placee_le + timedelta(days=hasard.randrange(4, 12))
    moments = [rendez_vous, rendez_vous + timedelta(days=3), demande.placee_le + timedelta(days=92)]
    if moments[0] > until or rang % 4 == 3:
        return
    with horloge.at(moments[0]):
        guichet.record_premier_rdv(demande_id=demande.pk, le=horloge.today(), by=SYSTEME)
    if moments[1] < until and not demande.ame:
        with horloge.at(moments[1]):
            guichet.record_declaration(demande_id=demande.pk, declaration=Declaration.FAITE, by=SYSTEME)
    if moments[2] < until:
        with horloge.at(until - timedelta(hours=20) if rang == 5 else moments[2]):
            guichet.record_bilan(demande_id=demande.pk, suivie=rang != 5, by=SYSTEME)


def _prepare_day(communaute: Communaute, *, now: datetime) -> None:
    """Two people to call again, a task for today, a level decided, and professionals who look after somebody."""
    cpts = communaute.cpts
    ouvertes = Demande.objects.filter(cpts=cpts)
    fresh = list(ouvertes.filter(etat=Etat.DEPOSEE).by_rank()[:2])
    for demande, issue in zip(fresh, (IssueAppel.SANS_REPONSE, IssueAppel.REPONDEUR), strict=False):
        with horloge.at(now - timedelta(minutes=30)):
            jour = horloge.today()
            guichet.record_appel(demande_id=demande.pk, issue=issue, by=SYSTEME)
            guichet.record_appel(demande_id=demande.pk, issue=IssueAppel.RAPPELER, rappeler_le=jour, by=SYSTEME)
    with horloge.at(now - timedelta(minutes=20)):
        jour = horloge.today()
        for rang, demande in enumerate(ouvertes.filter(etat__in=(Etat.QUALIFIEE, Etat.PROPOSEE)).by_rank()[:2]):
            if rang:
                guichet.force_priorite(
                    demande_id=demande.pk,
                    niveau=Niveau.HAUTE,
                    motif=MotifPriorite.MEDECIN,
                    jusque=jour + timedelta(days=30),
                    precision="Le service de soins à domicile le demande.",
                    by=SYSTEME,
                )
                continue
            guichet.add_tache(
                demande_id=demande.pk,
                quoi=Quoi.CONTACTER,
                echeance=jour,
                precision="Demander au centre de santé s’il peut recevoir la personne.",
                by=SYSTEME,
            )
            _make_equipe(demande)


def _make_equipe(demande: Demande) -> None:
    for profession, role in ROLES.items():
        professionnel = list_equipables(demande.cpts_id).filter(profession=profession).first()
        if professionnel is not None:
            guichet.add_equipier(demande_id=demande.pk, professionnel_id=professionnel.pk, role=role, by=SYSTEME)
