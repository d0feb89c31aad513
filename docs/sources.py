"""The product's own source files, read but never run: what each defines, and where a name gets its value."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

# What never speaks to who runs the product.
_OTHERS = frozenset(("benchmarks", "docs", "emulator", "examples", "on_github", "tests"))

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Source:
    """One module: `name` is its path within the project, with slashes."""

    name: str
    tree: ast.Module

    @cached_property
    def everything(self) -> list[ast.AST]:
        """Every node of the tree."""
        return list(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node around each node."""
        return {child: node for node in self.everything for child in ast.iter_child_nodes(node)}

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """What the module itself assigns to names."""
        return {name: value for node in self.tree.body for name, value in _bound_by(node)}

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Functions and methods by name."""
        return {node.name: node for node in self.everything if isinstance(node, ast.FunctionDef)}

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """Classes by name."""
        return {node.name: node for node in self.everything if isinstance(node, ast.ClassDef)}

    @cached_property
    def imported(self) -> dict[str, tuple[str, str]]:
        """Names that come from elsewhere: the module's dotted name and the name there."""
        return {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in self.everything
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    @cached_property
    def nodes(self) -> list[ast.expr | ast.stmt]:
        """Every statement and expression, in the order of the text."""
        found = [node for node in self.everything if isinstance(node, ast.expr | ast.stmt)]
        return sorted(found, key=lambda node: (node.lineno, node.col_offset))

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """What holds the node, the innermost first."""
        while (node := self.parents[node]) is not self.tree:
            yield node

    def functions_around(self, node: ast.AST) -> list[ast.FunctionDef]:
        """The named functions that the node stands in, the innermost first."""
        return [outer for outer in self.around(node) if isinstance(outer, ast.FunctionDef)]

    def values_of(self, name: str, node: ast.AST) -> list[ast.expr]:
        """What the innermost function around the node that assigns to the name assigns to it."""
        for function in self.functions_around(node):
            inner = [part for part in ast.walk(function) if part is not node]
            if values := [value for part in inner for bound, value in _bound_by(part) if bound == name]:
                return values
        return []

    def function_of_parameter(self, name: str, node: ast.AST) -> str | None:
        """The function around the node, whose parameter the name is."""
        for function in self.functions_around(node):
            arguments = function.args
            if name in {one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}:
                return function.name
        return None

    def is_caught(self, name: str, node: ast.AST) -> bool:
        """Whether an `except` around the node binds the name."""
        return any(isinstance(outer, ast.ExceptHandler) and outer.name == name for outer in self.around(node))


@dataclass(frozen=True)
class Product:
    """All modules of the product, by name."""

    sources: dict[str, Source]

    @classmethod
    def read(cls, root: Path) -> Self:
        """Every module below `root` but the emulated tenant, workflows, benchmarks, docs and tests."""
        files = [*root.glob("*.py"), *root.glob("[!.]*/**/*.py")]
        names = sorted(file.relative_to(root).as_posix() for file in files)
        return cls.of(
            {
                name: (root / name).read_text(encoding="utf-8")
                for name in names
                if name.split("/")[0] not in _OTHERS
            }
        )

    @classmethod
    def of(cls, texts: dict[str, str]) -> Self:
        """The modules of these texts, by name."""
        return cls({name: Source(name, ast.parse(text)) for name, text in texts.items()})

    @cached_property
    def bases(self) -> dict[str, list[str]]:
        """The classes that each class of the product is derived from."""
        return {
            node.name: [called(base) for base in node.bases]
            for source in self.sources.values()
            for node in source.classes.values()
        }

    def is_exception(self, name: str) -> bool:
        """Whether a class of that name is raised."""
        if name in self.bases:
            return any(map(self.is_exception, self.bases[name]))
        return name.endswith(("Error", "Exception"))

    def constant(self, name: str, source: Source) -> tuple[ast.expr, Source] | None:
        """The value of a module's constant, imported ones included, and where it stands."""
        if name in source.constants:
            return source.constants[name], source
        other, original = self._origin(name, source)
        return self.constant(original, other) if other else None

    def function(self, name: str, source: Source) -> tuple[ast.FunctionDef, Source] | None:
        """A function of the product by the name that a module has for it, and where it stands."""
        if name in source.functions:
            return source.functions[name], source
        other, original = self._origin(name, source)
        return self.function(original, other) if other else None

    def _origin(self, name: str, source: Source) -> tuple[Source | None, str]:
        """The module that a name is imported from, and its name there."""
        module, original = source.imported.get(name, ("", ""))
        path = module.replace(".", "/")
        return self.sources.get(f"{path}.py") or self.sources.get(f"{path}/__init__.py"), original


def called(function: ast.AST) -> str:
    """The last word of what is called: `warn` of `pulumi.log.warn`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _bound_by(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that a statement or expression binds, with what it gives them."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign | ast.NamedExpr):
        targets = [node.target]
    value: ast.expr | None = getattr(node, "value", None)
    if value is None:
        return
    for target in targets:
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        values = [value] * len(names)
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            values = value.elts
        for name, its_value in zip(names, values, strict=True):
            if isinstance(name, ast.Name):
                yield name.id, its_value
