"use strict";
// In the frame of an exported page: shows the answer to what is set, of those that were calculated in advance.
(async () => {
  const main = document.querySelector("main");
  const packed = Uint8Array.from(atob(document.getElementById("answers").textContent), c => c.charCodeAt(0));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const { sizes, bodies, answers, pictures } = JSON.parse(await new Response(plain).text());
  const controls = number => [...main.querySelectorAll(`[data-input="${number}"]`)]; // an app may show one more than once
  const set = sizes.map((_, number) => place(controls(number)[0]));

  function place(input) {
    return input.type === "checkbox" ? Number(input.checked) : input.type === "range" ? input.valueAsNumber : input.selectedIndex;
  }

  // Make what is there like what is wanted, and leave alone what is: a control that is in use stays the same one.
  function morph(old, wanted) {
    const kept = [...old.childNodes];
    const parts = [...wanted.childNodes];
    parts.forEach((want, at) => {
      const have = kept[at];
      if (!have) {
        old.append(want);
      } else if (have.nodeType !== want.nodeType || have.nodeName !== want.nodeName || input(have) !== input(want)) {
        have.replaceWith(want);
      } else if (have.nodeType === Node.TEXT_NODE) {
        if (have.data !== want.data) have.data = want.data;
      } else if (have.nodeType === Node.ELEMENT_NODE && input(have) === null && !have.isEqualNode(want)) {
        for (const { name } of [...have.attributes]) if (!want.hasAttribute(name)) have.removeAttribute(name);
        for (const { name, value } of want.attributes) if (have.getAttribute(name) !== value) have.setAttribute(name, value);
        morph(have, want);
      }
    });
    kept.slice(parts.length).forEach(node => node.remove());
  }

  function input(node) {
    return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-input") : null;
  }

  function show() {
    const focused = document.activeElement?.getAttribute("data-input");
    const at = focused ? controls(focused).indexOf(document.activeElement) : -1;
    const fresh = document.createElement("template");
    fresh.innerHTML = bodies[answers[set.reduce((at, place, number) => at * sizes[number] + place, 0)]];
    for (const image of fresh.content.querySelectorAll('img[src^="data:,picture-"]')) {
      image.src = pictures[Number(image.getAttribute("src").replace("data:,picture-", ""))];
    }
    globalThis.setFormulas?.(fresh.content);
    morph(main, fresh.content);
    set.forEach((place, number) => {
      const all = controls(number);
      for (const own of all) {
        if (own.type === "checkbox") own.checked = Boolean(place);
        else if (own.type === "range") own.value = String(place);
        else own.selectedIndex = place;
        const said = own.type === "range" && JSON.parse(own.dataset.labels)[place];
        if (said) {
          own.setAttribute("aria-valuetext", said);
          own.nextElementSibling.textContent = said;
        }
      }
      if (focused === String(number) && document.activeElement !== all[at]) all[at]?.focus();
    });
  }

  main.addEventListener("input", event => {
    const number = event.target.getAttribute?.("data-input");
    if (number === null || number === undefined) return;
    set[Number(number)] = place(event.target);
    show();
  });
  show();
  document.documentElement.dataset.state = "alive";
})();
