"""Reads and writes the compressed files, the same bytes at every build."""

import csv
import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write_gz(path: Path, content: bytes) -> None:
    """Compress without date nor name, so that the same content gives the same file."""
    with path.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", compresslevel=9, mtime=0, filename="") as out:
        out.write(content)


def write_csv(path: Path, header: list[str], rows: Iterable[list[Any]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_gz(path, buffer.getvalue().encode())


def read_csv(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_json(path: Path, value: Any) -> int:
    """Write compact JSON; returns its size before compression, in bytes."""
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    write_gz(path, raw)
    return len(raw)


def read_json(path: Path) -> Any:
    with gzip.open(path) as file:
        return json.load(file)
