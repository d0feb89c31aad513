"""How the token endpoint refuses."""


class LoginError(Exception):
    """A refusal of the token endpoint.

    Codes and texts: learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes
    """

    def __init__(self, status: int, error: str, code: int, text: str) -> None:
        super().__init__(text)
        self.status, self.error, self.code, self.text = status, error, code, text
