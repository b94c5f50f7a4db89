from datetime import UTC, datetime

import pytest

from maillon.socle.horloge import at


@pytest.fixture(autouse=True)
def _horloge(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with at(datetime(2026, 11, 24, 12, tzinfo=UTC)):
        yield
