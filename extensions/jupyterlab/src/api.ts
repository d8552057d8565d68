/**
 * The types of the server's API, written from its models by `python -m microapps.server.typescript`; do not edit.
 *
 * Addresses are below `{base_url}microapps/api/`. A failed request answers with a `Fault`.
 */

/** What an app tried, any number of times. */
export interface AccessRow {
  kind: string;
  target: string;
  allowed: boolean;
  detail: string;
  count: number;
  first: string;
  last: string;
}

/** The answer to a job's question; `yes` or `no` where it asks for permissions. */
export interface AnswerWish {
  question: string;
  answer: string;
}

/** The person answered a question. */
export interface Answered {
  number: number;
  at: string | null;
  kind: 'answered';
  question: string;
  answer: string;
}

/**
 * One app on a card.
 *
 * Attributes
 * ----------
 * id : its number, which stays when it is renamed, and tells apps in the trash apart that have one name.
 * summary : what the last check found, in a sentence.
 * thumbnail : address of a picture below the server's base URL; null where there is none yet.
 * job : the running or first queued job of this app.
 * published : whether it has a link that was given out.
 * asks_missing : whether it asks for something it was not given.
 * removed : when it was put in the trash; null for one in use.
 */
export interface AppCard {
  id: number;
  name: string;
  title: string;
  description: string;
  tags: string[];
  created: string;
  updated: string;
  current: number;
  health: 'passed' | 'failed' | 'unchecked';
  summary: string;
  thumbnail: string | null;
  job: string | null;
  published: boolean;
  asks_missing: boolean;
  removed: string | null;
}

/** All that an app stores, in bytes; what it stores for `guests` is not counted among its own. */
export interface AppData {
  bytes: number;
  values: KeptValue[];
  tables: KeptTable[];
  files: KeptFile[];
  guests: GuestKept[];
}

/** One app with what its document needs; `notebook` is its path on the drive `microapps`. */
export interface AppDetail {
  id: number;
  name: string;
  title: string;
  description: string;
  tags: string[];
  created: string;
  updated: string;
  current: number;
  health: 'passed' | 'failed' | 'unchecked';
  summary: string;
  thumbnail: string | null;
  job: string | null;
  published: boolean;
  asks_missing: boolean;
  removed: string | null;
  notebook: string;
  link: string | null;
  criteria: Criterion[];
  can_undo: boolean;
  can_redo: boolean;
}

/** What went wrong in the running app, and what had been typed: label and value. */
export interface AppFailure {
  error: string;
  traceback: string;
  inputs: Record<string, string>;
}

/** What went wrong in the running app, and what had been typed: label and value. */
export interface AppFailureInput {
  error: string;
  traceback?: string;
  inputs?: Record<string, string>;
}

/** An app is not as it was; `app` is its name now, `was` the one it had before when it was renamed. */
export interface AppNews {
  number: number;
  at: string | null;
  kind: 'app';
  what: 'made' | 'changed' | 'renamed' | 'removed' | 'restored' | 'purged' | 'checked' | 'permissions' | 'thumbnail' | 'published' | 'data';
  app: string;
  was: string;
}

/**
 * The job waits for the person: a question with options, or permissions to approve.
 *
 * `question` identifies it for the answer. `text` says it all; of permissions, `reason` is the app's own part.
 */
export interface Asked {
  number: number;
  at: string | null;
  kind: 'asked';
  question: string;
  text: string;
  options: string[];
  permissions: Permissions | null;
  reason: string;
}

/**
 * One cell that differs; `diff` is a unified diff of its source, empty if the source is the same.
 *
 * `changed` covers source, kind, role and metadata; `moved` is a cell that only stands elsewhere.
 */
export interface CellChange {
  id: string;
  role: string;
  change: 'added' | 'changed' | 'moved' | 'removed';
  diff: string;
}

/** A check ended with this report. */
export interface Checked {
  number: number;
  at: string | null;
  kind: 'checked';
  round: number;
  report: Report;
}

/** One layer of the check ended. */
export interface CheckedLayer {
  number: number;
  at: string | null;
  kind: 'checked_layer';
  round: number;
  result: LayerResult;
}

/** A check of the draft began; `round` counts from 1. */
export interface Checking {
  number: number;
  at: string | null;
  kind: 'checking';
  round: number;
}

