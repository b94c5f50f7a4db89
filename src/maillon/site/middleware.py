"""Headers that every answer carries, and how far a request went."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class EntetesMiddleware:
    """Personal pages are never kept by a browser or a proxy; static files keep their own cache rules."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        response.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        return response


class ReponseMiddleware:
    """Remembers that the view has answered: what fails afterwards, as the writing of the session, undoes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        request.repondue = response.status_code < 500  # type: ignore[attr-defined]
        return response
