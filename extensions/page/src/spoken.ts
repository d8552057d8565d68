/** The language that a person reads: what the page says of itself is English, or Korean (`korean.ts`). */

import { part } from './parts';

/** The words of that language, by the English ones; none where those are read. */
export async function spoken(): Promise<Readonly<Record<string, string>>> {
  return /^ko\b/i.test(navigator.language) ? (await part('korean')).korean : {};
}

/** Put an English sentence in an element: in that language, once its words are there. `after` stands behind it as it is. */
export function tell(place: HTMLElement, sentence: string, after = ''): void {
  const whole = (words: string) => (after ? `${words.slice(0, -1)}: ${after}.` : words);
  place.textContent = whole(sentence);
  void spoken().then(words => {
    if (words[sentence]) {
      Object.assign(place, { lang: 'ko', textContent: whole(words[sentence]) });
    }
  });
}
