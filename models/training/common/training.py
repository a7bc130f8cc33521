"""What every recipe shares: seeds, a running mean of the weights, a CSV log with a plot, checkpoints."""
from __future__ import annotations

import copy
import csv
import ctypes
import os
import random
from pathlib import Path

import numpy as np
import torch
from torch import nn


def seed_everything(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def keep_memory() -> None:
    """Has glibc keep what a training step frees for the next step, where there is a glibc. Blocks of this size otherwise go back to the
    system and are cleared again each time: twelve steps of a small network took 0.96 s each against 0.37 s on two cores, long runs gained less."""
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    for parameter, value in ((-4, 0), (-1, 2 ** 31 - 1), (-2, 1 << 28)):  # M_MMAP_MAX, M_TRIM_THRESHOLD, M_TOP_PAD (malloc.h)
        mallopt(parameter, value)


class RunningMean:
    """Exponential moving average of weights and batch statistics; its network is the one evaluated and exported."""

    def __init__(self, network: nn.Module, decay: float):
        self.network = copy.deepcopy(network).eval()
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for mean, value in zip(self.network.state_dict().values(), network.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)


class Log:
    """A CSV file, one row an evaluation; a resumed run goes on in the same file."""

    def __init__(self, path: Path, columns: list[str], resume: bool):
        self.path, self.columns = path, columns
        if not (resume and path.exists()):
            with path.open("w", newline="") as file:
                csv.writer(file).writerow(columns)

    def add(self, row: dict) -> None:
        with self.path.open("a", newline="") as file:
            csv.writer(file).writerow([f"{row[name]:.6g}" if isinstance(row[name], float) else row[name] for name in self.columns])
        print("  ".join(f"{name} {row[name]:.4f}" if isinstance(row[name], float) else f"{name} {row[name]}" for name in self.columns), flush=True)

    def plot(self) -> None:
        """Draws every column against the first into curves.png beside the log; a machine without matplotlib goes without."""
        try:
            import matplotlib
        except ImportError:
            print("matplotlib is missing: no plot of the curves")
            return
        matplotlib.use("Agg")
        import matplotlib.pyplot as plt
        with self.path.open() as file:
            rows = list(csv.DictReader(file))
        figure, axes = plt.subplots(figsize=(7, 4))
        x = [float(row[self.columns[0]]) for row in rows]
        for name in self.columns[1:]:
            if name not in ("seconds", "lr"):
                axes.plot(x, [float(row[name]) for row in rows], label=name)
        axes.set_xlabel(self.columns[0])
        axes.legend()
        figure.savefig(self.path.with_name("curves.png"), dpi=120, bbox_inches="tight")
        plt.close(figure)


def save_atomically(content: dict, path: Path) -> None:
    """A checkpoint is whole or not there: a kill while writing leaves the older one."""
    part = path.with_suffix(".part")
    torch.save(content, part)
    os.replace(part, path)


def cosine(base: float, step: int, steps: int, warmup: int = 0) -> float:
    """Learning rate at a step: linear warm-up, then half a cosine down to 0."""
    if step < warmup:
        return base * (step + 1) / warmup
    return base * 0.5 * (1 + float(np.cos(np.pi * (step - warmup) / max(1, steps - warmup))))
