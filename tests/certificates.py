"""Certificates for tests of TLS, made with openssl."""

import subprocess
from pathlib import Path

EXTENSIONS = {"server": "subjectAltName=IP:127.0.0.1", "client": "extendedKeyUsage=clientAuth"}


def write_certificates(folder: Path) -> None:
    """Write authorities, `ca` and `other-ca`, and a `server` and a `client` of the first: .pem and .key.

    `server-both.pem` is the server's key and certificate in one file.
    """
    for name in ("ca", "other-ca"):
        openssl(folder, f"req -x509 -nodes -subj /CN={name} -keyout {name}.key -out {name}.pem")
    for name, extension in EXTENSIONS.items():
        request = f"req -new -nodes -subj /CN={name} -addext {extension}"
        openssl(folder, f"{request} -keyout {name}.key -out {name}.csr")
        signed = f"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy"
        openssl(folder, f"{signed} -out {name}.pem")
    both = (folder / "server.key").read_text() + (folder / "server.pem").read_text()
    (folder / "server-both.pem").write_text(both)


def openssl(folder: Path, command: str) -> None:
    subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
