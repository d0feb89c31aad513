from tests.emulated import emulated

__all__ = ["emulated"]
