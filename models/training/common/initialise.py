"""Where a network's first weights come from."""
from __future__ import annotations

from pathlib import Path

import torch
from torch import nn


def take_matching(network: nn.Module, weights: dict[str, torch.Tensor]) -> int:
    """Copies every tensor of the same name and shape; returns how many."""
    own = network.state_dict()
    fitting = {name: value for name, value in weights.items() if name in own and own[name].shape == value.shape}
    network.load_state_dict({**own, **fitting})
    return len(fitting)


def initialise(network: nn.Module, task: str, model: str, preset: str, init: str) -> str:
    """Initialises in place and returns a sentence for the card. `task` is segmentation or classification."""
    if init == "random":
        return "random"
    if init == "torchvision":
        from .torchvision_weights import classification_weights, segmentation_weights
        return (segmentation_weights if task == "segmentation" else classification_weights)(network, model, preset)
    kept = torch.load(Path(init), map_location="cpu", weights_only=False)
    taken = take_matching(network, kept["network"])
    if taken == 0:
        raise SystemExit(f"error: {init} holds no layer that fits {model}")
    return f"{taken} of {len(network.state_dict())} tensors from a trained {kept.get('model', 'network')} ({Path(init).parent.name}), the rest random"
