"""What the tests of the office's pages share: its addresses, and what it says."""

from django.conf import settings
from django.urls import reverse


def page(name, edition, *more):
    """The address of the office page `name`."""
    return reverse(f"office:{name}", args=[edition.slug, *more])


def said(response):
    """The messages on the page, oldest first; those of posts not followed wait for the next page."""
    return [str(message) for message in response.context["messages"]]


def decide(client, edition, films, verb, **words):
    """Tick `films` and press `verb`."""
    data = {"films": [film.pk for film in films], "verb": verb, **words}
    return client.post(page("decide", edition), data, follow=True)


def session(client, base):
    """The signed-in session as a cookie for a browser at `base`."""
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": base}
