"""Trained weights with their batch normalisation folded into the convolutions, as exported graphs hold them, back into a network that can be trained on.

A folded convolution computes y = W x + b. The network computes (W x - mean) / sqrt(variance + eps) * gamma + beta. With mean and variance
measured on data, gamma = sqrt(variance + eps) and beta = b + mean make the two equal, and training goes on from normalised activations.
"""
from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .compact import folding_pairs


def read_onnx_weights(path: Path) -> dict[str, torch.Tensor]:
    """The initialisers of a graph of export_onnx.py by their names in the network; float16 ones as float32."""
    import onnx
    from onnx import numpy_helper
    weights = {}
    for tensor in onnx.load(str(path)).graph.initializer:
        name = tensor.name.removesuffix(".half")
        if name.startswith("network."):
            weights[name.removeprefix("network.")] = torch.from_numpy(np.array(numpy_helper.to_array(tensor), dtype=np.float32))
    return weights


def normalised_convolutions(network: nn.Module) -> Iterable[tuple[str, nn.Conv2d, nn.BatchNorm2d]]:
    """(name of the convolution, convolution, its batch normalisation) of every pair that `fold_batch_norms` folds."""
    for prefix, module in network.named_modules():
        for first, second in folding_pairs(module):
            yield f"{prefix}.{first}" if prefix else first, getattr(module, first), getattr(module, second)


@torch.no_grad()
def take_folded(network: nn.Module, weights: dict[str, torch.Tensor]) -> tuple[int, list[nn.BatchNorm2d]]:
    """Copies every tensor that fits; a folded bias becomes the shift of a batch normalisation that for now does nothing else.

    Returns how many tensors were taken and the normalisations whose statistics `measure_statistics` must still find.
    """
    waiting, taken, rest = [], 0, dict(weights)
    for name, convolution, normalisation in normalised_convolutions(network):
        weight, bias = weights.get(f"{name}.weight"), weights.get(f"{name}.bias")
        if weight is None or bias is None or convolution.bias is not None or weight.shape != convolution.weight.shape:
            continue
        convolution.weight.copy_(weight)
        normalisation.running_mean.zero_()
        normalisation.running_var.fill_(1 - normalisation.eps)
        normalisation.weight.fill_(1)
        normalisation.bias.copy_(bias)
        waiting.append(normalisation)
        taken += 2
        del rest[f"{name}.weight"], rest[f"{name}.bias"]
    own = network.state_dict()
    fitting = {name: value for name, value in rest.items() if name in own and own[name].shape == value.shape}
    network.load_state_dict({**own, **fitting})
    return taken + len(fitting), waiting


@torch.no_grad()
def measure_statistics(network: nn.Module, waiting: list[nn.BatchNorm2d], batches: Iterable[torch.Tensor]) -> None:
    """Runs the batches [N,3,S,S] and gives the waiting normalisations the mean and variance that they saw; what the network computes does not change."""
    sums: dict[nn.BatchNorm2d, list] = {}

    def keep(module: nn.BatchNorm2d, inputs: tuple[torch.Tensor]) -> None:
        x = inputs[0].double()
        kept = sums.setdefault(module, [0, 0.0, 0.0])
        kept[0] += x.numel() // x.shape[1]
        kept[1] = kept[1] + x.sum((0, 2, 3))
        kept[2] = kept[2] + x.square().sum((0, 2, 3))

    handles = [module.register_forward_pre_hook(keep) for module in waiting]
    training = network.training
    network.eval()
    for batch in batches:
        network(batch)
    network.train(training)
    for handle in handles:
        handle.remove()
    for module, (count, total, squares) in sums.items():
        mean = total / count
        variance = (squares / count - mean.square()).clamp_min(1e-6)
        module.bias.add_(mean.to(module.bias))
        module.running_mean.copy_(mean)
        module.running_var.copy_(variance)
        module.weight.copy_((variance + module.eps).sqrt())
