/** The few of Lumino's widgets that the core widgets are made of, in place of all of them. */

export { Layout } from '@lumino/widgets/src/layout';
export { Panel } from '@lumino/widgets/src/panel';
export { PanelLayout } from '@lumino/widgets/src/panellayout';
export { TabBar } from '@lumino/widgets/src/tabbar';
export { Title } from '@lumino/widgets/src/title';
export { Widget } from '@lumino/widgets/src/widget';
