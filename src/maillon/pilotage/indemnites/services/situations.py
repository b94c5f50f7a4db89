"""What a person says of a year, and the link by which somebody without an account says it."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from maillon.communaute.personnes.models import Personne
from maillon.regles import indemnites as regles
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..models import SituationAnnuelle
from ..notifications import LienDeclaration

LIEN_DECLARATION = "indemnites.declaration"
DUREE_LIEN = timedelta(days=30)


@transaction.atomic
def declare_situation(
    *, personne: Personne, annee: int, autre_cpts: bool, montant: Decimal, precision: str, by: Acteur
) -> SituationAnnuelle:
    """Keep whether other communities pay this person, and how much. A fact is never refused, even above the cap; saying
    it again replaces what was said. Raises SaisieInvalide for a contradiction or a year to come."""
    regles.check_ailleurs(montant, autre_cpts=autre_cpts)
    if not today().year - 1 <= annee <= today().year:
        raise SaisieInvalide("On déclare l’année civile en cours et la précédente.")
    situation = SituationAnnuelle(
        cpts_id=personne.cpts_id,
        personne=personne,
        annee=annee,
        autre_cpts=autre_cpts,
        montant_ailleurs=montant,
        precision=precision.strip() if autre_cpts else "",
        declare_par=by.compte_id,
    )
    situation.save(force_insert=True)
    journal.record("indemnites.situation", situation, by=by, annee=annee, autre_cpts=autre_cpts, montant=str(montant))
    return situation


@transaction.atomic
def send_lien(*, personne: Personne, by: Acteur) -> None:
    """Write to somebody without an account: a link to declare, for 30 days; the former ones stop. Raises SaisieInvalide
    without a mail address."""
    if not personne.courriel:
        raise SaisieInvalide(f"{personne} n’a pas d’adresse de courriel\u00a0: complétez sa fiche d’abord.")
    revoke_liens(but=LIEN_DECLARATION, objet_id=personne.pk)
    jeton = create_lien(
        but=LIEN_DECLARATION, cpts_id=personne.cpts_id, objet_id=personne.pk, expire_le=now() + DUREE_LIEN
    )
    lien = settings.MAILLON_ADRESSE + reverse("indemnites:lien", kwargs={"jeton": jeton})
    LienDeclaration.for_personne(personne, lien).queue(to=personne.courriel, occasion=now().isoformat())
    journal.record("indemnites.lien_envoye", personne, by=by)
