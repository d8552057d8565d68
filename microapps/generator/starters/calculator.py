"""Fills the calculator: from a recipe, or from formulas that the description itself holds."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import UnknownApp
from ...notebook.syntax import expression_tree
from .assigning import assigned
from .calculation import Calculation, expected
from .catalogue import FORMULA, Recipe, catalogue
from .filling import Filling, Request
from .formulas import FUNCTIONS, Formula, identifier, parse
from .language import Language, normal, stem, words
from .marks import averaged, marks_said
from .reading import MONEY, Currency, currency_of, is_money, is_percent, quantities
from .written import units_of, written

MOST = 1e12  # of an input that has no limit of its own
_OWN_NAMES = ("problem", "calculate", "shown", "remark", "results_page", "html", "math", "widgets", *FUNCTIONS)
_PHYSICS = {"g": 9.81, "c": 299792458.0}  # standard gravity (rounded, m/s²), speed of light (exact, m/s)


def fill(request: Request) -> Filling:
    """The calculator for a request."""
    if request.recipe == FORMULA:
        calculation, title, about, taken, used = _from_formulas(request)
        examples: tuple[str, ...] = ()
    else:
        recipe = catalogue().recipes[request.recipe or "bill-splitter"]
        title, about = recipe.title[request.language], recipe.about[request.language]
        calculation, taken, used, examples = _from_recipe(recipe, request)
    needed = [f for f in examples if f in _needed(request)]
    return Filling(
        title=title,
        about=about,
        constants={"FIELDS": list(calculation.fields), "RESULTS": list(calculation.results)}
        | expected(calculation, request.words),
        taken=taken,
        used=used,
        examples=examples,
        another=bool(taken and (needed or _has_no_place(request, used, examples))),
        logic=_functions(calculation),
        replaces=("FORMULAS", *(result["name"] for result in request.defaults["RESULTS"])),
    )


def unknown_recipe(name: str) -> UnknownApp:
    """The error for a recipe the calculator does not know, or a formula that is not in the description."""
    if name == FORMULA:
        return UnknownApp("There is no formula in the description.", "Write one like 'area = width * height'.")
    return UnknownApp(f"The calculator knows no recipe {name!r}.", f"It knows {', '.join(catalogue().recipes)}.")


def _from_recipe(
    recipe: Recipe, request: Request
) -> tuple[Calculation, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The calculation, what was taken, the numbers of the description that were, and inputs left at example values."""
    language, text = request.language, request.description
    currency = currency_of(text, language)
    inputs: Sequence[Mapping[str, Any]] = recipe.inputs
    results: Sequence[Mapping[str, Any]] = recipe.results
    read = assigned([_in_language(entry, language) for entry in inputs], text)
    called = {entry["name"]: named for entry in inputs if entry["name"] not in read and (named := _called(entry, text))}
    if recipe.name == "average" and (marks := marks_said(text)):
        inputs, results = averaged(marks, recipe)
        read = {entry["name"]: mark.quantity for entry, mark in zip(inputs, marks, strict=True) if mark.quantity}
    elsewhere = normal(text)
    for quantity in read.values():
        elsewhere = elsewhere.replace(quantity.text, " ")
    fields, taken, examples = [], [], []
    for entry in inputs:
        field = _field(entry, language, currency)
        if entry["name"] in read:
            field["value"] = read[entry["name"]].value
            taken.append(f"{field['label']} {read[entry['name']].value:,.10g}")
        elif entry["name"] in called:
            word, field["value"] = called[entry["name"]]
            taken.append(f"{field['label']} {word}")
        elif "neutral" in entry and (_denied(entry, text) or (read and not _mentioned(entry, elsewhere))):
            field["value"] = float(entry["neutral"])
        elif entry.get("promised") or (read and field["kind"] != "choice" and not entry.get("usual")):
            examples.append(field["label"])
        if field["kind"] == "slider" and field["value"] != int(field["value"]):
            field["step"] = 0.5
        fields.append(field)
    formulas = {r["name"]: parse(_spoken_in(r, "formula", language)) for r in results}
    labels = {f["name"]: f["plain"] for f in fields} | {r["name"]: r[language] for r in results}
    shown = [_result(r, formulas, labels, language, currency) for r in sorted(results, key=lambda r: r.get("place", 1))]
    for field in fields:
        del field["plain"]
    sources = {result["name"]: str(result["source"]) for result in results if "source" in result}
    calculation = Calculation(tuple(fields), tuple(shown), formulas, sources)
    if calculation.answers(calculation.example) is None:  # the numbers read make no sense together
        for field, entry in zip(fields, inputs, strict=True):
            field["value"] = _field(entry, language, currency)["value"]
        return calculation, (), (), ()
    count = [q.text for q in quantities(text) if inputs is not recipe.inputs and not read and q.value == len(inputs)]
    said = [part for word, _ in called.values() for part in word.split()]
    return calculation, tuple(taken), (*(q.text for q in read.values()), *count, *said), tuple(examples)


