#!/usr/bin/env python3
"""Exports a run's best weights as the ONNX graph that the workstation runs, checks it against PyTorch, and writes its parity fixture.

  export_onnx.py --run RUN --to unet.onnx --fixture fixtures/unet.json
"""
from __future__ import annotations

import argparse
import base64
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch

sys.path.insert(0, str(Path(__file__).parent))
from common.compact import fold_batch_norms, round_weights, store_as_half
from common.graphs import ClassificationGraph, SegmentationGraph, signed_map
from common.presets import load_network
from common.runtime import open_graph

OPSET = 17


def load_graph(runs: list[Path], mirror: bool) -> tuple[torch.nn.Module, str]:
    kept = [torch.load(run / "best.pt", map_location="cpu", weights_only=False) for run in runs]
    networks = [load_network(each) for each in kept]
    if all("size" in each for each in kept):
        return SegmentationGraph(networks, [(each["size"], each["oversample"]) for each in kept], mirror).eval(), "segmentation"
    if len(runs) > 1 or mirror:
        sys.exit("error: a classification graph holds one network, without --mirror: its Grad-CAM map belongs to one network's layer")
    return ClassificationGraph(networks[0]).eval(), "classification"


@torch.no_grad()
def compact(graph: torch.nn.Module, role: str) -> None:
    """Folds and rounds in PyTorch, so that the fixture's outputs are those of the weights that ship. Folding alone must change nothing."""
    x = torch.rand((1, 3, 224, 224), generator=torch.Generator().manual_seed(5))
    probability = (lambda: graph(x)) if role == "segmentation" else (lambda: graph(x)[0])
    before = probability()
    fold_batch_norms(graph)
    change = float((probability() - before).abs().max())
    if change > 1e-4:
        sys.exit(f"error: folding the batch normalisations changes the output by {change:.1e}: a pair of layers is not what it seems")
    round_weights(graph)


def export(graph: torch.nn.Module, role: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if role == "segmentation":
        torch.onnx.export(graph, (torch.randn(1, 3, 96, 128),), str(path), dynamo=False, opset_version=OPSET,
                          input_names=["image"], output_names=["probability"],
                          dynamic_axes={"image": {0: "n", 2: "height", 3: "width"}, "probability": {0: "n", 2: "height", 3: "width"}})
    else:
        torch.onnx.export(graph, (torch.rand(1, 3, 224, 224),), str(path), dynamo=False, opset_version=OPSET,
                          input_names=["roi"], output_names=["probability", "cam"],
                          dynamic_axes={"roi": {0: "n"}, "probability": {0: "n"}, "cam": {0: "n"}})
    store_as_half(path)
    onnx.checker.check_model(str(path))


def float32_field(array: np.ndarray) -> dict:
    array = np.ascontiguousarray(array, dtype="<f4")
    return {"shape": list(array.shape), "float32": base64.b64encode(array.tobytes()).decode()}


def probe(role: str) -> np.ndarray:
    """A seeded 8-bit picture: a dark ellipse in speckle, [48,64,3], or for a classifier [56,56,3] to be repeated to 224x224."""
    generator = np.random.default_rng(7)
    height, width = (48, 64) if role == "segmentation" else (56, 56)
    y, x = np.mgrid[0:height, 0:width]
    inside = ((x - width * 0.55) / (width * 0.22)) ** 2 + ((y - height * 0.45) / (height * 0.2)) ** 2 < 1
    grey = generator.gamma(4, 28, (height, width)) * np.where(inside, 0.3, 1) * (1 - 0.4 * y / height)
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, 2)


