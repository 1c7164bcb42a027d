""".env.example names every variable that the code reads, with its default, and no other.

Variables are declared in the code as `Var::secret("NAME", …)`, `Var::new("NAME", …)` or
`Var::with_default("NAME", "default", …)`; nothing else reads the environment of a binary.
"""

import re
import sys

from metadata import ROOT

# Named by the design and read by code that is still to come; take a name out when it lands.
PLANNED = {
    "CALENDAR_ALLOW_ORIGINS",
    "CALENDAR_TOKEN_KEY",
    "SMTP_URL",
    "TRANSCRIPTION_API_KEY",
    "TRANSCRIPTION_MODEL",
    "TRANSCRIPTION_URL",
}
SOURCES = ("shared", "ingress", "workers", "api", "cli")
DECLARATION = re.compile(r'Var::(\w+)\(\s*"([A-Z][A-Z0-9_]*)"(?:,\s*"([^"]*)")?')
EXAMPLE = re.compile(r"^(# )?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)


def declared() -> dict[str, str | None]:
    """Name to default; None where there is none."""
    variables: dict[str, str | None] = {}
    for folder in SOURCES:
        for file in (ROOT / folder).rglob("src/**/*.rs"):
            if "test" in file.stem:
                continue
            for kind, name, second in DECLARATION.findall(file.read_text(encoding="utf-8")):
                variables[name] = second if kind == "with_default" else None
    return variables


def problems() -> list[str]:
    code = declared()
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    example = {name: (bool(commented), value) for commented, name, value in EXAMPLE.findall(text)}
    found = []
    for name, default in sorted(code.items()):
        if name not in example:
            found.append(f"the code reads {name}, .env.example does not name it")
        elif default is not None and example[name] != (True, default):
            found.append(f"{name}: the code's default is {default!r}; write  # {name}={default}")
    for name in sorted(set(example) - set(code) - PLANNED):
        found.append(f".env.example names {name}, no code reads it")
    for name in sorted(PLANNED & set(code)):
        found.append(f"{name} is read now: take it out of PLANNED in scripts/check/env_example.py")
    return found


def main() -> int:
    found = problems()
    for line in found:
        print(f"env: {line}", file=sys.stderr)
    if not found:
        print(f"env: .env.example names all {len(declared())} variables with their defaults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
