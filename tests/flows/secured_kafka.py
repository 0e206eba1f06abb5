"""Apache Kafka with a listener for each security protocol."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.console import output
from deploy.embedded.net import free_ports
from deploy.embedded.stack import LOOPBACK
from deploy.embedded.supervisor import Supervisor
from deploy.kafka import jars, node
from tests.certificates import write_certificates

USER, GUEST, PASSWORD = "backchat", "guest", "p:ss/w%rd@"
PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
FORMAT_SECONDS = 60.0
CLUSTER_ID = "AAAAAAAAAAAAAAAAAAAAAQ"


@dataclass(frozen=True, slots=True)
class SecuredKafka:
    """The ports by protocol, and the folder with `ca.pem`, `other-ca.pem`, `client.pem` and `client.key`."""

    ports: dict[str, int]
    folder: Path

    def env(self, protocol: str, mechanism: str = "", listener: str = "") -> dict[str, str]:
        """Return the settings of a client, of another protocol's listener if told; empty ones are none."""
        sasl, tls = protocol.startswith("SASL_"), protocol.endswith("SSL")
        return {
            "KAFKA_BOOTSTRAP_SERVERS": f"{LOOPBACK}:{self.ports[listener or protocol]}",
            "KAFKA_SECURITY_PROTOCOL": protocol,
            "KAFKA_SASL_MECHANISM": mechanism if sasl else "",
            "KAFKA_SASL_USERNAME": USER if sasl else "",
            "KAFKA_SASL_PASSWORD": PASSWORD if sasl else "",
            "KAFKA_CA_FILE": str(self.folder / "ca.pem") if tls else "",
            "KAFKA_CLIENT_CERT_FILE": str(self.folder / "client.pem") if protocol == "SSL" else "",
            "KAFKA_CLIENT_KEY_FILE": str(self.folder / "client.key") if protocol == "SSL" else "",
        }


@asynccontextmanager
async def secured_kafka(folder: Path) -> AsyncIterator[SecuredKafka]:
    """Run a broker; its TLS listener without SASL asks for a certificate, and `GUEST` has no rights."""
    write_certificates(folder)
    controller, *ports = free_ports(1 + len(PROTOCOLS))
    kafka = SecuredKafka(dict(zip(PROTOCOLS, ports, strict=True)), folder)
    broker = node.Node(1, folder / "kafka-1", kafka.ports["PLAINTEXT"], controller)
    broker.folder.mkdir()
    (broker.folder / node.SETTINGS).write_text(node.settings(broker, [broker]) + settings(kafka, controller))
    java, classpath = await jars.java(), await jars.classpath()
    scram = [(user, f"SCRAM-SHA-{bits}") for user in (USER, GUEST) for bits in (256, 512)]
    users = [f"--add-scram={mechanism}=[name={user},password={PASSWORD}]" for user, mechanism in scram]
    command = (java, "-cp", classpath, "kafka.tools.StorageTool", "format", f"--cluster-id={CLUSTER_ID}")
    await jars.run(*command, f"--config={node.SETTINGS}", *users, seconds=FORMAT_SECONDS, cwd=broker.folder)
    with output(folder / "kafka.log") as stream:
        async with Supervisor([[node.process(broker, 1, java, classpath)]], stream):
            yield kafka


def settings(kafka: SecuredKafka, controller: int) -> str:
    """Return lines for the end of `server.properties`: of two with the same name, the last one counts."""
    listeners = ",".join(f"{protocol}://{LOOPBACK}:{port}" for protocol, port in kafka.ports.items())
    plain = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    values = {
        "listeners": f"{listeners},CONTROLLER://{LOOPBACK}:{controller}",
        "advertised.listeners": listeners,
        "listener.security.protocol.map": ",".join(
            [*map("{0}:{0}".format, PROTOCOLS), "CONTROLLER:PLAINTEXT"]
        ),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:ANONYMOUS;User:CN=client;User:{USER}",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": kafka.folder / "server-both.pem",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": kafka.folder / "ca.pem",
        "listener.name.ssl.ssl.client.auth": "required",
        "listener.name.sasl_plaintext.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
        "listener.name.sasl_ssl.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
    }
    for listener in ("sasl_plaintext", "sasl_ssl"):
        prefix = f"listener.name.{listener}"
        values[f"{prefix}.plain.sasl.jaas.config"] = f'{plain} user_{USER}="{PASSWORD}";'
        for mechanism in ("scram-sha-256", "scram-sha-512"):
            values[f"{prefix}.{mechanism}.sasl.jaas.config"] = scram
    return "".join(f"{name}={value}\n" for name, value in values.items())
