"""List the engines of the studio, install those that the project brings along, or add weights."""

from argparse import BooleanOptionalAction, RawDescriptionHelpFormatter
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from generation.engines import registry
from generation.engines.base import Card, EngineProblem

HELP = """List the engines of the studio, install those that the project brings along, or add your own.

  engines                what is there, and what cannot be used, with the reason
  engines demo           all of the following three; what is there and up to date is left alone
  engines scenes         the drawing programme, which is not AI
  engines sketch         the project's own small model, once it has been trained
  engines noise          a tiny pipeline with random weights: the path of a clip and nothing more
  engines add FOLDER --licence TERMS
                         install a pipeline saved by diffusers: read its model_index.json, refuse pickles,
                         code and broken files, note the SHA-256 of every file (SHA256SUMS), and draw small
                         things with it to see that it keeps what engines promise: the same brief gives the
                         same pixels, a cancel acts within one step, a batch equals solo runs, a job after a
                         cancelled one is as if alone, progress grows; memory is measured for its card,
                         and the map that previews are seen through is fitted to what was drawn
  engines verify NAME    that again, for an engine that is there; and whether any of its files has changed
  engines digest NAME    the digest that is fit to be a revision

Pipelines that are driven:

  WanPipeline                            words; a clip to draw after
  WanImageToVideoPipeline                a still to begin with, and one to end with
  WanVACEPipeline                        control clip, mask, stills at any time, references
  LTXConditionPipeline, LTXPipeline      words, stills at any time, a clip to go on from or to draw after
  CogVideoXPipeline                      words; a clip to draw after
  CogVideoXImageToVideoPipeline          a still to begin with
  CogVideoXFunControlPipeline            control clip
  AnimateDiffPipeline                    words; a clip to draw after; a camera, with MotionLoRAs as
                                         motion-lora/pan-left.safetensors (pan-left, pan-right, tilt-up,
                                         tilt-down, zoom-in, zoom-out)
  StableVideoDiffusionPipeline           a still to begin with; reads no words
  SanaWMPipeline                         a still and camera poses

An engine is a folder under ENGINES_ROOT with such a pipeline and a card of ours, engine.json, which `add`
writes from what its family usually is and from the options below; it can be edited afterwards:

  name            used in addresses and records, such as wan2.1-t2v-1.3b
  title, vendor   for people
  family          the adapter that drives it
  revision        the commit or digest of the weights
  licence         SPDX id, or the address of its terms; with territory and commercial, which people are shown
  summary         one or two plain sentences on what it draws
  fps             frames a second
  shortest_s, longest_s
  sizes           {"16:9": [832, 480], "9:16": [480, 832]}
  steps, guidance, max_sequence_length, dtype    as its authors advise
  native          [96, 64] where it draws at this size and enlarges to the others
  inputs, needs   what it takes besides words, and what it cannot do without
  batchable       several takes in one call
  draft_steps     of a first look, where fewer steps are still worth a look
  memory          [[width, height, frames, bytes], …] at the peak, as measured; a worker with less begins with
                  tiles, smaller batches, or parts loaded in turn
  eased           the same with all of that: who asks for more than any worker has is told so beforehand
  provisional     true of weights that are still short of their aims: never the first choice

Nothing is ever fetched: put the folder there yourself. Pickles and code are refused.
"""
VERBS = ["list", "demo", "scenes", "sketch", "noise", "add", "verify", "digest"]