/** A revision as Jupyter's contents API names it. */
export interface Checkpoint {
  id: string;
  last_modified: string;
}

/**
 * A notebook, or the drive's one folder.
 *
 * `content` is nbformat 4.5, or for the folder its files without content; null when it was not asked for.
 * `hash` changes with every change; give it back as `expected` when saving.
 */
export interface Contents {
  name: string;
  path: string;
  type: 'notebook' | 'directory';
  format: 'json' | null;
  mimetype: null;
  content: Record<string, unknown> | Contents[] | null;
  created: string;
  last_modified: string;
  writable: boolean;
  size: number | null;
  hash: string | null;
  hash_algorithm: string | null;
}

/** A notebook to save. `expected` is the hash it was last read or saved with; 409 when it is another by now. */
export interface ContentsWish {
  type?: 'notebook';
  format?: 'json';
  content: Record<string, unknown>;
  expected?: string | null;
}

/**
 * One thing the person asked for, and what came of it.
 *
 * Attributes
 * ----------
 * role : who began it: `person` by words, `harness` for what was done without any, such as a fork or a hand edit.
 * revision : what it made; null when it was interrupted, and `error` says why.
 * undone : whether the current revision does not stand on it.
 * events : of its job, well enough to draw it again: pieces of text joined, progress left out. Made from what the
 *     library keeps where the job's own are gone; their numbers are the job's.
 * complete : whether the events are the job's own.
 */
export interface ConversationTurn {
  id: number;
  role: 'person' | 'harness';
  action: string;
  text: string;
  at: string;
  seconds: number;
  job: string | null;
  revision: number | null;
  parent: number | null;
  undone: boolean;
  error: string;
  dollars: number | null;
  tokens: number | null;
  complete: boolean;
  events: (Started | Told | Text | Writing | Wrote | Checking | CheckedLayer | Checked | Asked | Answered | Retrying | Used | Finished | Failed)[];
}

/** One thing the app must do, as a plain sentence, tied to the tests that show it. */
export interface Criterion {
  id: string;
  text: string;
  tests: string[];
}

/** One criterion, by id, before and after. */
export interface CriterionChange {
  old: Criterion;
  new: Criterion;
}

/** One criterion in plain words, and how it was checked. */
export interface CriterionEvidence {
  id: string;
  sentence: string;
  state: 'passed' | 'failed' | 'unchecked';
  tests: TestEvidence[];
}

/** A file below the folder that this Jupyter server shows. */
export interface DataPath {
  path: string;
}

/** What differs between two revisions; see :class:`microapps.notebook.AppDifference`. */
export interface Difference {
  old: number;
  new: number;
  summary: string;
  cells: CellChange[];
  permissions_added: string[];
  permissions_removed: string[];
  criteria_added: Criterion[];
  criteria_changed: CriterionChange[];
  criteria_removed: Criterion[];
  metadata: FieldChange[];
}

/** A request was done, and there is nothing more to say of it. */
export interface Done {
  done: boolean;
}

/** One test that ran: which, how it ended, how long it took in seconds, and what it said when it failed. */
export interface Evidence {
  test: string;
  status: Status;
  seconds: number;
  message: string;
}

/**
 * All that is known of how a revision was checked.
 *
 * `at` is when the check ended, null where there was none of exactly this content. `tests` are those of no
 * criterion; `probe` is the layer that tried the controls, also among `layers`.
 */
export interface EvidenceView {
  revision: number;
  state: 'passed' | 'failed' | 'unchecked';
  at: string | null;
  seconds: number;
  summary: string;
  criteria: CriterionEvidence[];
  tests: TestEvidence[];
  layers: LayerResult[];
  probe: LayerResult | null;
  screenshot: string | null;
}

/** The job ended without a new current revision. `kept` says in a sentence what was kept, and where. */
export interface Failed {
  number: number;
  at: string | null;
  kind: 'failed';
  app: string;
  error: string;
  what: string;
  hint: string;
  kept: string;
  report: Report | null;
  offers: string[];
}

/** Why a request was not done: `error` is a class of :mod:`microapps.errors`, `hint` what to do next. */
export interface Fault {
  error: string;
  what: string;
  hint: string;
}

