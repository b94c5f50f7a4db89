"""The one door: resolves who asks, opens the tenant's transaction, and calls the view inside it.

Unknown and forbidden look the same (404). A person who is not signed in is sent to sign in; one without a second
factor is sent to enrol one. A view that does not say who may open it is refused.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from maillon.socle.contexte import Contexte, switch_contexte, use_contexte
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import today

from . import selectors
from .acteur import PUBLIC, Acteur
from .permissions import Acces, Machine, Porte
from .sessions import is_fort

# Views of libraries cannot carry our mark; they are opened here, by module.
TIERS: dict[str, Acces] = {
    "allauth.account": Acces(Porte.PUBLIC, fort=False),
    "allauth.mfa": Acces(Porte.PUBLIC, fort=False),
    "allauth.socialaccount": Acces(Porte.PUBLIC, fort=False),
}


def get_acces(view: Callable[..., Any]) -> Acces | None:
    """Who may open this view: its own mark, or that of its library."""
    own: Acces | None = getattr(view, "acces", None)
    if own is not None:
        return own
    module = getattr(view, "__module__", "")
    klass = getattr(view, "view_class", None)
    module = klass.__module__ if klass is not None else module
    return next((acces for name, acces in TIERS.items() if module.startswith(name)), None)


class AccesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acteur = PUBLIC  # type: ignore[attr-defined]
        request.cpts = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        acces = get_acces(view)
        if acces is None:
            raise ImproperlyConfigured(f"La vue {view.__module__}.{view.__name__} ne dit pas qui peut l’ouvrir.")
        if acces.porte is Porte.LIEN:
            return self._open_lien(request, view, kwargs, acces)
        if acces.porte is Porte.PUBLIC:
            return self._open_public(request, view, kwargs, acces)
        if acces.machine is not None:
            return self._open_machine(request, view, kwargs, acces, acces.machine)
        return self._open_personal(request, view, kwargs, acces)

    def _call(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        kwargs: dict[str, Any],
        acteur: Acteur,
        cpts: Cpts | None,
        acces: Acces,
    ) -> HttpResponse:
        """Call the view as this actor, inside the transaction already open, unless its room is still locked."""
        request.acteur = acteur  # type: ignore[attr-defined]
        request.cpts = cpts  # type: ignore[attr-defined]
        switch_contexte(
            Contexte(
                cpts_id=cpts.pk if cpts else None,
                compte_id=acteur.compte_id,
                acteur=acteur.etiquette,
                cpts_lues=acteur.cpts_lues,
                cpts_regulees=acteur.cpts_regulees,
            )
        )
        with timezone.override(ZoneInfo(cpts.fuseau) if cpts else None):  # hours, and the day, are those of the place
            if acces.patients and cpts is not None and not cpts.is_ouverte_aux_patients(on=today()):
                return render(request, "droits/patients_fermes.html", {"public": not acteur.is_connecte}, status=403)
            return view(request, **kwargs)

    def _open_lien(
        self, request: HttpRequest, view: Callable[..., HttpResponse], kwargs: dict[str, Any], acces: Acces
    ) -> HttpResponse:
        lien = selectors.get_lien(kwargs["jeton"], but=acces.but)
        if lien is None:
            return render(request, "droits/lien_ferme.html", status=410)
        request.lien = lien  # type: ignore[attr-defined]
        with use_contexte(Contexte()):
            return self._call(request, view, kwargs, selectors.acteur_of_lien(lien), lien.cpts, acces)

    def _open_public(
        self, request: HttpRequest, view: Callable[..., HttpResponse], kwargs: dict[str, Any], acces: Acces
    ) -> HttpResponse | None:
        if getattr(view, "acces", None) is None:
            return None  # a library's view: no tenant, no transaction of ours
        if "slug" in kwargs:
            cpts = get_object_or_404(Cpts, slug=kwargs["slug"])
            with use_contexte(Contexte()):
                return self._call(request, view, kwargs, PUBLIC, cpts, acces)
        if not request.user.is_authenticated:
            return None
        with use_contexte(Contexte()):
            acteur = selectors.acteur_of_compte(request.user, fort=is_fort(request))
            return self._call(request, view, kwargs, acteur, None, acces)

    def _open_machine(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        kwargs: dict[str, Any],
        acces: Acces,
        machine: Machine,
    ) -> HttpResponse:
        acteur = machine.identifie(request)
        if isinstance(acteur, HttpResponse):
            return acteur
        try:
            with use_contexte(Contexte()):
                return self._call(request, view, kwargs, acteur, None, acces)
        except Exception as error:
            return machine.echoue(request, error)

    def _send_to_login(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("HX-Request"):  # a fragment: the whole page must go, and come back where it was
            page = urlsplit(request.headers.get("HX-Current-URL", "/"))
            back = f"{page.path}?{page.query}" if page.query else page.path
            return HttpResponse(status=204, headers={"HX-Redirect": f"{settings.LOGIN_URL}?next={quote(back)}"})
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?next={quote(request.get_full_path())}")

    def _open_personal(
        self, request: HttpRequest, view: Callable[..., HttpResponse], kwargs: dict[str, Any], acces: Acces
    ) -> HttpResponse:
        if not request.user.is_authenticated:
            return self._send_to_login(request)
        fort = is_fort(request)
        if acces.fort and not fort:
            return HttpResponseRedirect(reverse("mfa_index"))
        cpts: Cpts | None = None
        with use_contexte(Contexte()):
            if "slug" in kwargs:
                membre = selectors.get_membre(request.user, kwargs["slug"])
                if membre is None:
                    raise Http404
                cpts = membre.cpts
                acteur = selectors.acteur_of_membre(request.user, membre, fort=fort)
            else:
                acteur = selectors.acteur_of_compte(request.user, fort=fort)
            if acces.permission is not None and not acteur.can(acces.permission):
                raise Http404
            return self._call(request, view, kwargs, acteur, cpts, acces)
