"""Our ladder beside the best single ffmpeg command written by hand, and beside one run a rung.

    python -m benchmarks.ladder [--seconds 12] [--repetitions 5]

All ways make the same from the same file: four rungs of H.264 (veryfast, CRF 23, the same caps, keyframes
every four seconds), one rendition of sound, HLS playlists, and a progressive MP4 at 720. By hand there are
two single commands: each rung scaled from the film, and each from the next larger one. The better counts.
Every way copies its own 720 rung into film.mp4 afterwards, which costs next to nothing.
Ours includes the sandbox, reading progress, the master playlist with true bit rates, and starting Python's
part; the others do without. The least of several interleaved repetitions counts: load only ever adds.
"""

import argparse
import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path

from benchmarks import machine
from festival.media import binaries, ladder, probe
from festival.media.ladder import CAPS, RUNG_FILE

MOST_OF_SINGLE, MOST_OF_EACH = 1.05, 0.75
SCENE = (  # a detailed picture under a wandering camera with film grain: neither still nor noise
    "mandelbrot=s=2400x1350:r=25:end_scale=0.05:start_scale=2,trim=duration=0.04,loop=loop=-1:size=1,"
    "setpts=N/25/TB,crop=1920:1080:x='240+200*sin(t/2)':y='135+100*cos(t/3)',noise=alls=10:allf=t"
)
CODING = [
    *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p", "-crf", "23"),
    *("-g", "100", "-keyint_min", "100", "-sc_threshold", "0", "-force_key_frames", "expr:gte(t,n_forced*4)"),
]
HLS = [
    *("-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"),
    *("-hls_flags", "independent_segments+single_file"),
]
AAC = ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]
FROM_FILM = (
    "[0:v]split=4[v0][b][c][d];[b]scale=-2:720:flags=bicubic[v1];[c]scale=-2:480:flags=bicubic[v2];"
    "[d]scale=-2:360:flags=bicubic[v3]"
)
FROM_LARGER = (
    "[0:v]split[v0][b];[b]scale=-2:720:flags=bicubic,split[v1][c];[c]scale=-2:480:flags=bicubic,split[v2][d];"
    "[d]scale=-2:360:flags=bicubic[v3]"
)


def ffmpeg(*args: str | Path, folder: Path) -> None:
    command = [binaries.ffmpeg(), "-nostdin", "-hide_banner", "-v", "error", "-y", *map(str, args)]
    subprocess.run(command, cwd=folder, check=True)


def make_film(path: Path, *, seconds: int) -> None:
    """A master as entrants send them: 1080p25, H.264 at 20 Mb/s, stereo."""
    picture, sound = ["-f", "lavfi", "-i", SCENE], ["-f", "lavfi", "-i", "anoisesrc=a=0.1:c=pink"]
    coding = (
        "-c:v libx264 -preset veryfast -b:v 20M -maxrate 25M -bufsize 30M -pix_fmt yuv420p -c:a aac -ac 2"
    )
    ffmpeg(*picture, *sound, "-t", str(seconds), *coding.split(), path, folder=path.parent)


def caps() -> list[str]:
    pairs = [(n, *cap) for n, cap in enumerate(CAPS.values())]
    return [
        part
        for n, rate, buffer in pairs
        for part in (f"-maxrate:v:{n}", f"{rate}k", f"-bufsize:v:{n}", f"{buffer}k")
    ]


def by_hand(film: Path, folder: Path, graph: str) -> None:
    """One command for the ladder, and the copy of its 720 rung."""
    maps = [part for n in range(4) for part in ("-map", f"[v{n}]")]
    streams = " ".join(["a:0,agroup:s,name:audio", *(f"v:{n},agroup:s,name:{s}" for n, s in enumerate(CAPS))])
    for name in ("audio", *CAPS):
        (folder / str(name)).mkdir()
    hls = [*HLS, "-master_pl_name", "master.m3u8", "-hls_segment_filename", f"%v/{RUNG_FILE}"]
    ffmpeg(
        *("-i", film, "-filter_complex", graph, *maps, "-map", "0:a", *CODING, *caps(), *AAC),
        *(*hls, "-var_stream_map", streams, "%v/index.m3u8"),
        folder=folder,
    )
    copy(folder)


def rung_by_rung(film: Path, folder: Path) -> None:
    """A run a rung, each decoding the film again; the sound is made once, beside the first."""
    for side, (rate, buffer) in CAPS.items():
        (folder / str(side)).mkdir()
        cap = ["-maxrate", f"{rate}k", "-bufsize", f"{buffer}k"]
        scale = [] if side == 1080 else ["-vf", f"scale=-2:{side}:flags=bicubic"]
        hls = [*HLS, "-hls_segment_filename", f"{side}/{RUNG_FILE}", f"{side}/index.m3u8"]
        ffmpeg("-i", film, "-map", "0:v", *scale, *CODING, *cap, *hls, folder=folder)
    (folder / "audio").mkdir()
    hls = [*HLS, "-hls_segment_filename", f"audio/{RUNG_FILE}", "audio/index.m3u8"]
    ffmpeg("-i", film, "-map", "0:a", *AAC, *hls, folder=folder)
    copy(folder)


def copy(folder: Path) -> None:
    """film.mp4 out of the 720 rung and the sound."""
    inputs = ["-i", f"720/{RUNG_FILE}", "-i", f"audio/{RUNG_FILE}"]
    ffmpeg(*inputs, "-c", "copy", "-movflags", "+faststart", "film.mp4", folder=folder)


def ours(film: Path, folder: Path, facts: probe.Facts) -> None:
    ladder.make(film, folder, facts=facts)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--seconds", type=int, default=12)
    options.add_argument("--repetitions", type=int, default=5)
    chosen = options.parse_args()
    print(machine.describe(), flush=True)
    with tempfile.TemporaryDirectory() as root:
        film = Path(root, "film.mp4")
        make_film(film, seconds=chosen.seconds)
        facts = probe.look(film)
        assert (facts.width, facts.height, facts.frame_rate) == (1920, 1080, Fraction(25))
        sizes: dict[str, int] = {}

        def fresh(name, way, *args):
            def run():
                with tempfile.TemporaryDirectory(dir=root) as folder:
                    way(film, Path(folder), *args)
                    sizes[name] = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file())

            return run

        ways = {
            "ours": fresh("ours", ours, facts),
            "by hand, each rung from the film": fresh("by hand, each rung from the film", by_hand, FROM_FILM),
            "by hand, each from the larger": fresh("by hand, each from the larger", by_hand, FROM_LARGER),
            "one run a rung": fresh("one run a rung", rung_by_rung),
        }
        times = machine.interleaved(ways, repetitions=chosen.repetitions)
    report(times, sizes)


def report(times: dict[str, machine.Times], sizes: dict[str, int]) -> None:
    for name, taken in times.items():
        print(f"{name:34} {taken}; {sizes[name] / 1e6:5.2f} MB")
    hand = [name for name in times if name.startswith("by hand")]
    for measure, words in (("wall_s", "wall time"), ("cpu_s", "processor time")):
        least = {name: min(getattr(taken, measure)) for name, taken in times.items()}
        single = least["ours"] / min(least[name] for name in hand)
        each = least["ours"] / least["one run a rung"]
        print(
            f"{words}: ours / best single command = {single:.2f} (at most {MOST_OF_SINGLE}), "
            f"ours / one run a rung = {each:.2f} (at most {MOST_OF_EACH})"
        )


if __name__ == "__main__":
    main()
