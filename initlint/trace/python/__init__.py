"""Python on abstract values: syntax as closures over the machine, classes and objects, builtins and the library."""
