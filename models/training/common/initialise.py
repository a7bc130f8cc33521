"""Where a network's first weights come from."""
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

from .unfold import read_onnx_weights, take_folded


@dataclass
class Initialisation:
    """`sentence` is for the card; `waiting` are the batch normalisations whose statistics must be measured before training (folded weights)."""

    sentence: str
    waiting: list[nn.BatchNorm2d] = field(default_factory=list)


def take_matching(network: nn.Module, weights: dict[str, torch.Tensor]) -> int:
    """Copies every tensor of the same name and shape; returns how many."""
    own = network.state_dict()
    fitting = {name: value for name, value in weights.items() if name in own and own[name].shape == value.shape}
    network.load_state_dict({**own, **fitting})
    return len(fitting)


def initialise(network: nn.Module, task: str, model: str, preset: str, init: str) -> Initialisation:
    """Initialises in place. `task` is segmentation or classification; `init` random, torchvision, a checkpoint of a run, or an exported graph (.onnx)."""
    if init == "random":
        return Initialisation("random")
    if init == "torchvision":
        from .torchvision_weights import classification_weights, segmentation_weights
        return Initialisation((segmentation_weights if task == "segmentation" else classification_weights)(network, model, preset))
    path, count = Path(init), len(network.state_dict())
    if not path.exists():
        raise SystemExit(f"error: {init} is not there: --init takes a run's checkpoint (best.pt), an exported graph (.onnx), torchvision or random")
    if path.suffix == ".onnx":
        taken, waiting = take_folded(network, read_onnx_weights(path))
        sentence = f"{taken} tensors of the graph {path.name}, its batch statistics measured anew"
    else:
        kept = torch.load(path, map_location="cpu", weights_only=False)
        if kept.get("folded"):
            taken, waiting = take_folded(network, kept["network"])
            sentence = f"{taken} tensors of {kept['source']}, batch statistics measured anew, the rest random"
        else:
            taken, waiting = take_matching(network, kept["network"]), []
            sentence = f"{taken} of {count} tensors from a trained {kept.get('model', 'network')} ({path.parent.name}), the rest random"
    if taken == 0:
        raise SystemExit(f"error: {init} holds no layer that fits {model} in the preset {preset}")
    return Initialisation(sentence, waiting)
