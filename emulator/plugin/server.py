"""A plugin as a gRPC server of this process."""

from concurrent import futures

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

_LARGEST_MESSAGE = 400 << 20  # as the engine's own
_OPTIONS = [
    ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
    ("grpc.max_send_message_length", _LARGEST_MESSAGE),
]


class PluginServer:
    """A stand-in on a port of 127.0.0.1, to be named in PULUMI_DEBUG_PROVIDERS as `package:PORT`."""

    def __init__(self, servicer: provider_pb2_grpc.ResourceProviderServicer) -> None:
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=32), options=_OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, self._server)

    def start(self) -> int:
        """Serve in threads of this process; the port."""
        port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return port

    def stop(self) -> None:
        """Stop serving; calls under way are cut off."""
        self._server.stop(grace=None).wait()
