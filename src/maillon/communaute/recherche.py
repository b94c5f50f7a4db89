"""How names are found: without accents, by a part of the name or in spite of a typing error.

Searched names are kept normalised in a column of their own with a trigram index. Such an index is out of the planner's
reach behind row level security, hence national tables only.
"""

from typing import Any, TypeVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import models
from django.db.models import Case, FloatField, Q, QuerySet, Value, When

from maillon.socle.chiffrement import normalize

Rows = TypeVar("Rows", bound="QuerySet[Any]")
# Words that French place names abbreviate on an envelope.
ABREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def normalize_nom(text: str) -> str:
    """Lower case, no accent, one space between words, « St » and « Ste » in full."""
    return " ".join(ABREVIATIONS.get(word, word) for word in normalize(text).split())


class NomRecherche(models.CharField):
    """The normalised form of other fields of the row, kept at every save and bulk insertion."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        kwargs["editable"] = False
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("blank", None)
        return name, path, args, {**kwargs, "sources": self.sources}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = normalize_nom(" ".join(str(getattr(model_instance, source) or "") for source in self.sources))
        value = text[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


def trigram_index(name: str, field: str = "nom_recherche") -> GinIndex:
    """The index that `filter_noms` uses."""
    return GinIndex(fields=[field], name=name, opclasses=["gin_trgm_ops"])


def filter_noms(rows: Rows, texte: str, *, field: str = "nom_recherche") -> Rows:
    """Rows whose name contains every word of `texte`, or resembles it; the nearest first, then by name.

    An empty text gives no row.
    """
    words = normalize_nom(texte).split()
    if not words:
        return rows.none()
    sought = " ".join(words)
    contains = Q()
    for word in words:
        contains &= Q(**{f"{field}__contains": word})
    return (
        rows.filter(contains | Q(**{f"{field}__trigram_word_similar": sought}))
        .annotate(
            proximite=Case(
                When(**{field: sought}, then=Value(4.0)),
                When(**{f"{field}__startswith": sought}, then=Value(3.0)),
                default=TrigramWordSimilarity(sought, field) + TrigramSimilarity(field, sought),
                output_field=FloatField(),
            )
        )
        .order_by("-proximite", field)
    )
