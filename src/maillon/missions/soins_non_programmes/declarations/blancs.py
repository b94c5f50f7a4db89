"""Home sentences: the afternoons ahead without anybody."""

from maillon.socle.declarations import SourceAlertes

from .. import permissions
from ..selectors.alertes_chiffres import list_alertes_blancs

ALERTES_BLANCS = (SourceAlertes(list_alertes_blancs, permissions.VOIR_TOTAUX),)
