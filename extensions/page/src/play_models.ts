/** The player, as the library's, that ends with its model: its timer would go on for one that is closed. */

import { PlayModel as LibraryPlayModel } from '@jupyter-widgets/controls';

export class PlayModel extends LibraryPlayModel {
  override close(commClosed = false): Promise<void> {
    clearTimeout((this as unknown as { _timerId?: number })._timerId);
    return super.close(commClosed);
  }
}
