"""From which side one books: inside a community, or as a regulator over a territory. The pages are the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from maillon.communaute.territoire.models import Commune
from maillon.socle.contexte import act_in
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now, today

from ..enums import Origine
from ..models import ActionRefusee, Creneau
from ..permissions import GERER
from ..selectors.recherche import list_communes
from ..services import FERME

# Searches of one account in a minute: more is a robot.
PAR_MINUTE = 60


class Cote:
    """What differs between a member of `request.cpts` and an agent, who has none."""

    def __init__(self, request: Requete) -> None:
        self.request, self.acteur = request, request.acteur
        self.is_regulation = request.cpts is None

    def url(self, nom: str, *args: Any) -> str:
        """The address of a page on this side."""
        if not self.is_regulation:
            return reverse(f"soins_{nom}", args=[self.request.cpts.slug, *args])
        return reverse("soins_regulation" if nom == "recherche" else f"soins_regulation_{nom}", args=args)

    @property
    def lieu(self) -> str:
        """Where the filters of this side are kept in the session."""
        return "regulation" if self.is_regulation else str(self.request.cpts.pk)

    @cached_property
    def communautes(self) -> list[Cpts]:
        """The communities whose slots are sought here."""
        if not self.is_regulation:
            return [self.request.cpts]
        return list(Cpts.objects.filter(pk__in=self.acteur.cpts_regulees))

    def get_cpts(self, cpts_id: UUID) -> Cpts:
        """This community, read again when it is not the one where one stands."""
        here = None if self.is_regulation else self.request.cpts
        return here if here is not None and here.pk == cpts_id else Cpts.objects.get(pk=cpts_id)

    @cached_property
    def communes(self) -> list[Commune]:
        return list_communes([cpts.pk for cpts in self.communautes])

    @property
    def fuseau(self) -> str:
        return self.communautes[0].fuseau if self.communautes else "Europe/Paris"

    @property
    def is_guichet(self) -> bool:
        return self.acteur.can(GERER)

    @property
    def origine(self) -> Origine:
        """By whom what is recorded here came."""
        if self.acteur.has_role(*RoleTerritorial):
            return Origine.REGULATION
        if self.is_guichet:
            return Origine.GUICHET
        return Origine.PHARMACIE if self.acteur.has_role(Role.PHARMACIEN) else Origine.PROFESSIONNEL

    def is_here(self, creneau: Creneau) -> bool:
        """Whether a slot is of one's own community; a regulator has none."""
        return not self.is_regulation and creneau.cpts_id == self.request.cpts.pk

    @contextmanager
    def inside(self, cpts: Cpts) -> Iterator[None]:
        """Write in this community. ActionRefusee while its patient rooms are closed."""
        if not cpts.is_ouverte_aux_patients(on=today()):
            raise ActionRefusee(FERME)
        if self.is_regulation:
            with act_in(cpts.pk):
                yield
        else:
            yield


def on_side(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of either side: called with its `Cote`, by the clock of the community."""

    @wraps(view)
    def run(request: Requete, *args: Any, **kwargs: Any) -> HttpResponse:
        kwargs.pop("slug", None)
        cote = Cote(request)
        with timezone.override(ZoneInfo(cote.fuseau)):
            return view(request, cote, *args, **kwargs)

    return run


def is_too_fast(request: Requete) -> bool:
    """Note a search of this account; whether it made too many this minute."""
    cle = f"soins-recherche:{request.acteur.compte_id}:{now():%Y%m%d%H%M}"
    cache.add(cle, 0, 120)
    try:
        return cache.incr(cle) > PAR_MINUTE
    except ValueError:  # forgotten meanwhile by a cache that is full
        return False


def slow_down(request: Requete) -> HttpResponse:
    """The page of who asks too often."""
    return render(request, "429.html", status=429)
