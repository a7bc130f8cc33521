#!/usr/bin/env python3
"""Trains one segmentation network on one or more training exports.

  train_segmentation.py --data EXPORT [--data PHANTOMS:0.25] --model unet --preset small --out RUN

`--data DIR:SHARE` gives that export a share of every batch. Only cohorts with the role `fit` are learnt from and only those with the
role `choose` decide when to stop; cohorts that report are never read here.
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
from common.augment import augment
from common.dataset import ExportError, read_export
from common.initialise import initialise
from common.losses import deep_supervision
from common.presets import ENCODERS, SEGMENTATION, make_segmentation_network
from common.segmentation_data import Pool, load_pool
from common.training import Log, RunningMean, cosine, keep_memory, save_atomically, seed_everything
from common.unfold import measure_statistics

STATISTICS_BATCHES = 8  # augmented batches that folded weights' batch statistics are measured on
COLUMNS = ["iteration", "loss", "dice", "lr", "seconds"]


def parse() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", action="append", required=True, help="training export, DIR or DIR:SHARE")
    p.add_argument("--model", required=True, choices=["deeplabv3", "unet", "unetpp"])
    p.add_argument("--preset", default="small", choices=list(SEGMENTATION))
    p.add_argument("--encoder", default="residual", choices=ENCODERS, help="of the preset small")
    p.add_argument("--init", default=None, help="FILE (a run's checkpoint or an exported graph, .onnx: layers of the same name and shape are taken), torchvision or random")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--role", action="append", default=[], help="COHORT=fit|choose|report, over splits.json")
    for name, kind in (("iterations", int), ("batch", int), ("size", int), ("oversample", int), ("lr", float), ("evaluate-every", int), ("patience", int)):
        p.add_argument(f"--{name}", type=kind, default=None)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--resume", action="store_true")
    return p.parse_args()


def load_sources(args, preset) -> tuple[list[Pool], np.ndarray, list[Pool]]:
    """The fit pools, their shares of a batch, and the choose pools of every export."""
    overrides = dict(role.split("=", 1) for role in args.role)
    fit, shares, choose = [], [], []
    cache = args.out.parent / "cache"
    for entry in args.data:
        folder, _, share = entry.partition(":")
        cases = read_export(folder, overrides)
        groups = {role: [c for c in cases if c.role == role] for role in ("fit", "choose")}
        if not groups["fit"] or not groups["choose"]:
            raise ExportError(f"{folder}: needs cases in a cohort with the role fit and in one with the role choose")
        fit.append(load_pool(groups["fit"], preset["size"], preset["oversample"], cache))
        choose.append(load_pool(groups["choose"], preset["size"], preset["oversample"], cache))
        shares.append(float(share) if share else -1.0)
        print(f"{folder}: {len(fit[-1])} cases to fit, {len(choose[-1])} to choose by", flush=True)
    shares = np.array(shares)
    rest = 1 - shares[shares >= 0].sum()
    shares[shares < 0] = rest / max(1, (shares < 0).sum())
    return fit, shares / shares.sum(), choose


class Sampler:
    """Draws batches; every pool is walked in a fresh random order each time around."""

    def __init__(self, pools: list[Pool], shares: np.ndarray, seed: int):
        self.pools, self.shares = pools, shares
        self.random = np.random.default_rng(seed)
        self.orders = [np.zeros(0, int) for _ in pools]

    def draw(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        counts = self.random.multinomial(size, self.shares)
        parts = []
        for index, count in enumerate(counts):
            while len(self.orders[index]) < count:
                self.orders[index] = np.concatenate([self.orders[index], self.random.permutation(len(self.pools[index]))])
            chosen, self.orders[index] = self.orders[index][:count], self.orders[index][count:]
            if count:
                parts.append(self.pools[index].batch(chosen))
        return torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])


@torch.no_grad()
def mean_dice(network: torch.nn.Module, pool: Pool, device: str, bfloat16: bool) -> float:
    """Mean Dice of the masks at 0.5, at the working size."""
    scores = []
    for start in range(0, len(pool), 16):
        images, masks = pool.batch(np.arange(start, min(start + 16, len(pool))))
        images = images.to(device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(device, torch.bfloat16, enabled=bfloat16):
            logits = network(images)[-1].float()
        truth = masks.to(device) > 0.5
        found = F.interpolate(logits, size=truth.shape[2:], mode="bilinear", align_corners=False) > 0
        overlap = (found & truth).sum((1, 2, 3))
        scores.append(2 * overlap / (found.sum((1, 2, 3)) + truth.sum((1, 2, 3))).clamp_min(1))
    return float(torch.cat(scores).mean())


def main() -> None:
    args = parse()
    preset = dict(SEGMENTATION[args.preset])
    preset.update({k: v for k in ("iterations", "batch", "size", "oversample", "lr", "evaluate_every", "patience") if (v := getattr(args, k)) is not None})
    init = args.init or preset["init"]
    torch.set_num_threads(args.threads)
    seed_everything(args.seed)
    keep_memory()
    args.out.mkdir(parents=True, exist_ok=True)
    network = make_segmentation_network(args.model, args.preset, args.encoder)
    initial = initialise(network, "segmentation", args.model, args.preset, init)
    fit, shares, choose = load_sources(args, preset)
    if initial.waiting:
        draws, randomness = Sampler(fit, shares, args.seed), torch.Generator().manual_seed(args.seed)
        measure_statistics(network, initial.waiting, (augment(*draws.draw(preset["batch"]), randomness)[0] for _ in range(STATISTICS_BATCHES)))
    (args.out / "config.json").write_text(json.dumps({
        "model": args.model, "preset": args.preset, **({"encoder": args.encoder} if args.preset == "small" else {}), **preset, "initialisation": initial.sentence, "data": args.data, "seed": args.seed,
        "cases": {"fit": [len(p) for p in fit], "choose": [len(p) for p in choose]}, "torch": torch.__version__}, indent=2) + "\n")

    network.to(args.device, memory_format=torch.channels_last).train()
    mean = RunningMean(network, preset["ema"])
    optimizer = torch.optim.AdamW(network.parameters(), lr=preset["lr"], weight_decay=preset["weight_decay"])
    sampler = Sampler(fit, shares, args.seed)
    generator = torch.Generator().manual_seed(args.seed)
    state = {"iteration": 0, "best": -1.0, "stale": 0, "seconds": 0.0}
    last, best = args.out / "last.pt", args.out / "best.pt"
    if args.resume and last.exists():
        kept = torch.load(last, weights_only=False)
        network.load_state_dict(kept["network"]); mean.network.load_state_dict(kept["mean"]); optimizer.load_state_dict(kept["optimizer"])
        generator.set_state(kept["generator"]); sampler.random.bit_generator.state = kept["random"]; sampler.orders = kept["orders"]
        state, mean.steps = kept["state"], kept["steps"]
        print(f"resumed at iteration {state['iteration']}")
    log = Log(args.out / "log.csv", COLUMNS, args.resume)

    began = time.monotonic() - state["seconds"]

    def judge(loss: float, lr: float) -> None:
        """Measures the running mean on the choosing cohorts, logs it, and keeps it where it is the best so far."""
        dice = [mean_dice(mean.network, pool, args.device, preset["bfloat16"]) for pool in choose]
        score = float(np.dot(dice, shares))
        state["seconds"] = time.monotonic() - began
        log.add({"iteration": state["iteration"], "loss": loss, "dice": score, "lr": lr, "seconds": round(state["seconds"], 1)})
        if len(dice) > 1:
            print("    by export: " + ", ".join(f"{d:.4f}" for d in dice), flush=True)
        state["stale"] = 0 if score > state["best"] else state["stale"] + 1
        if score > state["best"]:
            state["best"] = score
            save_atomically({"model": args.model, "preset": args.preset, "encoder": args.encoder, "size": preset["size"], "oversample": preset["oversample"],
                             "iteration": state["iteration"], "dice": dice, "network": mean.network.state_dict()}, best)

    if state["iteration"] == 0 and init not in ("random", "torchvision"):
        judge(float("nan"), 0.0)  # what training starts from is the first candidate: fine-tuning never ends below it
    losses = []
    while state["iteration"] < preset["iterations"] and state["stale"] < preset["patience"]:
        lr = cosine(preset["lr"], state["iteration"], preset["iterations"], preset["warmup"])
        for group in optimizer.param_groups:
            group["lr"] = lr
        images, masks = augment(*sampler.draw(preset["batch"]), generator)
        images = images.to(args.device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(args.device, torch.bfloat16, enabled=preset["bfloat16"]):
            outputs = network(images)
        loss = deep_supervision(outputs, masks.to(args.device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        mean.update(network)
        losses.append(float(loss.detach()))
        state["iteration"] += 1
        if state["iteration"] % preset["evaluate_every"] and state["iteration"] < preset["iterations"]:
            continue
        judge(float(np.mean(losses)), lr)
        losses = []
        save_atomically({"network": network.state_dict(), "mean": mean.network.state_dict(), "optimizer": optimizer.state_dict(),
                         "generator": generator.get_state(), "random": sampler.random.bit_generator.state, "orders": sampler.orders,
                         "state": state, "steps": mean.steps}, last)
    log.plot()
    print(f"best Dice on the choosing cohort {state['best']:.4f}; weights in {best}")


if __name__ == "__main__":
    try:
        main()
    except ExportError as error:
        sys.exit(f"error: {error}")
