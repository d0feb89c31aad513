"""The deployer's client secret and the file that holds it: made together, looked at together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from clock import Clock
from exchange.patience import looks, until_there
from graph import applications
from graph.api import GraphApi
from graph.applications import NewPassword
from roomctl import secret_file
from roomctl.own_application import new_secret_name
from roomctl.secret_file import SecretFile
from wire import Unclear, WireError

_LIFETIME = timedelta(days=90)


@dataclass(frozen=True)
class DeployerSecret:
    """A secret of the application `object_id`, in `path`. Every method raises WireError when refused."""

    graph: GraphApi
    clock: Clock
    path: Path
    tenant_id: str
    object_id: str
    app_id: str

    def doubts(self, file: SecretFile) -> Iterator[str]:
        """Why the file's secret is none with which the deployer can sign in."""
        if file.app_id and file.app_id != self.app_id:
            yield f"{self.path} is another application's ({file.app_id}): name another file"
        elif file.key_id:
            yield from self._ended(file.key_id)

    def write(self, begun: SecretFile | None) -> None:
        """Make a new secret and its file; what a stopped run has begun is taken back first."""
        if begun:
            self._take_back(begun.secret_name)
            self.path.unlink()
        name = new_secret_name()
        secret_file.hand_over(
            self.path,
            {"ARM_TENANT_ID": self.tenant_id, "ARM_CLIENT_ID": self.app_id},
            name,
            lambda: until_there(self.clock, lambda: self._make(name)),
            lambda: self._take_back(name),
        )

    def _ended(self, key_id: str) -> Iterator[str]:
        again = "take the file away and run it again"
        for _ in looks(self.clock):
            held = until_there(self.clock, lambda: applications.passwords(self.graph, self.object_id))
            for one in held:
                if one.key_id == key_id:
                    if one.expires and one.expires <= self.clock.now():
                        yield f"the secret in {self.path} ended {one.expires:%Y-%m-%d}: {again}"
                    return
        yield f"the secret in {self.path} is gone from the application: {again}"

    def _make(self, name: str) -> NewPassword:
        ends = self.clock.now() + _LIFETIME
        return applications.add_password(self.graph, self.object_id, display_name=name, ends=ends)

    def _take_back(self, name: str) -> None:
        """Remove the secret of this name, which nobody holds."""
        try:
            for one in applications.passwords(self.graph, self.object_id):
                if name and one.display_name == name:
                    applications.remove_password(self.graph, self.object_id, one.key_id)
        except WireError as error:
            raise Unclear.like(
                error, f"The secret {name} may be left, and nobody holds it: run it again, which removes it."
            ) from None
