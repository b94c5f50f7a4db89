"""Calendar files, against RFC 5545."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from maillon.pilotage.cycle.agenda import EvenementAgenda, fold, write_agenda

MOMENT = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVENEMENT = EvenementAgenda(
    uid="fin.a1@maillon",
    le=date(2028, 12, 31),
    titre="Fin du contrat ; CPTS d’essai, 1\\2",
    texte="Une ligne\nune autre",
    url="https://example.org/c/essai/",
)


def lire(contenu: bytes) -> list[str]:
    """The unfolded lines of a calendar."""
    texte = contenu.decode()
    assert texte.endswith("\r\n")
    assert "\n" not in texte.replace("\r\n", "")
    for ligne in texte.split("\r\n"):
        assert len(ligne.encode()) <= 75
    return texte.replace("\r\n ", "").split("\r\n")[:-1]


def test_a_deadline_is_a_whole_day_with_two_reminders():
    lignes = lire(write_agenda("Échéances", [EVENEMENT], moment=MOMENT))
    assert (lignes[0], lignes[1], lignes[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    assert "UID:fin.a1@maillon" in lignes
    assert "DTSTAMP:20261124T120000Z" in lignes
    assert "DTSTART;VALUE=DATE:20281231" in lignes
    assert "DTEND;VALUE=DATE:20290101" in lignes
    assert "SUMMARY:Fin du contrat \\; CPTS d’essai\\, 1\\\\2" in lignes
    assert "DESCRIPTION:Une ligne\\nune autre" in lignes
    assert [ligne for ligne in lignes if ligne.startswith("TRIGGER")] == ["TRIGGER:-P30D", "TRIGGER:-P7D"]
    assert lignes.count("BEGIN:VALARM") == lignes.count("END:VALARM") == 2


def test_a_calendar_without_deadline_is_still_one():
    assert "BEGIN:VEVENT" not in lire(write_agenda("Échéances", [], moment=MOMENT))
    court = EvenementAgenda("a@maillon", date(2026, 1, 1), "Court", rappel=False)
    lignes = lire(write_agenda("Échéances", [court], moment=MOMENT))
    assert not [ligne for ligne in lignes if ligne.startswith(("DESCRIPTION", "URL", "BEGIN:VALARM"))]


@given(st.text(alphabet=st.characters(exclude_characters="\r\n", exclude_categories=("Cs",)), max_size=400))
def test_folding_loses_nothing_and_cuts_no_character(ligne):
    pliee = fold(ligne)
    assert pliee.replace("\r\n ", "") == ligne
    assert all(len(morceau.encode()) <= 75 for morceau in pliee.split("\r\n"))
