"""Filters of French typography and the few tags that an include cannot be. Loaded by `{% load ui %}`."""

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import annonces, typographie
from ..composants import ICONES_DES_TONS, Pastille
from ..contexte import Rubrique
from ..feries import say_ferie
from ..typographie import Chiffrable

register = template.Library()
SPRITE = "ui/tiers/icones/icones.svg"


@cache
def known_icones() -> frozenset[str]:
    """Names of the icons that the shipped sprite holds."""
    texte = (Path(__file__).resolve().parent.parent / "static" / SPRITE).read_text(encoding="utf-8")
    return frozenset(morceau.split('"', 1)[0] for morceau in texte.split('<symbol id="')[1:])


@register.simple_tag
def icone(nom: str, classe: str = "", titre: str = "") -> SafeString:
    """An icon of the sprite. Without `titre` it is decoration, hidden from screen readers: a word stands beside it."""
    if not titre:
        return _decorate(nom, classe)
    return format_html(
        '<svg class="icone {}" role="img" aria-label="{}"><use href="{}"></use></svg>', classe, titre, _locate(nom)
    )


def _locate(nom: str) -> str:
    if nom not in known_icones():
        raise template.TemplateSyntaxError(f"Icône inconnue : « {nom} » (outils/fournir_actifs.py --icones les liste).")
    return f"{static(SPRITE)}#{nom}"


@lru_cache(maxsize=512, typed=True)  # a class already marked safe is another question
def _decorate(nom: str, classe: str) -> SafeString:
    return format_html(
        '<svg class="icone {}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', classe, _locate(nom)
    )


@register.simple_tag
@lru_cache(maxsize=256)  # it is shown twice on every page, and changes with the roles and the current entry alone
def menu(prefixe: str, rubriques: tuple[Rubrique, ...]) -> SafeString:
    """The headings of the menu and their lines; `prefixe` tells its two copies apart."""
    return render_to_string("ui/_menu.html", {"prefixe": prefixe, "rubriques": rubriques})


@register.inclusion_tag("ui/pastille.html")
def pastille(ton: str | Pastille, libelle: str = "", icone: str = "") -> dict[str, Any]:
    """A state: `{% pastille "attente" "En attente" %}`, or `{% pastille objet %}` with a `Pastille`."""
    if isinstance(ton, Pastille):
        return {"p": ton}
    if ton not in ICONES_DES_TONS:
        raise template.TemplateSyntaxError(f"Ton inconnu : « {ton} ».")
    return {"p": Pastille(libelle, ton, icone)}  # type: ignore[arg-type]


@register.simple_tag
def ferie(moment: date | datetime | None, departement: str) -> SafeString:
    """Beside a date that is proposed: that it is a public holiday, or nothing."""
    dit = say_ferie(moment, departement)
    return (
        format_html('<span class="discret d-block">{} {}</span>', _decorate("calendar", ""), dit[0].upper() + dit[1:])
        if dit
        else SafeString("")
    )


def widget_class(widget: Any) -> str:
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


@register.inclusion_tag("ui/champ.html")
def champ(field: BoundField, classe: str = "", facultatif: bool = True) -> dict[str, Any]:
    """A form field whole: label, help, control, error. `facultatif=False` hides « (facultatif) »."""
    widget = field.field.widget
    widget.attrs["class"] = " ".join(dict.fromkeys([*widget.attrs.get("class", "").split(), widget_class(widget)]))
    if field.errors:
        widget.attrs["aria-invalid"] = "true"
    return {
        "field": field,
        "classe": classe,
        "facultatif": facultatif and not field.field.required and not isinstance(widget, CheckboxInput),
        "groupe": isinstance(widget, RadioSelect | CheckboxSelectMultiple),
        "case": isinstance(widget, CheckboxInput),
    }


