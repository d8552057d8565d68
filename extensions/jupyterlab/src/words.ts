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

/** The language's tag, such as `ko-KR`: for dates and numbers, and for what the server says. */
export function language(): string {
  return code;
}
