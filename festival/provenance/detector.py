"""Find the cuts in one file with PySceneDetect and print them, as JSON.

Run as a script in the sandbox with `python -I`, never imported. It says how far it is in the manner of
ffmpeg's -progress, then prints {"starts": seconds of each shot's first frame, "end": seconds}.
Usage: detector.py FILE
"""

import json
import sys

from scenedetect import AdaptiveDetector, SceneManager, open_video

EVERY = 100  # frames between two reports


class Reporting(AdaptiveDetector):
    """The adaptive detector, which also says how far it is."""

    def process_frame(self, timecode, frame_img):
        if timecode.frame_num % EVERY == 0:
            print(f"out_time_us={round(timecode.seconds * 1_000_000)}", flush=True)
        return super().process_frame(timecode, frame_img)


def main(path: str) -> None:
    """Print where each shot starts."""
    video = open_video(path)
    manager = SceneManager()
    manager.add_detector(Reporting())
    manager.detect_scenes(video)
    scenes = manager.get_scene_list(start_in_scene=True)
    starts = [start.seconds for start, _ in scenes] or [0.0]
    end = scenes[-1][1].seconds if scenes else video.position.seconds
    print(json.dumps({"starts": [round(s, 3) for s in starts], "end": round(end, 3)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
