"""A control clip drawn from what a brief says in numbers, for engines that are steered by pictures alone.

It is the animatic's own scheme: a grey ground with soft marks that moves as the camera asks, coloured boxes
where things should be, and a patch of the ground on each brush stroke's way.
"""

import numpy as np

from generation.animatic import drawing, plates
from generation.engines.base import Brief

REACH = 0.1  # of the frame's height: how large a patch a stroke carries along


def film(brief: Brief) -> np.ndarray:
    """(F, H, W, 3) uint8: what the brief's camera, boxes and strokes look like; a ground at rest without."""
    layers, sights = plates.scheme(brief.width, brief.height), dials(brief)
    clip = np.stack([drawing.frame(layers, (), brief.boxes, sights, frame) for frame in range(brief.frames)])
    for way in brief.strokes:
        _carry(clip, np.array(way))
    return clip


def dials(brief: Brief) -> np.ndarray:
    """(F, 7): the camera's path as the animatic's dials: truck, pedestal, dolly, pan, tilt, roll, zoom.

    On a flat ground at the focus a truck is a pan, and what a path calls down is a pedestal the other way.
    """
    turned = np.zeros((brief.frames, 7))
    if brief.camera:
        right, down, zoom = np.array(brief.camera).T
        turned[:, 0], turned[:, 1], turned[:, 6] = right, -down, zoom
    return turned


def _carry(clip: np.ndarray, way: np.ndarray) -> None:
    """Lay the patch on which a stroke begins, as the first frame shows it, where the stroke has gone.

    Args:
        clip: (F, H, W, 3) uint8, changed; way: (F, 2), x and y in 0..1 of the frame.
    """
    height, width = clip.shape[1:3]
    y, x = np.mgrid[:height, :width]
    middles = np.rint(way * [width, height] - 0.5).astype(int)
    begin, radius = middles[0], REACH * height
    lifted = 255 - clip[0]  # turned about, so that it stands out from the ground it leaves
    for frame, (across, down) in zip(clip, middles, strict=True):
        inside = np.hypot(x - across, y - down) <= radius
        rows = np.clip(y[inside] - down + begin[1], 0, height - 1)
        columns = np.clip(x[inside] - across + begin[0], 0, width - 1)
        frame[inside] = lifted[rows, columns]
