"""The studio's pages, judged by axe in both themes."""

import pytest
from allauth.account.models import EmailAddress

from tests.axe import findings
from tests.factories import make_edition, make_film, make_user
from tests.generation.makers import make_clip, make_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("torch")]


@pytest.mark.parametrize("theme", ["night", "paper"])
def test_axe_finds_nothing(theme, asgi_server, browser, client, quick):
    person, edition = make_user(email="ines@example.org"), make_edition()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    make_film(edition=edition, entrant=person)
    mine = {"owner": person, "edition": edition}
    jobs = [make_job(status=status, problem="It broke off.", **mine) for status in ("queued", "failed")]
    clip = make_clip(**mine)
    client.force_login(person)
    context = browser.new_context(base_url=asgi_server)
    cookies = {"theme": theme, "sessionid": client.cookies["sessionid"].value}
    context.add_cookies([{"name": n, "value": v, "url": asgi_server} for n, v in cookies.items()])
    page = context.new_page()
    paths = ["/studio/", f"/studio/clips/{clip.pk}/", *(f"/studio/jobs/{job.pk}/" for job in jobs)]

    answered, found = {}, {}
    for path in paths:
        answered[path] = page.goto(path).status
        found[path] = findings(page)
    context.close()

    assert answered == dict.fromkeys(paths, 200)
    assert found == {path: [] for path in paths}