/** One field of the metadata that differs; lists as words joined by commas. */
export interface FieldChange {
  key: string;
  old: string;
  new: string;
}

/** An absolute path of a file or folder on the person's machine. */
export interface FileAccess {
  path: string;
  mode: 'read' | 'read-write';
}

/** An absolute path of a file or folder on the person's machine. */
export interface FileAccessInput {
  path: string;
  mode?: 'read' | 'read-write';
}

/** One fault, written to be acted on. */
export interface Finding {
  layer: Layer;
  severity: Severity;
  cell: string;
  what: string;
  expected: string;
  hint: string;
}

/**
 * The job ended well: `revision` of `app` is current.
 *
 * `note` says what the person should know of how it ended, such as a limit that was reached after a good draft.
 */
export interface Finished {
  number: number;
  at: string | null;
  kind: 'finished';
  app: string;
  revision: number;
  title: string;
  report: Report;
  seconds: number;
  note: string;
}

/** A name for the copy; made up when null. */
export interface ForkWish {
  name?: string | null;
}

/** A revision to make current. */
export interface GotoWish {
  revision: number;
}

/** What to grant: what the person was shown, said one by one, since the app may ask for more by now. */
export interface GrantWish {
  permissions: PermissionsInput;
}

/** What an app stores for one guest, in bytes; `label` is whom the link was made for. */
export interface GuestKept {
  label: string;
  bytes: number;
}

/** A network host and TCP port; `*.example.org` stands for every host below it. */
export interface Host {
  name: string;
  port: number;
}

/** A network host and TCP port; `*.example.org` stands for every host below it. */
export interface HostInput {
  name: string;
  port?: number;
}

/** A job was queued, began, waits for an answer, goes on, or ended. */
export interface JobNews {
  number: number;
  at: string | null;
  kind: 'job';
  what: 'queued' | 'started' | 'waiting' | 'answered' | 'ended';
  job: JobView;
}

/**
 * One job.
 *
 * Attributes
 * ----------
 * app : the app's name; empty until it has one.
 * queued : whether it waits for another job of the same app.
 * waiting : the question it waits on.
 * last : number of its last event so far.
 * outcome : how it ended; null while it goes on.
 */
export interface JobView {
  id: string;
  action: 'make' | 'change' | 'adopt' | 'import' | 'repair';
  app: string;
  request: string;
  started: string;
  queued: boolean;
  done: boolean;
  waiting: Asked | null;
  group: string | null;
  last: number;
  dollars: number | null;
  tokens: number | null;
  outcome: Finished | Failed | null;
}

/**
 * What a person wants done.
 *
 * Attributes
 * ----------
 * app : which app to change or repair; for `make` the name of the new one, made up when empty.
 * data : files the app may read: ids of uploads, or paths.
 * starter : take this starter. offline : ask no model.
 * references : parts of the app that were pointed at.
 * failure : for `repair`.
 * path : for `adopt` and `import`: a notebook below the folder that this Jupyter server shows; an `import` may
 *     name one upload in `data` instead.
 * allow : what is granted before it is asked for.
 */
export interface JobWish {
  data?: (string | DataPath)[];
  speed?: '' | 'fast' | 'balanced' | 'best';
  allow?: PermissionsInput;
  action: 'make' | 'change' | 'adopt' | 'import' | 'repair';
  request?: string;
  app?: string;
  starter?: string;
  offline?: boolean;
  references?: ReferenceInput[];
  failure?: AppFailureInput | null;
  path?: string;
}

/** The job whose app is kept. */
export interface KeepWish {
  job: string;
}

/** The app that was kept, and those that were put in the trash. */
export interface Kept {
  app: string;
  removed: string[];
}

/** One file in an app's data folder. */
export interface KeptFile {
  name: string;
  bytes: number;
  modified: string;
}

/** One table an app keeps. */
export interface KeptTable {
  name: string;
  rows: number;
  bytes: number;
}

/** One value an app keeps by key. */
export interface KeptValue {
  name: string;
  bytes: number;
}

/**
 * Whether there is a key, never the key.
 *
 * Attributes
 * ----------
 * source : where it was found, in words; empty where there is none.
 * endpoint : the server it is for; empty for Anthropic's own.
 * removable : whether it is ours to forget; one in the environment is not.
 * test_cost : a sentence that says what testing it costs.
 */
