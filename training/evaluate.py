"""Measures a checkpoint on documents that no stage has trained on, and prints JSON lines.

    python evaluate.py --out RUN --checkpoint RUN/extend.pt --what loss,window,summary,question

loss      next-token loss at 512 and 2,048 by source, at the checkpoint's own positions
window    perplexity of the same last 256 tokens of book windows, with 512 … N tokens of context (--windows, --ends): the
          sliding window of arXiv 2306.15595, section 3.2, at fewer places. --factor overrides the interpolation
summary   SciTLDR: ROUGE-1 of the one sentence ranked first, by model, position, cue and word overlap
question  SQuAD, SelQA, QED validation articles: how often the first sentence is a right one, against BM25
"""
import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch

from model import load, token_logprobs
from prepare import encode_task, load_tasks
from pretrain import Mix, validate
from rank import bm25, by_model, cue, standard
from tasks import Task, rouge1
from tokenizer import BOS, Encoder

TAIL = 256


@torch.no_grad()
def window_loss(model, stream, end, T):
    """Mean loss of the TAIL tokens before `end`, each seen with T - TAIL … T tokens of context."""
    ids = torch.from_numpy(np.concatenate([[BOS], stream[end - T:end].astype(np.int64)]))
    h = model(ids[None, :-1])[0, -TAIL:]
    return -float(token_logprobs(h, model.token_embd.weight, ids[-TAIL:]).mean())


def book_ends(stream, n, longest):
    """Up to n places, each with `longest` tokens of one and the same book before it; one per book first."""
    starts = [*np.flatnonzero(stream == BOS), len(stream)]
    rng, ends = random.Random(7), []
    for a, b in zip(starts, starts[1:]):
        if b - a > longest + 2:
            ends += [rng.randrange(a + 1 + longest, b - 1) for _ in range(4)]
    return sorted(ends, key=lambda e: e * 7919 % 10007)[:n]


def windows(model, run, sizes, counts):
    stream = np.load(run / "books_val.npy", mmap_mode="r")
    ends, losses = book_ends(stream, max(counts), max(sizes)), {}
    for T, n in zip(sizes, counts):
        start = time.time()
        losses[T] = [window_loss(model, stream, e, T) for e in ends[:n]]
        base = next((losses[b][:n] for b in (2048, sizes[0]) if b in losses), losses[T])
        yield {"window": T, "ends": len(losses[T]), "perplexity": round(math.exp(np.mean(losses[T])), 2),
               "same_ends_at_2048": round(math.exp(np.mean(base)), 2), "seconds": round(time.time() - start)}


def summaries(model, run, split, n):
    enc, rows = Encoder(run / "tokenizer.json"), json.loads((run / f"scitldr_{split}.json").read_text())
    rows = [r for r in rows if len(r["sentences"]) > 1][:n]
    got = {}
    for r in rows:
        gain = [max(rouge1(s, t) for t in r["tldr"]) for s in r["sentences"]]
        m = by_model(model, encode_task(enc, Task("", [r["title"]] + r["sentences"], None, [])))
        scores = {k: v[1:] for k, v in m.items()}
        scores["lead"] = [-i for i in range(len(gain))]
        scores["cue"] = cue(r["sentences"])
        scores["bm25 of the title"] = bm25(r["title"], r["sentences"])
        scores["bm25 of the title + cue"] = standard(scores["bm25 of the title"]) + standard(scores["cue"])
        for key in ("pointer", "mean"):
            scores[f"{key} + title + cue"] = standard(scores[key]) + scores["bm25 of the title + cue"]
        scores["oracle"] = gain
        for key, s in scores.items():
            got.setdefault(key, []).append(gain[int(np.argmax(s))])
    return {"summary": split, "abstracts": len(rows), "rouge1": {k: round(float(np.mean(v)), 4) for k, v in got.items()}}


def questions(model, run, n, kinds=("squad", "selqa", "qed")):
    enc, right = Encoder(run / "tokenizer.json"), {}
    tasks = [t for t in load_tasks(run / "tasks_val.pt") if t.kind in kinds and t.gold and len(t.ids) <= 1024][:n]
    for t in tasks:
        doc = [enc.decode(t.ids[a:b]) for a, b in t.spans]
        first = max(i for i, x in enumerate(t.ids[:t.answer_at]) if x == 3)     # <|question|>
        scores = by_model(model, t)
        scores["bm25"] = bm25(enc.decode(t.ids[first:t.answer_at]), doc)
        for key in ("pointer", "mean", "sum"):
            scores[f"bm25 + {key}"] = standard(scores["bm25"]) + 0.5 * standard(scores[key])
        for key, s in scores.items():
            right.setdefault(key, []).append(int(np.argmax(s)) in t.gold)
    return {"question": "validation", "n": len(tasks), "right_at_1": {k: round(float(np.mean(v)), 3) for k, v in right.items()}}


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--checkpoint", type=Path, default=Path("run/extend.pt"))
    args.add_argument("--what", default="loss,window,summary,question")
    args.add_argument("--windows", default="512,2048,4096,8192")
    args.add_argument("--ends", default="40,40,40,20", help="places for each window")
    args.add_argument("--factor", type=float, help="interpolation factor instead of the checkpoint's")
    args.add_argument("--split", default="dev", help="of SciTLDR: dev, or test for the last report")
    args.add_argument("--n", type=int, default=200, help="abstracts and questions")
    args.add_argument("--threads", type=int, default=1)
    a = args.parse_args()
    torch.set_num_threads(a.threads)
    model, saved = load(a.checkpoint)
    if a.factor:
        model.config.rope_factor = a.factor
    say = lambda d: print(json.dumps(d), flush=True)
    say({"checkpoint": a.checkpoint.name, "factor": model.config.rope_factor, "state": saved.get("state")})
    if "loss" in a.what:
        mix = Mix(a.out, "val")
        for T, rows in ((512, 24), (2048, 8)):
            say({"loss": T, "rows": rows, **validate(model, mix, T, rows)})
    if "window" in a.what:
        for line in windows(model, a.out, [int(x) for x in a.windows.split(",")], [int(x) for x in a.ends.split(",")]):
            say(line)
    if "summary" in a.what:
        say(summaries(model, a.out, a.split, a.n))
    if "question" in a.what:
        say(questions(model, a.out, a.n))


if __name__ == "__main__":
    main()
