"""The theory of signal propagation as numbers: activations, init distributions, variance through a run of layers."""
