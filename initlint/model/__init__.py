"""The facts a trace leaves: layers, parameters and how they came by their values, the signal graph."""
