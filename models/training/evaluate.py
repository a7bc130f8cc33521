#!/usr/bin/env python3
"""Measures the exported graphs, the way the workstation runs them, on every cohort of an export.

  evaluate.py segmentation   --data EXPORT --graphs models/segmentation --fusion models/fusion/fusion.json --out EVALUATION
  evaluate.py classification --data EXPORT --masks EVALUATION/masks.npz --outcome malignant --graphs A.onnx B.onnx C.onnx --out EVALUATION

segmentation writes per_case.csv, masks.npz (the fused masks, packed) and segmentation.json; classification writes scores.csv and signatures.json, where the network
with the best AUC on the cohorts that choose is the signature and its threshold (Youden on those cohorts) is carried to all others.
"""
from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path

import numpy as np
import xgboost

sys.path.insert(0, str(Path(__file__).parent))
from common.classification_data import MaskStore
from common.dataset import ExportError, load_image, read_export
from common.metrics import METRICS, auc, mean_interval, overlap, patient_bootstrap, youden
from common.preprocess import crop_roi
from common.runtime import NETWORKS, Trio, each_case, open_graph

MODELS = (*NETWORKS, "fusion")


def cohorts(rows: list[dict]) -> dict[str, list[dict]]:
    groups: dict[str, list[dict]] = {}
    for row in rows:
        groups.setdefault(row["cohort"], []).append(row)
    return groups


FLOOR = 0.05


def fuse(booster: xgboost.Booster, maps: np.ndarray) -> np.ndarray:
    """[3,H,W] -> the fused mask. The trees are monotone: where they call (FLOOR, FLOOR, FLOOR) background, so is every pixel below it, and need not be asked."""
    asked = np.flatnonzero(maps.max(0) > FLOOR) if booster.inplace_predict(np.full((1, 3), FLOOR, np.float32))[0] < 0.5 else np.arange(maps[0].size)
    found = np.zeros(maps[0].size, bool)
    if len(asked):
        found[asked] = booster.inplace_predict(np.ascontiguousarray(maps.reshape(3, -1)[:, asked].T)) >= 0.5
    return found.reshape(maps.shape[1:])


