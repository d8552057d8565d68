/** The parts of a job's story: what was said, told and written, and where the endpoint was tried again. */

import * as React from 'react';

import type { CellChange } from '../../api';
import { useTrans } from '../react';
import { roleWord } from '../phrases';
import { DiffSize, DiffView, Fold } from './code';
import type { IRetry, ISaid, ITold, IWritten } from './job';
import { blocks, type Block, type ISpan } from './prose';

export function Said(props: { item: ISaid }): React.JSX.Element {
  const trans = useTrans();
  const { item } = props;
  if (item.thought || item.cut) {
    return (
      <Fold
        className="jp-MicroappsThought"
        summary={
          item.cut
            ? trans.__('Cut off, and begun again')
            : trans.__('What it thought')
        }
      >
        {() => <Prose text={item.text} />}
      </Fold>
    );
  }
  return (
    <div className="jp-MicroappsSaid">
      <Prose text={item.text} />
    </div>
  );
}

/** A model's words: the few marks of Markdown that they use, and nothing that is more than text. */
export const Prose = React.memo(function Prose(props: { text: string }) {
  return (
    <div className="jp-MicroappsProse">
      {blocks(props.text).map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </div>
  );
});

function BlockView(props: { block: Block }): React.JSX.Element {
  const { block } = props;
  switch (block.kind) {
    case 'paragraph':
      return (
        <p dir="auto">
          <Spans spans={block.spans} />
        </p>
      );
    case 'heading':
      return (
        <p className="jp-MicroappsProse-heading" dir="auto">
          <Spans spans={block.spans} />
        </p>
      );
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case 'list': {
      const items = block.items.map((item, at) => (
        <li key={at}>
          <Spans spans={item} />
        </li>
      ));
      return block.ordered ? <ol dir="auto">{items}</ol> : <ul dir="auto">{items}</ul>;
    }
  }
}

function Spans(props: { spans: ISpan[] }): React.JSX.Element {
  const tags = { plain: null, strong: 'strong', emphasis: 'em', code: 'code' };
  return (
    <>
      {props.spans.map((span, at) => {
        const tag = tags[span.style];
        return tag
          ? React.createElement(tag, { key: at }, span.text)
          : span.text;
      })}
    </>
  );
}

export function Told(props: { item: ITold }): React.JSX.Element {
  const trans = useTrans();
  return (
    <Fold
      summary={trans.__('What the model is told of %1', props.item.file)}
    >
      {() => (
        <pre className="jp-MicroappsPlain" tabIndex={0}>
          {props.item.text}
        </pre>
      )}
    </Fold>
  );
}

export const Written = React.memo(function Written(props: {
  item: IWritten;
}): React.JSX.Element {
  return (
    <div className="jp-MicroappsWritten">
      {props.item.cells.map((cell, at) => (
        <CellView
          key={at}
          cell={{
            id: cell.cell,
            role: cell.role,
            change: cell.change,
            diff: cell.diff
          }}
        />
      ))}
    </div>
  );
});

/** One cell that was written, folded. */
export function CellView(props: { cell: CellChange }): React.JSX.Element {
  const trans = useTrans();
  const { cell } = props;
  const words = {
    added: trans.__('Added'),
    changed: trans.__('Changed'),
    moved: trans.__('Moved'),
    removed: trans.__('Removed')
  };
  const signs = { added: '+', changed: '~', moved: '↕', removed: '−' };
  const title = (
    <>
      <span className="jp-MicroappsCell-sign" aria-hidden="true">
        {signs[cell.change]}
      </span>
      <span className="jp-MicroappsCell-change">{words[cell.change]}</span>{' '}
      <code>{cell.id}</code>{' '}
      {cell.role && cell.role !== cell.id && (
        <span className="jp-Microapps-quiet">
          {roleWord(trans, cell.role)}{' '}
        </span>
      )}
      <DiffSize diff={cell.diff} />
    </>
  );
  if (!cell.diff) {
    return <div className="jp-MicroappsCell jp-mod-bare">{title}</div>;
  }
  return (
    <Fold
      className={`jp-MicroappsCell jp-mod-${cell.change}`}
      summary={title}
    >
      {() => <DiffView diff={cell.diff} />}
    </Fold>
  );
}

export function Retry(props: { item: IRetry }): React.JSX.Element {
  const trans = useTrans();
  const seconds = Math.max(1, Math.round(props.item.delay));
  return (
    <p className="jp-MicroappsRetry">
      {props.item.what} {trans.__('Trying again after %1 s.', seconds)}
    </p>
  );
}
