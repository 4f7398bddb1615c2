"""Have the demo's films drawn in the studio by their makers, as anybody would, and place what was drawn."""

import shutil
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from festival import archive, disclosures
from festival.demo import masters
from festival.demo.catalogue import FILMS, DemoFilm
from festival.models import Edition, Film
from generation import desk, productions, studio, takes
from generation.models import Production, Shot

ENGINE = "sketch"
SECONDS = 2.0
LOOK_S = 0.5  # between two looks at the queue


class Command(BaseCommand):
    help = (
        "Draw a demo edition's films in the studio; used by `demo`. ask: their makers begin a production "
        "each and ask for its takes. fetch: wait for the takes of one film, and lay their clips into a "
        "folder as 1.mp4, 2.mp4 … deliver: place every clip where it stands in its film, with what its "
        "maker says of it. What is done already is left alone."
    )

    def add_arguments(self, parser):
        parser.add_argument("verb", choices=["ask", "fetch", "deliver"])
        parser.add_argument("edition", help="the edition's slug")
        parser.add_argument("--film", help="its title, for fetch")
        parser.add_argument("--into", type=Path, metavar="FOLDER", help="for fetch")

    def handle(self, *, verb, edition, film, into, **options):
        edition = Edition.objects.get(slug=edition)
        drawn = [one for one in FILMS if one.words]
        if verb == "fetch":
            fetch(production_of(edition, film), into)
        for one in drawn if verb == "ask" else ():
            if production_of(edition, one.title) is None:
                ask(one, edition.films.get(title=one.title))
        for one in drawn if verb == "deliver" else ():
            deliver(one, edition.films.get(title=one.title))


def production_of(edition: Edition, title: str) -> Production | None:
    """The one in which the film's maker draws it."""
    makers = edition.films.filter(title=title).values("entrant")
    return Production.objects.filter(edition=edition, title=title, owner__in=makers).first()


def shots_of(production: Production) -> list[Shot]:
    shots = Shot.objects.filter(scene__production=production).in_order()
    return list(shots.select_related("scene__production", "selected__clip"))


@transaction.atomic
def ask(film: DemoFilm, entry: Film) -> None:
    """Begin the film's production, and ask for a take of every shot, all in the maker's name."""
    maker, engine = entry.entrant, studio.engines().get(ENGINE)
    if engine is None:
        raise CommandError("The engine that draws the demo is not here. `engines demo` installs it.")
    seconds = min(SECONDS, engine.longest_s)
    shape = min(engine.sizes, key=lambda name: abs(_ratio(engine.sizes[name]) - _window(film)))
    production = productions.begin(entry.edition, by=maker, title=film.title)
    scene = production.scenes.get()
    for number, (words, seed) in enumerate(zip(film.words, film.seeds, strict=True)):
        shot = productions.add_shot(scene, by=maker) if number else scene.shots.get()
        desk.lay(shot, by=maker, words=words, engine=engine.name, seconds=seconds, aspect=shape, seed=seed)
        takes.draw(shot, by=maker)


def _window(film: DemoFilm) -> float:
    """Width by height of what one clip fills in the film."""
    width, height = film.size
    return width / height * max(len(shot.words) for shot in film.shots)


def _ratio(size: tuple[int, int]) -> float:
    return size[0] / size[1]


def fetch(production: Production | None, into: Path) -> None:
    """Wait until the film's takes are drawn, and copy their clips, signed as they are, into the folder."""
    if production is None:
        raise CommandError("Nothing was asked for this film. `demo_takes ask` does that.")
    while production.takes.under_way().exists():
        time.sleep(LOOK_S)
    if any(shot.selected is None for shot in shots_of(production)):
        failed = production.takes.failed().first()
        why = failed.job.problem if failed else "Its drawing was cancelled. Draw it again in the studio."
        raise CommandError(f"A shot of “{production}” has no take. {why}")
    for number, shot in enumerate(shots_of(production), 1):
        with archive.local(shot.selected.clip.path) as clip:
            shutil.copyfile(clip, into / f"{number}.mp4")


def deliver(film: DemoFilm, entry: Film) -> None:
    """Place the takes in the entry's cue sheet, and let the maker say what is theirs in them."""
    if entry.status != Film.Status.DRAFT:
        return
    said = [shot.said for shot in film.shots for _ in shot.words]
    shots = shots_of(production_of(entry.edition, film.title))
    for shot, start_s, words in zip(shots, masters.begins(film), said, strict=True):
        line = takes.deliver(shot.selected, by=entry.entrant, film=entry, start_s=start_s)
        line.human_part = words
        disclosures.state(entry, by=entry.entrant, parts=[line])
