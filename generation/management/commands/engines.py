"""List the engines of the studio, or install those that the project brings along."""

from argparse import RawDescriptionHelpFormatter
from dataclasses import replace

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from generation.engines import registry
from generation.engines.base import Card

HELP = """List the engines of the studio, or install those that the project brings along.

  engines            what is there, and what cannot be used, with the reason
  engines demo       all of the following; what is there and up to date is left alone
  engines scenes     the drawing programme, which is not AI
  engines sketch     the project's own small model, once it has been trained
  engines noise      a tiny pipeline with random weights: the path of a clip and nothing more
  engines digest NAME

An engine is a folder under ENGINES_ROOT with a pipeline saved by diffusers (model_index.json, weights as
safetensors) and a card of ours, engine.json:

  name            used in addresses and records, such as wan2.1-t2v-1.3b
  title, vendor   for people
  family          the adapter that drives it: wan; sketch; or scenes, the drawing programme, with a card only
  revision        the commit or digest of the weights; `engines digest NAME` prints one
  licence         SPDX id, or the address of its terms
  summary         one or two plain sentences on what it draws
  fps             frames a second
  shortest_s, longest_s
  sizes           {"16:9": [832, 480], "9:16": [480, 832]}
  steps, guidance, max_sequence_length, dtype    as its authors advise
  native          [96, 64] where it draws at this size and enlarges to the others
  inputs          ["text"], and what else it takes: "first_frame", "camera", "boxes"
  provisional     true of weights that are still short of their aims: never the first choice

Nothing is ever fetched: put the folder there yourself. Pickles and code are refused.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, *args, **kwargs):
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser):
        verbs = ["list", "demo", "scenes", "sketch", "noise", "digest"]
        parser.add_argument("verb", nargs="?", choices=verbs, default="list")
        parser.add_argument("name", nargs="?", help="the folder to digest")

    def handle(self, *, verb, name, **options):
        getattr(self, verb)(name)

    def list(self, _name):
        """One line an engine; an unusable one with its reason."""
        found = registry.listings(settings.ENGINES_ROOT)
        for listing in found:
            self.stdout.write(f"{listing.folder.name}: {line(listing)}")
        if not found:
            self.stdout.write(f"No engines in {settings.ENGINES_ROOT}. `engines demo` makes some.")

    def demo(self, _name):
        """Install everything that draws without a download; a second time only what has changed."""
        self.scenes(None)
        self.sketch(None)
        self.noise(None)

    def scenes(self, _name):
        """Install the drawing programme, anew after a change; it is not AI."""
        from generation.engines import scenes

        if installed("scenes") != replace(scenes.CARD, revision=scenes.revision()):
            card = scenes.build(settings.ENGINES_ROOT / "scenes")
            self.stdout.write(f"Installed “{card.title}” ({card.kind}, revision {card.revision}).")

    def sketch(self, _name):
        """Install the project's own model, anew after more training; nothing while it is untrained."""
        from generation.engines import sketch

        if sketch.is_trained() and installed("sketch") != sketch.card():
            card = sketch.build(settings.ENGINES_ROOT / "sketch")
            self.stdout.write(f"Installed “{card.title}” (trained weights, revision {card.revision}).")

    def noise(self, _name):
        """Make the engine with random weights, unless it is there and usable."""
        if installed("noise"):
            return
        from generation.engines import noise

        card = noise.build(settings.ENGINES_ROOT / "noise")
        self.stdout.write(f"Made the engine “{card.title}” (random weights, revision {card.revision}).")

    def digest(self, name):
        folder = settings.ENGINES_ROOT / (name or "")
        if not name or not folder.is_dir():
            raise CommandError("Name a folder under ENGINES_ROOT.")
        self.stdout.write(registry.digest(folder))


def installed(name: str) -> Card | None:
    """The card of the usable engine in the folder of this name."""
    folder = settings.ENGINES_ROOT / name
    found = registry.listings(settings.ENGINES_ROOT)
    return next((listing.card for listing in found if listing.folder == folder), None)


def line(listing) -> str:
    card = listing.card
    if card is None:
        return f"cannot be used. {listing.problem}"
    title = f"{card.title} ({card.kind})" if card.kind else card.title
    return f"{title}, {card.licence}, {card.shortest_s:g} to {card.longest_s:g} s, revision {card.revision}"
