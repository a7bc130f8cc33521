"""Halves the size of an exported graph without changing what it computes: weights are rounded to float16 before the export, and stored as such."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

SMALLEST = 512  # tensors with fewer values stay float32: they cost nothing


def folding_pairs(module: nn.Module) -> list[tuple[str, str]]:
    """Names of children of one module where a batch normalisation is registered right behind the convolution that feeds it.

    So it is in a Sequential, in torchvision's ResNet blocks (conv1, bn1) and its DenseNet layers (conv1, norm2); export_onnx.py checks
    that folding them changes no output.
    """
    children = list(module.named_children())
    return [(first, second) for (first, one), (second, other) in zip(children[:-1], children[1:]) if isinstance(one, nn.Conv2d) and isinstance(other, nn.BatchNorm2d)]


def fold_batch_norms(module: nn.Module) -> None:
    """Folds each batch normalisation into the convolution before it, in place; the network must be in eval mode."""
    for child in module.children():
        fold_batch_norms(child)
    for first, second in folding_pairs(module):
        setattr(module, first, fuse_conv_bn_eval(getattr(module, first), getattr(module, second)))
        setattr(module, second, nn.Identity())


@torch.no_grad()
def round_weights(module: nn.Module) -> None:
    """Rounds the large weights to float16 and keeps them as float32: from here on both forms compute the same."""
    for parameter in module.parameters():
        if parameter.numel() >= SMALLEST:
            parameter.copy_(parameter.half().float())


def store_as_half(path: Path) -> None:
    """Stores every large initialiser that float16 holds exactly as float16, behind a Cast that the runtime folds when it loads the graph."""
    model = onnx.load(str(path))
    casts, kept = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        half = values.astype(np.float16) if values.dtype == np.float32 else None
        if half is None or values.size < SMALLEST or not np.array_equal(half.astype(np.float32), values):
            kept.append(tensor)
            continue
        kept.append(numpy_helper.from_array(half, tensor.name + ".half"))
        casts.append(onnx.helper.make_node("Cast", [tensor.name + ".half"], [tensor.name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    onnx.save(model, str(path))
