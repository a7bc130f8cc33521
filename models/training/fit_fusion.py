#!/usr/bin/env python3
"""Fits the post-fusion: gradient-boosted trees over the three probability maps of the cohorts that choose.

  fit_fusion.py --data EXPORT [--data PHANTOMS:80] --graphs models/segmentation --to models/fusion/fusion.json --out RUN

The maps come from the exported graphs at full resolution. Cohorts that the networks were fitted on are never read: there the maps are too good.
Settings are chosen by cross-validation grouped by patient, on the mean Dice of the held-out images. `--data DIR:COUNT` takes that many images at most.
"""
from __future__ import annotations

import argparse
import base64
import itertools
import json
import sys
from pathlib import Path

import numpy as np
import xgboost

sys.path.insert(0, str(Path(__file__).parent))
from common.dataset import ExportError, read_export
from common.metrics import patient_folds
from common.runtime import NETWORKS, Trio, each_case

STRIDE = 4  # held-out Dice is measured on every fourth row and column


def sample(maps: np.ndarray, truth: np.ndarray, count: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, labels and weights of `count` pixels of an image, two thirds of them where a network hesitates.

    A weight is the number of pixels that a row stands for, over the area found (by the mean map) plus the lesion's area: so does the gradient of an image's Dice
    depend on a pixel. A small lesion's pixels count for more, a large false region's for less.
    """
    features, labels = maps.reshape(3, -1).T, truth.reshape(-1)
    hesitant = (features.max(1) > 0.02) & (features.min(1) < 0.98)
    area = max(1, int(labels.sum()) + int((features.mean(1) >= 0.5).sum()))
    parts = []
    for pool, wanted in ((np.flatnonzero(hesitant), count * 2 // 3), (np.flatnonzero(~hesitant), count - count * 2 // 3)):
        if len(pool):
            drawn = pool if len(pool) <= wanted else generator.choice(pool, wanted, replace=False)
            parts.append((drawn, np.full(len(drawn), len(pool) / len(drawn) / area)))
    index = np.concatenate([drawn for drawn, _ in parts])
    return features[index], labels[index], np.concatenate([weight for _, weight in parts])


def fit(features: np.ndarray, labels: np.ndarray, weights: np.ndarray, settings: dict, seed: int, threads: int) -> xgboost.Booster:
    """The cut that maximises an image's Dice D lies at a probability of D / 2: lesion pixels weigh (1 - D/2) / (D/2) so that it becomes the trees' 0.5."""
    weights = weights * np.where(labels, settings["lesion_weight"], 1.0)
    parameters = {
        "objective": "binary:logistic", "base_score": 0.5, "tree_method": "hist", "max_bin": 64, "max_depth": settings["depth"], "eta": settings["eta"],
        # A higher probability of one network never lowers the fused one.
        "monotone_constraints": "(1,1,1)", "min_child_weight": 2, "lambda": 1.0, "seed": seed, "nthread": threads,
    }
    data = xgboost.DMatrix(features, labels.astype(np.float32), weight=(weights / weights.mean()).astype(np.float32), feature_names=list(NETWORKS))
    return xgboost.train(parameters, data, num_boost_round=settings["trees"])


def mean_dice(booster: xgboost.Booster, images: list[dict]) -> float:
    scores = []
    for image in images:
        found = booster.inplace_predict(image["map"]) >= 0.5
        scores.append(2 * (found & image["truth"]).sum() / max(1, found.sum() + image["truth"].sum()))
    return float(np.mean(scores))


def write_fixture(booster: xgboost.Booster, features: np.ndarray, path: Path) -> None:
    """Triples (random ones and real ones) with xgboost's margin and probability, float32."""
    generator = np.random.default_rng(11)
    real = features[generator.choice(len(features), 1500)]
    triples = np.concatenate([generator.random((1500, 3), dtype=np.float32), real]).astype(np.float32)
    data = xgboost.DMatrix(triples, feature_names=list(NETWORKS))
    field = lambda a: {"shape": list(a.shape), "float32": base64.b64encode(np.ascontiguousarray(a, "<f4").tobytes()).decode()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"made_with": f"xgboost {xgboost.__version__}", "features": list(NETWORKS), "triples": field(triples),
                                "margin": field(booster.predict(data, output_margin=True)), "probability": field(booster.predict(data))}) + "\n")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", action="append", required=True)
    p.add_argument("--graphs", type=Path, required=True)
    p.add_argument("--to", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--fixture", type=Path)
    p.add_argument("--role", action="append", default=[])
    p.add_argument("--pixels", type=int, default=1500, help="pixels drawn from an image")
    p.add_argument("--folds", type=int, default=4)
    p.add_argument("--quick", action="store_true", help="one setting only")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    overrides = dict(role.split("=", 1) for role in args.role)
    cases = []
    for entry in args.data:
        folder, _, most = entry.partition(":")
        chosen = [c for c in read_export(folder, overrides) if c.role == "choose"]
        cases += chosen[:int(most)] if most else chosen
    if not cases:
        raise ExportError("no cohort has the role choose")
    generator = np.random.default_rng(args.seed)
    features, labels, owner, weights, images = [], [], [], [], []
    for number, (case, _, truth, maps) in enumerate(each_case(Trio(args.graphs, args.threads), cases)):
        x, y, w = sample(maps, truth, args.pixels, generator)
        features.append(x); labels.append(y); owner.append(np.full(len(y), number)); weights.append(w)
        images.append({"map": np.ascontiguousarray(maps[:, ::STRIDE, ::STRIDE].reshape(3, -1).T), "truth": truth[::STRIDE, ::STRIDE].reshape(-1)})
    features, labels, owner, weights = (np.concatenate(parts) for parts in (features, labels, owner, weights))
    fold = patient_folds([c.patient_id for c in cases], args.folds, args.seed)

    depths, lesion = ((3,), (1.8,)) if args.quick else ((3,), (1.0, 1.35, 1.8, 2.4, 3.2))
    grid = [{"depth": d, "eta": 0.12, "trees": 80, "lesion_weight": w} for d, w in itertools.product(depths, lesion)]
    results = []
    for settings in grid:
        scores = []
        for held in range(args.folds):
            rows = fold[owner] != held
            booster = fit(features[rows], labels[rows], weights[rows], settings, args.seed, args.threads)
            scores.append((mean_dice(booster, [images[i] for i in np.flatnonzero(fold == held)]), int((fold == held).sum())))
        dice = float(np.average([s for s, _ in scores], weights=[n for _, n in scores]))
        results.append({**settings, "dice": dice})
        print("  ".join(f"{k} {v:.4f}" if isinstance(v, float) else f"{k} {v}" for k, v in results[-1].items()), flush=True)
    singles = {name: float(np.mean([2 * ((i["map"][:, k] >= 0.5) & i["truth"]).sum() / max(1, (i["map"][:, k] >= 0.5).sum() + i["truth"].sum()) for i in images]))
               for k, name in enumerate(NETWORKS)}
    singles["mean of the three"] = float(np.mean([2 * (found & i["truth"]).sum() / max(1, found.sum() + i["truth"].sum()) for i in images for found in [i["map"].mean(1) >= 0.5]]))
    best = max(results, key=lambda r: r["dice"])
    booster = fit(features, labels, weights, best, args.seed, args.threads)
    args.to.parent.mkdir(parents=True, exist_ok=True)
    booster.save_model(args.to)
    if args.fixture:
        write_fixture(booster, features, args.fixture)
    gain = booster.get_score(importance_type="total_gain")
    total = sum(gain.values())
    importance = {name: gain.get(name, 0.0) / total for name in NETWORKS}
    (args.out / "report.json").write_text(json.dumps({
        "settings": best, "grid": results, "single": singles, "importance": importance, "images": len(cases), "rows": len(labels), "data": args.data}, indent=2) + "\n")
    print(f"single networks {singles}\nchosen {best}\nimportance (share of total gain) {importance}\n{args.to}: {args.to.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    try:
        main()
    except ExportError as error:
        sys.exit(f"error: {error}")
