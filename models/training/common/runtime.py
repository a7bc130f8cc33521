"""Runs exported graphs with onnxruntime, as the workstation does, and yields full-resolution maps case by case."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime

from .dataset import Case, load_image, load_mask
from .preprocess import z_score

NETWORKS = ("deeplabv3", "unet", "unetpp")


def open_graph(path: Path, threads: int = 2) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Trio:
    """The three segmentation graphs of a folder, in the order that the fusion expects."""

    def __init__(self, folder: Path, threads: int = 2):
        self.sessions = [open_graph(folder / f"{name}.onnx", threads) for name in NETWORKS]

    def maps(self, image: np.ndarray) -> np.ndarray:
        """[H,W,3] uint8 -> [3,H,W] float32 probabilities."""
        x = z_score(image)[None]
        return np.stack([session.run(None, {"image": x})[0][0, 0] for session in self.sessions])


def each_case(trio: Trio, cases: list[Case]) -> Iterator[tuple[Case, np.ndarray, np.ndarray, np.ndarray]]:
    """(case, image [H,W,3], truth [H,W] bool, maps [3,H,W])"""
    for number, case in enumerate(cases, 1):
        image = load_image(case.image)
        yield case, image, load_mask(case.mask), trio.maps(image)
        if number % 200 == 0:
            print(f"  {number} of {len(cases)} images", flush=True)
