/** The thin client of a published micro-app's page. */

document.documentElement.dataset.microappsPage = 'ready';
