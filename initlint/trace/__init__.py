"""Abstract execution: what a model's code builds, how it initialises it, and where its signals go."""
