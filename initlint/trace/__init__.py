"""Abstract execution: what a model's code builds, how it initialises it, and where its signals go.

A root (`roots`) is run by a machine (`machine`) that knows Python (`python`) and torch (`torch`, by the tables in
`vocabulary`) and reads the files that it comes by (`program`). What it leaves behind (`record`, `events`) becomes
facts.
"""