def write_fixture(graph: torch.nn.Module, role: str, path: Path) -> None:
    """Inputs and PyTorch's outputs. `pixels` is the 8-bit source, so that a reader can test its own preprocessing too."""
    from common.preprocess import crop_roi, z_score
    pixels = probe(role)
    if role == "segmentation":
        tensor = z_score(pixels)[None]
        name, preparation = "image", "z-score per channel"
    else:
        tensor = crop_roi(pixels, np.ones(pixels.shape[:2], bool))[None]
        name, preparation = "roi", "whole picture as region, min-max, nearest neighbour to 224x224"
    with torch.no_grad():
        outputs = graph(torch.from_numpy(tensor))
    outputs = {"probability": outputs} if role == "segmentation" else {"probability": outputs[0], "cam": outputs[1]}
    content = {
        "made_with": f"torch {torch.__version__}", "preparation": preparation, "input": name,
        "pixels": {"height": pixels.shape[0], "width": pixels.shape[1], "channels": 3, "uint8": base64.b64encode(pixels.tobytes()).decode()},
        # The region's input follows from the pixels exactly (one division); only a z-score needs its own reference.
        **({"tensor": float32_field(tensor)} if role == "segmentation" else {}),
        "outputs": {key: float32_field(value.numpy()) for key, value in outputs.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content) + "\n")


@torch.no_grad()
def largest_difference(graph: torch.nn.Module, role: str, path: Path) -> float:
    """Largest absolute difference between PyTorch and onnxruntime over a few sizes and batches."""
    session, worst = open_graph(path), 0.0
    shapes = [(1, 3, 48, 64), (1, 3, 500, 411), (2, 3, 233, 300)] if role == "segmentation" else [(1, 3, 224, 224), (3, 3, 224, 224)]
    for shape in shapes:
        x = torch.randn(shape, generator=torch.Generator().manual_seed(3)) if role == "segmentation" else torch.rand(shape)
        expected = graph(x)
        expected = [expected] if role == "segmentation" else list(expected)
        for want, got in zip(expected, session.run(None, {session.get_inputs()[0].name: x.numpy()})):
            worst = max(worst, float(np.abs(want.numpy() - got).max()))
    return worst


def grad_cam_error(graph: ClassificationGraph) -> float:
    """Largest difference over a few regions between Grad-CAM in closed form and by autograd, relative to the map's largest value; before the ReLU, and of the graph's own map."""
    worst = 0.0
    for seed in range(4):
        roi = torch.rand((1, 3, 224, 224), generator=torch.Generator().manual_seed(seed))
        reference = signed_map(graph.network, roi, by_autograd=True)
        scale = reference.abs().max()
        if scale == 0:
            sys.exit("error: the reference map is zero everywhere: the comparison would say nothing")
        with torch.no_grad():
            own = graph(roi)[1]
        worst = max(worst, float((signed_map(graph.network, roi, by_autograd=False) - reference).abs().max() / scale), float((own - reference.clamp_min(0)).abs().max() / scale))
    return worst


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--run", type=Path, action="append", required=True, help="segmentation: given several times, the graph is the mean of the networks' logits")
    p.add_argument("--to", type=Path, required=True)
    p.add_argument("--fixture", type=Path)
    p.add_argument("--full", action="store_true", help="keep float32 weights; otherwise large weights are rounded to float16 and stored so")
    p.add_argument("--mirror", action="store_true", help="segmentation: the graph averages over the picture and its mirror image, at twice the cost")
    args = p.parse_args()
    graph, role = load_graph(args.run, args.mirror)
    if not args.full:
        compact(graph, role)
    export(graph, role, args.to)
    difference = largest_difference(graph, role, args.to)
    print(f"{args.to}: {args.to.stat().st_size / 1e6:.2f} MB, largest difference to PyTorch {difference:.2e}")
    if difference > 1e-4:
        sys.exit("error: the exported graph does not reproduce the network")
    if role == "classification":
        error = grad_cam_error(graph)
        print(f"{args.to}: Grad-CAM closed form against autograd, largest relative error {error:.2e}")
        if error > 1e-4:
            sys.exit("error: the closed form of Grad-CAM does not hold for this network")
    if args.fixture:
        write_fixture(graph, role, args.fixture)


if __name__ == "__main__":
    main()
