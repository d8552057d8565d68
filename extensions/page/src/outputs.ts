/** Outputs of cells and Output widgets as elements: the richest form of each that this page can show. */

import type { JSONValue } from '@lumino/coreutils';
import { formulas, setFormulas } from './formulas';
import { put } from './lifeless';
import { part } from './parts';
import type { Output } from './protocol';
import { image, joined, LONGEST_STREAM, PICTURES } from './shown';
import { tell } from './spoken';
import { printed } from './terminal';

export const NO_SCRIPTS =
  'This part of the app needs permission to run scripts of its own in this page. Its owner can allow it: page:scripts.';

export const NOT_SHOWN =
  'This part of the app could not be shown. Its owner finds the reason in the browser’s console.';

const VIEW = 'application/vnd.jupyter.widget-view+json';

const SEEN = 'audio,button,hr,img,input,math,meter,picture,progress,select,svg,textarea,video';

/** What outputs need of the page they are in. */
export interface Context {
  /** Show a widget in an element. */
  widget(model: string, host: HTMLElement): void;
  /** Whether the app may run scripts of its own in this page. */
  readonly scripts: boolean;
}

/** The id by which an output can be replaced later; empty for most. */
export function displayId(output: Output): string {
  const id = output.metadata?.display_id;
  return typeof id === 'string' ? id : '';
}

/** An output as an element. */
export function element(output: Output, context: Context): HTMLElement {
  const made = document.createElement('div');
  made.className = 'output';
  const id = displayId(output);
  if (id) {
    made.dataset.display = id;
  }
  if (output.output_type === 'stream') {
    const pre = document.createElement('pre');
    pre.className = `output-${output.name === 'stderr' ? 'stderr' : 'stdout'}`;
    const all = joined(output.text ?? '');
    pre.append(printed(ending(all)));
    if (all.length > LONGEST_STREAM) {
      made.append(said('Earlier lines are not shown.'));
    }
    made.append(pre);
  } else if (output.output_type === 'error') {
    made.append(failure(output));
  } else {
    rich(made, output, context);
  }
  return made;
}

/** The end of a text, from the beginning of a line. */
function ending(text: string): string {
  const from = text.length - LONGEST_STREAM;
  return from > 0 ? text.slice(text.indexOf('\n', from) + 1 || from) : text;
}

function failure(output: Output): HTMLElement {
  const made = document.createElement('div');
  made.className = 'output-error';
  made.setAttribute('role', 'alert');
  const trace = output.traceback ?? [];
  if (trace.length) {
    const pre = document.createElement('pre');
    pre.append(printed(trace.join('\n')));
    made.append(pre);
  } else {
    made.textContent = output.evalue || 'The app ran into an error. Its owner sees the details.';
  }
  return made;
}

function rich(place: HTMLElement, output: Output, context: Context): void {
  const data = output.data ?? {};
  const text = (mime: string) => joined(data[mime]);
  const picture = PICTURES.find(mime => mime in data);
  if (VIEW in data) {
    context.widget(String((data[VIEW] as { model_id?: JSONValue })?.model_id), place);
  } else if ('text/html' in data) {
    html(place, text('text/html'), context);
  } else if ('text/markdown' in data) {
    place.classList.add('prose');
    void markdown(place, text('text/markdown'));
  } else if ('image/svg+xml' in data) {
    // Within an image nothing of an SVG can act or load, and its ids are its own.
    const drawing = encodeURIComponent(named(text('image/svg+xml')));
    place.append(image(`data:image/svg+xml;charset=utf-8,${drawing}`, output, ''));
  } else if ('text/latex' in data) {
    place.textContent = text('text/latex');
    void setFormulas(place);
  } else if (picture) {
    place.append(image(`data:${picture};base64,${text(picture).replace(/\s/g, '')}`, output, picture));
  } else if ('application/javascript' in data) {
    script(place, text('application/javascript'), context);
  } else if ('application/json' in data) {
    const pre = document.createElement('pre');
    pre.textContent = JSON.stringify(data['application/json'], null, 2);
    place.append(pre);
  } else if ('text/plain' in data) {
    const pre = document.createElement('pre');
    pre.append(printed(text('text/plain')));
    place.append(pre);
  } else {
    note(place, 'This part of the app has a form that its page cannot show.');
  }
}

function html(place: HTMLElement, source: string, context: Context): void {
  place.classList.add('prose');
  put(place, source);
  if (context.scripts) {
    for (const found of place.querySelectorAll('script')) {
      const again = document.createElement('script'); // one that came as text does not run
      for (const { name, value } of found.attributes) {
        again.setAttribute(name, value);
      }
      again.textContent = found.textContent;
      found.replaceWith(again);
    }
  } else if (scripted(place)) {
    return note(place, NO_SCRIPTS);
  }
  void setFormulas(place);
}

/** Whether there is a place in the page and nothing in it but what scripts would draw there. */
function scripted(place: HTMLElement): boolean {
  const bare = place.cloneNode(true) as HTMLElement;
  const scripts = bare.querySelectorAll('script');
  [...scripts, ...bare.querySelectorAll('style')].forEach(each => each.remove());
  return !!scripts.length && !!bare.firstElementChild && !bare.textContent?.trim() && !bare.querySelector(SEEN);
}

function script(place: HTMLElement, source: string, context: Context): void {
  if (context.scripts) {
    const run = document.createElement('script');
    run.textContent = source;
    place.append(run);
  } else {
    note(place, NO_SCRIPTS);
  }
}

async function markdown(place: HTMLElement, source: string): Promise<void> {
  const { toHtml } = await part('markdown');
  put(place, toHtml(source, formulas(source)));
  await setFormulas(place);
}

/** An SVG that says it is one: within a page it need not, as an image it must. */
function named(svg: string): string {
  return /<svg[^>]*\sxmlns\s*=/.test(svg) ? svg : svg.replace(/<svg(?=[\s>/])/, '<svg xmlns="http://www.w3.org/2000/svg"');
}

/** A sentence in place of what cannot be shown. */
export function note(place: HTMLElement, sentence: string): void {
  place.replaceChildren(said(sentence));
}

function said(sentence: string): HTMLElement {
  const made = document.createElement('p');
  made.className = 'left-out';
  tell(made, sentence);
  return made;
}
