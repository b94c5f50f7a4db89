"""What the portal offers to the frame."""

from maillon.socle.declarations import EntreeMenu

from .permissions import ACCUEIL, ACCUEIL_TERRITOIRE

MENU = (
    EntreeMenu("Aujourd’hui", "accueil_cpts", "home", "Aujourd’hui", permission=ACCUEIL, ordre=0, telephone=True),
    EntreeMenu(
        "Aujourd’hui",
        "accueil_territoire",
        "home",
        "Aujourd’hui",
        permission=ACCUEIL_TERRITOIRE,
        ordre=0,
        telephone=True,
        de_cpts=False,
    ),
)
