"""Feeds, read back with a parser; days as they are shown."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillon.communaute.agenda.enums import Vue
from maillon.communaute.agenda.grille import build_jours, find_periode, split_weeks
from maillon.communaute.agenda.ics import compute_etag, write_flux
from maillon.socle.declarations import EntreeAgenda
from maillon.socle.ui.qr import draw_qr

PARIS = ZoneInfo("Europe/Paris")
MOMENT = datetime(2026, 11, 24, 12, tzinfo=UTC)
REUNION = EntreeAgenda(
    uid="reunion-1@maillon",
    genre="reunion",
    titre="Bureau ; budget, projets",
    debut=datetime(2026, 12, 3, 19, 30, tzinfo=PARIS),
    fin=datetime(2026, 12, 3, 21, 0, tzinfo=PARIS),
    sequence=3,
    lieu="Maison de santé\nÉtage 2",
    url="/c/essai/reunions/1/",
)
ECHEANCE = EntreeAgenda("echeance-1@maillon", "echeance", "Anniversaire", date(2026, 12, 22), date(2026, 12, 23))


def write(*entrees: EntreeAgenda, fuseau: str = "Europe/Paris") -> icalendar.Calendar:
    contenu = write_flux("Mon agenda", entrees, fuseau=fuseau, base="https://maillon.test", moment=MOMENT)
    assert all(len(ligne) <= 75 for ligne in contenu.split(b"\r\n"))
    return icalendar.Calendar.from_ical(contenu)


def test_a_feed_is_read_back_as_it_was_written():
    calendrier = write(REUNION, ECHEANCE)
    reunion, echeance = calendrier.walk("VEVENT")
    assert (str(reunion["UID"]), reunion["SEQUENCE"], str(reunion["SUMMARY"])) == (REUNION.uid, 3, REUNION.titre)
    assert reunion["DTSTART"].params["TZID"] == "Europe/Paris"
    assert reunion["DTSTART"].dt == REUNION.debut
    assert str(reunion["LOCATION"]) == "Maison de santé Étage 2"
    assert str(reunion["URL"]) == "https://maillon.test/c/essai/reunions/1/"
    assert (str(reunion["TRANSP"]), str(echeance["TRANSP"])) == ("OPAQUE", "TRANSPARENT")
    assert (echeance["DTSTART"].dt, echeance["DTEND"].dt) == (ECHEANCE.debut, ECHEANCE.fin)
    assert [str(zone["TZID"]) for zone in calendrier.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert str(calendrier["METHOD"]) == "PUBLISH"


def test_a_cancelled_entry_is_said_so_under_the_same_identifier():
    annulee = EntreeAgenda(REUNION.uid, "reunion", "Bureau", REUNION.debut, REUNION.fin, sequence=4, annulee=True)
    (lue,) = write(annulee).walk("VEVENT")
    assert (str(lue["UID"]), lue["SEQUENCE"], str(lue["STATUS"])) == (REUNION.uid, 4, "CANCELLED")


def test_the_zone_is_that_of_the_community():
    reunion = write(REUNION, fuseau="Indian/Reunion").walk("VEVENT")[0]
    assert reunion["DTSTART"].params["TZID"] == "Indian/Reunion"
    assert reunion["DTSTART"].dt.hour == 22
    assert reunion["DTSTART"].dt == REUNION.debut


def test_the_etag_changes_with_what_is_written_only():
    assert compute_etag("a", [REUNION]) == compute_etag("a", [REUNION])
    assert compute_etag("a", [REUNION]) != compute_etag("a", [REUNION, ECHEANCE])


@settings(max_examples=40)
@given(
    titre=st.text(max_size=200),
    debut=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    minutes=st.integers(1, 60 * 24 * 30),
    fuseau=st.sampled_from(["Europe/Paris", "America/Cayenne", "Pacific/Noumea", "America/Miquelon"]),
)
def test_whatever_the_title_and_the_hour_a_parser_reads_the_same(titre, debut, minutes, fuseau):
    debut = debut.replace(microsecond=0)
    entree = EntreeAgenda("x@maillon", "reunion", titre, debut, debut + timedelta(minutes=minutes))
    (lue,) = write(entree, fuseau=fuseau).walk("VEVENT")
    assert lue["DTSTART"].dt == debut
    assert lue["DTEND"].dt == entree.fin
    assert "".join(str(lue["SUMMARY"]).split()) == "".join(
        "".join(signe if signe.isprintable() else " " for signe in titre).split()
    )


@pytest.mark.parametrize("jour", [date(2026, 2, 15), date(2026, 3, 31), date(2026, 12, 1), date(2027, 2, 1)])
def test_a_month_is_made_of_whole_weeks(jour):
    periode = find_periode(Vue.MOIS, jour)
    assert (periode.debut.weekday(), periode.fin.weekday()) == (0, 0)
    assert periode.debut <= jour.replace(day=1)
    assert periode.avant.month == (jour.month - 2) % 12 + 1
    assert periode.apres.month == jour.month % 12 + 1
    assert all(len(semaine) == 7 for semaine in split_weeks(build_jours([], periode, zone=PARIS, on=jour)))


def test_an_entry_falls_on_each_of_its_days_in_the_zone_of_the_community():
    nuit = EntreeAgenda(
        "n", "garde", "Garde", datetime(2026, 12, 3, 23, tzinfo=UTC), datetime(2026, 12, 4, 23, tzinfo=UTC)
    )
    periode = find_periode(Vue.SEMAINE, date(2026, 12, 3))
    jours = build_jours([nuit, ECHEANCE], periode, zone=PARIS, on=date(2026, 12, 3))
    assert [(j.le.day, [a.heure for a in j.entrees]) for j in jours if j.entrees] == [(4, ["0\u00a0h"])]
    assert [j.le.day for j in jours if j.is_today] == [3]
    assert find_periode(Vue.SEMAINE, date(2026, 12, 3)).titre == "Semaine du 30 novembre au 6 décembre 2026"


def test_the_code_is_drawn_without_style_nor_address_in_clear():
    dessin = draw_qr("webcal://maillon.test/l/secret/agenda.ics")
    assert dessin.startswith("<svg")
    assert "style=" not in dessin
    assert "secret" not in dessin


def test_the_duties_of_a_day_are_one_line_that_unfolds():
    def entree(genre, titre, heure):
        debut = datetime(2026, 12, 3, heure, tzinfo=PARIS)
        return EntreeAgenda(f"{titre}@maillon", genre, titre, debut, debut + timedelta(hours=2))

    entrees = [entree("garde", "Anouk", 8), entree("reunion", "Bureau", 9), entree("garde", "Basile", 14)]
    periode = find_periode(Vue.SEMAINE, date(2026, 12, 3))
    jour = build_jours(entrees, periode, zone=PARIS, on=date(2026, 12, 3))[3]
    pli, reunion = jour.lignes
    assert (pli.titre, pli.heure) == ("2\u00a0gardes", "8\u00a0h et 14\u00a0h")
    assert [une.entree.titre for une in pli.entrees] == ["Anouk", "Basile"]
    assert reunion.entree.titre == "Bureau"
    seule = build_jours(entrees[1:], periode, zone=PARIS, on=date(2026, 12, 3))[3]
    assert [une.entree.titre for une in seule.lignes] == ["Bureau", "Basile"]
