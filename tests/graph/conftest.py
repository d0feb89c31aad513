from tests.emulated import emulated
from tests.fake_service import authority, clock, deployer, script, server, service, tokens, trusted

__all__ = ["authority", "clock", "deployer", "emulated", "script", "server", "service", "tokens", "trusted"]
