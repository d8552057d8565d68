/**
 * What the server says, in the person's language where it is known by a code.
 *
 * The server's own sentences say more, in English and mostly in Korean: where they are in another language than the
 * person's, they follow the words that are here.
 */

import type { TierState } from './api';
import { language, words } from './words';

/** A few words for a kind of fault, by its name in `microapps/errors.py`; empty for one that is not known. */
export function faultWord(error: string): string {
  const trans = words();
  const known: Record<string, string> = {
    InvalidInput: trans.__('This cannot be used'),
    InvalidNotebook: trans.__('This is no notebook that can be used'),
    InvalidSetting: trans.__('This cannot be used'),
    UnknownApp: trans.__('There is no such app'),
    ChangedOnDisk: trans.__('It was changed meanwhile'),
    AppFault: trans.__('The app does not work'),
    CellFailed: trans.__('The app does not work'),
    CallbackFailed: trans.__('The app does not work'),
    RunExceeded: trans.__('The app took too long or too much'),
    PermissionMissing: trans.__('The app was not given what it reaches for'),
    ModelFault: trans.__('The model could not do it'),
    ModelUnreachable: trans.__('The model cannot be reached'),
    ModelRejected: trans.__('The model’s server refused the request'),
    ModelRefused: trans.__('The model declined'),
    TurnIncomplete: trans.__('The model’s answer was cut off'),
    LimitReached: trans.__('A limit of money, time or repairs was reached'),
    MachineFault: trans.__('This computer could not do it'),
    Stopped: trans.__('stopped'),
    Forbidden: trans.__('This needs a sign-in')
  };
  return known[error] ?? '';
}

/** A sentence of the server; where it is in another language than the person's, after what is known of it. */
export function withWord(word: string, sentence: string): string {
  const spoken = language().startsWith('ko') ? KOREAN.test(sentence) : language().startsWith('en');
  return word && !spoken ? `${word} (${sentence})` : sentence;
}

/** How the server's sentences end in Korean. */
const KOREAN = /니다|세요|인가요/;

/** What to know about how apps are contained; empty where all is well. */
export function tierNotice(tier: TierState): string {
  const trans = words();
  const known: Record<TierState['name'], string> = {
    full: '',
    reduced: trans.__('Apps are contained less well on this machine than they should be.'),
    none: trans.__('Nothing on this machine would contain an app, so none is run.')
  };
  return tier.notice && withWord(known[tier.name], tier.notice);
}
