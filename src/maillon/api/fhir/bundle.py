"""The answer to a search of slots: text put together, because a thousand slots differ by five values each."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from .codes import PROFIL_BUNDLE, PROFIL_BUNDLE_CPTS
from .faits import Communaute, CreneauLibre, GroupeCreneaux, LieuPraticien, Praticien
from .ressources import (
    render_organization,
    render_practitioner,
    render_role,
    render_schedule,
    render_service,
    render_slot_common,
)


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """Free slots, with the places, professionals and communities that they name."""

    creneaux: tuple[CreneauLibre, ...] = ()
    lieux: Mapping[str, LieuPraticien] = field(default_factory=dict)
    praticiens: Mapping[str, Praticien] = field(default_factory=dict)
    communautes: Mapping[str, Communaute] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Adresses:
    """Of this service (`base`), of the request as it came (`requete`), and of the booking page around a slot's id."""

    base: str
    requete: str
    rendez_vous: tuple[str, str]


def render_bundle(found: Trouvaille, adresses: Adresses, *, cpts: bool) -> str:
    """The Bundle `searchset` of these slots; no `entry` when there is none."""
    profile = PROFIL_BUNDLE_CPTS if cpts else PROFIL_BUNDLE
    link = json.dumps([{"relation": "self", "url": adresses.requete}], separators=(",", ":"))
    head = (
        f'{{"resourceType":"Bundle","meta":{{"profile":["{profile}"]}},"type":"searchset",'
        f'"total":{len(found.creneaux)},"link":{link}'
    )
    if not found.creneaux:
        return head + "}"
    entries = [*_slots(found.creneaux, adresses, cpts), *_includes(found, adresses.base, cpts)]
    return f'{head},"entry":[{",".join(entries)}]}}'


@lru_cache(maxsize=65_536)
def write_instant(moment: str, fuseau: str) -> str:
    """A moment (ISO, with its offset) by the clock of a zone, always with its milliseconds."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(fuseau)).isoformat(timespec="milliseconds")


def _slots(creneaux: Iterable[CreneauLibre], adresses: Adresses, cpts: bool) -> Iterator[str]:
    before, after = adresses.rendez_vous
    opening = f'{{"fullUrl":"{adresses.base}/Slot/'
    matched = '","search":{"mode":"match"},"resource":{"resourceType":"Slot","id":"'
    groups: dict[GroupeCreneaux, str] = {}
    for key, debut, fin, groupe in creneaux:
        common = groups.get(groupe)
        if common is None:
            common = groups[groupe] = (
                f'",{render_slot_common(groupe.forme, cpts)},"schedule":{{"reference":"Schedule/{groupe.lieu_id}"}},'
                '"status":"free","start":"'
            )
        fuseau = groupe.fuseau
        yield (
            f'{opening}{key}{matched}{key}{common}{write_instant(debut, fuseau)}","end":"{write_instant(fin, fuseau)}",'
            f'"comment":"{before}{key}{after}"}}}}'
        )


def _includes(found: Trouvaille, base: str, cpts: bool) -> Iterator[str]:
    groups = dict.fromkeys(slot.groupe for slot in found.creneaux)
    places = [found.lieux[key] for key in dict.fromkeys(groupe.lieu_id for groupe in groups)]
    for lieu in places:
        yield _include(base, "Schedule", lieu.id, render_schedule(lieu.id, lieu.praticien_id))
    for key in dict.fromkeys(lieu.praticien_id for lieu in places):
        yield _include(base, "Practitioner", key, render_practitioner(found.praticiens[key]))
    for lieu in places:
        yield _include(base, "PractitionerRole", lieu.id, render_role(lieu))
    if not cpts:
        return
    named = dict.fromkeys(key for groupe in groups for key in groupe.forme.communautes)
    for key in named:
        yield _include(base, "HealthcareService", key, render_service(found.communautes[key]))
        yield _include(base, "Organization", key, render_organization(found.communautes[key]))


def _include(base: str, kind: str, key: str, resource: str) -> str:
    return f'{{"fullUrl":"{base}/{kind}/{key}","search":{{"mode":"include"}},"resource":{resource}}}'