class Command(BaseCommand):
    help = HELP

    def create_parser(self, *args, **kwargs):
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("verb", nargs="?", choices=VERBS, default="list")
        parser.add_argument("name", nargs="?", metavar="NAME|FOLDER", help="an engine, or a folder to add")
        add = parser.add_argument_group("with add")
        add.add_argument("--licence", metavar="TERMS", help="SPDX id, or the address of its terms (required)")
        add.add_argument(
            "--territory", help="where the licence holds, in words: “not in the EU, UK or Korea”"
        )
        add.add_argument("--commercial", action=BooleanOptionalAction, help="does it allow commercial use?")
        for name in ("name", "title", "vendor", "revision", "summary", "dtype"):
            add.add_argument(f"--{name}", dest=f"card_{name}", metavar=name.upper())
        for name, kind in (("fps", int), ("steps", int), ("draft_steps", int), ("guidance", float)):
            add.add_argument(
                f"--{name.replace('_', '-')}", dest=f"card_{name}", type=kind, metavar=name.upper()
            )
        add.add_argument("--seconds", type=length, metavar="1-5", help="the shortest and longest clip")
        add.add_argument(
            "--size", type=shape, action="append", metavar="16:9=832x480", help="may be repeated"
        )
        add.add_argument("--random-weights", action="store_true", help="never trained: it draws noise")
        add.add_argument("--no-conformance", action="store_true", help="install it without drawing anything")

    def handle(self, *, verb, name, **options):
        if verb == "add":
            return self.add(name, options)
        getattr(self, verb)(name)

    def add(self, name, options):
        """Install a folder of weights, if it keeps what engines promise."""
        from generation.engines import installing
        from generation.engines.conformance import fails

        if not name or not Path(name).is_dir():
            raise CommandError("Name the folder of the pipeline: engines add FOLDER --licence TERMS")
        if not options["licence"]:
            raise CommandError("Say under which licence it may be used: --licence Apache-2.0, or an address.")
        check = None if options["no_conformance"] else self.findings
        try:
            card = installing.card_for(Path(name).resolve(), **said(options))
            card, found = installing.install(Path(name).resolve(), settings.ENGINES_ROOT, card, check=check)
        except EngineProblem as problem:
            raise CommandError(str(problem)) from problem
        if fails(found):
            raise CommandError(f"“{card.title}” was not installed: it does not keep what engines promise.")
        self.stdout.write(f"Installed “{card.title}” ({card.terms}), revision {card.revision}.")

    def findings(self, folder, card):
        """Run the conformance set on a folder, fit its previews, and say what was found, line by line."""
        from generation.engines import conformance, previews

        self.stdout.write(f"Drawing with “{card.title}” to see that it keeps what engines promise …")
        engine = registry.adapter(card.family)(folder, card)
        found = conformance.check(engine, on_drawn=lambda drawn: previews.of(engine, drawn=drawn))
        for finding in found:
            self.stdout.write(f"  {finding}")
        if (folder / previews.FILE).is_file():
            self.stdout.write("  Previews are fitted to its decoder.")
        return found

    def verify(self, name):
        """See whether an engine is as it was installed, and keeps what engines promise."""
        from generation.engines import installing
        from generation.engines.conformance import fails

        card = installed(name or "")
        if card is None:
            raise CommandError("Name an engine that is there and can be used: `engines` lists them.")
        folder = settings.ENGINES_ROOT / name
        files = installing.changed(folder) if (folder / registry.SUMS).is_file() else []
        if files:
            raise CommandError(f"Not as it was installed: {', '.join(files)}. Add it again.")
        if fails(self.findings(folder, card)):
            raise CommandError(f"“{card.title}” does not keep what engines promise.")

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
        """Make the engine with random weights, anew after a change of its card."""
        from generation.engines import noise

        there = installed("noise")
        if there and replace(there, revision=noise.CARD.revision) == noise.CARD:
            return
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


def said(options) -> dict:
    """What the organiser says of the weights, as fields of a card; None where nothing is said."""
    fields = {
        name.removeprefix("card_"): value for name, value in options.items() if name.startswith("card_")
    }
    shortest, longest = options["seconds"] or (None, None)
    return {
        **fields,
        "licence": options["licence"],
        "territory": options["territory"],
        "commercial": options["commercial"],
        "shortest_s": shortest,
        "longest_s": longest,
        "sizes": dict(options["size"]) if options["size"] else None,
        "random_weights": options["random_weights"] or None,
    }


def length(text: str) -> tuple[float, float]:
    """“1-5” as seconds."""
    shortest, _, longest = text.partition("-")
    return float(shortest), float(longest or shortest)


def shape(text: str) -> tuple[str, tuple[int, int]]:
    """“16:9=832x480” as an aspect with its size in pixels."""
    aspect, _, size = text.partition("=")
    width, _, height = size.partition("x")
    return aspect, (int(width), int(height))
