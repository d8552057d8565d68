/** The person's language. JupyterLab loads it before any extension, and loads the page anew when it changes. */

import { nullTranslator, type ITranslator, type TranslationBundle } from '@jupyterlab/translation';

/** The name of the catalogue of these words. */
export const DOMAIN = 'jupyterlab_microapps';

let bundle: TranslationBundle = nullTranslator.load(DOMAIN);
let code = 'en';

/** Take the language that JupyterLab shows; called once, first of all. */
export function speak(translator: ITranslator | null): TranslationBundle {
  bundle = (translator ?? nullTranslator).load(DOMAIN);
  code = (translator?.languageCode ?? 'en').replace('_', '-');
  return bundle;
}

/** The words, for what has none given to it. */
export function words(): TranslationBundle {
  return bundle;
}

/** The language that the words are in: JupyterLab's, where there is a catalogue for it. */
export function wordsLanguage(): string {
  return bundle.__('Micro-apps') === 'Micro-apps' ? 'en' : code;
}

/** Mark what is ours, and in which language it is: JupyterLab's page says that it is in English, in any. */
export function mark(node: HTMLElement): void {
  node.classList.add('jp-Microapps');
  node.lang = wordsLanguage();
}

/**
 * The language of what Python and its tests say, whatever a person reads: English; left open where other letters show
 * that the app has a say in it.
 */
export function pythonLanguage(text: string): 'en' | undefined {
  return /[^\p{ASCII}\p{P}\p{S}]/u.test(text) ? undefined : 'en';
}

/** The language's tag, such as `ko-KR`: for dates and numbers, and for what the server says. */
export function language(): string {
  return code;
}
