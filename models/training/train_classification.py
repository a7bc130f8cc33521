#!/usr/bin/env python3
"""Trains one classification network on the regions that the automatic masks cut out.

  train_classification.py --data EXPORT --masks EVALUATION/masks.npz --outcome malignant --model resnet50 --preset small --out RUN

Masks come from evaluate.py. The weights kept are those with the best AUC on the cohorts that choose; cohorts that report are never read.
"""
from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).parent))
from common.classification_data import MaskStore, RegionPool, random_regions
from common.dataset import ExportError, read_export
from common.initialise import initialise
from common.metrics import auc
from common.presets import CLASSIFICATION, ENCODERS, make_classification_network
from common.training import Log, RunningMean, cosine, keep_memory, save_atomically, seed_everything
from common.unfold import measure_statistics

STATISTICS_BATCHES = 8  # augmented batches that folded weights' batch statistics are measured on
COLUMNS = ["epoch", "loss", "auc", "lr", "seconds"]


def parse() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--masks", type=Path, action="append", required=True, help="may be given several times; the first that has a mask wins")
    p.add_argument("--outcome", required=True)
    p.add_argument("--positive", default="1")
    p.add_argument("--model", required=True, choices=["resnet50", "resnet101", "densenet121"])
    p.add_argument("--preset", default="small", choices=list(CLASSIFICATION))
    p.add_argument("--encoder", default="residual", choices=ENCODERS, help="of the preset small")
    p.add_argument("--init", default=None, help="FILE (a run's checkpoint or an exported graph, .onnx), torchvision or random")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--role", action="append", default=[])
    for name, kind in (("epochs", int), ("batch", int), ("lr", float)):
        p.add_argument(f"--{name}", type=kind, default=None)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--resume", action="store_true")
    return p.parse_args()


@torch.no_grad()
def predict(network: torch.nn.Module, regions: np.ndarray, device: str) -> np.ndarray:
    """Probability of the positive class for [N,3,224,224] uint8."""
    parts = []
    for start in range(0, len(regions), 32):
        x = (torch.from_numpy(regions[start:start + 32].astype(np.float32)) / 255).to(device, memory_format=torch.channels_last)
        parts.append(torch.softmax(network(x)[0].float(), 1)[:, 1].cpu())
    return torch.cat(parts).numpy()


def main() -> None:
    args = parse()
    preset = dict(CLASSIFICATION[args.preset])
    preset.update({k: v for k in ("epochs", "batch", "lr") if (v := getattr(args, k)) is not None})
    torch.set_num_threads(args.threads)
    seed_everything(args.seed)
    keep_memory()
    args.out.mkdir(parents=True, exist_ok=True)
    network = make_classification_network(args.model, args.preset, args.encoder)
    initial = initialise(network, "classification", args.model, args.preset, args.init or preset["init"])
    cases = read_export(args.data, dict(role.split("=", 1) for role in args.role))
    masks = MaskStore(*args.masks)
    fit = RegionPool([c for c in cases if c.role == "fit"], masks, args.outcome, args.positive, True, args.out.parent / f"cache/regions-{args.outcome}-fit.npz")
    choose = RegionPool([c for c in cases if c.role == "choose"], masks, args.outcome, args.positive, False, args.out.parent / f"cache/regions-{args.outcome}-choose.npz")
    for name, pool in (("fit", fit), ("choose", choose)):
        if pool.labels.min() == pool.labels.max():
            raise ExportError(f"the cohorts with the role {name} hold one class of {args.outcome!r} only")
        print(f"{name}: {len(pool)} regions, {pool.labels.sum()} positive; left out {pool.without_lesion} without a lesion found, {pool.without_outcome} without outcome or mask")
    if initial.waiting:
        drawn, randomness = np.random.default_rng(args.seed), torch.Generator().manual_seed(args.seed)
        measure_statistics(network, initial.waiting, (random_regions(fit.wide[drawn.integers(0, len(fit), preset["batch"])], randomness, args.preset == "small") for _ in range(STATISTICS_BATCHES)))
    (args.out / "config.json").write_text(json.dumps({
        "model": args.model, "preset": args.preset, **({"encoder": args.encoder} if args.preset == "small" else {}), **preset, "initialisation": initial.sentence, "data": args.data, "outcome": args.outcome, "positive": args.positive,
        "seed": args.seed, "cases": {"fit": len(fit), "choose": len(choose)}, "torch": torch.__version__}, indent=2) + "\n")

    network.to(args.device, memory_format=torch.channels_last).train()
    mean = RunningMean(network, preset["ema"])
    optimizer = torch.optim.SGD(network.parameters(), lr=preset["lr"], momentum=preset["momentum"], weight_decay=preset["weight_decay"], nesterov=True)
    generator, order = torch.Generator().manual_seed(args.seed), np.random.default_rng(args.seed)
    state = {"epoch": 0, "best": -1.0, "seconds": 0.0}
    last, best = args.out / "last.pt", args.out / "best.pt"
    if args.resume and last.exists():
        kept = torch.load(last, weights_only=False)
        network.load_state_dict(kept["network"]); mean.network.load_state_dict(kept["mean"]); optimizer.load_state_dict(kept["optimizer"])
        generator.set_state(kept["generator"]); order.bit_generator.state = kept["random"]
        state, mean.steps = kept["state"], kept["steps"]
        print(f"resumed at epoch {state['epoch']}")
    log = Log(args.out / "log.csv", COLUMNS, args.resume)
    rounds = max(1, len(fit) // preset["batch"])
    began = time.monotonic() - state["seconds"]
    while state["epoch"] < preset["epochs"]:
        losses, shuffled = [], order.permutation(len(fit))
        for number in range(rounds):
            lr = cosine(preset["lr"], state["epoch"] * rounds + number, preset["epochs"] * rounds)
            for group in optimizer.param_groups:
                group["lr"] = lr
            index = shuffled[number * preset["batch"]:(number + 1) * preset["batch"]]
            if len(index) < 2:
                continue  # batch normalisation needs two
            x = random_regions(fit.wide[index], generator, args.preset == "small").to(args.device, memory_format=torch.channels_last)
            with torch.autocast(args.device, torch.bfloat16, enabled=preset["bfloat16"]):
                logits = network(x)[0]
            loss = F.cross_entropy(logits.float(), torch.from_numpy(fit.labels[index]).to(args.device), label_smoothing=preset["smoothing"])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            mean.update(network)
            losses.append(float(loss.detach()))
        state["epoch"] += 1
        score = auc(choose.labels, predict(mean.network, choose.exact, args.device))
        state["seconds"] = time.monotonic() - began
        log.add({"epoch": state["epoch"], "loss": float(np.mean(losses)), "auc": score, "lr": lr, "seconds": round(state["seconds"], 1)})
        if score > state["best"]:
            state["best"] = score
            save_atomically({"model": args.model, "preset": args.preset, "encoder": args.encoder, "epoch": state["epoch"], "auc": score, "network": mean.network.state_dict()}, best)
        save_atomically({"network": network.state_dict(), "mean": mean.network.state_dict(), "optimizer": optimizer.state_dict(), "generator": generator.get_state(),
                         "random": order.bit_generator.state, "state": state, "steps": mean.steps}, last)
    log.plot()
    print(f"best AUC on the choosing cohort {state['best']:.4f}; weights in {best}")


if __name__ == "__main__":
    try:
        main()
    except ExportError as error:
        sys.exit(f"error: {error}")
