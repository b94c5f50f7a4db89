"""Fields of pay."""

import re
from decimal import Decimal
from typing import Any

from django import forms


class ChampNombre(forms.DecimalField):
    """A number typed as the French do: comma, and spaces between thousands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(localize=True, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(re.sub(r"[\s\u202f\u00a0]", "", value) if isinstance(value, str) else value)


class ChampEuros(ChampNombre):
    """Euros and cents."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": Decimal("0.01"), "max_digits": 10, "decimal_places": 2, **options})
