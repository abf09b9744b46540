"""Stage 2: the two tasks, at the native window. Loss on the answer only, plus the pointer.

    python tune.py --out RUN --seconds 700        reads RUN/pretrain.pt, writes RUN/tune.pt

The pointer is head 0 of the last layer: its attention from <|summary|> or <|answer|>, summed over each sentence, is
trained to fall on the sentences that the answer quotes, so that one vector ranks all sentences of a document.
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch

import optim
from model import cross_entropy, load, save
from prepare import load_tasks
from tokenizer import EOS

SHARES = {"scitldr": 0.25, "keyword": 0.25, "squad": 0.2, "selqa": 0.1, "qed": 0.05, "none": 0.05, "openstax": 0.04, "pep": 0.03, "glossary": 0.03}


class Tasks:
    """Batches of task sequences of similar length, drawn by the shares above."""

    def __init__(self, run, split, longest=2048):
        self.by_kind = {}
        for t in load_tasks(run / f"tasks_{split}.pt"):
            if len(t.ids) <= longest:
                self.by_kind.setdefault(t.kind, []).append(t)
        self.kinds = sorted(self.by_kind)
        shares = np.array([SHARES[k] for k in self.kinds])
        self.shares = shares / shares.sum()

    def draw(self, rng):
        of_kind = self.by_kind[rng.choice(self.kinds, p=self.shares)]
        return of_kind[rng.integers(len(of_kind))]

    def batch(self, rng, tokens, pool=64):
        """A run of similar lengths out of a random pool, padded to at most about `tokens` in all."""
        drawn = sorted((self.draw(rng) for _ in range(pool)), key=lambda t: len(t.ids))
        at = int(rng.integers(pool))
        chosen = [drawn[at]]
        while at + 1 < pool and len(drawn[at + 1].ids) * (len(chosen) + 1) <= tokens:
            at += 1
            chosen.append(drawn[at])
        return chosen


def padded(batch):
    """-> ids (B, T) padded with </s>, where the loss counts (B, T - 1), answer positions (B,)."""
    T = max(len(t.ids) for t in batch)
    ids = torch.full((len(batch), T), EOS)
    counts = torch.zeros(len(batch), T - 1, dtype=torch.bool)
    for row, t in enumerate(batch):
        ids[row, :len(t.ids)] = torch.from_numpy(t.ids.astype(np.int64))
        counts[row, t.answer_at:len(t.ids) - 1] = True
    return ids, counts, torch.tensor([t.answer_at for t in batch])


def sentence_mass(attention, spans):
    """attention (T,), spans (n, 2) -> attention summed over each sentence (n,)."""
    total = torch.cat([attention.new_zeros(1), attention.cumsum(0)])
    spans = torch.as_tensor(spans)
    return total[spans[:, 1]] - total[spans[:, 0]]


def task_loss(model, batch, positions=None):
    """-> (answer loss per token, pointer loss per task), both in nats."""
    ids, counts, at = padded(batch)
    h, attention = model(ids, positions, pointer_at=at)
    answer = cross_entropy(h[:, :-1][counts], model.token_embd.weight, ids[:, 1:][counts])
    pointed = [-(sentence_mass(attention[i], t.spans)[t.gold].sum() + 1e-6).log() for i, t in enumerate(batch) if t.gold]
    return answer, torch.stack(pointed).mean() if pointed else answer.new_zeros(())


@torch.no_grad()
def validate(model, tasks, n, positions=None, seed=0):
    """Per kind: answer loss, pointer loss and how often the pointer's first sentence is a gold one."""
    rng, out = np.random.default_rng(seed), {}
    for kind in tasks.kinds:
        picked = [tasks.by_kind[kind][i] for i in rng.permutation(len(tasks.by_kind[kind]))[:n]]
        answers, hits = [], []
        for t in picked:
            ids, counts, at = padded([t])
            h, attention = model(ids, None if positions is None else positions(ids), pointer_at=at)
            answers.append(cross_entropy(h[:, :-1][counts], model.token_embd.weight, ids[:, 1:][counts]).item())
            if t.gold:
                hits.append(int(sentence_mass(attention[0], t.spans).argmax()) in t.gold)
        out[kind] = {"answer": round(float(np.mean(answers)), 3), **({"pointer_at_1": round(float(np.mean(hits)), 3)} if hits else {}), "n": len(picked)}
    return out


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--seconds", type=float, default=700)
    args.add_argument("--tokens", type=int, default=4096)
    args.add_argument("--longest", type=int, default=1024, help="leave out longer sequences: they cost most and teach the same")
    args.add_argument("--scale", type=float, default=0.3, help="share of the pretraining peak at the start; falls linearly to 0")
    args.add_argument("--seed", type=int, default=4)
    args.add_argument("--validate", type=int, default=40, help="validation tasks of each kind")
    args.add_argument("--threads", type=int, default=1)
    a = args.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    resumed = (a.out / "tune.pt").exists()
    model, saved = load(a.out / ("tune.pt" if resumed else "pretrain.pt"))
    state = saved["state"] if resumed else {"step": 0, "tokens": 0, "seconds": 0.0}
    opts = optim.optimisers(model, 0.02, 3e-3, weight_decay=0.0)
    rng = np.random.default_rng([a.seed, state["step"]])
    data, log = Tasks(a.out, "train", a.longest), open(a.out / "tune.log", "a", buffering=1)
    start = last = time.time() - state["seconds"]
    while (seconds := time.time() - start) < a.seconds:
        optim.set_lr(opts, a.scale * min(1, (state["step"] + 1) / 20) * (1 - seconds / a.seconds))
        batch = data.batch(rng, a.tokens)
        answer, pointer = task_loss(model, batch)
        (answer + 0.5 * pointer).backward()
        optim.step(opts, model)
        state.update(step=state["step"] + 1, tokens=state["tokens"] + sum(len(t.ids) for t in batch), seconds=time.time() - start)
        if state["step"] % 10 == 0:
            print(f"{seconds:.0f} {state['step']} {state['tokens']} {answer.item():.3f} {pointer.item():.3f}", file=log)
        if time.time() - last > 180:
            save(a.out / "tune.pt", model, state=state)
            last = time.time()
    save(a.out / "tune.pt", model, state=state)
    result = json.dumps({**state, "validation": validate(model, Tasks(a.out, "val"), a.validate)})
    print("# " + result, file=log)
    print(result)


if __name__ == "__main__":
    main()
