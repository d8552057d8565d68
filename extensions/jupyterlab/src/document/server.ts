/** What the document asks of the server, one method for each thing. */

import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';

import type {
  AccessRow,
  AppCard,
  AppData,
  AppDetail,
  ConversationTurn,
  Difference,
  EvidenceView,
  JobView,
  JobWish,
  Kept,
  PageLink,
  Permissions,
  PermissionView,
  Pointed,
  PublishedLink,
  Reference,
  RenameWish,
  Report,
  RevisionDetail,
  RevisionRow,
  StudioStatus,
  Upload,
  VariantGroup
} from '../api';
import { checked } from '../checking';
import { request, type Method } from '../request';

export type ExportKind = 'notebook' | 'html' | 'zip' | 'app';

export class StudioServer {
  constructor(readonly settings: ServerConnection.ISettings) {}

  status(): Promise<StudioStatus> {
    return this._get('status');
  }

  app(name: string): Promise<AppDetail> {
    return this._get(of(name));
  }

  /** The apps in the trash. */
  trash(): Promise<AppCard[]> {
    return this._get('apps?removed=true');
  }

  /** Bring this very app back: others in the trash may have its name. */
  restore(app: AppCard): Promise<AppDetail> {
    return this._send('POST', `${of(app.name, 'restore')}?id=${app.id}`);
  }

  rename(name: string, wish: RenameWish): Promise<AppDetail> {
    return this._send('PATCH', of(name), wish);
  }

  remove(name: string): Promise<unknown> {
    return this._send('DELETE', of(name));
  }

  /** One of what needs nothing but the app's name. */
  act(
    name: string,
    action: 'undo' | 'redo'
  ): Promise<unknown> {
    return this._send('POST', of(name, action));
  }

  fork(name: string, wanted: string | null = null): Promise<AppDetail> {
    return this._send('POST', of(name, 'fork'), { name: wanted });
  }

  goto(name: string, revision: number): Promise<unknown> {
    return this._send('POST', of(name, 'goto'), { revision });
  }

  check(name: string): Promise<Report> {
    return checked(this.settings, name);
  }

  page(name: string): Promise<PageLink> {
    return this._get(of(name, 'page'));
  }

  conversation(name: string): Promise<ConversationTurn[]> {
    return this._get(of(name, 'conversation'));
  }

  revisions(name: string): Promise<RevisionRow[]> {
    return this._get(of(name, 'revisions'));
  }

  revision(name: string, number: number): Promise<RevisionDetail> {
    return this._get(of(name, 'revisions', String(number)));
  }

  difference(name: string, old: number, now: number): Promise<Difference> {
    return this._get(`${of(name, 'difference')}?old=${old}&new=${now}`);
  }

  evidence(name: string, revision?: number): Promise<EvidenceView> {
    const query = revision === undefined ? '' : `?revision=${revision}`;
    return this._get(of(name, 'evidence') + query);
  }

  permissions(name: string): Promise<PermissionView> {
    return this._get(of(name, 'permissions'));
  }

  /** Grants or revokes what is named. */
  permit(
    name: string,
    action: 'grant' | 'revoke',
    permissions: Permissions
  ): Promise<PermissionView> {
    return this._send('POST', of(name, 'permissions', action), { permissions });
  }

  accesses(name: string): Promise<AccessRow[]> {
    return this._get(of(name, 'accesses'));
  }

  data(name: string): Promise<AppData> {
    return this._get(of(name, 'data'));
  }

  clearData(name: string): Promise<unknown> {
    return this._send('DELETE', of(name, 'data'));
  }

  publish(name: string): Promise<PublishedLink> {
    return this._send('POST', of(name, 'publish'));
  }

  unpublish(name: string): Promise<PublishedLink> {
    return this._send('DELETE', of(name, 'publish'));
  }

  /** Which part of the notebook a thing on the page comes from. */
  pointed(name: string, pointed: Pointed): Promise<Reference> {
    return this._send('POST', of(name, 'pointed'), pointed);
  }

  jobs(): Promise<JobView[]> {
    return this._get('jobs');
  }

  job(id: string): Promise<JobView> {
    return this._get(`jobs/${encodeURIComponent(id)}`);
  }

  begin(wish: JobWish): Promise<JobView> {
    return this._send('POST', 'jobs', wish);
  }

  stop(id: string): Promise<unknown> {
    return this._send('POST', `jobs/${encodeURIComponent(id)}/stop`);
  }

  answer(id: string, question: string, answer: string): Promise<unknown> {
    return this._send('POST', `jobs/${encodeURIComponent(id)}/answers`, {
      question,
      answer
    });
  }

  group(id: string): Promise<VariantGroup> {
    return this._get(`variants/${encodeURIComponent(id)}`);
  }

  keep(group: string, job: string): Promise<Kept> {
    return this._send('POST', `variants/${encodeURIComponent(group)}/keep`, {
      job
    });
  }

  upload(file: File): Promise<Upload> {
    return request(
      this.settings,
      'POST',
      `uploads?name=${encodeURIComponent(file.name)}`,
      file
    );
  }

  detach(upload: string): Promise<unknown> {
    return this._send('DELETE', `uploads/${encodeURIComponent(upload)}`);
  }

  /** Address of a file to download. */
  exportUrl(name: string, to: ExportKind): string {
    return this._url(`${of(name, 'export')}?to=${to}`);
  }

  dataUrl(name: string): string {
    return this._url(of(name, 'data', 'export'));
  }

  /** A picture's address as the server names it, below its base URL. */
  pictureUrl(path: string): string {
    return URLExt.join(this.settings.baseUrl, path);
  }

  private _url(path: string): string {
    return URLExt.join(this.settings.baseUrl, 'microapps/api', path);
  }

  private _get<T>(path: string): Promise<T> {
    return request(this.settings, 'GET', path);
  }

  private _send<T>(method: Method, path: string, body?: unknown): Promise<T> {
    return request(this.settings, method, path, body);
  }
}

function of(name: string, ...parts: string[]): string {
  return ['apps', name, ...parts].map(encodeURIComponent).join('/');
}