def _in_language(entry: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
    """An input with the words that are never beside its numbers in this language, as where its unit is another."""
    return {**entry, "never": (*entry.get("never", ()), *entry.get(f"{language}_never", ()))}


def _has_no_place(request: Request, used: Sequence[str], examples: Sequence[str]) -> bool:
    """Whether money or a percentage is told that no input took, while an input of money or percent is an example."""
    told = Counter(used)
    left = []
    for quantity in quantities(request.description):
        told[quantity.text] -= 1
        if told[quantity.text] < 0:
            left.append(quantity)
    kinds = {MONEY if is_money(one) else "%" for one in left if is_money(one) or is_percent(*one.after[:1] or ("",))}
    return any(entry.get("unit") in kinds for entry, label in _labelled_inputs(request) if label in examples)


def _needed(request: Request) -> list[str]:
    """The labels of inputs without which the numbers of a request are for another calculation."""
    return [label for entry, label in _labelled_inputs(request) if entry.get("needed")]


def _labelled_inputs(request: Request) -> list[tuple[Mapping[str, Any], str]]:
    """The inputs of the request's recipe with their labels; none for a written formula."""
    currency = currency_of(request.description, request.language)
    inputs = catalogue().recipes[request.recipe].inputs if request.recipe in catalogue().recipes else ()
    return [(entry, str(_field(entry, request.language, currency)["label"])) for entry in inputs]


def _called(entry: Mapping[str, Any], text: str) -> tuple[str, float] | None:
    """The value that a word of the description stands for, as a marathon for a distance."""
    spoken = normal(text)
    for word, value in entry.get("called", ()):
        if re.search(rf"(?<![a-z]){word}s?(?![a-z])", spoken) if word.isascii() else word in spoken:
            return word, float(value)
    return None


def _mentioned(entry: Mapping[str, Any], text: str) -> bool:
    """Whether a description speaks of an input, without a number for it."""
    spoken = set(map(stem, words(text)))
    return any(all(stem(part) in spoken for part in cue.split()) for cue in entry.get("spoken", entry.get("cues", ())))


def _denied(entry: Mapping[str, Any], text: str) -> bool:
    """Whether a description says that there is none of an input: "no tip", "팁 없이"."""
    spoken = normal(text)
    return any(
        re.search(rf"\b(?:no|without)\b(?: an?)? {cue}|{cue}은? (?:없|제외|빼고)", spoken) for cue in entry["cues"]
    )


def _from_formulas(request: Request) -> tuple[Calculation, str, str, tuple[str, ...], tuple[str, ...]]:
    found = written(request.description)
    names = tuple(dict.fromkeys(name for w in found for name in w.formula.names))
    results = tuple(w.name for w in found)
    labels = {name: label for w in found for name, label in w.labels.items()}
    units = units_of(request.description, labels)
    cues = [{"name": n, "cues": [labels.get(n, n).lower()], "least": -MOST, "most": MOST} for n in names]
    said = re.sub(r"=.*?(?=\b(?:with|where|given|for|and|when)\b|[,;]|$)", " ", request.description)
    read = assigned(cues, said)
    fields = []
    for place, name in enumerate(n for n in names if n not in results):
        label, unit = units.get(name, (labels.get(name, name), ""))
        value = read[name].value if name in read else _PHYSICS.get(name, float(place + 2))
        fields.append(_plain_field(_safe(name), _labelled(label, unit), value))
    renamed = {name: _safe(name) for name in (*names, *results)}
    formulas = {_safe(w.name): _renamed(w.formula, renamed) for w in found}
    spoken = {f["name"]: "" for f in fields} | {_safe(name): label for name, label in labels.items()}
    spoken |= {_safe(w.name): w.label for w in found}
    shown = tuple(
        _result(
            {"name": _safe(w.name), "en": w.label, "ko": w.label, "decimals": 4}, formulas, spoken, "en", Currency("")
        )
        for w in found
    )
    calculation = Calculation(tuple(fields), shown, formulas, sources={})
    if calculation.answers(calculation.example) is None:
        for field in fields:
            field["value"] = 1.0
    formulas_said = "; ".join(f"{w.label} = {w.formula.spoken(w.labels)}" for w in found)
    title = request.pick(f"{found[0].label} calculator", f"{found[0].label} 계산기")
    about = request.pick("Type in the numbers; the results follow.", "숫자를 입력하면 결과가 바로 나옵니다.")
    taken = (formulas_said, *(f"{f['label']} {f['value']:g}" for f in fields if f["name"] in {_safe(n) for n in read}))
    shown_labels = (*labels.values(), *(w.label for w in found), *(f["label"] for f in fields))
    used = tuple(word.strip("()").lower() for text in shown_labels for word in text.split())
    outside = Counter(quantity.text for quantity in quantities(said))
    written_out = (Counter(quantity.text for quantity in quantities(request.description)) - outside).elements()
    used += (*written_out, *(quantity.text for quantity in read.values()))
    return calculation, title[0].upper() + title[1:], about, taken, used


def _field(entry: Mapping[str, Any], language: Language, currency: Currency) -> dict[str, Any]:
    kind = entry.get("kind", "number")
    unit = _spoken_in(entry, "unit", language) if "unit" in entry or f"{language}_unit" in entry else ""
    if unit == MONEY:
        unit = currency.suffix or currency.sign
    won = currency.sign in ("₩", "¥")
    value = (
        entry["ko_value"]
        if "ko_value" in entry and (won or (language == "ko" and entry.get("unit") != MONEY))
        else entry["value"]
    )
    plain = entry[language]
    if kind == "choice":
        field = _plain_field(entry["name"], plain, float(value)) | {"kind": kind}
        options = []
        for english, korean, *amounts in entry["options"]:
            amount = float(amounts[-1] if won else amounts[0])
            text = korean if language == "ko" else english
            options.append([f"{currency.prefix}{amount:,g}{currency.suffix}" if text == "money" else text, amount])
        return field | {"options": options, "plain": plain}
    field = _plain_field(entry["name"], _labelled(plain, unit), float(value))
    field |= {
        "least": float(entry.get("least", 0)),
        "most": float(entry.get("most", MOST)),
        "kind": kind,
        "plain": plain,
    }
    return field | ({"step": 1.0} if kind in ("whole", "slider") else {})


def _plain_field(name: str, label: str, value: float) -> dict[str, Any]:
    return {"name": name, "label": label, "value": value, "least": -MOST, "most": MOST, "step": None, "kind": "number"}


def _result(
    entry: Mapping[str, Any],
    formulas: Mapping[str, Formula],
    labels: Mapping[str, str],
    language: Language,
    currency: Currency,
) -> dict[str, Any]:
    unit = _spoken_in(entry, "unit", language) if "unit" in entry or f"{language}_unit" in entry else ""
    money = unit == MONEY
    gap = "" if unit in ("%", "") or "가" <= unit[0] <= "힣" else " "
    return {
        "name": entry["name"],
        "label": entry[language],
        "uses": [name for name in labels if name in _uses(entry["name"], formulas)],
        "prefix": currency.prefix if money else "",
        "suffix": currency.suffix if money else f"{gap}{unit}",
        "decimals": currency.decimals + (2 if entry.get("fine") else 0) if money else int(entry.get("decimals", 2)),
        "bands": [
            [float(band[3] if language == "ko" and len(band) > 3 else band[0]), band[2 if language == "ko" else 1]]
            for band in entry.get("bands", ())
        ],
        "spoken": formulas[entry["name"]].spoken(labels),
    }


def _uses(name: str, formulas: Mapping[str, Formula]) -> tuple[str, ...]:
    """The inputs a result rests on, through the results above it."""
    found: list[str] = []
    for used in formulas[name].names:
        found += _uses(used, formulas) if used in formulas else [used]
    return tuple(dict.fromkeys(found))


def _functions(calculation: Calculation) -> str:
    """One typed function for each formula, in working order."""
    calls = {result["name"]: tuple(result["uses"]) for result in calculation.results}
    labels = {f["name"]: f["label"] for f in calculation.fields}
    titles = {
        r["name"]: r["label"] + (f", in {r['suffix'].strip() or r['prefix']}" if (r["suffix"] or r["prefix"]) else "")
        for r in calculation.results
    }
    sources = []
    for name, formula in calculation.formulas.items():
        arguments = [ast.arg(used, ast.Name("float")) for used in calls[name]]
        described = ", ".join(f"{used}: {labels[used]}" for used in calls[name])
        source = calculation.sources.get(name, "")
        text = f"{titles[name]}.\n\n    Takes {described}.\n    " + (f"{source}\n    " if source else "")
        node = ast.FunctionDef(
            name=name,
            args=ast.arguments([], arguments, None, [], [], None, []),
            body=[ast.Expr(ast.Constant(text)), ast.Return(expression_tree(formula.python(calls)))],
            decorator_list=[],
            returns=ast.Name("float"),
        )
        sources.append(ast.unparse(ast.fix_missing_locations(ast.Module([node], []))))
    known = ", ".join(f"{name!r}: {name}" for name in calculation.formulas)
    return "\n\n\n".join((*sources, f"FORMULAS = {{{known}}}"))


def _spoken_in(entry: Mapping[str, Any], key: str, language: Language) -> str:
    return str(entry.get(f"{language}_{key}", entry.get(key, "")))


def _labelled(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _safe(name: str) -> str:
    return identifier(name, _OWN_NAMES) if name in _OWN_NAMES else name


def _renamed(formula: Formula, names: Mapping[str, str]) -> Formula:
    tree = expression_tree(ast.unparse(formula.tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            node.id = names[node.id]
    return Formula(tree, tuple(names.get(name, name) for name in formula.names))
