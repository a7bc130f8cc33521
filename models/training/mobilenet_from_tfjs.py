#!/usr/bin/env python3
"""Reads the MobileNetV2 trunk of a published TensorFlow.js graph (MoveNet Lightning) into a checkpoint that `--init` takes.

  npm pack @vladmandic/human@3.3.6 && tar xzf vladmandic-human-3.3.6.tgz
  mobilenet_from_tfjs.py --model package/models/movenet-lightning.json --to RUNS/movenet.pt

MoveNet (Google, Apache-2.0) learnt on photographs (COCO key points); the weights are float16 with batch normalisation folded in.
"""
from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))
from common.blocks import MobileEncoder
from common.training import save_atomically
from common.unfold import normalised_convolutions

IMAGE_SD = 0.5  # the graph was fed pixels in -1..1; these networks are fed images of SD 1, so the first convolution takes half


def read_weights(model: Path) -> tuple[dict[str, np.ndarray], str]:
    """Every tensor of the graph by name, and where the graph says it comes from."""
    graph = json.loads(model.read_text())
    weights = {}
    for group in graph["weightsManifest"]:
        content = b"".join((model.parent / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            kind = np.dtype(entry.get("quantization", {}).get("dtype", entry["dtype"]))
            count = int(np.prod(entry["shape"], dtype=int))
            weights[entry["name"]] = np.frombuffer(content, kind, count, offset).reshape(entry["shape"]).astype(np.float32 if kind.kind == "f" else kind)
            offset += count * kind.itemsize
    return weights, graph.get("generatedBy", model.name)


def published_name(name: str) -> tuple[str, str]:
    """(layer, operation) in the graph for a convolution of MobileEncoder: `blocks.3.expand.0` is `block_3_expand`."""
    parts = name.split(".")
    if parts[0] == "stem":
        return "Conv1", "Conv2D"
    number, step = int(parts[1]), parts[2]
    return f"{'expanded_conv' if number == 0 else f'block_{number}'}_{step}", "depthwise" if step == "depthwise" else "Conv2D"


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", type=Path, required=True)
    p.add_argument("--to", type=Path, required=True)
    args = p.parse_args()
    weights, source = read_weights(args.model)
    found = {}
    for name, convolution, _ in normalised_convolutions(MobileEncoder()):
        layer, operation = published_name(name)
        match = [key for key in weights if key.endswith(f"/{layer}/{operation}_weights")]
        if len(match) != 1:
            sys.exit(f"error: {args.model} has {len(match)} tensors for the layer {layer}: it is not this network")
        value = torch.from_numpy(weights[match[0]]).permute(*((2, 3, 0, 1) if operation == "depthwise" else (3, 2, 0, 1))).contiguous()
        if value.shape != convolution.weight.shape:
            sys.exit(f"error: {match[0]} is {tuple(value.shape)}, expected {tuple(convolution.weight.shape)}")
        found[f"encoder.{name}.weight"] = value * IMAGE_SD if layer == "Conv1" else value
        found[f"encoder.{name}.bias"] = torch.from_numpy(weights[match[0].replace("_weights", "_bn_offset")])
    args.to.parent.mkdir(parents=True, exist_ok=True)
    save_atomically({"folded": True, "source": f"MoveNet Lightning's MobileNetV2 ({source})", "network": found}, args.to)
    print(f"{len(found)} tensors in {args.to}")


if __name__ == "__main__":
    main()
