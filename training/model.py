"""The model: a LLaMA (arXiv 2302.13971) small enough to train on one processor core, in the names of its GGUF file.

Every parameter is called what its tensor is called in the file (token_embd.weight, blk.0.attn_q.weight, …), so export is
a copy. RoPE turns interleaved pairs (2i, 2i+1) by (position / factor) * base^(-2i/head_dim): the factor is Position
Interpolation (arXiv 2306.15595). Parameters and the residual stream are float32; matrices are multiplied in
`model.compute`, that of `compute_type` unless evaluation asks for float32. Shapes: B sequences, T tokens, d model width, H query heads, G
key-value heads.
"""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint


@dataclass
class Config:
    vocab: int = 9292
    d: int = 256
    n_layers: int = 4
    n_heads: int = 4
    n_kv_heads: int = 2
    head_dim: int = 64
    ff: int = 704
    eps: float = 1e-5
    rope_base: float = 10_000.0
    context: int = 2048        # length of training before extension
    rope_factor: float = 1.0   # 16 after extension


# Fused where a C++ compiler is at hand (a sixth of a step, LOG.md); `--eager` leaves them as they are.
def normalise(x, weight, eps, dtype):
    return F.rms_norm(x, (x.shape[-1],), weight, eps).to(dtype)


def rotate(x, cos, sin):
    """x (B, T, heads, head_dim), cos and sin (B or 1, T, 1, head_dim / 2): pairs (2i, 2i+1) are turned."""
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2).to(x.dtype)


def gated(gate_up):
    gate, up = gate_up.float().chunk(2, -1)
    return (F.silu(gate) * up).to(gate_up.dtype)


def softmax_gradient(z, targets, weights):
    """Logits (n, vocab) -> sum of weighted losses, and its gradient in the type of z but for the targets' own -1."""
    zf = z.float()
    lse = zf.logsumexp(-1, keepdim=True)
    loss = ((lse.squeeze(1) - zf.gather(1, targets[:, None]).squeeze(1)) * weights).sum()
    return loss, ((zf - lse).exp() * weights[:, None]).to(z.dtype)


def compute_type(device="cpu"):
    """What matrices are multiplied in: bfloat16, but float32 on a processor that would have to imitate it (LOG.md)."""
    imitated = torch.device(device).type == "cpu" and not torch.cpu.get_capabilities().get("avx512_bf16", False)
    return torch.float32 if imitated else torch.bfloat16


def compile_kernels():
    for f in (normalise, rotate, gated, softmax_gradient):
        globals()[f.__name__] = torch.compile(f)


class Weight(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(*shape))


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        q, kv = c.n_heads * c.head_dim, c.n_kv_heads * c.head_dim
        self.c = c
        self.attn_norm, self.ffn_norm = Weight(c.d), Weight(c.d)
        self.attn_q, self.attn_k, self.attn_v, self.attn_output = Weight(q, c.d), Weight(kv, c.d), Weight(kv, c.d), Weight(c.d, q)
        self.ffn_gate, self.ffn_up, self.ffn_down = Weight(c.ff, c.d), Weight(c.ff, c.d), Weight(c.d, c.ff)

    def qkv(self, x, turn, dtype):
        """x (B, T, d) -> q (B, H, T, head_dim), k and v (B, G, T, head_dim), in `dtype`."""
        c, h = self.c, normalise(x, self.attn_norm.weight, self.c.eps, dtype)
        w = torch.cat([self.attn_q.weight, self.attn_k.weight, self.attn_v.weight]).to(dtype)
        heads = F.linear(h, w).unflatten(-1, (-1, c.head_dim))
        turned, v = rotate(heads[:, :, :-c.n_kv_heads], *turn), heads[:, :, -c.n_kv_heads:]
        q, k = turned.split((c.n_heads, c.n_kv_heads), 2)
        return tuple(t.transpose(1, 2).contiguous() for t in (q, k, v))

    def forward(self, x, turn, dtype, mask=None, past=None, last=None, keep=None):
        """x (B, T, d) -> (B, T or last, d). past: (k, v) of an earlier part of the text, each (B, G, past, head_dim). last:
        compute only so many positions from the end. keep: a list that receives this part's own (k, v)."""
        q, k, v = self.qkv(x, turn, dtype)
        if keep is not None:
            keep.append((k, v))
        if past is not None:
            k, v = (torch.cat([p.expand(len(x), -1, -1, -1), own], 2) for p, own in zip(past, (k, v)))
        if last is not None:
            q, x = q[:, :, -last:].contiguous(), x[:, -last:]
        a = attention(q, k, v, mask).transpose(1, 2).flatten(2)
        x = x + F.linear(a, self.attn_output.weight.to(dtype))
        h = normalise(x, self.ffn_norm.weight, self.c.eps, dtype)
        gate_up = F.linear(h, torch.cat([self.ffn_gate.weight, self.ffn_up.weight]).to(dtype))
        return x + F.linear(gated(gate_up), self.ffn_down.weight.to(dtype))


