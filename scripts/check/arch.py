"""The crates depend on each other only along the design's arrows.

An arrow that is missing here is a decision: add it together with an ADR. Tests count too: a
dev-dependency is an arrow like any other.
"""

import sys

from metadata import Workspace

SHARED = {"posta-domain", "posta-store", "posta-bus", "posta-providers", "posta-runtime"}

# crate: the crates of this workspace it may depend on
ARROWS: dict[str, set[str]] = {
    "posta-domain": set(),
    "posta-store": {"posta-domain"},
    # The words of locales/: for whatever speaks to people.
    "posta-texts": {"posta-domain"},
    "posta-runtime": {"posta-domain"},
    "posta-bus": {"posta-domain", "posta-runtime"},
    "posta-providers": {"posta-domain", "posta-runtime"},
    # The webhook server accepts while PostgreSQL is down: it does not know the store.
    "ingress": SHARED - {"posta-store"},
    "workers": SHARED | {"posta-texts"},
    "api": SHARED | {"posta-texts"},
    "cli": SHARED | {"posta-texts"},
    "sandbox": SHARED | {"posta-texts"},
}

# crate: what may not be built into it, however deep, and why
FORBIDDEN: dict[str, dict[str, str]] = {
    "posta-domain": dict.fromkeys(
        ("tokio", "sqlx", "lapin", "redis", "reqwest", "hyper"), "pure rules, no I/O"
    ),
    "posta-bus": {"sqlx": "the bus knows nothing of the store"},
    "posta-providers": {"sqlx": "providers know nothing of the store"},
    "posta-runtime": {"sqlx": "the runtime knows nothing of the store"},
    "ingress": {"sqlx": "ingress never touches PostgreSQL"},
}

# Crates that one place alone uses, so that changing them is one place's work.
ONLY_IN: dict[str, set[str]] = {
    "backoff": {"posta-runtime"},
    "lapin": {"posta-bus"},
    "fluent-bundle": {"posta-texts"},
}


def problems(workspace: Workspace) -> list[str]:
    found = []
    members = {package["name"] for package in workspace.members}
    for package in workspace.members:
        name = package["name"]
        if name not in ARROWS:
            found.append(f"{name}: unknown crate; say in scripts/check/arch.py what it may use")
            continue
        direct = {dep["name"] for dep in package["dependencies"]}
        # A crate may use itself: that is how its tests switch a feature of its own on.
        for dep in sorted((direct & members) - ARROWS[name] - {name}):
            found.append(f"{name} -> {dep}: not one of the design's arrows")
        built_in = workspace.closure_names(package["id"])
        for dep, reason in FORBIDDEN.get(name, {}).items():
            if dep in built_in:
                found.append(f"{name} is built with {dep}: {reason}")
        for dep, owners in ONLY_IN.items():
            if dep in direct and name not in owners:
                found.append(f"{name} -> {dep}: only {', '.join(sorted(owners))} may use it")
    return found


def main() -> int:
    workspace = Workspace()
    found = problems(workspace)
    for line in found:
        print(f"arch: {line}", file=sys.stderr)
    if not found:
        print(f"arch: {len(workspace.members)} crates keep to the arrows")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
