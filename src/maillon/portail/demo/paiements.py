"""Payment runs of the demonstration: one paid through the bank's statement, one ready to send."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from maillon.communaute.personnes.models import Personne
from maillon.pilotage.indemnites.enums import Etat
from maillon.pilotage.indemnites.models import Declaration
from maillon.pilotage.indemnites.services.banque import apply_releve
from maillon.pilotage.indemnites.services.comptes import keep_compte
from maillon.pilotage.indemnites.services.paiements import issue_campagne, prepare_campagne
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute

# Invented account numbers of an invented bank; their keys agree.
BANQUE = "99999"
RECENT = timedelta(days=12)


def make_iban(numero: int) -> str:
    """A fictitious French IBAN."""
    bban = f"{BANQUE}00001{numero:011d}"
    rib = 97 - (89 * int(BANQUE) + 15 + 3 * numero) % 97
    bban += f"{rib:02d}"
    cle = 98 - int(f"{bban}152700") % 97
    return f"FR{cle:02d}{bban}"


def send_payments(communaute: Communaute, *, now: datetime) -> None:
    """Accounts for all but one of those who are owed something; the older rows paid, the latest ready."""
    cpts = communaute.cpts
    aujourdhui = timezone.localdate(now)
    with use_cpts(cpts.pk):
        keep_compte(cpts_id=cpts.pk, titulaire=cpts.nom, iban=make_iban(1), bic="", by=SYSTEME)
        dus = Declaration.objects.filter(cpts_id=cpts.pk, etat=Etat.APPROUVEE, payee_le=None)
        gens = list(Personne.objects.filter(pk__in=dus.values("personne")).order_by("nom", "prenom"))
        for numero, personne in enumerate(gens[:-1], 2):
            with horloge.at(now - timedelta(days=90)):
                keep_compte(
                    cpts_id=cpts.pk,
                    personne=personne,
                    titulaire=str(personne),
                    iban=make_iban(numero),
                    bic="",
                    by=SYSTEME,
                )
        if not gens:
            return
        premier = dus.order_by("le").values_list("le", flat=True).first()
        _pay_first(cpts.pk, jusqu_au=premier or aujourdhui, le=aujourdhui - RECENT)
        if dus.filter(payee_le=None).exists():
            prepare_campagne(
                cpts_id=cpts.pk, jusqu_au=aujourdhui, execution_le=aujourdhui + timedelta(days=2), by=SYSTEME
            )


def _pay_first(cpts_id: UUID, *, jusqu_au: date, le: date) -> None:
    """The oldest of what is owed, sent and settled by the bank's statement."""
    campagne = prepare_campagne(cpts_id=cpts_id, jusqu_au=jusqu_au, execution_le=horloge.today(), by=SYSTEME)
    campagne = issue_campagne(campagne=campagne, by=SYSTEME)
    lignes = [f"{le:%d/%m/%Y};VIR {v.reference};{v.montant}" for v in campagne.virements.filter(etat="a_payer")]
    releve = "\n".join(["Date;Libelle;Debit", *lignes])
    apply_releve(cpts_id=cpts_id, contenu=releve.encode(), by=SYSTEME)