@register.inclusion_tag("ui/pagination.html")
def pagination(page: Any, adresse: str = "?page=", cible: str = "", privee: bool = False) -> dict[str, Any]:
    """Pages around the current one. `adresse` ends where the number goes; `cible` is the htmx target, if any."""
    numeros = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {"page": page, "numeros": numeros, "adresse": adresse, "cible": cible, "privee": privee}


@register.simple_block_tag
def vers(
    content: SafeString, adresse: str, privee: bool = False, cible: str = "", page: bool = False, **attributs: str
) -> SafeString:
    """Leads to another state of a list: a link or, when its search is private, a button that posts the search along.

    `cible` is the htmx target, if any; `page` makes a step of the history; other arguments become attributes.
    """
    attributs = {cle.replace("_", "-"): valeur for cle, valeur in attributs.items()}
    if cible:
        attributs |= {"hx-target": cible, "hx-swap": "outerHTML show:top" if page else "outerHTML"}
    if privee:
        attributs |= {"type": "submit", "form": "liste-privee", "formaction": adresse}
        attributs |= {"hx-post": adresse} if cible else {}
    else:
        attributs |= {"href": adresse}
        attributs |= {"hx-get": adresse, "hx-push-url" if page else "hx-replace-url": "true"} if cible else {}
    nom = "button" if privee else "a"
    return format_html("<{}{}>{}</{}>", nom, flatatt(attributs), content, nom)


@register.filter
def suivi_de(adresse: str, numero: int) -> str:
    """`?tri=nom&page=` and 2: `?tri=nom&page=2`."""
    return f"{adresse}{numero}"


@register.filter
def url_annulation(message: Message) -> str:
    """Where « Annuler » posts, for a message made by `annonces.offer_undo`."""
    return annonces.undo_url(message.extra_tags)


@register.filter
def rang(valeur: int, courante: int) -> str:
    """Where a step stands beside the current one: `faite`, `courante` or `avenir`."""
    return "faite" if valeur < courante else "courante" if valeur == courante else "avenir"


@register.filter
def euros(valeur: Chiffrable | None) -> str:
    """`1 234 €`."""
    return typographie.format_euros(valeur)


@register.filter
def nombre(valeur: Chiffrable | None, decimales: int | None = None) -> str:
    """`1 234,5`."""
    return typographie.format_nombre(valeur, decimales)


@register.filter
def pour_cent(part: Chiffrable | None) -> str:
    """`12,5 %` from 0.125."""
    return typographie.format_pour_cent(part)


@register.filter
def date_longue(moment: date | datetime | None) -> str:
    """`mardi 3 mars`."""
    return typographie.format_date(moment)


@register.filter
def date_courte(moment: date | datetime | None) -> str:
    """`3 mars`, without the day of the week, for tables."""
    return typographie.format_date(moment, jour=False)


@register.filter
def heure(moment: datetime | time | None) -> str:
    """`14 h 30`."""
    return typographie.format_heure(moment)


@register.filter
def date_heure(moment: datetime | None) -> str:
    """`mardi 3 mars, 14 h 30`."""
    return typographie.format_date_heure(moment)


@register.filter
def duree(valeur: timedelta | int | None) -> str:
    """`1 h 30` from a timedelta or a number of minutes."""
    return typographie.format_duree(valeur)


@register.filter
def delai(moment: date | datetime | None) -> str:
    """`dans 29 jours`, `il y a 3 jours`."""
    return typographie.format_delai(moment)


@register.filter
def telephone(numero: str | None) -> str:
    """`04 77 12 34 56`."""
    return typographie.format_telephone(numero)


@register.filter
def pluriel(valeur: Chiffrable, formes: str) -> str:
    """`{{ n|pluriel:"demande,demandes" }}` gives « 3 demandes », number included."""
    return typographie.compter(valeur, *formes.split(","))


@register.filter
def accord(valeur: Chiffrable, formes: str) -> str:
    """`{{ n|accord:"attend,attendent" }}` gives the word alone."""
    return typographie.accorder(valeur, *formes.split(","))
