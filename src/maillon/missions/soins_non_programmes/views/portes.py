"""One page, two doors: a member opens it inside a community, a regulator over a territory. See `cotes.on_side`."""

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from maillon.socle.droits.permissions import Permission, acces

from ..permissions import CHERCHER, REGULER

Page = Callable[..., HttpResponse]
Methodes = Callable[[Page], Page]


def open_page(page: Page, permission: Permission, methodes: Methodes = require_safe) -> Page:
    """A page behind its permission. A community without its patient rooms keeps it shut; a regulator has none."""
    return acces(permission, patients=permission is not REGULER)(methodes(page))


def take_form(page: Page) -> Page:
    """A form shown and sent, whose values are in no error report."""
    shown = require_http_methods(["GET", "HEAD", "POST"])(page)
    return sensitive_post_parameters()(shown)


def for_members(page: Page, methodes: Methodes = require_safe) -> Page:
    return open_page(page, CHERCHER, methodes)


def for_regulators(page: Page, methodes: Methodes = require_safe) -> Page:
    return open_page(page, REGULER, methodes)
