"""Refuses, in what a person reads, a straight apostrophe, and a plain space where French wants one that does not break.

Run by ``./dev check``. Reads the strings of the code (docstrings, comments and SQL are nobody's French), the text and
the human attributes of the templates, the mails, the documents, the parameters, the guide. A text message (`sms_*`)
keeps plain spaces: one no-break space would halve how many characters it holds.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

INSECABLE = "\u00a0"
RACINE = Path(__file__).resolve().parents[1]

_SUITE = r"(?:[\s\"'<\\)}.\]{»]|$)"
_ESPACE = re.compile(rf"(?<=[^\s:;])[ ](?=[:;!?]{_SUITE})|(?<=\S)[ ](?=»)|(?<=«)[ ]|(?<=[\d}}])[ ](?=€)", re.MULTILINE)
_ESPACE_EN_TETE = re.compile(rf"[ ](?=[:;!?»]{_SUITE})")  # of a string that goes on another
_APOSTROPHE = re.compile(r"(?<=[a-zà-ÿ])'(?=[a-zà-ÿ]{2})|(?<=\b[a-zà-ÿA-Z])'(?=[a-zà-ÿ])")

_SQL = re.compile(
    r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|BEGIN|RAISE|RETURN|select|insert into|drop|grant)\b"
    r"|\bcreate (table|policy|function|trigger|index)\b|\bupdate \w+ set\b|::[a-z]|\$\$"
)
_BALISE_GABARIT = re.compile(
    r"\{%\s*comment.*?endcomment\s*%\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|<script\b.*?</script>|<style\b.*?</style>",
    re.DOTALL,
)
_BALISE_HTML = re.compile(r"<[a-zA-Z/](?:\"[^\"]*\"|[^<>\"])*>")
_ATTRIBUT = re.compile(
    r"\s(?:title|alt|placeholder|aria-label|aria-description|label|content|value|data-dit)=\"([^\"]*)\""
)
_CODE_MARKDOWN = re.compile(r"```.*?```|`[^`\n]*`|<!--.*?-->|\]\([^)\s]*\)", re.DOTALL)
_CHAINE_JS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`")


def find_fautes(nom: str, texte: str) -> list[int]:
    """Where the wrong characters are."""
    lecteur = _lecteur(nom)
    return sorted(set(lecteur(texte))) if lecteur else []


def _lecteur(nom: str) -> Callable[[str], Iterator[int]] | None:
    if Path(nom).name.startswith("sms_"):
        return None
    return _LECTEURS.get(Path(nom).suffix)


def _mask(texte: str, debut: int, fin: int) -> str:
    """The same length and lines, with nothing to say inside; its two ends stay."""
    milieu = re.sub(r"[^\n]", "x", texte[debut + 1 : fin - 1])
    return texte[: debut + 1] + milieu + texte[fin - 1 :]


def _search(texte: str, decalage: int = 0) -> Iterator[int]:
    yield from (decalage + trouve.start() for trouve in _ESPACE.finditer(texte))
    yield from (decalage + trouve.start() for trouve in _APOSTROPHE.finditer(texte))


def _read_python(texte: str) -> Iterator[int]:
    debuts = [0]
    for ligne in texte.splitlines(keepends=True):
        debuts.append(debuts[-1] + len(ligne))
    muettes = {
        noeud.value.lineno
        for noeud in ast.walk(ast.parse(texte))
        if isinstance(noeud, ast.Expr) and isinstance(noeud.value, ast.Constant)
    }
    for jeton in tokenize.generate_tokens(io.StringIO(texte).readline):
        if jeton.type == tokenize.STRING and jeton.start[0] not in muettes:
            yield from _read_chaine(jeton.string, debuts[jeton.start[0] - 1] + jeton.start[1])


def _read_chaine(jeton: str, decalage: int) -> Iterator[int]:
    tete = re.match(r"([a-zA-Z]*)('''|\"\"\"|'|\")", jeton)
    if tete is None or "b" in tete[1].lower() or _SQL.search(jeton):
        return
    corps = jeton[tete.end() : -len(tete[2])]
    if "f" in tete[1].lower():
        corps = _mask_champs(corps)
    decalage += tete.end()
    if _ESPACE_EN_TETE.match(corps):
        yield decalage
    if "r" not in tete[1].lower():
        yield from _search(corps, decalage)


def _mask_champs(corps: str) -> str:
    """What an f-string computes is not its text."""
    i, profondeur, ouvert = 0, 0, 0
    while i < len(corps):
        if profondeur == 0 and corps[i : i + 2] in ("{{", "}}"):
            i += 2
            continue
        if corps[i] == "{":
            ouvert = i if profondeur == 0 else ouvert
            profondeur += 1
        elif corps[i] == "}" and profondeur:
            profondeur -= 1
            if profondeur == 0:
                corps = _mask(corps, ouvert, i + 1)
        i += 1
    return corps


def _read_gabarit(texte: str) -> Iterator[int]:
    lu = texte
    for balise in _BALISE_GABARIT.finditer(texte):
        lu = _mask(lu, *balise.span())
        if balise[0].startswith(("{%", "{{")) and "endcomment" not in balise[0]:
            for dit in re.finditer(r"\"([^\"]*)\"", balise[0]):
                yield from _search(dit[1], balise.start() + dit.start(1))
    brut = lu
    for balise in _BALISE_HTML.finditer(brut):
        lu = _mask(lu, *balise.span())
        for attribut in _ATTRIBUT.finditer(balise[0]):
            yield from _search(attribut[1], balise.start() + attribut.start(1))
    yield from _search(lu)


def _read_courriel(texte: str) -> Iterator[int]:
    lu = texte
    for balise in _BALISE_GABARIT.finditer(texte):
        lu = _mask(lu, *balise.span())
    yield from _search(lu)


def _read_markdown(texte: str) -> Iterator[int]:
    lu = texte
    for code in _CODE_MARKDOWN.finditer(texte):
        lu = _mask(lu, *code.span())
    yield from _search(lu)


def _read_yaml(texte: str) -> Iterator[int]:
    place = 0
    for ligne in texte.splitlines(keepends=True):
        cle = re.match(r"\s*(?:- )?(?:#.*|[\w-]+:(?= |$))?", ligne)
        reste = cle.end() if cle else 0
        yield from _search(ligne[reste:], place + reste)
        place += len(ligne)


def _read_javascript(texte: str) -> Iterator[int]:
    lu = re.sub(r"(?m)^\s*(?://|/?\*).*$|\s//\s.*$", lambda m: "x" * len(m[0]), texte)
    for chaine in _CHAINE_JS.finditer(lu):
        corps = chaine[0]
        for champ in re.finditer(r"\$\{[^{}]*\}", corps):
            corps = _mask(corps, *champ.span())
        yield from _search(corps[1:-1], chaine.start() + 1)


_LECTEURS: dict[str, Callable[[str], Iterator[int]]] = {
    ".py": _read_python,
    ".html": _read_gabarit,
    ".txt": _read_courriel,
    ".md": _read_markdown,
    ".yaml": _read_yaml,
    ".typ": _search,
    ".js": _read_javascript,
}


def list_fichiers() -> list[str]:
    """What is followed by git and read by a person."""
    suivis = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src", "docs/guide", "docs/glossaire.md"],
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    return [nom for nom in suivis if Path(nom).suffix in _LECTEURS and "/tiers/" not in nom]


def main() -> int:
    total = 0
    for nom in list_fichiers():
        texte = (RACINE / nom).read_text(encoding="utf-8")
        for place in find_fautes(nom, texte):
            ligne = texte.count("\n", 0, place) + 1
            print(f"{nom}:{ligne}: …{texte[max(0, place - 25) : place + 15]!r}…")
            total += 1
    if total:
        print(f"{total} à corriger : une espace insécable (U+00A0) avant : ; ! ? » et après «, et l’apostrophe ’.")
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main())