def attention(q, k, v, mask=None, block=128):
    """Causal attention of the last queries: q (B, H, T, D); k, v (B, G, past + T, D) -> (B, H, T, D). Grouped heads share k
    and v. mask (T, T), added to the scores of the last T keys, takes the place of the causal one; it must still hide the
    future. On a CPU in explicit blocks of queries: faster backward than scaled_dot_product_attention (LOG.md), memory of
    block x T."""
    B, H, T, D = q.shape
    G, past = k.shape[1], k.shape[2] - T
    if mask is None and past == 0 and (q.is_cuda or not torch.is_grad_enabled()):
        return F.scaled_dot_product_attention(q, *(t.repeat_interleave(H // G, 1) for t in (k, v)), is_causal=True)
    R = H // G
    q, out = q.view(B, G, R, T, D) * D ** -0.5, []
    for start in range(0, T, block):
        end = min(T, start + block)
        n, seen = end - start, past + end
        if mask is None:
            hidden, free = torch.full((n, n), float("-inf"), dtype=q.dtype, device=q.device).triu(1), past + start
        else:
            hidden, free = mask[start:end, :end].to(q.dtype), past
        s = q[:, :, :, start:end].reshape(B, G, R * n, D) @ k[:, :, :seen].transpose(-1, -2)    # (B, G, R n, seen)
        s = torch.cat([s[..., :free], s[..., free:] + hidden.repeat(R, 1)], -1)
        out.append((torch.softmax(s, -1) @ v[:, :, :seen]).view(B, G, R, n, D))
    return torch.cat(out, dim=3).view(B, H, T, D)


class Llama(nn.Module):
    def __init__(self, config, compute=None):
        super().__init__()
        self.config, self.compute = config, compute or compute_type()
        self.token_embd = Weight(config.vocab, config.d)
        self.blk = nn.ModuleList(Block(config) for _ in range(config.n_layers))
        self.output_norm = Weight(config.d)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                shrink = (2 * config.n_layers) ** -0.5 if name.endswith(("attn_output.weight", "ffn_down.weight")) else 1
                nn.init.normal_(p, std=0.02 * shrink)

    def turns(self, positions):
        """positions (T) or (B, T) -> cos and sin (1 or B, T, 1, head_dim / 2)."""
        c = self.config
        inv = c.rope_base ** (-torch.arange(0, c.head_dim, 2, dtype=torch.float64, device=positions.device) / c.head_dim)
        angle = (positions.double() / c.rope_factor)[..., None, None] * inv
        angle = angle if angle.dim() == 4 else angle[None]
        return angle.cos().float(), angle.sin().float()

    def forward(self, ids, positions=None, pointer=None, mask=None, past=None, last=None, keep=None):
        """ids (B, T) -> hidden states (B, T or last, d) after the last norm; multiply by token_embd.weight for logits.
        With pointer = (rows (P,), at (P,)), also the attention (P, T) that head 0 of the last layer pays there: the pointer.
        past: keys and values of each layer of an earlier part of the text; keep receives those of this part."""
        T = ids.shape[1]
        turn = self.turns(torch.arange(T, device=ids.device) if positions is None else positions)
        x = F.embedding(ids, self.token_embd.weight)
        recompute = torch.is_grad_enabled() and (T > 2048 or past is not None)    # long windows: trade time for memory
        for i, block in enumerate(self.blk):
            before = x
            extra = (turn, self.compute, mask, past and past[i], last if block is self.blk[-1] else None, keep)
            x = checkpoint(block, x, *extra, use_reentrant=False) if recompute else block(x, *extra)
        x = normalise(x, self.output_norm.weight, self.config.eps, torch.float32)
        return x if pointer is None else (x, self.pointer(before, turn, pointer, past and past[-1]))

    @torch.no_grad()
    def prefix(self, ids, whole=False, chunk=2048, sink=4):
        """Keys and values of a long text, ids (1, T), at its real positions, for `past`. Each chunk sees the one before it and
        the first few tokens of all: linear time. With `whole` it sees the whole text, as in use: at 32,768 tokens five times
        as long, and needed now and then, or the model never learns what so many keys do to the layers below (LOG.md)."""
        parts = [[] for _ in self.blk]
        for start in range(0, ids.shape[1], ids.shape[1] if whole else chunk):
            end, keep = ids.shape[1] if whole else min(start + chunk, ids.shape[1]), []
            past = [tuple(torch.cat([t[i] for t in kv], 2) for i in (0, 1)) for kv in parts] if start else None
            near = past and [tuple(t if t.shape[2] <= chunk + sink else torch.cat([t[:, :, :sink], t[:, :, -chunk:]], 2) for t in kv) for kv in past]
            self(ids[:, start:end], torch.arange(start, end, device=ids.device), past=near, keep=keep)
            for kv, new in zip(parts, keep):
                kv.append(new)
        return [tuple(torch.cat([t[i] for t in kv], 2) for i in (0, 1)) for kv in parts]

    def pointer(self, x, turn, pointer, past=None):
        """x (B, T, d), the input of the last layer -> (P, past + T), in float32."""
        rows, at = pointer
        q, k, _ = self.blk[-1].qkv(x, turn, self.compute)
        k = k[:, 0] if past is None else torch.cat([past[0][:, 0].expand(len(k), -1, -1), k[:, 0]], 1)
        q, first = q[rows, 0, at], k.shape[1] - x.shape[1]                                              # (P, head_dim)
        s = (k[rows] @ q[:, :, None]).squeeze(-1).float() * self.config.head_dim ** -0.5                # (P, past + T)
        return s.masked_fill(torch.arange(s.shape[1], device=s.device) > first + at[:, None], float("-inf")).softmax(-1)


class _CrossEntropy(torch.autograd.Function):
    """Weighted cross-entropy of tied-embedding logits, its gradient computed chunk by chunk in the forward pass, so that
    the (N, vocab) logits never exist at once."""

    @staticmethod
    def forward(ctx, h, w, targets, weights, dtype, chunk):
        h, w16 = h.to(dtype), w.to(dtype)
        dh, dw, total = torch.empty_like(h), torch.zeros_like(w), 0.0
        for i in range(0, len(h), chunk):
            hc, tc, wc = h[i:i + chunk], targets[i:i + chunk], weights[i:i + chunk]
            loss, z = softmax_gradient(hc @ w16.T, tc, wc)
            total += loss
            z[torch.arange(len(tc), device=z.device), tc] -= wc.to(dtype)
            torch.mm(z, w16, out=dh[i:i + chunk])
            dw += z.T @ hc
        ctx.save_for_backward(dh, dw)
        return total

    @staticmethod
    def backward(ctx, g):
        dh, dw = ctx.saved_tensors
        return dh.float() * g, dw * g, None, None, None, None


def cross_entropy(model, h, targets, weights=None, chunk=512):
    """h (…, d), targets (…), weights (…) or equal ones -> weighted mean loss in nats."""
    h, targets = h.flatten(0, -2), targets.flatten()
    weights = torch.ones(len(targets), device=h.device) if weights is None else weights.flatten()
    counts = weights > 0
    if not counts.all():
        h, targets, weights = h[counts], targets[counts], weights[counts]
    return _CrossEntropy.apply(h, model.token_embd.weight, targets, weights / weights.sum(), model.compute, chunk)


@torch.no_grad()
def token_logprobs(h, w, targets, chunk=512):
    """log P of each target: h (N, d), targets (N,) -> (N,)."""
    out = []
    for i in range(0, len(h), chunk):
        z = h[i:i + chunk] @ w.T
        out.append(z.gather(1, targets[i:i + chunk, None]).squeeze(1) - z.logsumexp(-1))
    return torch.cat(out)


def save(path, model, **more):
    """Atomic, so that a run killed while saving keeps its previous checkpoint."""
    part = path.with_suffix(".part")
    torch.save({"config": asdict(model.config), "model": model.state_dict(), **more}, part)
    part.replace(path)


def load(path, device="cpu", compute=None):
    """-> (model, everything else that was saved)."""
    saved = torch.load(path, weights_only=False, map_location=device)
    model = Llama(Config(**saved.pop("config")), compute or compute_type(device)).to(device)
    model.load_state_dict(saved.pop("model"))
    return model, saved
