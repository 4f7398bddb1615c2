"""Examine a film file from the command line, as the media queue does."""

import dataclasses
import json
import sys
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand

from festival.media.errors import MediaProblem, refusal
from festival.media.examination import Examination, examine


class Command(BaseCommand):
    help = (
        "Examine a film file exactly as the festival examines what entrants send. Exit status 0 and the "
        "record for a film that is accepted, 1 and a sentence for one that is refused. The film is only read."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the film")
        parser.add_argument("--json", action="store_true", help="print the record, or the refusal, as JSON")
        parser.add_argument(
            "--keep",
            type=Path,
            metavar="FOLDER",
            help="keep the renditions in this folder, which must not exist",
        )

    def handle(self, *, file, **options):
        as_json = options["json"]
        try:
            found = self.examined(file, options["keep"])
        except MediaProblem as problem:
            self.stdout.write(
                json.dumps({"refused": str(problem)}, ensure_ascii=False) if as_json else str(problem)
            )
            sys.exit(1)
        record = dataclasses.asdict(found)
        self.stdout.write(json.dumps(record, indent=2, ensure_ascii=False) if as_json else describe(found))

    def examined(self, file: Path, keep: Path | None) -> Examination:
        """Examine `file`; the renditions go to `keep`, or away when all is said."""
        if not file.is_file():
            raise refusal(f"There is no file {file}.", "Give the path of a film.", kept="Nothing was done.")
        if keep:
            if keep.exists():
                raise refusal(f"{keep} is there already.", "Name a new folder.", kept="Nothing was done.")
            keep.mkdir(parents=True)
            return examine(file, keep, on_progress=self.tell)
        with tempfile.TemporaryDirectory(prefix="examine-") as folder:
            return examine(file, Path(folder), on_progress=self.tell)

    def tell(self, stage: str, percent: int) -> None:
        """Show how far it is, to people only: a pipe gets the record alone."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{percent:3d} %  {stage:<40}", ending="\n" if percent == 100 else "")


def describe(found: Examination) -> str:
    """The record in a few lines for a person."""
    loudness = "no sound" if not found.has_audio else "silence"
    if found.loudness_lufs is not None:
        loudness = f"{found.loudness_lufs} LUFS"
    return "\n".join(
        [
            f"Accepted  {found.duration_s:.2f} s, {found.width} × {found.height}, {found.frame_rate} fps",
            f"SHA-256   {found.sha256}",
            f"Loudness  {loudness}",
            f"Colour    {found.colour}",
            f"Played in {', '.join(f'{height}p' for height in found.heights)}",
            f"Shots     {len(found.shots)}",
        ]
    )
