"""The abstract machine: values, the calls in progress, the journal of writes, branches and bounds."""
