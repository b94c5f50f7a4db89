"""The guide, read inside Maillon: each page of docs/guide, and the one that explains the page where somebody is.

A page of the guide names in its first comment the addresses that it explains: `<!-- pages: medecin_traitant_* -->`.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from maillon.regles.catalogue import fold
from maillon.socle.droits.permissions import acces_public
from maillon.socle.droits.requete import Requete

SOMMAIRE = "sommaire"
GLOSSAIRE = "glossaire"
PAGES = re.compile(r"<!-- pages: (?P<noms>[^>]+?) -->\s*")
IMAGE = re.compile(r"[a-z0-9-]+\.png")


@dataclass(frozen=True, slots=True)
class Section:
    ancre: str
    titre: str


@dataclass(frozen=True, slots=True)
class PageAide:
    """A page of the guide: its title, its sections, its text as HTML, and the addresses that it explains."""

    titre: str
    sections: tuple[Section, ...]
    html: SafeString
    explique: tuple[str, ...]


@cache
def list_sources() -> dict[str, Path]:
    """The files of the guide by subject; empty when this installation does not carry them."""
    guide: Path = settings.MAILLON_GUIDE
    sources = {fichier.stem: fichier for fichier in sorted(guide.glob("*.md")) if fichier.stem != "README"}
    for sujet, fichier in ((SOMMAIRE, guide / "README.md"), (GLOSSAIRE, guide.parent / "glossaire.md")):
        if fichier.exists():
            sources[sujet] = fichier
    return sources


@cache
def read_page(sujet: str) -> PageAide:
    """A page of the guide. KeyError when there is none of this name."""
    texte = list_sources()[sujet].read_text(encoding="utf-8")
    trouve = PAGES.match(texte)
    moteur = MarkdownIt("commonmark", {"html": False}).enable("table")
    jetons = moteur.parse(PAGES.sub("", texte, count=1))
    titre, sections = "", []
    for rang, jeton in enumerate(jetons):
        if jeton.type == "heading_open":
            mots = jetons[rang + 1].content
            if jeton.tag == "h1":
                titre = mots
            else:
                ancre = fold(mots).replace(" ", "-")
                jeton.attrSet("id", ancre)
                if jeton.tag == "h2":
                    sections.append(Section(ancre, mots))
        elif jeton.type == "table_open":
            jeton.attrSet("class", "tableau")
        elif jeton.type == "inline":
            _aim(jeton.children or [])
    corps = jetons[3:] if titre and jetons[0].type == "heading_open" else jetons
    html = moteur.renderer.render(corps, moteur.options, {})
    html = html.replace("<table", '<div class="tableau-cadre"><table').replace("</table>", "</table></div>")
    return PageAide(
        titre or sujet,
        tuple(sections),
        # Our own files, and HTML in them is shown as text.
        mark_safe(html),  # noqa: S308 # nosec B308 B703
        tuple(trouve["noms"].split()) if trouve else (),
    )


def _aim(enfants: list[Token]) -> None:
    """Links and images of the files, as addresses of these pages. What is for maintainers stays in the files."""
    for jeton in enfants:
        if jeton.type == "image":
            jeton.attrSet("src", reverse("aide_image", args=[Path(str(jeton.attrGet("src"))).name]))
            jeton.attrSet("loading", "lazy")
        elif jeton.type == "link_open":
            chemin, diese, ancre = str(jeton.attrGet("href")).partition("#")
            if chemin.endswith(".md") and Path(chemin).stem in list_sources():
                jeton.attrSet("href", reverse("aide_page", args=[Path(chemin).stem]) + diese + ancre)
            elif chemin.endswith("README.md"):
                jeton.attrSet("href", reverse("aide"))


def find_sujet(nom: str) -> str:
    """The subject that explains the address of this name: the closest one; the summary when none does."""
    candidats = [
        (len(motif), sujet)
        for sujet in list_sources()
        for motif in read_page(sujet).explique
        if fnmatchcase(nom, motif)
    ]
    return max(candidats, default=(0, SOMMAIRE))[1]


@acces_public
@require_safe
def aide(request: Requete) -> HttpResponse:
    """The summary of the guide."""
    return _show(request, SOMMAIRE)


@acces_public
@require_safe
def aide_page(request: Requete, sujet: str) -> HttpResponse:
    """One page of the guide."""
    return _show(request, sujet)


@acces_public
@require_safe
def aide_pour(request: Requete, nom: str) -> HttpResponse:
    """From the page where somebody is to the one that explains it."""
    sujet = find_sujet(nom)
    return redirect("aide") if sujet == SOMMAIRE else redirect("aide_page", sujet=sujet)


@acces_public
@require_safe
def aide_image(request: Requete, nom: str) -> FileResponse:
    """A picture of the guide."""
    fichier: Path = settings.MAILLON_GUIDE / "images" / nom
    if not IMAGE.fullmatch(nom) or not fichier.exists():
        raise Http404
    return FileResponse(fichier.open("rb"), content_type="image/png", headers={"Cache-Control": "max-age=3600"})


def _show(request: Requete, sujet: str) -> HttpResponse:
    if sujet not in list_sources():
        raise Http404
    page = read_page(sujet)
    fil = [] if sujet == SOMMAIRE else [("Le guide", reverse("aide")), (page.titre, "")]
    contexte = {"titre": page.titre, "page": page, "fil": fil, "sommaire": sujet == SOMMAIRE}
    return render(request, "portail/aide.html", contexte)
