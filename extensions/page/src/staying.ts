/** What is said where a form or a link would have led to another page (`templates/voila/bridge.js`); loaded then. */

import type { Sentence } from './notices';

/** Characters of an address that are shown. */
const LONGEST = 200;

/** Why the page stays, by the link's address; null for a form. */
export function stays(address: string | null): Sentence {
  if (address === null) {
    return 'This form was not sent: the page of an app sends nothing elsewhere.';
  }
  const shown = address.length > LONGEST ? `${address.slice(0, LONGEST)}…` : address;
  if (/^(?:https?:)?\/\//i.test(address.trim())) {
    return ['The page of an app opens no other page. To open %1 in a new tab, click the link with the Ctrl key (on a Mac ⌘), or press it long.', shown];
  }
  const written = /^(?:mailto|tel|sms):([^?]+)/i.exec(address.trim());
  return written ? ['The page of an app opens nothing else. The link says: %1', plain(written[1])] : ['This link leads to “%1”, which is no part of this app.', plain(shown)];
}

function plain(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}
