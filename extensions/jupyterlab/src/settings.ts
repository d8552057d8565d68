/** The titles in JupyterLab's settings editor, in the person's language: its own translations know only its own. */

import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

/** The plugin whose schema holds the settings. */
export const SETTINGS = 'jupyterlab-microapps:plugin';

interface ITexts {
  title: string;
  description: string;
}

export function translateSettings(registry: ISettingRegistry, trans: TranslationBundle): void {
  const whole: ITexts = {
    title: trans.__('Micro-apps'),
    description: trans.__('Settings of the micro-apps studio.')
  };
  const each: Record<string, ITexts> = {
    openAtOnce: {
      title: trans.__('Open the studio at once'),
      description: trans.__(
        'Show a new app in the studio while it is made, instead of in the list of jobs.'
      )
    },
    answers: {
      title: trans.__('Answers to choose from'),
      description: trans.__(
        'How many answers are made to a request for a new app. Each is checked, and costs, on its own.'
      )
    }
  };
  registry.transform(SETTINGS, {
    fetch: plugin => {
      const schema = { ...plugin.schema, ...whole, 'jupyter.lab.setting-icon-label': whole.title };
      const properties = { ...schema.properties };
      for (const [name, texts] of Object.entries(each)) {
        properties[name] = { ...properties[name], ...texts };
      }
      return { ...plugin, schema: { ...schema, properties } };
    }
  });
}
