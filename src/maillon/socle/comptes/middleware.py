"""Closes sessions that are idle, too old, or ended from elsewhere."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from . import sessions


class SessionsMiddleware:
    """After authentication and messages: a dead session is emptied before any view sees its person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            reason = sessions.find_end(request.session, request.user)
            if reason:
                # Not `logout`, which would end the person's other sessions too.
                request.session.flush()
                request.user = AnonymousUser()
                messages.info(request, reason)
            else:
                sessions.touch(request.session)
        return self.get_response(request)
