"""Torch as the engines have it, before anything is drawn."""

from generation.engines.pipelines import prepare

prepare()
