/** Who can follow an app's links, and whose data they show: the server's sentences in the person's language. */

import type { TranslationBundle } from '@jupyterlab/translation';

import type { PublishedLink } from '../api';

export function reachWords(trans: TranslationBundle, reach: string): string {
  return sentences(trans)[reach] ?? reach;
}

export function aboutWords(trans: TranslationBundle, link: PublishedLink): string {
  const { about, row } = link;
  const said = sentences(trans)[about];
  if (said !== undefined || row?.role !== 'guest') {
    return said ?? about;
  }
  return trans.__('What %1 enters is kept apart, for this guest alone; you can read it on this machine.', row.label);
}

/** What `microapps/telling/sharing.py` says, but of a guest; a test holds that none is missing. */
function sentences(trans: TranslationBundle): Record<string, string | undefined> {
  return {
    'The app keeps nothing.': trans.__('The app keeps nothing.'),
    'What the app keeps is shared by everyone who uses it, as you have allowed it.': trans.__(
      'What the app keeps is shared by everyone who uses it, as you have allowed it.'
    ),
    "It opens the app with your own data: keep it to yourself. For somebody else, make a guest's link.": trans.__(
      "It opens the app with your own data: keep it to yourself. For somebody else, make a guest's link."
    ),
    'Whoever comes here begins with nothing, and what they enter is gone when they leave.': trans.__(
      'Whoever comes here begins with nothing, and what they enter is gone when they leave.'
    ),
    'The site listens on this machine only, so that no phone and no other computer can follow the link.': trans.__(
      'The site listens on this machine only, so that no phone and no other computer can follow the link.'
    ),
    'Every machine that reaches this address can follow the link.': trans.__(
      'Every machine that reaches this address can follow the link.'
    )
  };
}
