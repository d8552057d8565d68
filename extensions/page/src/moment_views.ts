/** Widgets for dates: as the library's, which take years that Python does not have (`datetime.MAXYEAR` is 9999). */

import { DatePickerView as LibraryDatePickerView, DatetimeView as LibraryDatetimeView } from '@jupyter-widgets/controls';

/** The last of what a field without a limit takes, as `microapps/publish/thin/fields.py` draws it. */
const LAST: Readonly<Record<string, string>> = { date: '9999-12-31', 'datetime-local': '9999-12-31T23:59' };

export class DatePickerView extends LibraryDatePickerView {
  override update(...given: Parameters<LibraryDatePickerView['update']>): void {
    super.update(...given);
    limit(this.el);
  }
}

export class DatetimeView extends LibraryDatetimeView {
  override update2(...given: Parameters<LibraryDatetimeView['update2']>): void {
    super.update2(...given);
    limit(this.el);
  }
}

/** Without a limit, a browser writes a year of up to six digits; with this one it goes on after the fourth. */
function limit(view: HTMLElement): void {
  for (const field of view.querySelectorAll('input')) {
    field.max ||= LAST[field.type] ?? '';
  }
}
