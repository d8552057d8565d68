/** What the document calls things, in the person's language. */

import type { TranslationBundle } from '@jupyterlab/translation';

import type { Layer, Permissions, Status, Used } from '../api';
import { language } from '../words';
import type { Doing } from './conversation/job';

/** What a layer of the check asks, as a short name. */
export function layerName(trans: TranslationBundle, layer: Layer): string {
  const names: Record<Layer, string> = {
    format: trans.__('Well formed'),
    policy: trans.__('What it reaches for'),
    run: trans.__('Runs clean'),
    behaviour: trans.__('Does what was asked'),
    probe: trans.__('Hard to break'),
    teeth: trans.__('Tests notice faults'),
    view: trans.__('Looks right')
  };
  return names[layer] ?? layer;
}

/** What something is called; by its own name where only a newer server knows it. */
function oneOf(name: string, words: Readonly<Record<string, string>>): string {
  return words[name] ?? name;
}

export function statusWord(
  trans: TranslationBundle,
  status: Status | 'unchecked'
): string {
  return oneOf(status, {
    passed: trans.__('passed'),
    failed: trans.__('failed'),
    skipped: trans.__('skipped'),
    unchecked: trans.__('not checked')
  });
}

/** What a revision or a turn came from. */
export function actionWord(trans: TranslationBundle, action: string): string {
  return oneOf(action, {
    make: trans.__('Made'),
    change: trans.__('Changed'),
    adopt: trans.__('Taken in'),
    import: trans.__('Imported'),
    repair: trans.__('Repaired'),
    fork: trans.__('Forked'),
    hand: trans.__('Edited by hand'),
    title: trans.__('Renamed')
  });
}

export function roleWord(trans: TranslationBundle, role: string): string {
  return oneOf(role, {
    about: trans.__('what it is'),
    imports: trans.__('imports'),
    logic: trans.__('logic'),
    ui: trans.__('controls'),
    show: trans.__('display'),
    tests: trans.__('tests')
  });
}

/** What a job is doing right now. `brief` leaves out what changes all the time. */
export function doingWords(
  trans: TranslationBundle,
  doing: Doing,
  brief = false
): string {
  switch (doing.kind) {
    case 'starting':
      return trans.__('Starting');
    case 'thinking':
      return trans.__('Thinking');
    case 'working':
      return trans.__('Working');
    case 'repairing':
      return trans.__('Repairing');
    case 'finishing':
      return trans.__('Finishing');
    case 'writing':
      return brief || doing.characters < 2
        ? trans.__('Writing')
        : trans.__('Writing: %1 characters', doing.characters.toLocaleString(language()));
    case 'checking':
      return doing.round > 1
        ? trans.__('Checking again (repair %1)', doing.round - 1)
        : trans.__('Checking');
    case 'waiting':
      return trans.__('Waiting for your answer');
    case 'retrying':
      return trans.__('Trying again');
    case 'ended':
      return '';
  }
}

/** US dollars; small sums keep four places. */
export function money(dollars: number): string {
  return `$${dollars.toFixed(dollars >= 0.1 || dollars === 0 ? 2 : 4)}`;
}

/** Tokens and money of a job so far. */
export function spent(trans: TranslationBundle, used: Used): string {
  const read =
    used.input_tokens + used.cache_read_tokens + used.cache_write_tokens;
  const tokens = trans.__(
    '%1 tokens read, %2 written',
    read.toLocaleString(language()),
    used.output_tokens.toLocaleString(language())
  );
  return used.dollars === null ? tokens : `${tokens} · ${money(used.dollars)}`;
}

/** Seconds as a person reads them. */
export function duration(trans: TranslationBundle, seconds: number): string {
  if (seconds < 10) {
    return trans.__('%1 s', seconds.toFixed(1));
  }
  return seconds < 90
    ? trans.__('%1 s', Math.round(seconds))
    : trans.__('%1 min', (seconds / 60).toFixed(1));
}

export function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let size = count;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit && size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

/** Day and time, in the person's own zone. */
export function moment(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? iso
    : date.toLocaleString(language(), {
        dateStyle: 'medium',
        timeStyle: 'short'
      });
}

/** What a job was asked: the person's words, or what stands for a button that was pressed. */
export function requestWords(
  trans: TranslationBundle,
  job: { action: string; request: string }
): string {
  const { action } = job;
  const [, file] = /^(?:import|adopt) (.+)$/.exec(job.request) ?? [];
  const [, fault] = /^Mend this fault: (.+)$/s.exec(job.request) ?? [];
  if (fault && action === 'repair') {
    return trans.__('Mend this fault: %1', fault);
  }
  if (file && action === 'import') {
    return trans.__('Import %1', file);
  }
  if (file && action === 'adopt') {
    return trans.__('Make %1 a micro-app', file);
  }
  if (job.request) {
    return job.request;
  }
  return action === 'repair'
    ? trans.__('Repair what went wrong')
    : action === 'adopt'
      ? trans.__('Make this notebook a micro-app')
      : '';
}

/** One plain sentence for each thing beyond what every app has; see `microapps/notebook/permissions.py`. */
export function sentences(
  trans: TranslationBundle,
  asked: Permissions
): string[] {
  return Object.values(SAID).flatMap(say => say(trans, asked));
}

/** What is said of each permission: of every one there is, or this is not compiled. */
const SAID: {
  [permission in keyof Required<Permissions>]: (
    trans: TranslationBundle,
    asked: Permissions
  ) => string[];
} = {
  hosts: (trans, asked) =>
    asked.hosts.map(host =>
      trans.__('Connect to %1 on port %2.', host.name, host.port)
    ),
  files: (trans, asked) =>
    asked.files.map(file =>
      file.mode === 'read-write'
        ? trans.__('Read and change %1 on this computer.', file.path)
        : trans.__('Read %1 on this computer.', file.path)
    ),
  packages: (trans, asked) =>
    asked.packages.map(name => trans.__('Use the package %1.', name)),
  storage: (trans, asked) =>
    asked.storage === 'shared'
      ? [trans.__('Keep data that all its visitors share.')]
      : asked.storage === 'none'
        ? [trans.__('Keep no data of its own.')]
        : [],
  model_budget: (trans, asked) =>
    asked.model_budget
      ? [
          trans.__(
            'Ask the language model, for at most %1 US dollars in all.',
            asked.model_budget.toFixed(2)
          )
        ]
      : [],
  memory: (trans, asked) =>
    asked.memory > DEFAULT_MEMORY
      ? [trans.__('Use up to %1 MiB of memory.', asked.memory)]
      : [],
  seconds: (trans, asked) =>
    asked.seconds > DEFAULT_SECONDS
      ? [trans.__('Work for up to %1 seconds at a time.', asked.seconds)]
      : [],
  scripts: (trans, asked) =>
    asked.scripts
      ? [
          trans.__(
            'Run scripts of its own in the page. Such a script can find ways to send what it sees in the page to another computer, and your address with it (by WebRTC, which no page can forbid).'
          )
        ]
      : []
};

/** What an app has without asking: MiB, and seconds at a time. */
const DEFAULT_MEMORY = 1024;
const DEFAULT_SECONDS = 30;
