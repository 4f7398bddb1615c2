"""Muon for matrices, AdamW for the rest, with a state that safetensors can keep.

Sources: Jordan et al., Muon: An optimizer for hidden layers in neural networks (2024), with the quintic
Newton-Schulz coefficients given there; Loshchilov and Hutter, Decoupled Weight Decay Regularization,
arXiv:1711.05101. torch.optim.Muon takes two-dimensional parameters only, and convolutions are half of ours.
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

QUINTIC = (3.4445, -4.7750, 2.0315)
MOMENTUM = 0.95
BETAS, EPSILON = (0.9, 0.98), 1e-8


def orthogonal(matrix: Tensor, rounds: int = 5) -> Tensor:
    """About the nearest (semi-)orthogonal matrix: singular values between .7 and 1.2."""
    a, b, c = QUINTIC
    x = (matrix / (matrix.norm() + 1e-7)).bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(rounds):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return (x.T if tall else x).to(matrix.dtype)


class Optimiser:
    """Steps named parameters; matrices and convolutions by Muon, embeddings, gains and biases by AdamW.

    Args:
        named: (name, parameter) pairs.
        muon, adam: their learning rates; both are multiplied by `step`'s factor.
        plainly: parts of names that are left to AdamW although they are matrices: embeddings, first and
            last layers.
        rank, processes: which of how many processes this is, all with the same gradients. To orthogonalise
            a matrix is a third of a step's work, so each does its share of them.
        add_up: puts the sum over all processes in place of each tensor.
    """

    def __init__(
        self,
        named: Iterable[tuple[str, Tensor]],
        *,
        muon: float,
        adam: float,
        plainly: tuple[str, ...] = (),
        decay: float = 0.0,
        rank: int = 0,
        processes: int = 1,
        add_up: Callable[[list[Tensor]], None] = lambda tensors: None,
    ):
        self.parameters = {name: p for name, p in named if p.requires_grad}
        self.rates = {"muon": muon, "adam": adam}
        self.decay = decay
        self.rank, self.processes, self.add_up = rank, processes, add_up
        self.steps = 0
        self.state: dict[str, Tensor] = {}
        self.matrices = {
            name
            for name, p in self.parameters.items()
            if p.ndim >= 2 and min(p.shape[0], p[0].numel()) > 1 and not any(part in name for part in plainly)
        }

    @torch.no_grad()
    def step(self, factor: float = 1.0) -> None:
        """Move all parameters by their gradients, which are then forgotten."""
        self.steps += 1
        gradients = {name: p.grad.float() for name, p in self.parameters.items() if p.grad is not None}
        turned = self._muon({name: g for name, g in gradients.items() if name in self.matrices})
        for name, gradient in gradients.items():
            p = self.parameters[name]
            if name in self.matrices:
                p.add_(turned[name], alpha=-factor * self.rates["muon"])
            else:
                p.add_(self._adam(name, gradient), alpha=-factor * self.rates["adam"])
            if self.decay and p.ndim >= 2:
                p.mul_(1 - factor * self.rates["adam"] * self.decay)
            p.grad = None

    def _muon(self, gradients: dict[str, Tensor]) -> dict[str, Tensor]:
        """Steps of which every element moves by about .2, as AdamW's would (Moonlight, arXiv:2502.16982)."""
        turned = {}
        for number, (name, gradient) in enumerate(gradients.items()):
            slow = self._kept(f"{name}|m", gradient).mul_(MOMENTUM).add_(gradient)
            push = gradient.add(slow, alpha=MOMENTUM).reshape(gradient.shape[0], -1)
            ours = number % self.processes == self.rank
            step = orthogonal(push) * (0.2 * max(push.shape) ** 0.5) if ours else torch.zeros_like(push)
            turned[name] = step.reshape(gradient.shape)
        self.add_up(list(turned.values()))
        return turned

    def _adam(self, name: str, gradient: Tensor) -> Tensor:
        mean = self._kept(f"{name}|m", gradient).lerp_(gradient, 1 - BETAS[0])
        square = self._kept(f"{name}|v", gradient).lerp_(gradient.square(), 1 - BETAS[1])
        mean_bias, square_bias = (1 - beta**self.steps for beta in BETAS)
        return (mean / mean_bias) / ((square / square_bias).sqrt() + EPSILON)

    def _kept(self, key: str, like: Tensor) -> Tensor:
        if key not in self.state:
            self.state[key] = torch.zeros_like(like)
        return self.state[key]
