"""Everything that points to a row, whatever app keeps it: walked from the models, so that later tables follow."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from maillon.socle.lots import batched


def list_liens(modele: type[models.Model], *, sauf: frozenset[str] = frozenset()) -> "Iterator[models.Field[Any, Any]]":
    """Foreign keys (and one-to-one) to `modele`, of the tables of every app but those of `sauf`."""
    for relation in modele._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
            continue
        champ = relation.field  # type: ignore[union-attr]
        if champ.model._meta.app_label not in sauf and not champ.model._meta.proxy:
            yield champ


def count_pendants(modele: type[models.Model], cles: Iterable[UUID], *, ignore: set[tuple[str, str]]) -> Counter[str]:
    """Rows that hang on these ones, by the name of their kind; `ignore` holds (model, key) that do not count."""
    pendants: Counter[str] = Counter()
    liste = list(cles)
    for champ in list_liens(modele, sauf=frozenset({"reprise"})):
        for lot in batched(liste):
            found = champ.model._base_manager.filter(**{f"{champ.name}__in": lot})
            label = champ.model._meta.label
            nombre = sum((label, str(cle)) not in ignore for cle in found.values_list("pk", flat=True))
            if nombre:
                pendants[str(champ.model._meta.verbose_name)] += nombre
    return pendants


def get_modele(label: str) -> type[models.Model]:
    return apps.get_model(label)
