"""The answer to a search of slots: text put together, because a thousand slots differ by five values each."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from .codes import PROFIL_BUNDLE, PROFIL_BUNDLE_CPTS
from .faits import Communaute, CreneauLibre, LieuPraticien, Praticien
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
    lieux: Mapping[str, LieuPraticien] | None = None
    praticiens: Mapping[str, Praticien] | None = None
    communautes: Mapping[str, Communaute] | None = None


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


def _slots(creneaux: Iterable[CreneauLibre], adresses: Adresses, cpts: bool) -> Iterator[str]:
    base, (before, after) = adresses.base, adresses.rendez_vous
    instants: dict[tuple[datetime, str], str] = {}

    def write(moment: datetime, fuseau: str) -> str:
        key = moment, fuseau
        if key not in instants:
            instants[key] = moment.astimezone(ZoneInfo(fuseau)).isoformat(timespec="milliseconds")
        return instants[key]

    for slot in creneaux:
        common = render_slot_common(slot.forme, cpts)
        yield (
            f'{{"fullUrl":"{base}/Slot/{slot.id}","search":{{"mode":"match"}},"resource":{{"resourceType":"Slot",'
            f'"id":"{slot.id}",{common},"schedule":{{"reference":"Schedule/{slot.lieu_id}"}},"status":"free",'
            f'"start":"{write(slot.debut, slot.fuseau)}","end":"{write(slot.fin, slot.fuseau)}",'
            f'"comment":"{before}{slot.id}{after}"}}}}'
        )


def _includes(found: Trouvaille, base: str, cpts: bool) -> Iterator[str]:
    lieux, praticiens, communautes = found.lieux or {}, found.praticiens or {}, found.communautes or {}
    places = [lieux[key] for key in dict.fromkeys(slot.lieu_id for slot in found.creneaux)]
    for lieu in places:
        yield _include(base, "Schedule", lieu.id, render_schedule(lieu.id, lieu.praticien_id))
    for key in dict.fromkeys(lieu.praticien_id for lieu in places):
        yield _include(base, "Practitioner", key, render_practitioner(praticiens[key]))
    for lieu in places:
        yield _include(base, "PractitionerRole", lieu.id, render_role(lieu))
    if not cpts:
        return
    named = dict.fromkeys(key for forme in {slot.forme: 1 for slot in found.creneaux} for key in forme.communautes)
    for key in named:
        yield _include(base, "HealthcareService", key, render_service(communautes[key]))
        yield _include(base, "Organization", key, render_organization(communautes[key]))


def _include(base: str, kind: str, key: str, resource: str) -> str:
    return f'{{"fullUrl":"{base}/{kind}/{key}","search":{{"mode":"include"}},"resource":{resource}}}'
