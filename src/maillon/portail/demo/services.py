"""The demonstration: four true communities, fictitious people, months of activity. Loaded once, on the first run."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maillon.pilotage.contrats.releves import refresh_releve
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.selectors import list_comptes_demo
from maillon.socle.taches import without_jobs

from .actions import undertake_actions
from .activite import play_activite, settle_mail
from .adhesions import run_membership
from .agenda import fill_agenda
from .annuaire import fill_annuaire
from .attente import open_to_partner, take_waiting_list
from .budget import spend_budget
from .communautes import Atelier, Communaute
from .contrats import sign_contrat
from .cycle import play_cycle
from .dialogues import hold_dialogues
from .documents import share_documents
from .dossiers import send_dossier
from .fiches import fill_fiches, note_import
from .gardes import keep_rosters
from .importations import import_fichiers
from .indemnites import pay_members
from .messages import write_messages
from .paiements import send_payments
from .partenaires import meet_partenaires
from .personnes import read_donnees
from .presences import hold_meetings
from .preuves import show_preuves
from .recensement import take_census
from .repartition import prepare_repartition
from .reunions import hold_reunions
from .soins import open_soins
from .soins_du_jour import book_from_next_door, live_soins
from .sollicitations import run_cascade
from .suivi import follow_requests
from .versements import play_versements
from .vie import keep_people


@transaction.atomic
@without_jobs()
def load_demo() -> bool:
    """Load the demonstration, whole or not at all; False when this database already has communities."""
    if Cpts.objects.exists():
        return False
    now = horloge.now()
    since = (now - timedelta(days=400)).date()
    atelier = Atelier()
    communautes: list[Communaute] = [
        atelier.create_communaute(donnees, since=since) for donnees in read_donnees("communautes")
    ]
    for row in read_donnees("comptes"):
        atelier.create_compte(row, since=since)
    for communaute in communautes:
        people = keep_people(communaute)
        run_membership(communaute, people, now=now)
        play_activite(communaute, until=now - timedelta(minutes=10))
        contrat = sign_contrat(communaute, now=now)
        import_fichiers(communaute, contrat, now=now)
        play_versements(contrat, now=now)
        show_preuves(communaute, contrat, now=now)
        play_cycle(communaute, contrat, now=now)
        if communaute.cpts.slug == "grand-saint-etienne":
            hold_dialogues(contrat, now=now)
        undertake_actions(communaute, now=now)
        share_documents(communaute, now=now)
        if communaute.cpts.slug == "grand-saint-etienne":
            hold_reunions(communaute, now=now)
        hold_meetings(communaute, contrat, now=now)
        spend_budget(communaute, contrat, now=now)
        pay_members(communaute, now=now)
        send_payments(communaute, now=now)
        if communaute.cpts.slug == "grand-saint-etienne":
            send_dossier(contrat, now=now)
        meet_partenaires(communaute, now=now)
        if communaute.cpts.slug == "grand-saint-etienne":
            write_messages(communaute, now=now)
        fill_agenda(communaute, now=now)
        if communaute.cpts.slug == "grand-saint-etienne":
            prepare_repartition(communaute, now=now)
        fill_fiches(communaute, now=now)
        if communaute.cpts.slug == "venissieux":
            take_waiting_list(communaute, now=now)
        if communaute.cpts.slug == "grand-saint-etienne":
            open_to_partner(communaute, now=now)
        follow_requests(communaute, now=now)
        if communaute.cpts.slug == "grand-saint-etienne":
            take_census(communaute, now=now)
        run_cascade(communaute, now=now)
        if communaute.cpts.slug in ("grand-saint-etienne", "venissieux"):
            keep_rosters(communaute, now=now)
        open_soins(communaute, now=now)
        if communaute.cpts.slug == "grand-saint-etienne":
            live_soins(communaute, now=now)
        if communaute.cpts.slug == "venissieux":
            book_from_next_door(communaute, now=now)
        with use_cpts(communaute.cpts.pk):
            settle_mail()
        publish(communaute.cpts.pk)
    fill_annuaire(communautes)
    note_import(now=now)
    return True


def publish(cpts_id: UUID) -> None:
    """Write the figures that CPAM and ARS read, without waiting for the worker."""
    with use_cpts(cpts_id):
        refresh_releve(cpts_id=cpts_id)


def list_comptes() -> list[str]:
    """The accounts of the demonstration by community, one line each, as the launcher prints them."""
    lines = []
    for nom, comptes in list_comptes_demo():
        lines.append(nom)
        lines += [
            f"  {', '.join(str(role.label) for role in compte.roles):<48} {compte.compte.email}" for compte in comptes
        ]
    return lines
