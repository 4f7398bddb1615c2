"""X.509 certificates for signing credentials: root → intermediate → leaf, all ES256.

Keys are files that only their owner may read; they never enter a setting, a row or an image.

Source: C2PA certificate policy, leaf profile of assurance level 1: both extended key usages, a critical
digital-signature key usage, no certificate authority, at most 366 days.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from festival.provenance.manifests import CLAIM_SIGNING

ROOT_AGE = timedelta(days=3650)
LEAF_AGE = timedelta(days=365)  # the most the policy allows: without a time-stamp a signature lives no longer
RENEW_BEFORE = timedelta(days=182)  # so that what is signed today is trusted for half a year at least
EARLIER = timedelta(minutes=5)  # clocks differ; a certificate begins a little before it is made


@dataclass(frozen=True, slots=True)
class Authority:
    """Who signs here: a folder with the root, the chain and the leaf's key."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @property
    def chain(self) -> Path:
        return self.folder / "chain.pem"  # leaf first, then the intermediate

    @property
    def key(self) -> Path:
        return self.folder / "leaf.key"

    def ready(self, *, at: datetime | None = None) -> bool:
        """Whether it can sign: all files are there, and the leaf has more than half of its life before it."""
        if not all(path.exists() for path in (self.root, self.chain, self.key)):
            return False
        leaf = x509.load_pem_x509_certificate(self.chain.read_bytes())
        return leaf.not_valid_after_utc - (at or datetime.now(UTC)) > RENEW_BEFORE


def make_authority(
    folder: Path, *, name: str = "Marquee development", at: datetime | None = None
) -> Authority:
    """Create root, intermediate and leaf in `folder`; where a root stands, only a new leaf.

    All files are readable by their owner only. The keys of the root and the intermediate are kept beside
    them, so that the next leaf has the same root. A festival that means it makes its root elsewhere and
    puts only root.pem, chain.pem and leaf.key here.
    """
    at = at or datetime.now(UTC)
    authority = Authority(folder)
    authority.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    root_key = _key(authority.folder / "root.key")
    issuing_key = _key(authority.folder / "intermediate.key")
    if not authority.root.exists():
        _write(authority.root, _certificate(f"{name} root", root_key, age=ROOT_AGE, at=at, depth=1))
    root = x509.load_pem_x509_certificate(authority.root.read_bytes())
    between = _load_or_make(
        authority.folder / "intermediate.pem",
        lambda: _certificate(
            f"{name} intermediate", issuing_key, age=ROOT_AGE, at=at, depth=0, issuer=root, by=root_key
        ),
    )
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    leaf = _certificate(name, leaf_key, age=LEAF_AGE, at=at, issuer=between, by=issuing_key)
    _write_bytes(authority.key, _pem(leaf_key))
    _write(authority.chain, leaf, between)
    return authority


def _certificate(name, key, *, age, at, depth=None, issuer=None, by=None) -> x509.Certificate:
    """One certificate for `key`: an authority where `depth` (its path length) is given, else a leaf."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Marquee"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    signer = by or key
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - EARLIER)
        .not_valid_after(at + age)
        .add_extension(x509.BasicConstraints(ca=depth is not None, path_length=depth), critical=True)
        .add_extension(_usage(authority=depth is not None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if depth is None:
        uses = [x509.ObjectIdentifier(CLAIM_SIGNING), ExtendedKeyUsageOID.EMAIL_PROTECTION]
        built = built.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
    return built.sign(signer, hashes.SHA256())


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The private key in `path`, made there if it is not."""
    if not path.exists():
        _write_bytes(path, _pem(ec.generate_private_key(ec.SECP256R1())))
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey), f"{path.name} is no elliptic-curve key"  # noqa: S101
    return key


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _load_or_make(path: Path, make) -> x509.Certificate:
    if not path.exists():
        _write(path, make())
    return x509.load_pem_x509_certificate(path.read_bytes())


def _write(path: Path, *certificates: x509.Certificate) -> None:
    _write_bytes(path, b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates))


def _write_bytes(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)