export interface KeyState {
  present: boolean;
  source: string;
  endpoint: string;
  removable: boolean;
  test_cost: string;
}

/** What a small call of the model said; `cost` in words. */
export interface KeyTest {
  ok: boolean;
  what: string;
  hint: string;
  cost: string;
}

/** A key to store. It is in no answer, log or error. */
export interface KeyWish {
  key: string;
}

/** The layers, in the order they run. */
export type Layer = 'format' | 'policy' | 'run' | 'behaviour' | 'probe' | 'teeth' | 'view';

/** One layer's outcome; `note` says in a sentence what was tried, or why it was skipped. */
export interface LayerResult {
  layer: Layer;
  status: Status;
  seconds: number;
  note: string;
  findings: Finding[];
  evidence: Evidence[];
}

/**
 * A way into an app.
 *
 * Attributes
 * ----------
 * link : its path on this server, base URL included; null where its secret cannot be shown again.
 * password : whether it asks for one.
 * good : whether it opens the app now; else it expired or was revoked.
 * last : when somebody last came by it.
 */
export interface LinkRow {
  id: number;
  role: 'owner' | 'guest' | 'anyone';
  label: string;
  link: string | null;
  password: boolean;
  created: string;
  expires: string | null;
  revoked: string | null;
  good: boolean;
  visits: number;
  last: string | null;
}

/** A model as the endpoint lists it, with its price in US dollars per million tokens where that is known. */
export interface ModelChoice {
  id: string;
  name: string;
  line: string;
  lifecycle: string;
  created: string;
  input_dollars: number | null;
  output_dollars: number | null;
}

/** Something went wrong in a running app; `notice` says of what sort, `error` is a sentence. */
export interface NoticeNews {
  number: number;
  at: string | null;
  kind: 'notice';
  app: string;
  notice: string;
  error: string;
  traceback: string;
  inputs: Record<string, string>;
}

/** Where an app's page can be framed: a fresh link, good for a while, of the origin `origin`. */
export interface PageLink {
  url: string;
}

/** One thing an app asks for or was given, as a sentence; `permissions` is just this one, to grant or revoke. */
export interface PermissionItem {
  sentence: string;
  asked: boolean;
  granted: boolean;
  permissions: Permissions;
}

/** What an app asks for, what it was given, and what is missing between the two. */
export interface PermissionView {
  asked: Permissions;
  granted: Permissions;
  missing: Permissions;
  sentences: PermissionItem[];
}

/**
 * Everything an app may reach. The default is nothing but its own storage.
 *
 * Attributes
 * ----------
 * hosts : network hosts with ports.
 * files : files and folders outside the app's own data folder.
 * packages : import names of third-party packages beyond ipywidgets.
 * storage : `none`, `private` to the person, or `shared` between visitors.
 * model_budget : US dollars of model calls the app may spend in all; 0 means no model calls.
 * memory : mebibytes for all of a kernel's processes together.
 * seconds : wall-clock seconds a single run or interaction may take.
 * scripts : whether scripts that the app brings along run in its page.
 */
export interface Permissions {
  hosts: Host[];
  files: FileAccess[];
  packages: string[];
  storage: 'none' | 'private' | 'shared';
  model_budget: number;
  memory: number;
  seconds: number;
  scripts: boolean;
}

/**
 * Everything an app may reach. The default is nothing but its own storage.
 *
 * Attributes
 * ----------
 * hosts : network hosts with ports.
 * files : files and folders outside the app's own data folder.
 * packages : import names of third-party packages beyond ipywidgets.
 * storage : `none`, `private` to the person, or `shared` between visitors.
 * model_budget : US dollars of model calls the app may spend in all; 0 means no model calls.
 * memory : mebibytes for all of a kernel's processes together.
 * seconds : wall-clock seconds a single run or interaction may take.
 * scripts : whether scripts that the app brings along run in its page.
 */
export interface PermissionsInput {
  hosts?: HostInput[];
  files?: FileAccessInput[];
  packages?: string[];
  storage?: 'none' | 'private' | 'shared';
  model_budget?: number;
  memory?: number;
  seconds?: number;
  scripts?: boolean;
}

