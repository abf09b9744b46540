"""Continues from a GGUF file: its tokenizer and dequantised weights become what the training code starts from. Numbers of two and
three digits that its vocabulary lacks are added.

    python import_gguf.py --out RUN [--from ../assets/models/longleaf-sprig-q8_0.gguf]

writes RUN/tokenizer.json and RUN/start.pt, a checkpoint that every stage takes with --start RUN/start.pt.
"""
import argparse
from pathlib import Path

import gguf
import torch

from model import Config, Llama, save
from tokenizer import with_numbers, write


def field(reader, name):
    return reader.fields[name].contents()


def read_tokenizer(reader):
    tokens = field(reader, "tokenizer.ggml.tokens")
    return {token: i for i, token in enumerate(tokens)}, field(reader, "tokenizer.ggml.merges")


def read_model(reader):
    """-> Llama with the weights of the file in float32; its rope_factor is that of the file."""
    has_factor = "llama.rope.scaling.factor" in reader.fields
    model = Llama(Config(
        vocab=len(field(reader, "tokenizer.ggml.tokens")), d=field(reader, "llama.embedding_length"),
        n_layers=field(reader, "llama.block_count"), n_heads=field(reader, "llama.attention.head_count"),
        n_kv_heads=field(reader, "llama.attention.head_count_kv"), ff=field(reader, "llama.feed_forward_length"),
        rope_factor=float(field(reader, "llama.rope.scaling.factor")) if has_factor else 1.0))
    weights = {t.name: torch.from_numpy(gguf.quants.dequantize(t.data, t.tensor_type).copy()) for t in reader.tensors}
    model.load_state_dict(weights)
    return model


def with_rows(model, vocab):
    """The model with an embedding for each token that was added: those of its digits, the first one most, so that 12 is not 21, and as
    much noise, so that the model can tell 123 from 124 at once; as long as the rows that were there."""
    rows, generator = model.token_embd.weight.detach(), torch.Generator().manual_seed(0)
    digit = {str(d): rows[vocab[str(d)]] for d in range(10)}
    length, new = rows.norm(dim=1).mean(), []
    for token in list(vocab)[len(rows):]:
        mixed = sum(share * digit[d] for share, d in zip((1.0, 0.7, 0.5), token))
        noise = torch.randn(len(mixed), generator=generator)
        new.append(torch.nn.functional.normalize(mixed / mixed.norm() + noise / noise.norm(), dim=0) * length)
    if new:
        model.token_embd.weight = torch.nn.Parameter(torch.cat([rows, torch.stack(new)]))
        model.config.vocab = len(vocab)
    return model


if __name__ == "__main__":
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=Path, default=Path("run"))
    args.add_argument("--from", dest="file", type=Path, default=Path("../assets/models/longleaf-sprig-q8_0.gguf"))
    a = args.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    reader = gguf.GGUFReader(a.file)
    vocab, merges = with_numbers(*read_tokenizer(reader))
    write(a.out / "tokenizer.json", vocab, merges)
    model = with_rows(read_model(reader), vocab)
    save(a.out / "start.pt", model)
    print(f"{a.file.name}: {sum(p.numel() for p in model.parameters()):,} parameters, RoPE factor {model.config.rope_factor}")
