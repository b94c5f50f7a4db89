"""The rooms of the house: what the import contracts must not forget."""

import tomllib
from pathlib import Path

from django.apps import apps

RACINE = Path(__file__).parents[2]


def test_every_app_is_under_the_kit_contract():
    contracts = tomllib.loads((RACINE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    kit = next(contract for contract in contracts if contract["id"] == "kit")
    installed = {config.name for config in apps.get_app_configs() if config.name.startswith("maillon.")}
    assert set(kit["containers"]) == installed
