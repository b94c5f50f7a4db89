"""A new encryption key without a stop: the service reads old and new values while old ones are rewritten.

1. put the new key in front of MAILLON_CLES and restart; 2. `maillon patients rechiffrer`; 3. take the old key out.
"""

from collections.abc import Iterator

from django.db import models, transaction

from .chiffrement import decrypt, encrypt, has_current_key
from .promesses import tenant_models

LOT = 500
PROPRIETAIRE = "proprietaire"


def encrypted_models() -> Iterator[tuple[type[models.Model], tuple[str, ...]]]:
    """The models that declare `colonnes_chiffrees`, with these columns."""
    for model in tenant_models():
        if columns := getattr(model, "colonnes_chiffrees", ()):
            yield model, columns


def rewrite_values(*, dry_run: bool = False) -> dict[str, int]:
    """Rewrite with the first key what was written with another; returns the number of rows by model.

    Under the owner's role, because the runtime role cannot read identities; no value leaves this function, so there is
    no trace of reading. Small transactions: it can be stopped and started again. Raises ValeurIllisible when a value
    needs a key that is not in MAILLON_CLES.
    """
    rewritten: dict[str, int] = {}
    for model, columns in encrypted_models():
        rewritten[model._meta.label] = sum(
            _rewrite_batch(model, columns, keys, dry_run=dry_run) for keys in _batches(model)
        )
    return rewritten


def _batches(model: type[models.Model]) -> Iterator[list[object]]:
    keys = list(model._default_manager.using(PROPRIETAIRE).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), LOT):
        yield keys[start : start + LOT]


def _rewrite_batch(model: type[models.Model], columns: tuple[str, ...], keys: list[object], *, dry_run: bool) -> int:
    table, changed = model._meta.db_table, 0
    with transaction.atomic(using=PROPRIETAIRE):
        for row in model._default_manager.using(PROPRIETAIRE).select_for_update().filter(pk__in=keys):
            old = [name for name in columns if not has_current_key(getattr(row, name))]
            if not old:
                continue
            changed += 1
            if dry_run:
                continue
            for name in old:
                cpts_id, row_id = row.cpts_id, row.pk  # type: ignore[attr-defined]
                text = decrypt(getattr(row, name), cpts_id=cpts_id, table=table, column=name, row_id=row_id)
                setattr(row, name, encrypt(text, cpts_id=cpts_id, table=table, column=name, row_id=row_id))
            row.save(using=PROPRIETAIRE, update_fields=old)
    return changed
