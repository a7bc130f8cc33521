"""Settings. `paper` is the study's; `small` trains on a CPU and is what ships."""
from __future__ import annotations

from torch import nn

from . import classification_networks, segmentation_networks

SEGMENTATION = {
    "small": {"size": 160, "oversample": 3, "iterations": 4000, "batch": 16, "lr": 1e-3, "weight_decay": 1e-3, "warmup": 50, "ema": 0.995,
              "evaluate_every": 100, "patience": 32, "init": "random", "bfloat16": True},
    "paper": {"size": 512, "oversample": 1, "iterations": 18000, "batch": 8, "lr": 1e-3, "weight_decay": 0.0, "warmup": 0, "ema": 0.0,
              "evaluate_every": 30, "patience": 32, "init": "torchvision", "bfloat16": False},
}

# The study: SGD, softmax cross-entropy, cosine 0.01 -> 0 over 90 epochs.
CLASSIFICATION = {
    "small": {"epochs": 40, "batch": 32, "lr": 0.01, "momentum": 0.9, "weight_decay": 1e-3, "ema": 0.98, "init": "random", "bfloat16": True, "smoothing": 0.05},
    "paper": {"epochs": 90, "batch": 32, "lr": 0.01, "momentum": 0.9, "weight_decay": 1e-4, "ema": 0.0, "init": "torchvision", "bfloat16": False, "smoothing": 0.0},
}


ENCODERS = ("residual", "mobile")  # of the small networks: a plain residual one, or MobileNetV2's trunk


def make_classification_network(model: str, preset: str, encoder: str = "residual") -> nn.Module:
    if preset == "small":
        return classification_networks.SMALL[encoder][model]()
    return classification_networks.TorchvisionNet(model)


def make_segmentation_network(model: str, preset: str, encoder: str = "residual") -> nn.Module:
    if preset == "small":
        return segmentation_networks.SMALL[encoder][model]()
    from .paper_networks import PAPER
    return PAPER[model]()


def load_network(kept: dict) -> nn.Module:
    """The network of a run's checkpoint (best.pt), in eval mode."""
    make = make_segmentation_network if "size" in kept else make_classification_network
    network = make(kept["model"], kept["preset"], kept.get("encoder", "residual"))
    network.load_state_dict(kept["network"])
    return network.eval()
