""".env.example names every variable that the code reads, and none that nobody reads.

A variable is a string literal in capitals with an underscore, in the crates' non-test sources,
that stands where the configuration is read. Names that only look like one are listed below.
"""

import re
import sys

from metadata import ROOT

# Read by the tools around the code, not by the code.
OUTSIDE = {"RUST_LOG", "POSTA_RUN_DIR", "POSTA_SERVICES", "POSTA_PKG_DIR"}
# Read by code that is not there yet; take a name out when its code lands.
PLANNED = {
    "API_ADDR",
    "CALENDAR_ALLOW_ORIGINS",
    "CALENDAR_TOKEN_KEY",
    "MERCADOPAGO_ACCESS_TOKEN",
    "MERCADOPAGO_API_URL",
    "MERCADOPAGO_USER_ID",
    "PUBLIC_URL",
    "SESSION_KEY",
    "SMTP_URL",
    "TRANSCRIPTION_API_KEY",
    "TRANSCRIPTION_MODEL",
    "TRANSCRIPTION_URL",
    "TRUSTED_PROXIES",
    "WHATSAPP_WABA_ID",
}
# Looks like a variable and is none, or is set by our own scripts for our own programs.
NOT_CONFIGURATION = re.compile(r"^(CARGO_|SQLX_|POSTA_|SANDBOX_|RUST_|UTF_)")
LITERAL = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"')
EXAMPLE = re.compile(r"^#? ?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
CONFIGURATION = ("shared/runtime/src", "workers/src", "ingress/src", "api/src", "cli/src")


def read_by_code() -> set[str]:
    names = set()
    for folder in CONFIGURATION:
        for file in (ROOT / folder).rglob("*.rs"):
            if "test" in file.stem:
                continue
            text = file.read_text(encoding="utf-8").split("#[cfg(test)]")[0]
            names |= set(LITERAL.findall(text))
    return {name for name in names if not NOT_CONFIGURATION.match(name)}


def main() -> int:
    example = set(EXAMPLE.findall((ROOT / ".env.example").read_text(encoding="utf-8")))
    code = read_by_code()
    failed = False
    for name in sorted(code - example):
        failed = True
        print(f"env: the code reads {name}, .env.example does not name it", file=sys.stderr)
    for name in sorted(example - code - OUTSIDE - PLANNED):
        failed = True
        print(f"env: .env.example names {name}, no code reads it", file=sys.stderr)
    if not failed:
        print(f"env: .env.example names all {len(code)} variables")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
