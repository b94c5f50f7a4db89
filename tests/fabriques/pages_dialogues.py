"""What pages of a dialogue show, and what an opinion given there sends."""

import re

from fabriques.dialogues import indicateur_id
from maillon.pilotage.dialogues.models import Dialogue
from maillon.socle.contexte import use_cpts


def read(reponse) -> str:
    """The text of a page, spaces made plain."""
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " ")).replace(" :", " :")


def avis_of(dialogue: Dialogue, code: str, position: str, **champs: str) -> dict[str, str]:
    with use_cpts(dialogue.cpts_id):
        return {"indicateur": str(indicateur_id(dialogue, code)), "position": position, **champs}
