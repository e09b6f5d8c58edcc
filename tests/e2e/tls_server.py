"""A server of the harness that is asked over TLS."""
import http.client
import pathlib
import ssl
import subprocess
import tempfile

import harness


def make_certificate(folder, name):
    """A self-signed certificate for 127.0.0.1 and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=clew-test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    return certificate, key


def make_signed_certificate(folder, name, authority, *, common_name=None, alternative_names=""):
    """A certificate that another, (certificate, key), has signed, and its key. `alternative_names` is as in
    "DNS:a.example,URI:spiffe://a"."""
    certificate, key, request = (folder / f"{name}.{kind}" for kind in ("pem", "key", "csr"))
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", f"/CN={common_name or name}",
                    *(("-addext", f"subjectAltName={alternative_names}") if alternative_names else ()),
                    "-keyout", key, "-out", request], check=True, capture_output=True)
    subprocess.run(["openssl", "x509", "-req", "-in", request, "-CA", authority[0], "-CAkey", authority[1],
                    "-CAcreateserial", "-copy_extensions", "copy", "-days", "2", "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key


class TlsServer(harness.Server):
    """A server of the harness that is asked over TLS; `client` is a certificate that it asks for and its key."""

    def __init__(self, *flags, client=None):
        self.certificate_folder = tempfile.TemporaryDirectory(prefix="clew-test-")
        self.certificate, self.key = make_certificate(pathlib.Path(self.certificate_folder.name), "server")
        self.trust_certificate(client)
        super().__init__("--tls-cert", self.certificate, "--tls-key", self.key, *flags)

    def trust_certificate(self, client=None):
        """Requests from now on trust what is in the file of the certificate."""
        self.trusting = ssl.create_default_context(cafile=self.certificate)
        if client is not None:
            self.trusting.load_cert_chain(*client)

    def request(self, port_name, method, path, body=None, headers=None):
        connection = http.client.HTTPSConnection("127.0.0.1", self.ports[port_name], timeout=30, context=self.trusting)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def curl(self, port_name, path, *flags, scheme="https"):
        """What curl did: its exit code, and its output with 'VERSION STATUS' on the last line."""
        return subprocess.run(
            ["curl", "-sS", "--max-time", "30", "--cacert", self.certificate, "-w", "\n%{http_version} %{http_code}",
             *flags, f"{scheme}://127.0.0.1:{self.ports[port_name]}{path}"],
            capture_output=True, text=True, check=False)

    def __exit__(self, *error):
        super().__exit__(*error)
        self.certificate_folder.cleanup()
