"""Home sentences: one tuple a part."""

from maillon.socle.declarations import SourceAlertes

from .. import permissions
from ..selectors.alertes_chiffres import list_alertes_blancs

# chiffres_snp
ALERTES_CHIFFRES = (SourceAlertes(list_alertes_blancs, permissions.VOIR_TOTAUX),)

ALERTES = (*ALERTES_CHIFFRES,)
