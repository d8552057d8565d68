/** How a place for outputs is filled and emptied: an Output widget, or what is below the cells. */

import type { Clear, Output, ShownOutput } from './protocol';
import { joined, LONGEST_STREAM } from './shown';

/** The outputs in a place, and whether they go when the next one comes. */
export interface Filled {
  outputs: readonly Output[];
  clearing: boolean;
}

/** What is in a place once an app has shown one more output there, or has emptied it. */
export function filled({ outputs, clearing }: Filled, message: ShownOutput | Clear): Filled {
  if (message.type === 'output') {
    return { outputs: appended(clearing ? [] : outputs, message.output), clearing: false };
  }
  return message.wait ? { outputs, clearing: true } : { outputs: [], clearing: false };
}

/** Outputs as they are shown: an app may have put texts of one stream into a list one by one. */
export function together(outputs: readonly Output[]): Output[] {
  const made: Output[] = [];
  for (const output of outputs) {
    made.push(...appended(made.splice(-1), output));
  }
  return made;
}

/** One list of outputs after another: streams of one name that follow each other are one text. */
function appended(outputs: readonly Output[], output: Output): Output[] {
  const last = outputs.at(-1);
  if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name) {
    const all = joined(last.text ?? '') + joined(output.text ?? '');
    const text = all.length > 3 * LONGEST_STREAM ? all.slice(-2 * LONGEST_STREAM) : all; // the end is all that is shown
    return [...outputs.slice(0, -1), { ...last, text }];
  }
  return [...outputs, output];
}
