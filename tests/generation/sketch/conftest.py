"""One thread for torch, before it is imported: on a busy machine two of them wait for each other."""

import os

from generation.engines.pipelines import prepare

os.environ.setdefault("OMP_NUM_THREADS", "1")
prepare()
