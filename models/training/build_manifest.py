#!/usr/bin/env python3
"""Writes models/manifest.json, one card a model and the tables of models/README.md from the runs' settings and the measured figures.

  build_manifest.py --models models --plan plan.json

The plan names, for each model, its run, and the evaluations that hold its figures; nothing in a card is typed by hand except the sentences of the plan.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import re
from pathlib import Path

SEGMENTATION_INPUT = {
    "name": "image", "type": "float32", "shape": ["n", 3, "height", "width"],
    "preprocessing": "8-bit RGB (grey repeated); each channel minus its mean over its population standard deviation over the whole image at its original resolution, a constant channel 0. "
                     "Resizing is inside the graph.",
}
SEGMENTATION_OUTPUT = [{"name": "probability", "type": "float32", "shape": ["n", 1, "height", "width"], "range": [0, 1], "meaning": "probability of lesion at the input's resolution"}]
CLASSIFICATION_INPUT = {
    "name": "roi", "type": "float32", "shape": ["n", 3, 224, 224],
    "preprocessing": "the smallest rectangle around the automatic mask, 8-bit RGB (grey repeated), min-max over the rectangle to 0..1 (a constant one 0), 224x224 nearest neighbour with index floor(i*in/out)",
}
CLASSIFICATION_OUTPUT = [
    {"name": "probability", "type": "float32", "shape": ["n"], "range": [0, 1], "meaning": "softmax probability of the positive class"},
    {"name": "cam", "type": "float32", "shape": ["n", 1, "h", "w"], "meaning": "Grad-CAM of the positive class, ReLU(sum_k w_k A_k)/(h w), not normalised; stretch over the rectangle and divide by its largest value for display"},
]
LABELS = {"deeplabv3": "DeepLabV3", "unet": "U-Net", "unetpp": "U-Net++", "fusion": "fusion"}


def load(path: Path):
    return json.loads(path.read_text())


def interval(low: float, high: float) -> str:
    return f"[{low:.3f}, {high:.3f}]"


def overlap_table(evaluations: list[dict], models: list[str]) -> str:
    lines = ["| data | cohort | n | model | Dice [95 %] | IoU [95 %] | precision [95 %] | recall [95 %] |", "|---|---|---|---|---|---|---|---|"]
    for evaluation in evaluations:
        for row in evaluation["figures"]:
            if row["model"] in models:
                cells = [f"{row[m]['mean']:.3f} {interval(*row[m]['ci95'])}" for m in ("dice", "iou", "precision", "recall")]
                lines.append(f"| {evaluation['data']} | {row['cohort']} | {row['n']} | {LABELS[row['model']]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def signature_table(evaluations: list[dict], names: list[str]) -> str:
    lines = ["| data | cohort | n (positive) | network | AUC [95 %] | sensitivity | specificity | |", "|---|---|---|---|---|---|---|---|"]
    for evaluation in evaluations:
        report = evaluation["figures"]
        for name in names:
            for cohort, f in report["networks"][name]["cohorts"].items():
                note = {"train": "fitted on", "validation": "chosen by: optimistic"}.get(cohort, "")
                lines.append(f"| {evaluation['data']} | {cohort} | {f['n']} ({f['positive']}) | {name}{' (signature)' if name == report['signature'] else ''} | {f['auc']:.3f} {interval(*f['ci95'])} "
                             f"| {f['sensitivity']:.3f} | {f['specificity']:.3f} | {note} |")
    return "\n".join(lines)


def study_table(figures: list[dict], cohorts: list[str]) -> str:
    """The layout of the paper's Table 3: a row a model, cohorts side by side."""
    head = " / ".join(cohorts)
    lines = [f"| model | Dice {head} | mIoU | precision | recall |", "|---|---|---|---|---|"]
    for model in LABELS:
        rows = {f["cohort"]: f for f in figures if f["model"] == model}
        cells = [" / ".join(f"{rows[c][m]['mean']:.3f}"[1:] for c in cohorts) for m in ("dice", "iou", "precision", "recall")]
        lines.append(f"| {LABELS[model]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def card(entry: dict, plan: dict, text: dict, tables: str, config: dict | None) -> str:
    settings = "" if config is None else "\n## Settings\n" + ", ".join(
        f"{key} {value}" for key, value in config.items() if key not in ("initialisation", "init", "data", "cases", "model")) + f".\nInitialisation: {config['initialisation']}.\n"
    return f"""# {entry['id']}
{text['what']}

Research use only, not a medical device.

## Trained on
{text['trained']}

## What it is not
{text['not']}
{settings}
## Measured
{text['measured']}

{tables}

## Reproduce
```
{chr(10).join(text['commands'])}
```

## Data: sources and licences
{plan['citations']}

The weights come with the program under Apache-2.0. Whether the sources' licences bind what was trained on them was not examined by a lawyer; BUSI's own licence was not seen.
File `{entry['file']}`, sha256 `{entry['sha256']}`.
"""


def build_entry(models: Path, item: dict, plan: dict) -> dict:
    path = models / item["file"]
    entry = {"id": item["id"], "name": item["name"], "role": item["role"], "set": item["set"], "version": plan["version"], "file": item["file"],
             "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size, "card": re.sub(r"\.\w+$", ".card.md", item["file"])}
    if item["role"] == "segmentation":
        entry |= {"input": SEGMENTATION_INPUT, "outputs": SEGMENTATION_OUTPUT, "threshold": 0.5}
    elif item["role"] == "classification":
        entry |= {"input": CLASSIFICATION_INPUT, "outputs": CLASSIFICATION_OUTPUT}
    else:
        entry |= {"input": {"features": ["deeplabv3", "unet", "unetpp"], "type": "float32", "meaning": "the three probabilities of a pixel"},
                  "outputs": [{"name": "probability", "type": "float32", "range": [0, 1]}], "threshold": 0.5}
    return entry | {"trainedOn": plan["texts"][item["text"]]["short"], "fixture": item["fixture"]}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--models", type=Path, required=True)
    p.add_argument("--plan", type=Path, required=True)
    args = p.parse_args()
    plan = load(args.plan)
    base = Path(plan["runs"])
    evaluations = {name: {"data": e["data"], "figures": load(base / e["file"])} for name, e in plan["evaluations"].items() if (base / e["file"]).exists()}
    entries = []
    for item in plan["models"]:
        if not (args.models / item["file"]).exists():
            print(f"{item['file']} is not there: left out of the manifest")
            continue
        entry = build_entry(args.models, item, plan)
        used = [evaluations[name] for name in item["evaluations"] if name in evaluations]
        config = load(base / item["run"] / "config.json") if item["role"] != "fusion" else None
        if config:
            entry["initialisation"] = config["initialisation"]
        text = plan["texts"][item["text"]]
        text = text | {"commands": item["commands"]}
        if item["role"] == "classification":
            if not used:
                print(f"{item['file']} has no figures: left out of the manifest")
                continue
            report = used[0]["figures"]
            entry |= {"isSignature": report["signature"] == item["name"], "threshold": report["networks"][item["name"]]["threshold"], "outcome": report["outcome"], "positive": report["positive"],
                      "thresholdRule": "Youden on the choosing cohort; positive at or above"}
            tables = signature_table(used, [item["name"]]) + f"\n\nThreshold {entry['threshold']:.4f} (Youden on the cohort that chose, carried to every other cohort)." + (
                "\nThis network is the set's DL signature: the best AUC on the cohort that chose." if entry["isSignature"] else "")
        else:
            tables = overlap_table(used, [item["name"]])
        if item["role"] == "fusion":
            fit = load(base / item["run"] / "report.json")
            tables += "\n\nImportance (share of total gain): " + ", ".join(f"{LABELS[k]} {v:.3f}" for k, v in fit["importance"].items()) + f".\nSettings chosen by cross-validation grouped by patient over {fit['images']} images: {fit['settings']}."
            for e in used:
                for row in e["figures"]:
                    if row["model"] == "fusion - best single":
                        tables += f"\n- {e['data']}, {row['cohort']}: fusion minus the best single network ({LABELS[row['best']]}) {row['difference']:+.4f} Dice [{row['ci95'][0]:+.4f}, {row['ci95'][1]:+.4f}], paired bootstrap by patient; lesions missed altogether {row['missed']}."
        (args.models / entry["card"]).write_text(card(entry, plan, text, tables, config))
        entries.append(entry)
    (args.models / "manifest.json").write_text(json.dumps({"schema": 1, "version": plan["version"], "models": entries}, indent=2) + "\n")
    write_tables(args.models / "README.md", evaluations, plan)
    total = sum(e["bytes"] for e in entries)
    print(f"{len(entries)} models, {total / 1e6:.1f} MB")


def write_tables(readme: Path, evaluations: dict, plan: dict) -> None:
    """Replaces what stands between the README's markers."""
    if not readme.exists():
        return
    parts = []
    for name, evaluation in evaluations.items():
        cohorts = plan["evaluations"][name].get("cohorts")
        if cohorts:
            parts.append(f"**{evaluation['data']}** ({' / '.join(cohorts)})\n\n{study_table(evaluation['figures'], cohorts)}")
            for row in evaluation["figures"]:
                if row["model"] == "fusion - best single" and row["cohort"] in cohorts:
                    parts[-1] += f"{chr(10) * 2 if parts[-1].endswith('|') else chr(10)}- {row['cohort']}: fusion minus {LABELS[row['best']]} {row['difference']:+.4f} [{row['ci95'][0]:+.4f}, {row['ci95'][1]:+.4f}]"
        else:
            parts.append(f"**{evaluation['data']}**\n\n{signature_table([evaluation], list(evaluation['figures']['networks']))}")
    text = readme.read_text()
    start, end = "<!-- figures -->", "<!-- /figures -->"
    before, after = text.split(start)[0], text.split(end)[1]
    readme.write_text(f"{before}{start}\n" + "\n\n".join(parts) + f"\n{end}{after}")


if __name__ == "__main__":
    main()