/** What an app's page says was pointed at: a widget's model id, label, class and, of a text, what it shows. */
export interface Pointed {
  model: string;
  label: string;
  type: string;
}

/** A part of the app that the request is about; cell and variable are empty where they could not be told. */
export interface PointedAt {
  label: string;
  cell: string;
  variable: string;
  kind: string;
}

/**
 * How an app is published.
 *
 * `visits` is how often it was opened by a link, `visitors` how many use it on this library's sites just now,
 * whichever way they came; `trouble` is the last error of a visit. `reach` says in a sentence who can follow a
 * link.
 */
export interface PublicationView {
  published: boolean;
  since: string | null;
  links: LinkRow[];
  visits: number;
  visitors: number;
  trouble: string;
  troubled: string | null;
  reach: string;
}

/**
 * Publish an app, by one more way into it. Without anything it is a link of one's own.
 *
 * Attributes
 * ----------
 * role : `owner`: a link of one's own, to the app with one's own data (the one there is already, unless it is to
 *     expire). `guest`: a link for somebody else, who keeps data of their own. `anyone`: the app's plain address,
 *     open or with a password; what is typed there is not kept. An app has one such address, and this replaces it.
 * label : who the guest is; made up if empty.
 * password : for `anyone`, of 8 characters or more; null for none.
 * expires : when the way closes by itself; null for never.
 * origin : the browser's (`https://example.org`), for the QR code; the request's own if empty.
 */
export interface PublishWish {
  role?: 'owner' | 'guest' | 'anyone';
  label?: string;
  password?: string | null;
  expires?: string | null;
  origin?: string;
}

/**
 * A way into an app, to be given out; all is null when the app is not published.
 *
 * `link` is a path on this server, base URL included, `url` the whole address, `qr` a `data:` address of an
 * SVG with its QR code. `about` says in a sentence whose data the app shows to whoever comes that way.
 */
export interface PublishedLink {
  link: string | null;
  url: string | null;
  qr: string | null;
  about: string;
  row: LinkRow | null;
}

/** A part of the app that a request is about; cell and variable are empty where they could not be told. */
export interface Reference {
  cell: string;
  variable: string;
  label: string;
  kind: string;
}

/** A part of the app that a request is about; cell and variable are empty where they could not be told. */
export interface ReferenceInput {
  cell?: string;
  variable?: string;
  label: string;
  kind?: string;
}

/** A new name, as a path. */
export interface RenameContents {
  path: string;
}

/** A new title, as people read it, a new name, as addresses and commands have it, or both. */
export interface RenameWish {
  title?: string | null;
  name?: string | null;
}

/**
 * All layers of one check of one app.
 *
 * `digest` is the checked app's :attr:`~microapps.notebook.MicroApp.digest`; `at` is when the check ended (UTC),
 * None in reports that were kept before that was noted.
 */
export interface Report {
  digest: string;
  layers: LayerResult[];
  seconds: number;
  at: string | null;
}

/** Some of what happened is no longer known here: read everything again. */
export interface ResetNews {
  number: number;
  at: string | null;
  kind: 'reset';
}

/** The endpoint failed in a way that passes; the job tries again after `delay` seconds. */
export interface Retrying {
  number: number;
  at: string | null;
  kind: 'retrying';
  what: string;
  delay: number;
}

/** One revision whole; `notebook` is nbformat 4.5. */
export interface RevisionDetail {
  number: number;
  parent: number | null;
  current: boolean;
  action: string;
  request: string;
  title: string;
  maker: string;
  at: string;
  status: 'passed' | 'failed' | 'unchecked';
  summary: string;
  dollars: number | null;
  tokens: number | null;
  seconds: number;
  report: Report | null;
  notebook: Record<string, unknown>;
}

/** One revision in the list; `dollars` and `tokens` are null where no model was asked or no price is known. */
export interface RevisionRow {
  number: number;
  parent: number | null;
  current: boolean;
  action: string;
  request: string;
  title: string;
  maker: string;
  at: string;
  status: 'passed' | 'failed' | 'unchecked';
  summary: string;
  dollars: number | null;
  tokens: number | null;
  seconds: number;
}