def segmentation(args) -> None:
    booster = xgboost.Booster(model_file=args.fusion)
    booster.set_param({"nthread": args.threads})
    cases = [c for c in read_export(args.data) if not args.cohort or c.cohort in args.cohort]
    rows, masks = [], {}
    for case, _, truth, maps in each_case(Trio(args.graphs, args.threads), cases):
        fused = fuse(booster, maps)
        for model, found in zip(MODELS, [*(maps >= 0.5), fused]):
            rows.append({"case_id": case.case_id, "image": case.image.name, "patient_id": case.patient_id, "cohort": case.cohort, "model": model, **overlap(found, truth)})
        masks[f"{case.key}.size"] = np.array(truth.shape)
        masks[f"{case.key}.bits"] = np.packbits(fused)
    np.savez(args.out / "masks.npz", **masks)
    with (args.out / "per_case.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    figures = []
    for cohort, members in cohorts(rows).items():
        for model in MODELS:
            mine = [r for r in members if r["model"] == model]
            figure = {"cohort": cohort, "model": model, "n": len(mine)}
            for metric in METRICS:
                values = np.array([r[metric] for r in mine])
                low, high = mean_interval([r["patient_id"] for r in mine], values)
                figure[metric] = {"mean": float(values.mean()), "ci95": [low, high]}
            figures.append(figure)
        dice = {m: np.array([r["dice"] for r in members if r["model"] == m]) for m in MODELS}
        best = max(NETWORKS, key=lambda m: dice[m].mean())
        difference = dice["fusion"] - dice[best]
        low, high = mean_interval([r["patient_id"] for r in members if r["model"] == best], difference)
        empty = sum(1 for r in members if r["model"] == "fusion" and r["recall"] == 0)
        figures.append({"cohort": cohort, "model": "fusion - best single", "best": best, "difference": float(difference.mean()), "ci95": [low, high], "missed": empty})
        print(f"{cohort:12s} n {len(dice[best])}  " + "  ".join(f"{m} {dice[m].mean():.4f}" for m in MODELS)
              + f"  fusion - {best} {difference.mean():+.4f} [{low:+.4f}, {high:+.4f}]  missed {empty}")
    (args.out / "segmentation.json").write_text(json.dumps(figures, indent=2) + "\n")


def figure_of(members: list[dict], name: str, threshold: float) -> dict:
    labels = np.array([r["label"] for r in members])
    scores = np.array([r[name] for r in members])
    low, high = patient_bootstrap([r["patient_id"] for r in members], lambda index: auc(labels[index], scores[index]))
    called = scores >= threshold
    return {"n": len(members), "positive": int(labels.sum()), "auc": auc(labels, scores), "ci95": [low, high],
            "sensitivity": float(called[labels == 1].mean()), "specificity": float((~called[labels == 0]).mean())}


def classification(args) -> None:
    overrides = dict(role.split("=", 1) for role in args.role)
    sessions = {path.stem: open_graph(path, args.threads) for path in args.graphs}
    if len(args.data) != len(args.masks):
        raise ExportError("give one --masks for each --data")
    rows, empty = [], {}
    stores = [MaskStore(path) for path in args.masks]
    for case, masks in [(case, store) for folder, store in zip(args.data, stores) for case in read_export(folder, overrides)]:
        label = case.columns.get(args.outcome, "")
        if case not in masks or label == "":
            continue
        mask = masks.mask(case)
        if not mask.any():
            empty[case.cohort] = empty.get(case.cohort, 0) + 1
            continue
        roi = crop_roi(load_image(case.image), mask)[None]
        rows.append({"case_id": case.case_id, "image": case.image.name, "patient_id": case.patient_id, "cohort": case.cohort, "role": case.role, "label": int(label == args.positive),
                     **{name: float(session.run(["probability"], {"roi": roi})[0][0]) for name, session in sessions.items()}})
    with (args.out / "scores.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    choosing = [r for r in rows if r["role"] == "choose"]
    if not choosing:
        raise ExportError("no cohort has the role choose: the signature and its threshold have nothing to be chosen on")
    labels = np.array([r["label"] for r in choosing])
    report = {"outcome": args.outcome, "positive": args.positive, "empty": empty, "networks": {}}
    for name in sessions:
        scores = np.array([r[name] for r in choosing])
        threshold = youden(labels, scores)
        report["networks"][name] = {"threshold": threshold, "choosing_auc": auc(labels, scores),
                                    "cohorts": {cohort: figure_of(members, name, threshold) for cohort, members in cohorts(rows).items()}}
        print(f"{name}: threshold {threshold:.4f}  " + "  ".join(f"{c} {f['auc']:.3f} [{f['ci95'][0]:.3f}, {f['ci95'][1]:.3f}] (n {f['n']})"
                                                                  for c, f in report["networks"][name]["cohorts"].items()))
    report["signature"] = max(report["networks"], key=lambda name: report["networks"][name]["choosing_auc"])
    (args.out / "signatures.json").write_text(json.dumps(report, indent=2) + "\n")
    print(f"signature: {report['signature']}; left out, no lesion found: {empty}")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = p.add_subparsers(dest="task", required=True)
    s = sub.add_parser("segmentation")
    s.add_argument("--graphs", type=Path, required=True)
    s.add_argument("--fusion", type=Path, required=True)
    s.add_argument("--cohort", action="append", default=[])
    c = sub.add_parser("classification")
    c.add_argument("--graphs", type=Path, nargs="+", required=True)
    c.add_argument("--data", action="append", required=True)
    c.add_argument("--masks", type=Path, action="append", required=True, help="once for each --data")
    c.add_argument("--outcome", required=True)
    c.add_argument("--positive", default="1")
    c.add_argument("--role", action="append", default=[])
    s.add_argument("--data", required=True)
    for parser in (s, c):
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--threads", type=int, default=2)
    args = p.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    (segmentation if args.task == "segmentation" else classification)(args)


if __name__ == "__main__":
    try:
        main()
    except ExportError as error:
        sys.exit(f"error: {error}")
