"""Documents of the demonstration: one page each, made here, marked as fictitious."""

import json
from datetime import datetime, timedelta

import typst

from maillon.communaute.actions.models import Action
from maillon.communaute.actions.services import link_document
from maillon.communaute.bibliotheque.donnees import DonneesDocument, Piece
from maillon.communaute.bibliotheque.services import add_document, add_version
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .communautes import Communaute
from .personnes import read_donnees

# The data go as JSON, never as markup.
GABARIT = b"""#let d = json(bytes(sys.inputs.donnees))
#set document(title: d.titre, author: d.communaute)
#set text(lang: "fr", region: "fr", size: 11pt)
#set page(paper: "a4", margin: 25mm, footer: text(8pt)[Document fictif de la d\xc3\xa9monstration de Maillon])
#text(fill: luma(80))[#d.communaute]
#heading(level: 1)[#d.titre]
#for p in d.texte [#p #parbreak()]
"""


def share_documents(communaute: Communaute, *, now: datetime) -> None:
    """Keep the documents of the community, when the demonstration knows some for it."""
    donnees = next((d for d in read_donnees("documents") if d["cpts"] == communaute.cpts.slug), None)
    if donnees is None:
        return
    with use_cpts(communaute.cpts.pk):
        for row in donnees["documents"]:
            textes = [row["texte"], *([row["version"]["texte"]] if "version" in row else [])]
            pieces = [
                Piece(
                    f"{row['fichier']}{f'-v{rang}' if rang > 1 else ''}.pdf",
                    _print(communaute.cpts.nom, row["titre"], texte, now),
                )
                for rang, texte in enumerate(textes, start=1)
            ]
            champs = {nom: row[nom] for nom in ("titre", "nature", "mission", "portee") if nom in row}
            with horloge.at(now - timedelta(days=row["jours"])):
                document = add_document(
                    cpts_id=communaute.cpts.pk, donnees=DonneesDocument(**champs), piece=pieces[0], by=SYSTEME
                )
            for piece in pieces[1:]:
                with horloge.at(now - timedelta(days=row["version"]["jours"])):
                    add_version(document=document, piece=piece, note=row["version"]["note"], by=SYSTEME)
            if "action" in row:
                link_document(action=Action.objects.get(titre=row["action"]), document=document, by=SYSTEME)


def _print(communaute: str, titre: str, texte: list[str], le: datetime) -> bytes:
    pdf: bytes = typst.compile(
        GABARIT,
        sys_inputs={
            "donnees": json.dumps({"communaute": communaute, "titre": titre, "texte": texte}, ensure_ascii=False)
        },
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(le.timestamp()),
    )
    return pdf
