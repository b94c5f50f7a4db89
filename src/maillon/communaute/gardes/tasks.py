"""Jobs of rosters."""

import logging
from typing import Any
from uuid import UUID

from maillon.regles.erreurs import ErreurRegle
from maillon.regles.gardes import ProblemeContradictoire
from maillon.socle.contexte import use_cpts
from maillon.socle.taches import tache_quotidienne, tache_sans_transaction

from . import services

CONTRADICTION = "Des règles et des gardes placées à la main se contredisent."
logger = logging.getLogger(__name__)
IMPREVU = (
    "Une erreur imprévue a arrêté le calcul. Rien n’a changé dans le tableau. Lancez un nouveau calcul ; si ce message "
    "revient, prévenez la personne qui administre Maillon."
)


@tache_sans_transaction("gardes.calculer", retry=False)
def calculer(*, cpts_id: UUID, variante_id: str) -> None:
    """Compute a plan; no transaction is open while the rule works."""
    cle = UUID(variante_id)

    def note(pk: UUID, avancement: dict[str, Any]) -> None:
        with use_cpts(cpts_id):
            services.note_avancement(pk, avancement)

    try:
        with use_cpts(cpts_id):
            matiere = services.read_matiere(variante_id=cle)
        if matiere is None:
            return
        plan = services.apply_rule(matiere, services.make_avance(cle, note))
        with use_cpts(cpts_id):
            services.write_calcul(variante_id=cle, matiere=matiere, plan=plan)
    except ProblemeContradictoire as erreur:
        with use_cpts(cpts_id):
            services.fail_calcul(variante_id=cle, raison=CONTRADICTION, raisons=erreur.raisons)
    except ErreurRegle as erreur:
        with use_cpts(cpts_id):
            services.fail_calcul(variante_id=cle, raison=str(erreur))
    except Exception:
        logger.exception("roster plan %s could not be computed", cle)
        with use_cpts(cpts_id):
            services.fail_calcul(variante_id=cle, raison=IMPREVU)


@tache_quotidienne("gardes.rappels", heure=8, minute=20)
def rappels(*, cpts_id: UUID) -> None:
    """Wishes not said yet, three days before the last day."""
    services.remind_due(cpts_id=cpts_id)