/** What to revoke; null revokes all there is. */
export interface RevokeWish {
  permissions?: PermissionsInput | null;
}

/**
 * What can be set, with its default.
 *
 * Attributes
 * ----------
 * speed : `fast`, `balanced` or `best`; chooses the model and its effort.
 * model : the id of a model, in place of the speed's; empty for none.
 * base_url : a server that speaks the Messages API; empty for Anthropic's own. `ANTHROPIC_BASE_URL` goes before it.
 * dollars_per_job, dollars_per_month : caps on money in US dollars; 0 lets no model be called.
 * seconds : the longest a job may take, in seconds, waiting for the person left out.
 * repairs : how often a draft that failed its checks may be mended.
 * rows : whether a model may see the first rows of an attached file, and not only its schema.
 */
export interface Settings {
  speed: Speed;
  model: string;
  base_url: string;
  dollars_per_job: number;
  dollars_per_month: number;
  seconds: number;
  repairs: number;
  rows: boolean;
}

/** Settings to change; what is left out stays, null puts it back to its default. */
export interface SettingsWish {
  changes: Record<string, unknown>;
}

/** An `error` keeps a revision from becoming current, a `warning` does not. */
export type Severity = 'error' | 'warning';

/** What the person wants of the model: an answer soon and cheap, or a good one. */
export type Speed = 'fast' | 'balanced' | 'best';

/** A speed and the model it takes; `model` and `name` are empty while the endpoint's list is not known. */
export interface SpeedChoice {
  speed: Speed;
  model: string;
  name: string;
}

/** A job began. `maker` says who writes: `starter:NAME` or `model:ID`; `note` says it in a sentence. */
export interface Started {
  number: number;
  at: string | null;
  kind: 'started';
  job: string;
  action: 'make' | 'change' | 'adopt' | 'import' | 'repair';
  app: string;
  request: string;
  maker: string;
  note: string;
  references: PointedAt[];
}

/** A starter that can be taken by name; title and about in the language asked for. */
export interface StarterChoice {
  name: string;
  title: string;
  about: string;
}

/** How a layer or a test ended; `skipped` where an earlier layer failed or a tool is missing. */
export type Status = 'passed' | 'failed' | 'skipped';

/** `GET status` would answer something else now, because of a key, a setting or the endpoint's list. */
export interface StatusNews {
  number: number;
  at: string | null;
  kind: 'status';
}

/** What bounds a job, in US dollars and seconds, and an upload, in bytes; `spent` is of this month. */
export interface StudioLimits {
  dollars_per_job: number;
  dollars_per_month: number;
  spent: number;
  seconds: number;
  repairs: number;
  upload_bytes: number;
  variants: number;
}

/** What this server's studio is and can do. `writes` says whether a model would write, and not a starter. */
export interface StudioStatus {
  version: string;
  tier: TierState;
  key: KeyState;
  writes: boolean;
  speeds: SpeedChoice[];
  speed: Speed;
  examples: string[];
  starters: StarterChoice[];
  limits: StudioLimits;
  pictures: boolean;
}

/** One test of a criterion; `passed` is null when it was not run. */
export interface TestEvidence {
  name: string;
  passed: boolean | null;
  seconds: number;
  message: string;
}

/**
 * A piece of what the model says; pieces of one `turn` join without a separator.
 *
 * `thought` marks a summary of its thinking, which joins on its own. A turn that is tried again has a new number.
 */
export interface Text {
  number: number;
  at: string | null;
  kind: 'text';
  turn: number;
  text: string;
  thought: boolean;
}

/** How well apps are contained on this machine; `notice` is a sentence to show, empty where it is full. */
export interface TierState {
  name: 'full' | 'reduced' | 'none';
  notice: string;
}

/** What the model is told of an attached file: `text`, whole. */
export interface Told {
  number: number;
  at: string | null;
  kind: 'told';
  file: string;
  text: string;
}

/** A file that was sent, to be named in a request; it is swept after a day unless an app may read it. */
export interface Upload {
  id: string;
  name: string;
  size: number;
}

/** Totals of the job so far. `dollars` is None when the model's price is not known. */
export interface Used {
  number: number;
  at: string | null;
  kind: 'used';
  model: string;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  dollars: number | null;
}

/** A part of the API; a field it does not know is an error of the request. */
export interface Value {

}

