"""Content codings (RFC 9110 §8.4), both ways. Sole user of brotli and zstd."""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["zstd"]
