/** A studio document: left the conversation, right the app with its tabs; one of the two where there is little room. */

import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import * as React from 'react';

import { Fault } from '../components/fault';
import { useChanges } from '../drawing';
import { Button, Switch } from './buttons';
import { Preview } from './app/preview';
import { Conversation } from './conversation/conversation';
import type { KeyFor } from './conversation/outcome';
import type { DocumentModel, Tab } from './model';
import { useTrans } from './react';
import { Splitter } from './splitter';
import { CodeTab } from './tabs/code';
import { DataTab } from './tabs/data';
import { EvidenceTab } from './tabs/evidence';
import { HistoryTab } from './tabs/history';
import { PermissionsTab } from './tabs/permissions';
import { TabPanel, Tabs, type ITab } from './tabs/tabs';

/** Pixels below which conversation and app do not fit side by side. */
const NARROW = 700;

/** What the document needs of JupyterLab around it. */
export interface ISurroundings {
  languages: IEditorLanguageRegistry | null;
  editNotebook: (path: string) => void;
  fork: () => void;
  restore: () => void;
  keyFor: KeyFor;
  pickFiles: (() => Promise<string[]>) | null;
  confirm: (title: string, text: string, act: string) => Promise<boolean>;
}

interface IProps {
  model: DocumentModel;
  around: ISurroundings;
}

export function Studio(props: IProps): React.JSX.Element {
  const { model, around } = props;
  const trans = useTrans();
  useChanges(model);
  const { ref, narrow } = useNarrow();
  const [share, setShare] = React.useState(38);
  const [side, setSide] = React.useState<'conversation' | 'app'>(
    model.name ? 'app' : 'conversation'
  );
  React.useEffect(() => {
    // What was pointed at goes into the conversation: it has to be seen.
    const show = (_: unknown, inSight: boolean) =>
      inSight && setSide('conversation');
    model.conversation.unsent.wanted.connect(show);
    return () => {
      model.conversation.unsent.wanted.disconnect(show);
    };
  }, [model]);
  const { pickFiles } = around;
  return (
    <div
      ref={ref}
      className={`jp-MicroappsStudio${narrow ? ' jp-mod-narrow' : ''}`}
    >
      <Fault fault={model.fault} onClose={() => model.clearFault()}>
        {model.state === 'failed' && (
          <Button look="small" onClick={() => void model.read()}>
            {trans.__('Try again')}
          </Button>
        )}
      </Fault>
      {narrow && (
        <Switch
          label={trans.__('Show')}
          className="jp-MicroappsStudio-switch"
          choices={[
            ['conversation', trans.__('Conversation')],
            ['app', trans.__('App')]
          ]}
          chosen={side}
          onChoose={setSide}
        />
      )}
      <div
        className="jp-MicroappsStudio-sides"
        style={
          narrow
            ? undefined
            : { gridTemplateColumns: `${share}% auto minmax(0, 1fr)` }
        }
      >
        <section
          className="jp-MicroappsStudio-left"
          aria-label={trans.__('Conversation')}
          hidden={narrow && side !== 'conversation'}
        >
          <Conversation
            model={model.conversation}
            closed={closedWords(trans, model)}
            keyFor={around.keyFor}
            onPick={
              pickFiles
                ? () =>
                    void pickFiles().then(paths =>
                      model.conversation.unsent.attachments.attachPaths(paths)
                    )
                : undefined
            }
          />
          {model.state === 'trashed' && (
            <Button
              look="primary"
              onClick={around.restore}
            >
              {trans.__('Take it out of the trash')}
            </Button>
          )}
        </section>
        {!narrow && <Splitter share={share} onMove={setShare} />}
        <section
          className="jp-MicroappsStudio-right"
          aria-label={trans.__('App')}
          hidden={narrow && side !== 'app'}
        >
          <Right model={model} around={around} />
        </section>
      </div>
    </div>
  );
}

function Right(props: IProps): React.JSX.Element {
  const { model, around } = props;
  const trans = useTrans();
  const id = React.useId().replace(/:/g, '');
  const missing = model.detail?.asks_missing
    ? trans.__('it asks for something that it was not given')
    : '';
  const tabs: ITab<Tab>[] = [
    { id: 'app', title: trans.__('App') },
    { id: 'evidence', title: trans.__('Evidence') },
    { id: 'code', title: trans.__('Code') },
    { id: 'history', title: trans.__('History') },
    { id: 'permissions', title: trans.__('Permissions'), note: missing },
    { id: 'data', title: trans.__('Data') }
  ];
  const none = (
    <p className="jp-MicroappsTab jp-Microapps-quiet">
      {trans.__('There is nothing here until the app is made.')}
    </p>
  );
  const contents: Record<Tab, React.ReactNode> = {
    app: <Preview model={model} pointable={true} />,
    evidence: <EvidenceTab model={model} />,
    code: (
      <CodeTab
        model={model}
        languages={around.languages}
        onEdit={around.editNotebook}
      />
    ),
    history: <HistoryTab model={model} onFork={around.fork} />,
    permissions: <PermissionsTab model={model} />,
    data: <DataTab model={model} confirm={around.confirm} />
  };
  return (
    <>
      <Tabs
        id={id}
        label={trans.__('About the app')}
        tabs={tabs}
        selected={model.tab}
        onSelect={tab => model.setTab(tab)}
      />
      {tabs.map(tab => (
        <TabPanel
          key={tab.id}
          id={id}
          tab={tab.id}
          selected={tab.id === model.tab}
          fixed={tab.id === 'app'}
        >
          {model.name || tab.id === 'app' ? contents[tab.id] : none}
        </TabPanel>
      ))}
    </>
  );
}

function closedWords(
  trans: ReturnType<typeof useTrans>,
  model: DocumentModel
): string {
  switch (model.state) {
    case 'trashed':
      return trans.__('This app is in the trash.');
    case 'missing':
      return model.name
        ? trans.__('There is no app %1 any more.', model.name)
        : trans.__('The server no longer knows this job.');
    default:
      return '';
  }
}

function useNarrow(): {
  ref: React.RefObject<HTMLDivElement>;
  narrow: boolean;
} {
  const ref = React.useRef<HTMLDivElement>(null);
  const [narrow, setNarrow] = React.useState(false);
  React.useLayoutEffect(() => {
    const element = ref.current;
    if (!element) {
      return;
    }
    const look = () => {
      // A document behind another tab has no width, which says nothing.
      if (element.offsetWidth) {
        setNarrow(element.offsetWidth < NARROW);
      }
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, narrow };
}
