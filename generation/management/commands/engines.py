"""List the engines of the studio, make the one of the demo, or install the drawing programme."""

from argparse import RawDescriptionHelpFormatter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from generation.engines import registry

HELP = """List the engines of the studio, make the one of the demo, or install the drawing programme.

An engine is a folder under ENGINES_ROOT with a pipeline saved by diffusers (model_index.json, weights as
safetensors) and a card of ours, engine.json:

  name            used in addresses and records, such as wan2.1-t2v-1.3b
  title, vendor   for people
  family          the adapter that drives it: wan; or scenes, the drawing programme, which has a card only
  revision        the commit or digest of the weights; `engines digest NAME` prints one
  licence         SPDX id, or the address of its terms
  summary         one or two plain sentences on what it draws
  fps             frames a second
  shortest_s, longest_s
  sizes           {"16:9": [832, 480], "9:16": [480, 832]}
  steps, guidance, max_sequence_length, dtype    as its authors advise

Nothing is ever fetched: put the folder there yourself. Pickles and code are refused.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, *args, **kwargs):
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("verb", nargs="?", choices=["list", "demo", "scenes", "digest"], default="list")
        parser.add_argument("name", nargs="?", help="the folder to digest")

    def handle(self, *, verb, name, **options):
        getattr(self, verb)(name)

    def list(self, _name):
        """One line an engine; an unusable one with its reason."""
        found = registry.listings(settings.ENGINES_ROOT)
        for listing in found:
            self.stdout.write(f"{listing.folder.name}: {line(listing)}")
        if not found:
            self.stdout.write(f"No engines in {settings.ENGINES_ROOT}. `engines demo` makes one.")

    def demo(self, _name):
        """Make the engine of the demo, unless it is there and usable."""
        folder = settings.ENGINES_ROOT / "noise"
        if any(
            listing.folder == folder and listing.card for listing in registry.listings(settings.ENGINES_ROOT)
        ):
            return
        from generation.engines import noise

        card = noise.build(folder)
        self.stdout.write(f"Made the engine “{card.title}” (random weights, revision {card.revision}).")

    def scenes(self, _name):
        """Install the drawing programme, or install it anew after a change; it is not AI."""
        from generation.engines import scenes

        card = scenes.build(settings.ENGINES_ROOT / "scenes")
        self.stdout.write(f"Installed “{card.title}” (procedural drawing, revision {card.revision}).")

    def digest(self, name):
        folder = settings.ENGINES_ROOT / (name or "")
        if not name or not folder.is_dir():
            raise CommandError("Name a folder under ENGINES_ROOT.")
        self.stdout.write(registry.digest(folder))


def line(listing) -> str:
    card = listing.card
    if card is None:
        return f"cannot be used. {listing.problem}"
    return (
        f"{card.title}, {card.licence}, {card.shortest_s:g} to {card.longest_s:g} s, revision {card.revision}"
    )
