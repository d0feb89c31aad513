"""A refusal of Azure Resource Manager or of a vault, with the body that each sends."""

from emulator.store import Document


class AzureError(Exception):
    """A refusal: its status, code and text, and the inner code that a vault adds to some."""

    def __init__(self, status: int, code: str, text: str, inner: str = "") -> None:
        super().__init__(text)
        self.status, self.code, self.text, self.inner = status, code, text, inner

    def body(self) -> Document:
        """The JSON that a client is sent."""
        inner = {"innererror": {"code": self.inner}} if self.inner else {}
        return {"error": {"code": self.code, "message": self.text, **inner}}
