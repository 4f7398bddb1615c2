"""A worker that dies by SIGKILL at a stage of its work: `python -m tests.generation.dying encode …`.

For each stage a process draws the next job and dies there; a last one draws what they have left, once their
leases have run out. One process imports torch, and the others are forked from it.
"""

import os
import signal
import sys
from datetime import timedelta
from functools import wraps

import django

STAGES = ("encode", "denoise", "decode", "sign", "keep")


def main(stages: list[str]) -> None:
    os.environ["OMP_NUM_THREADS"] = "1"  # threads do not live through a fork
    django.setup()
    import torch  # noqa: F401
    from diffusers import WanPipeline  # noqa: F401
    from django.db import connections
    from django.utils import timezone

    from festival.media import finishing as of_moving_pictures
    from generation import drawing, latents, showing, tasks
    from generation.engines import pipelines, wan  # noqa: F401
    from generation.engines import stages as of_a_file
    from generation.models import LEASE, Job

    places = {
        "encode": (pipelines.PipelineEngine, "encode_text"),
        "denoise": (showing.Call, "_beat"),
        "decode": (pipelines.PipelineEngine, "decode"),
        "sign": (of_a_file, "sign"),
        "put": (latents, "keep"),
        "keep": (drawing, "_keep"),
        "finish": (of_moving_pictures, "_read"),
    }
    for stage in stages:
        connections.close_all()
        died = forked(lambda stage=stage: (die_at(*places[stage], stage), tasks.draw()))
        print(stage, signal.Signals(os.WTERMSIG(died)).name if os.WIFSIGNALED(died) else "lived", flush=True)
    Job.objects.filter(status="running").update(heartbeat_at=timezone.now() - LEASE - timedelta(seconds=1))
    connections.close_all()
    print("rest", forked(lambda: [tasks.draw() for _ in stages]), flush=True)


def forked(work) -> int:
    """Do it in a process of its own; its exit status."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1]


def die_at(holder, name: str, stage: str) -> None:
    """Let this process be killed as soon as it gets to this function, while a clip is being drawn."""
    from generation.engines import pipelines

    real, denoise = getattr(holder, name), pipelines.PipelineEngine.denoise
    denoised = []

    @wraps(denoise)
    def noted(*args, **kwargs):
        latents = denoise(*args, **kwargs)
        denoised.append(True)
        return latents

    @wraps(real)
    def deadly(*args, **kwargs):
        early = stage == "decode" and not denoised  # a preview's map is fitted by the same decoder
        if early or (stage == "denoise" and args[1][0].step < 2):
            return real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    pipelines.PipelineEngine.denoise = noted
    setattr(holder, name, deadly)


if __name__ == "__main__":
    main(sys.argv[1:])
