/**
 * Where an element of a drawn page is: the same in every drawing of it, so that what was done to one of them is done to
 * its counterpart in another.
 */

/** Which widget, which of its drawings, and which of the elements in that. */
export interface Place {
  widget: string;
  among: number;
  /** The way down from the widget's own element: at each step which child. Empty for that element itself. */
  path: number[];
  /** The element's name, and which it is of that name, where the way down leads to another. */
  name: string;
  index: number;
}

/** An option that was chosen: which of all, and what it says. */
export interface Chosen {
  index: number;
  label: string;
}

/** What is chosen in a list. */
export function chosen(list: HTMLSelectElement): Chosen[] {
  return [...list.selectedOptions].map(option => ({ index: option.index, label: labelled(option) }));
}

/**
 * What an option says, whatever its spaces are: the widget library writes them so that no line breaks at them, and a
 * drawn page does not, where the browser takes several for one and drops those at the ends.
 */
function labelled({ label }: HTMLOptionElement): string {
  return label.trim().replace(/\s+/g, ' ');
}

/**
 * Choose the same in another drawing of a list. What it offers may be different by now: then what says the same is
 * chosen; false, and nothing is, where nothing does.
 */
export function choose(list: HTMLSelectElement, wanted: readonly Chosen[]): boolean {
  const options = [...list.options];
  const same = wanted.map(({ index, label }) =>
    options[index] && labelled(options[index]) === label ? options[index] : options.find(each => labelled(each) === label)
  );
  const found = same.every(each => each !== undefined);
  if (found) {
    options.forEach(each => (each.selected = same.includes(each)));
  }
  return found;
}

type Drawing = Document | Element;

/** Where an element is in a drawing; null where it belongs to no widget of it. */
export function placeOf(element: Element, drawing: Drawing): Place | null {
  const widget = element.closest<HTMLElement>('[data-widget]');
  if (!widget || !drawing.contains(widget)) {
    return null;
  }
  const path: number[] = [];
  for (let at = element; at !== widget && at.parentElement; at = at.parentElement) {
    path.unshift([...at.parentElement.children].indexOf(at));
  }
  return {
    widget: widget.dataset.widget ?? '',
    among: drawings(widget.dataset.widget ?? '', drawing).indexOf(widget),
    path,
    name: element.localName,
    index: [...widget.querySelectorAll(element.localName)].indexOf(element),
  };
}

/** What is at that place of another drawing. */
export function elementAt({ widget, among, path, name, index }: Place, drawing: Drawing): HTMLElement | null {
  const root = drawings(widget, drawing)[among];
  if (!root || path.length === 0) {
    return root ?? null;
  }
  const found = path.reduce<Element | undefined>((at, step) => at?.children[step], root);
  const same = found?.localName === name ? found : root.querySelectorAll(CSS.escape(name))[index];
  return (same as HTMLElement | undefined) ?? null;
}

function drawings(widget: string, drawing: Drawing): HTMLElement[] {
  return [...drawing.querySelectorAll<HTMLElement>(`[data-widget="${CSS.escape(widget)}"]`)];
}
