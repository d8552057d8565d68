/** The core's input widgets by how their value is written as text: for prefilled links, and for what a person typed. */

import type { WidgetModel } from '@jupyter-widgets/base';

/** A widget's class without the word Model. */
export function kindOf(model: WidgetModel): string {
  const name = String(model.get('_model_name')).replace(/Model$/, '');
  const renamed: Record<string, string> = {
    Datetime: 'DatetimePicker',
    NaiveDatetime: 'NaiveDatetimePicker',
    Time: 'TimePicker',
  };
  return renamed[name] ?? name;
}

/** How the value of a kind of widget is read from text and written as text. */
export interface Form {
  /** The traits to set; null where the text is no value that the widget can take. */
  read(text: string, model: WidgetModel): Record<string, unknown> | null;
  write(model: WidgetModel): string;
}

const LONGEST = 100_000;
const NAMED_COLOUR = /^(?:#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,30})$/i;
const RANGE = /^\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*(?:[-–:,]|to)\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*$/i;

const bound = (model: WidgetModel, value: number) => {
  const log = kindOf(model) === 'FloatLogSlider';
  const limit = (name: string, none: number) => {
    const set = model.get(name) as number | null | undefined;
    return typeof set !== 'number' ? none : log ? (model.get('base') as number) ** set : set;
  };
  return Math.min(Math.max(value, limit('min', -Infinity)), limit('max', Infinity));
};
const number = (whole: boolean, text: string) => {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) && (!whole || Number.isInteger(value)) ? value : null;
};
const options = (model: WidgetModel) => ((model.get('_options_labels') as string[] | undefined) ?? []).map(String);
const place = (model: WidgetModel, text: string) => {
  const labels = options(model);
  const exact = labels.indexOf(text.trim());
  return exact >= 0 ? exact : labels.findIndex(label => folded(label) === folded(text));
};
const several = (text: string) => text.split(',').map(part => part.trim()).filter(Boolean);

/** A label without case, runs of blanks, and the colon or star at its end. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().split(/\s+/).join(' ').replace(/[\s:*…]+$/, '').trim();
}

const text: Form = {
  read: value => (value.length <= LONGEST ? { value } : null),
  write: model => String(model.get('value') ?? ''),
};
const numeric = (whole: boolean): Form => ({
  read: (value, model) => {
    const found = number(whole, value);
    return found === null ? null : { value: bound(model, found) };
  },
  write: model => String(model.get('value')),
});
const range = (whole: boolean): Form => ({
  read: (value, model) => {
    const match = RANGE.exec(value);
    const ends = match ? [number(whole, match[1]), number(whole, match[2])] : [null];
    return ends.some(end => end === null) ? null : { value: (ends as number[]).sort((a, b) => a - b).map(end => bound(model, end)) };
  },
  write: model => (model.get('value') as number[]).join(' – '),
});
const toggle: Form = {
  read: value => {
    const said = value.trim().toLowerCase();
    const yes = ['1', 'true', 'yes', 'on'].includes(said);
    return yes || ['0', 'false', 'no', 'off', ''].includes(said) ? { value: yes } : null;
  },
  write: model => String(Boolean(model.get('value'))),
};
const choice: Form = {
  read: (value, model) => {
    const index = place(model, value);
    return index < 0 ? null : { index };
  },
  write: model => options(model)[model.get('index') as number] ?? '',
};
const choices: Form = {
  read: (value, model) => {
    const index = several(value).map(part => place(model, part));
    return index.includes(-1) ? null : { index };
  },
  write: model => (model.get('index') as number[]).map(index => options(model)[index]).join(', '),
};
const span: Form = {
  read: (value, model) => {
    const ends = value.split(/\s+[–-]\s+|\s*,\s*/).map(part => place(model, part));
    return ends.length !== 2 || ends.includes(-1) ? null : { index: ends.sort((a, b) => a - b) };
  },
  write: model => (model.get('index') as number[]).map(index => options(model)[index]).join(' – '),
};
const tags = (check: (tag: string) => unknown): Form => ({
  read: (value, model) => {
    const allowed = (model.get('allowed_tags') as unknown[] | undefined) ?? [];
    const found = several(value).map(check);
    const wrong = found.some(tag => tag === null || (allowed.length > 0 && !allowed.includes(tag)));
    return wrong ? null : { value: found };
  },
  write: model => ((model.get('value') as unknown[]) ?? []).join(', '),
});
const date: Form = {
  read: value => {
    const found = /^\d{4}-\d\d-\d\d$/.test(value.trim()) ? new Date(`${value.trim()}T00:00:00Z`) : null;
    return found && !Number.isNaN(found.getTime()) ? { value: found } : null;
  },
  write: model => (model.get('value') as Date | null)?.toISOString().slice(0, 10) ?? '',
};
const time: Form = {
  read: value => (/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/.test(value.trim()) ? { value: value.trim() } : null),
  write: model => String(model.get('value') ?? ''),
};
const moment: Form = {
  read: value => {
    const found = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value.trim()) ? new Date(value.trim().replace(' ', 'T')) : null;
    return found && !Number.isNaN(found.getTime()) ? { value: found } : null;
  },
  write: model => {
    const value = model.get('value') as Date | null;
    if (!value) {
      return '';
    }
    const local = new Date(value.getTime() - value.getTimezoneOffset() * 60_000);
    return local.toISOString().slice(0, 19);
  },
};
const colour: Form = {
  read: value => (NAMED_COLOUR.test(value.trim()) ? { value: value.trim() } : null),
  write: text.write,
};

const FORMS: Record<string, Form> = {
  Text: text, Textarea: text, Combobox: text,
  IntText: numeric(true), BoundedIntText: numeric(true), IntSlider: numeric(true), Play: numeric(true),
  FloatText: numeric(false), BoundedFloatText: numeric(false), FloatSlider: numeric(false), FloatLogSlider: numeric(false),
  IntRangeSlider: range(true), FloatRangeSlider: range(false),
  Checkbox: toggle, ToggleButton: toggle,
  Dropdown: choice, RadioButtons: choice, Select: choice, ToggleButtons: choice, SelectionSlider: choice,
  SelectMultiple: choices, SelectionRangeSlider: span,
  DatePicker: date, TimePicker: time, NaiveDatetimePicker: moment, DatetimePicker: moment,
  ColorPicker: colour,
  TagsInput: tags(tag => tag), ColorsInput: tags(tag => (NAMED_COLOUR.test(tag) ? tag : null)),
  IntsInput: tags(tag => number(true, tag)), FloatsInput: tags(tag => number(false, tag)),
};

/** How a widget's value is read and written; undefined for one that takes no input, or a password or a file. */
export function formOf(model: WidgetModel): Form | undefined {
  return FORMS[kindOf(model)];
}
