"""Articles into documents, one module per format, and documents onto the disk.

store ─► Press, Channel, articles ─► formats ─► documents ─► Writer ─► the published folder
"""