/** Jobs that answer one request; `kept` is the job whose app was kept. */
export interface VariantGroup {
  group: string;
  request: string;
  jobs: JobView[];
  kept: string | null;
}

/** Two or three answers to one request, side by side. */
export interface VariantsWish {
  data?: (string | DataPath)[];
  speed?: '' | 'fast' | 'balanced' | 'best';
  allow?: PermissionsInput;
  request: string;
  count?: number;
}

/** The model is writing, and this much of a tool's input has arrived. */
export interface Writing {
  number: number;
  at: string | null;
  kind: 'writing';
  turn: number;
  tool: string;
  characters: number;
}

/** A cell of the draft was added, changed, moved or removed; `diff` is a unified diff of its source. */
export interface Wrote {
  number: number;
  at: string | null;
  kind: 'wrote';
  cell: string;
  role: string;
  change: 'added' | 'changed' | 'moved' | 'removed';
  diff: string;
}

export type Event = Started | Told | Text | Writing | Wrote | Checking | CheckedLayer | Checked | Asked | Answered | Retrying | Used | Finished | Failed;

export type News = AppNews | JobNews | NoticeNews | StatusNews | ResetNews;

/*
 * The routes.
 *
 * GET status -> StudioStatus
 *   What this server's studio is and can do.
 * PUT key KeyWish -> KeyState
 *   Store a key for the model's endpoint. It is never sent back.
 * DELETE key -> KeyState
 *   Forget the stored key; one in the environment stays.
 * POST key/test -> KeyTest
 *   Make one small call of the model, to see that the key works.
 * GET models ?again= -> ModelChoice[]
 *   What the endpoint lists, asked for anew where ``again`` says so.
 * GET settings -> Settings
 *   The person's settings, as ``microapps config`` knows them.
 * PATCH settings SettingsWish -> Settings
 *   Change some settings: all of them or, where one cannot be used, none.
 * GET apps ?removed= -> AppCard[]
 *   The apps in use, or those in the trash, the most recently changed first.
 * GET apps/{name} -> AppDetail
 *   One app; a name it had before it was renamed will do.
 * PATCH apps/{name} RenameWish -> AppDetail
 *   Give an app another title, which makes a revision, or another name.
 * DELETE apps/{name} ?forever=&id= -> Done
 *   Put an app in the trash; with ``forever``, delete one that is there for good, which ``id`` tells from others.
 * POST apps/{name}/restore ?id= -> AppDetail
 *   Take an app out of the trash: the one with that ``id``, else the one of that name that was removed last.
 * POST apps/{name}/undo -> AppDetail
 *   Make the revision before the current one current.
 * POST apps/{name}/redo -> AppDetail
 *   Take back an undo.
 * POST apps/{name}/goto GotoWish -> AppDetail
 *   Make any revision current.
 * POST apps/{name}/fork ForkWish -> AppDetail
 *   A copy of an app as it is now, to try something.
 * GET apps/{name}/page -> PageLink
 *   A fresh link that shows the app's page in a frame; its path holds the credential.
 * POST apps/{name}/check -> text/event-stream
 *   Check the current revision again. An event ``layer`` tells of each layer (LayerResult) as it ends, and the last one is ``report`` (Report), or ``fault`` (Fault) where it could not be checked. What was found is kept, also when nobody reads on.
 * GET apps/{name}/revisions -> RevisionRow[]
 *   Every revision, the newest first.
 * GET apps/{name}/revisions/{number} -> RevisionDetail
 *   One revision with its report and its notebook.
 * GET apps/{name}/difference ?old=&new= -> Difference
 *   What changed between two revisions: without numbers, what the current one changed.
 * GET apps/{name}/conversation -> ConversationTurn[]
 *   What was asked for and what came of it, the oldest first, with the events to draw each job again.
 * GET apps/{name}/evidence ?revision= -> EvidenceView
 *   How a revision was checked, criterion by criterion; the current one without a number.
 * GET apps/{name}/permissions -> PermissionView
 *   What an app asks for, what it was given, and what is missing between the two.
 * POST apps/{name}/permissions/grant GrantWish -> PermissionView
 *   Give an app, as it is now, these permissions: those that the person was shown, and no others.
 * POST apps/{name}/permissions/revoke RevokeWish -> PermissionView
 *   Take permissions back; null takes all of them.
 * GET apps/{name}/accesses -> AccessRow[]
 *   What an app tried to reach, the most recent first.
 * GET apps/{name}/publish -> PublicationView
 *   How an app is published, with every way into it that there ever was.
 * POST apps/{name}/publish PublishWish -> PublishedLink
 *   Publish an app by one more way into it; the link to give out, with its QR code. It is good after a restart.
 * DELETE apps/{name}/publish -> PublishedLink
 *   Close every way into an app; the visits that came by them end.
 * GET apps/{name}/links/{id} ?origin= -> PublishedLink
 *   A way into an app, to be shown again; ``origin`` is the browser's, for the QR code.
 * DELETE apps/{name}/links/{id} -> PublicationView
 *   Close one way into an app; the visits that came by it end.
 * POST jobs JobWish -> JobView
 *   Begin a job, or queue it up behind another of the same app.
 * GET jobs -> JobView[]
 *   Every job of this server, the newest first; of ended ones the last hundred.
 * GET jobs/{id} -> JobView
 *   One job of this server.
 * GET jobs/{id}/events ?after= -> text/event-stream
 *   A job's events after a number, then new ones as they come, until it ends. Of a job that ended before this server began, what is kept of its events.
 * POST jobs/{id}/stop -> JobView
 *   Stop a job at once; what there was is kept. Harmless when it has ended.
 * POST jobs/{id}/answers AnswerWish -> Done
 *   Answer a job's open question.
 * GET events ?after= -> text/event-stream
 *   What happens in the library after a number, without one from now on: apps, jobs, notices of running apps. From now on, an event ``now`` without data comes first, whose id is the number to go on from.
 * POST variants VariantsWish -> VariantGroup
 *   Begin two or three apps for one request, each checked by itself.
 * GET variants/{group} -> VariantGroup
 *   The answers to one request, as far as they are.
 * POST variants/{group}/keep KeepWish -> Kept
 *   Keep one answer; the others go to the trash, and those under way are stopped.
 * POST apps/{name}/pointed Pointed -> Reference
 *   Which cell and variable make the control that was pointed at, as the running app says, else its code.
 * POST uploads ?name= the file's bytes -> Upload
 *   Send a file's bytes, to be named in a request; swept after a day unless an app may read it.
 * DELETE uploads/{id} -> Done
 *   Remove a file that no job used.
 * GET apps/{name}/export ?to=&data= -> application/x-ipynb+json | text/html | application/zip
 *   An app as a file of its own: the plain notebook, a page, a zip with all one needs, or an app to be imported. With ``data``, a zip and an app carry what it stores.
 * GET apps/{name}/thumbnail ?digest=&id= -> image/png
 *   A picture of an app: of its current content, or of the content with that digest. ``id`` is of an app in the trash, where several may have one name.
 * GET apps/{name}/data -> AppData
 *   What an app stores, and how much it stores for each guest.
 * GET apps/{name}/data/export -> application/zip
 *   All that an app stores, as a zip; what its guests store is in folders of its ``guests``.
 * DELETE apps/{name}/data -> Done
 *   Remove all that an app stores, also what its guests store.
 * GET contents ?content= -> Contents
 *   The drive's one folder: every app's notebook, without content.
 * GET contents/{path}/checkpoints -> Checkpoint[]
 *   The current revision.
 * POST contents/{path}/checkpoints -> Checkpoint
 *   The current revision: every save is one already.
 * POST contents/{path}/checkpoints/{number} -> application/json
 *   Make a revision current.
 * DELETE contents/{path}/checkpoints/{number} -> application/json
 *   Revisions are never deleted by themselves; this says so.
 * GET contents/{path} ?content= -> Contents
 *   An app's notebook as it is now.
 * PUT contents/{path} ContentsWish -> Contents
 *   Save an edit by hand: it becomes a revision, which is checked in the background.
 * PATCH contents/{path} RenameContents -> Contents
 *   Give the app another name.
 * DELETE contents/{path} -> application/json
 *   Put the app in the trash.
 * GET openapi.json -> Record<string, unknown>
 *   This API as OpenAPI 3.1.
 */
