"""Measures a checkpoint on documents that no stage has trained on; prints JSON lines and appends them to RUN/figures.jsonl.

    python evaluate.py --out RUN --checkpoint RUN/extend.pt --what loss,window,passkey,summary,question

loss      next-token loss at 2,048 by kind of row, at the checkpoint's own positions
window    perplexity of the same last 256 tokens of book windows, with 2,048 … 32,768 tokens of context (--windows, --places):
          the sliding window of arXiv 2306.15595, section 3.2, at fewer places. --factor overrides the interpolation
passkey   the prompt of the same paper, its key at depths spread evenly (--windows, --trials); right when all digits are
summary   SciTLDR: ROUGE-1 of the one sentence ranked first, by model, position, cue and word overlap
question  whole SQuAD articles, and SelQA and QED paragraphs: how often a right sentence is first, or among three, against BM25
"""
import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch

import train
from data import FILLER, OPENING, Data
from model import load, token_logprobs
from prepare import encode_task, load_tasks
from rank import bm25, by_model, cue, standard
from tasks import Task, rouge1
from tokenizer import ANSWER, BOS, DOCUMENT, QUESTION, SENTENCE, Encoder

TAIL = 256


@torch.no_grad()
def tail_logprobs(model, ids, n):
    """ids (T + 1,) list -> log P (n,) of the last n of them and whether each is the likeliest token."""
    ids = torch.tensor(ids, device=model.token_embd.weight.device)
    h = model(ids[None, :-1], last=n)[0]
    w = model.token_embd.weight
    return token_logprobs(h, w, ids[-n:]), (h @ w.T).argmax(-1) == ids[-n:]


def book_ends(stream, n, longest):
    """Up to n places, each with `longest` tokens of one and the same book before it; one per book first."""
    starts = [*np.flatnonzero(stream == BOS), len(stream)]
    rng, rounds = random.Random(7), [[], [], [], []]
    for a, b in zip(starts, starts[1:]):
        if b - a > longest + 2:
            for ends in rounds:
                ends.append(rng.randrange(a + 1 + longest, b - 1))
    return sum(rounds, [])[:n]


def windows(model, run, sizes, places):
    """For each place one line, then the perplexity of each window over all of them."""
    stream = np.load(run / "books_val.npy", mmap_mode="r")
    ends, losses = book_ends(stream, places, 32_768), {T: [] for T in sizes}
    for end in ends:
        for T in sizes:
            ids = [BOS, *stream[end - T:end].tolist()]
            losses[T].append(-float(tail_logprobs(model, ids, TAIL)[0].mean()))
    mean = {T: float(np.mean(x)) for T, x in losses.items()}
    ratios = {T: round(math.exp(mean[T] - mean[sizes[0]]), 4) for T in sizes}
    yield {"window": {T: round(math.exp(m), 2) for T, m in mean.items()}, "to_first": ratios, "places": len(ends),
           "each": {T: [round(v, 4) for v in x] for T, x in losses.items()}}


def passkey_ids(enc, length, depth, key):
    """The prompt with the key, in at most `length` tokens with 8 kept for the answer, as the app's command builds it."""
    encode = lambda before, after: [BOS, *enc.encode(" ".join(
        [OPENING, *[FILLER] * before, f"The pass key is {key}. Remember it. {key} is the pass key.", *[FILLER] * after, "What is the pass key? The pass key is"]))]
    least = len(encode(0, 0))
    count = int((length - 8 - least) / ((len(encode(0, 64)) - least) / 64))
    before = round(depth * count)
    return encode(before, count - before)


def passkeys(model, run, sizes, trials):
    enc, rng = Encoder(run / "tokenizer.json"), random.Random(11)
    for length in sizes:
        found = []
        for i in range(trials):
            depth, key = (i + rng.random()) / trials, str(rng.randrange(10_000, 100_000))
            ids = passkey_ids(enc, length, depth, key) + enc.encode(f" {key}")
            found.append((key, round(depth, 2), bool(tail_logprobs(model, ids, len(enc.encode(f" {key}")))[1].all())))
        yield {"passkey": length, "right": sum(ok for *_, ok in found), "trials": trials, "wrong": [(key, at) for key, at, ok in found if not ok]}


def best_weight(features, base, extra, gold, score):
    """The weight of `extra` beside `base` that is best on the first half, and the score on the second half with and without it."""
    half = [i % 2 == 0 for i in range(len(gold))] if features is None else features
    rank = lambda a, fit: float(np.mean([score(standard(b) + a * standard(e), g) for b, e, g, f in zip(base, extra, gold, half) if f == fit]))
    a = max((0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3), key=lambda a: (rank(a, True), -a))
    return {"weight": a, "with": round(rank(a, False), 4), "without": round(rank(0, False), 4), "n": half.count(False)}


def summaries(model, run, split, n):
    enc, rows = Encoder(run / "tokenizer.json"), json.loads((run / f"scitldr_{split}.json").read_text())
    rows = [r for r in rows if len(r["sentences"]) > 1][:n]
    got, kept = {}, []
    for r in rows:
        gain = [max(rouge1(s, t) for t in r["tldr"]) for s in r["sentences"]]
        m = by_model(model, encode_task(enc, Task("", [r["title"]] + r["sentences"], None, [])))
        scores = {k: v[1:] for k, v in m.items()}
        scores["lead"] = [-i for i in range(len(gain))]
        scores["cue"] = cue(r["sentences"])
        scores["title"] = bm25(r["title"], r["sentences"])
        scores["title + cue"] = standard(scores["title"]) + standard(scores["cue"])
        scores["oracle"] = gain
        kept.append((scores["title + cue"], scores["cue"], np.log(np.array(scores["pointer"]) + 1e-6), scores["mean"], gain))
        for key, s in scores.items():
            got.setdefault(key, []).append(gain[int(np.argmax(s))])
    base, cues, pointer, mean, gain = zip(*kept)
    first = lambda s, g: g[int(np.argmax(s))]
    return {"summary": split, "abstracts": len(rows), "rouge1": {k: round(float(np.mean(v)), 4) for k, v in got.items()},
            "half": {"title + cue + pointer": best_weight(None, base, pointer, gain, first), "cue + pointer": best_weight(None, cues, pointer, gain, first),
                     "title + cue + log P": best_weight(None, base, mean, gain, first)}}


