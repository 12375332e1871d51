"""torch on abstract values, as the vocabulary says: modules, tensors, what is written to parameters."""
