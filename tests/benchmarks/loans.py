"""The same loan calculator for each contender: three number fields, one sentence, and in a second form a chart.

Every one is written as its own documentation has it. The sentence is "You pay 1,012.45 a month", the amount starts at
100,000; :mod:`.watching` finds both in any page by these.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

_PAYS = '''
def pays(amount, rate, years):
    """What is to be paid each month."""
    monthly = rate / 1200
    return amount * monthly / (1 - (1 + monthly) ** -(years * 12))


def sentence(amount, rate, years):
    return f"You pay {pays(amount, rate, years):,.2f} a month"
'''
_OWED = '''

def owed(amount, rate, years):
    """What is still owed after each month."""
    rows, left = [], amount
    for _ in range(years * 12):
        rows.append(left)
        left = left * (1 + rate / 1200) - pays(amount, rate, years)
    return rows
'''
_CHART = (
    _OWED
    + """

import matplotlib
matplotlib.use("agg")
from matplotlib.figure import Figure

def chart(amount, rate, years):
    figure = Figure(figsize=(6, 3))
    figure.subplots().plot(owed(amount, rate, years))
    return figure
"""
)

_NOTEBOOK = """
import ipywidgets as w
#chart import matplotlib.pyplot as plt

amount = w.IntText(description="Amount", value=100000)
rate = w.FloatText(description="Rate", value=4)
years = w.IntText(description="Years", value=10)
answer = w.Label()
out = w.Output()

def calculate(_=None):
    values = amount.value, rate.value, years.value
    answer.value = sentence(*values)
    #chart with out:
    #chart     out.clear_output(wait=True)
    #chart     plt.figure(figsize=(6, 3))
    #chart     plt.plot(owed(*values))
    #chart     plt.show()

for each in (amount, rate, years):
    each.observe(calculate, "value")
calculate()
app = w.VBox([amount, rate, years, answer, out])
"""
_STREAMLIT = """
import streamlit as st

amount = st.number_input("Amount", value=100000)
rate = st.number_input("Rate", value=4.0)
years = st.number_input("Years", value=10)
st.write(sentence(amount, rate, years))
#chart st.pyplot(chart(amount, rate, years))
"""
_PANEL = """
import panel as pn

pn.extension()
amount = pn.widgets.IntInput(name="Amount", value=100000)
rate = pn.widgets.FloatInput(name="Rate", value=4)
years = pn.widgets.IntInput(name="Years", value=10)
shown = [pn.pane.Str(pn.bind(sentence, amount, rate, years))]
#chart shown.append(pn.pane.Matplotlib(pn.bind(chart, amount, rate, years)))
pn.Column(amount, rate, years, *shown).servable()
"""
_GRADIO = """
import sys
import gradio as gr

with gr.Blocks() as page:
    amount = gr.Number(label="Amount", value=100000, precision=0)
    rate = gr.Number(label="Rate", value=4)
    years = gr.Number(label="Years", value=10, precision=0)
    inputs = [amount, rate, years]
    gr.Markdown(sentence, inputs=inputs)
    #chart gr.Plot(chart, inputs=inputs)

page.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]))
"""
_SHINY = """
from shiny.express import input, render, ui

ui.input_numeric("amount", "Amount", 100000)
ui.input_numeric("rate", "Rate", 4)
ui.input_numeric("years", "Years", 10)

@render.text
def answer():
    return sentence(input.amount(), input.rate(), input.years())

#chart @render.plot
#chart def drawing():
#chart     return chart(input.amount(), input.rate(), input.years())
"""
_MARIMO = """
import marimo

app = marimo.App()

@app.cell
def _():
    import marimo as mo
    amount = mo.ui.number(value=100000, label="Amount")
    rate = mo.ui.number(value=4.0, label="Rate")
    years = mo.ui.number(value=10, label="Years")
    mo.vstack([amount, rate, years])
    return amount, mo, rate, years

@app.cell
def _():
DEFINITIONS
    return pays, sentence

@app.cell
def _(amount, mo, rate, sentence, years):
    mo.md(sentence(amount.value, rate.value, years.value))
    return

#chart @app.cell
#chart def _(amount, pays, rate, years):
#chart CHART
#chart     chart(amount.value, rate.value, years.value)
#chart     return

if __name__ == "__main__":
    app.run()
"""
_STATIC = """<!DOCTYPE html>
<title>Loan</title>
<label>Amount <input id="amount" type="number" value="100000"></label>
<p>You pay 1,012.45 a month</p>
<script>
amount.onchange = () => {
  const monthly = 4 / 1200;
  const pays = amount.valueAsNumber * monthly / (1 - (1 + monthly) ** -120);
  const said = pays.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  document.querySelector("p").textContent = `You pay ${said} a month`;
};
</script>
"""
SCRIPTS = {"streamlit": _STREAMLIT, "panel": _PANEL, "gradio": _GRADIO, "shiny": _SHINY, "marimo": _MARIMO}


def notebook(folder: Path, *, chart: bool) -> Path:
    """The calculator as a notebook of ipywidgets, written to that folder."""
    cells = [_PAYS, *([_OWED] if chart else []), _chosen(_NOTEBOOK, chart=chart), "display(app)"]
    path = folder / "loan.ipynb"
    made = [new_code_cell(dedent(cell).strip()) for cell in cells]  # type: ignore[no-untyped-call]
    nbformat.write(new_notebook(cells=made), path)  # type: ignore[no-untyped-call]
    return path


def static_page(folder: Path) -> None:
    """The least of all calculators: one field, one sentence, a script in the page. Written to that folder."""
    (folder / "index.html").write_text(_STATIC)


def script(folder: Path, contender: str, *, chart: bool) -> Path:
    """The calculator for one of :data:`SCRIPTS`, written to that folder."""
    source = _chosen(SCRIPTS[contender], chart=chart)
    if contender == "marimo":
        source = source.replace("DEFINITIONS", indent(_PAYS, "    ")).replace("CHART", indent(_CHART, "    "))
    else:
        source = _PAYS + (_CHART if chart else "") + source
    path = folder / f"{contender}_loan.py"
    path.write_text(source)
    return path


def _chosen(source: str, *, chart: bool) -> str:
    """The source with or without the lines of the chart."""
    lines = source.splitlines()
    if not chart:
        return "\n".join(line for line in lines if not line.lstrip().startswith("#chart "))
    return "\n".join(line.replace("#chart ", "", 1) for line in lines)
