"""Ranks the sentences of a document, by the model and by word counting: what evaluate.py compares.

The model ranks in three ways: log P(sentence | document, task) summed over its tokens, the same per token, and the
pointer (train.py). All candidates are scored in one pass: they stand one after another behind the prompt, each at the
positions right after it, and a mask keeps them from seeing each other.
"""
import math
import re
from collections import Counter

import numpy as np
import torch

from model import token_logprobs
from tasks import STOP, words
from train import sentence_mass


def candidates_mask(prompt, lengths):
    """Additive mask (T, T): candidates of the given lengths see the prompt and themselves, causally."""
    T = prompt + sum(lengths)
    mask = torch.full((T, T), float("-inf")).triu(1)
    at = prompt
    for n in lengths:
        mask[at:at + n, prompt:at] = float("-inf")
        at += n
    return mask


@torch.no_grad()
def by_model(model, encoded):
    """-> {"sum": [...], "mean": [...], "pointer": [...]}: one score for each sentence of the document."""
    prompt = encoded.ids[:encoded.answer_at + 1].astype(np.int64)
    parts = [encoded.ids[a:b].astype(np.int64) for a, b in encoded.spans]
    lengths = [len(p) for p in parts]
    ids = torch.from_numpy(np.concatenate([prompt, *parts]))
    positions = torch.cat([torch.arange(len(prompt)), *[torch.arange(n) + len(prompt) for n in lengths]])
    at = torch.tensor([0]), torch.tensor([len(prompt) - 1])
    h, attention = model(ids[None], positions, at, candidates_mask(len(prompt), lengths))
    sums, at = [], len(prompt)
    for n in lengths:
        before = torch.tensor([len(prompt) - 1, *range(at, at + n - 1)])    # the position that predicts each token
        sums.append(float(token_logprobs(h[0, before], model.token_embd.weight, ids[at:at + n]).sum()))
        at += n
    return {"sum": sums, "mean": [s / n for s, n in zip(sums, lengths)], "pointer": sentence_mass(attention[0], encoded.spans).tolist()}


def terms(text):
    return [w[:6] if len(w) > 6 else w for w in words(text) if w not in STOP]


def bm25(query, sentences, k=1.2, b=0.75):
    docs = [Counter(terms(s)) for s in sentences]
    mean = sum(sum(d.values()) for d in docs) / len(docs) or 1
    df = Counter(w for d in docs for w in d)
    idf = {w: math.log(1 + (len(docs) - n + 0.5) / (n + 0.5)) for w, n in df.items()}
    score = lambda d: sum(idf[w] * d[w] * (k + 1) / (d[w] + k * (1 - b + b * sum(d.values()) / mean)) for w in set(terms(query)) if w in d)
    return [score(d) for d in docs]


def cue(sentences):
    """The first sentence that speaks of the paper itself, otherwise the first."""
    return [float(bool(re.search(r"\b(we|our|this paper|this work)\b", s, re.I))) - i * 1e-3 for i, s in enumerate(sentences)]


def standard(scores):
    x = np.array(scores, float)
    return (x - x.mean()) / (x.std() + 1e-6)