@torch.no_grad()
def point(model, ids, spans, questions, group=8):
    """Pointer masses (n,) of a long document for each question (token lists), which follow it and do not see one another."""
    device = model.token_embd.weight.device
    past = model.prefix(torch.tensor([ids], device=device), whole=True)
    for i in range(0, len(questions), group):
        prompts = [[QUESTION, *q, ANSWER] for q in questions[i:i + group]]
        own = torch.block_diag(*[torch.ones(len(p), len(p)) for p in prompts]).tril()
        positions = torch.cat([torch.arange(len(p)) + len(ids) for p in prompts]).to(device)
        at = torch.tensor(np.cumsum([len(p) for p in prompts]) - 1, device=device)
        mask = torch.zeros_like(own).masked_fill(own == 0, float("-inf")).to(device)
        _, attention = model(torch.tensor([sum(prompts, [])], device=device), positions, (torch.zeros_like(at), at), mask, past)
        yield from (train.sentence_mass(a, spans).cpu().numpy() for a in attention)


def hits(name, base, extra, gold, halves):
    """Right sentence first, and among three, by words and by the model and by both with a weight fitted on one half."""
    at = lambda k: lambda s, g: float(any(i in g for i in np.argsort(-np.array(s), kind="stable")[:k]))
    mean = lambda k, scores: round(float(np.mean([at(k)(s, g) for s, g in zip(scores, gold)])), 4)
    return {"question": name, "n": len(gold), **{f"at_{k}": {"bm25": mean(k, base), "pointer": mean(k, extra),
            "half": best_weight(halves, base, extra, gold, at(k))} for k in (1, 3)}}


def questions(model, run, per_article):
    enc, rng = Encoder(run / "tokenizer.json"), random.Random(5)
    base, extra, gold, halves = [], [], [], []
    found = [a for a in torch.load(run / "articles_val.pt", weights_only=False) if a["source"] == "squad"]
    for number, article in enumerate(found):
        ids, spans = [BOS, DOCUMENT], []
        for s in article["sentences"]:
            spans.append((len(ids), len(ids) + 1 + len(s)))
            ids += [SENTENCE, *s.tolist()]
        asked = rng.sample(article["questions"], min(per_article, len(article["questions"])))
        texts = [enc.decode(s) for s in article["sentences"]]
        base += [bm25(enc.decode(q), texts) for q, _ in asked]
        extra += [np.log(m + 1e-6) for m in point(model, ids, np.array(spans), [q.tolist() for q, _ in asked])]
        gold += [g for _, g in asked]
        halves += [number % 2 == 0] * len(asked)
    yield hits(f"{len(found)} whole SQuAD articles", base, extra, gold, halves)
    for kind in ("selqa", "qed"):
        picked = [t for t in load_tasks(run / "tasks_val.pt") if t.kind == kind and t.gold]
        base, extra = [], []
        for t in picked:
            question = t.ids[list(t.ids).index(QUESTION) + 1:t.answer_at]
            base.append(bm25(enc.decode(question), [enc.decode(t.ids[a:b]) for a, b in t.spans]))
            extra += [np.log(m + 1e-6) for m in point(model, t.ids[:t.spans[-1][1]].tolist(), t.spans, [question.tolist()])]
        yield hits(kind, base, extra, [t.gold for t in picked], None)


def figures(a, model):
    sizes = [int(x) for x in a.windows.split(",")]
    if "loss" in a.what:
        data = Data(a.out, "val")
        yield {"loss": {T: train.validate(model, data, T, 24) for T in (512, 2048)}}
    if "window" in a.what:
        yield from windows(model, a.out, sizes, a.places)
    if "passkey" in a.what:
        yield from passkeys(model, a.out, sizes, a.trials)
    if "summary" in a.what:
        yield summaries(model, a.out, a.split, a.n)
    if "question" in a.what:
        yield from questions(model, a.out, a.n)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--checkpoint", type=Path, default=Path("run/extend.pt"))
    args.add_argument("--what", default="loss,window,passkey,summary,question")
    args.add_argument("--windows", default="2048,4096,8192,16384,32768")
    args.add_argument("--places", type=int, default=12, help="ends of book windows")
    args.add_argument("--trials", type=int, default=50, help="passkeys of each length: ten say little")
    args.add_argument("--factor", type=float, help="interpolation factor instead of the checkpoint's")
    args.add_argument("--split", default="dev", help="of SciTLDR: dev, or test for the last report")
    args.add_argument("--n", type=int, default=200, help="abstracts, and questions of each article")
    args.add_argument("--device", default="cpu")
    a = args.parse_args()
    if a.device == "cpu":
        torch.set_num_threads(1)
    model, _ = load(a.checkpoint, a.device, torch.float32)
    if a.factor:
        model.config.rope_factor = a.factor
    begin = time.time()
    for figure in figures(a, model):
        line = json.dumps({"checkpoint": a.checkpoint.stem, "factor": model.config.rope_factor, **figure, "seconds": round(time.time() - begin)})
        print(line, flush=True)
        with open(a.out / "figures.jsonl", "a") as file:
            file.write(line + "\n")


if __name__ == "__main__":
    main()
