"""Draws perplexity against window, one line a method, both axes logarithmic: our rows and those of the paper beside them.

    python plot.py --out RUN --to figures        reads RUN/figures.jsonl (evaluate.py), writes perplexity.svg

and prints the tables of FIGURES.md: perplexity and passkeys, a row for each method. Of several measurements of one method the
last one counts. Colours follow the reader's light or dark scheme.
"""
import argparse
import json
import math
from pathlib import Path

SIZES = [2048, 4096, 8192, 16384, 32768]
# arXiv 2306.15595, table 1, PG-19, LLaMA 7B; ">10^3" stands there for what is drawn at the upper edge.
PAPER = {"none, used directly": [7.20, 1000, 1000, 1000, 1000], "8192, fine-tuned without PI": [7.21, 7.34, 7.69],
         "32768, PI": [7.23, 7.04, 6.91, 6.80, 6.77]}
NAMES = {("tune", 1.0): "no extension, used directly", ("tune", 16.0): "PI, not tuned", **{(f"extend-{n}", 16.0): f"PI, {n} steps" for n in range(200, 1001, 200)}}
STYLE = """
.a{fill:none;stroke-width:2}text{font:12px system-ui,sans-serif;fill:#222}.g{stroke:#ddd}.h{font-weight:600;font-size:13px}
.c0{stroke:#b3261e}.c1{stroke:#b26a00}.c2{stroke:#8a9ba8}.c3{stroke:#2f6f4f}
@media(prefers-color-scheme:dark){text{fill:#ddd}.g{stroke:#444}.c0{stroke:#ff8a80}.c1{stroke:#ffc46b}.c2{stroke:#9db2c0}.c3{stroke:#7fd0a5}}
"""


def measured(path):
    """-> {name: perplexities at SIZES}, {name: (right, trials) at SIZES}, {name: places} of the methods above."""
    found, keys, places = {}, {}, {}
    for line in path.read_text().splitlines():
        row = json.loads(line)
        name = NAMES.get((row["checkpoint"], row["factor"]))
        if name and "window" in row:
            found[name], places[name] = [row["window"].get(str(T)) for T in SIZES], row["places"]
        if name and "passkey" in row:
            keys.setdefault(name, {})[row["passkey"]] = f"{row['right']} of {row['trials']}"
    order = lambda d: {name: d[name] for name in NAMES.values() if name in d}
    return order(found), {name: [d.get(T, "-") for T in SIZES] for name, d in order(keys).items()}, places


def table(head, rows):
    return "\n".join(f"| {' | '.join(map(str, r))} |" for r in [head, ["---"] * len(head), *rows])


def panel(title, rows, left, low, high, width=380, top=40, height=300):
    x = lambda i: left + 48 + i * (width - 64) / 4
    y = lambda v: top + height * (1 - math.log(min(max(v, low), high) / low) / math.log(high / low))
    out = [f'<text class="h" x="{left + 48}" y="20">{title}</text>']
    for v in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000):
        if low <= v <= high:
            out.append(f'<path class="g" d="M{x(0):.0f} {y(v):.1f}H{x(4):.0f}"/><text x="{left + 40}" y="{y(v) + 4:.1f}" text-anchor="end">{v:,}</text>')
    out += [f'<text x="{x(i):.0f}" y="{top + height + 20}" text-anchor="middle">{T:,}</text>' for i, T in enumerate(SIZES)]
    for n, (name, values) in enumerate(rows.items()):
        colour = 0 if "directly" in name else 1 if "not tuned" in name or "without" in name else 3 if n == len(rows) - 1 else 2
        points = [(x(i), y(v)) for i, v in enumerate(values) if v]
        out.append(f'<path fill="none" class="a c{colour}" d="M' + "L".join(f"{a:.1f} {b:.1f}" for a, b in points) + '"/>')
        out.append(f'<path fill="none" class="a c{colour}" d="M{left + 48} {top + height + 44 + 18 * n}h24"/><text x="{left + 80}" y="{top + height + 48 + 18 * n}">{name}</text>')
    return "\n".join(out)


def draw(rows):
    values = [v for r in rows.values() for v in r if v]
    low, high = min(values) * 0.8, max(values) * 1.25
    lines = max(len(rows), len(PAPER))
    body = panel("Longleaf Sprig, 5 M parameters, held-out books", rows, 0, low, high) + panel("LLaMA 7B on PG-19 (arXiv 2306.15595)", PAPER, 400, 5, 1000)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {380 + 18 * lines}" role="img" '
            f'aria-label="Perplexity against evaluation window, logarithmic"><style>{STYLE}</style>\n{body}\n</svg>\n')


if __name__ == "__main__":
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--to", type=Path, default=Path("figures"))
    a = args.parse_args()
    rows, keys, places = measured(a.out / "figures.jsonl")
    if not rows:
        raise SystemExit(f"figures.jsonl measures none of: {', '.join(f'{stem} at factor {factor:g}' for stem, factor in NAMES)}")
    a.to.mkdir(parents=True, exist_ok=True)
    (a.to / "perplexity.svg").write_text(draw(rows))
    sizes = [f"{T:,}" for T in SIZES]
    last = lambda v: [x for x in v if x][-1]
    print(table(["", *sizes, "longest to 2,048", "places"], [[name, *(x or "-" for x in v), f"x {last(v) / v[0]:.3f}", places[name]] for name, v in rows.items()]))
    print(table(["", *sizes], [[name, *v] for name, v in keys.items()]))
