"""The workspace as cargo sees it, for the checks beside this file."""

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Workspace:
    """Packages by id, the workspace's own packages, and the resolved graph."""

    def __init__(self) -> None:
        command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
        text = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
        data = json.loads(text)
        self.packages = {package["id"]: package for package in data["packages"]}
        self.members = [self.packages[id] for id in data["workspace_members"]]
        self.nodes = {node["id"]: node for node in data["resolve"]["nodes"]}

    def closure(self, package_id: str) -> set[str]:
        """Ids of everything a package is built from: no dev-dependencies."""
        seen: set[str] = set()
        todo = [package_id]
        while todo:
            current = todo.pop()
            if current in seen:
                continue
            seen.add(current)
            for dep in self.nodes[current]["deps"]:
                if any(kind["kind"] != "dev" for kind in dep["dep_kinds"]):
                    todo.append(dep["pkg"])
        return seen

    def closure_names(self, package_id: str) -> set[str]:
        return {self.packages[id]["name"] for id in self.closure(package_id)}

    def name(self, package_id: str) -> str:
        return self.packages[package_id]["name"]
