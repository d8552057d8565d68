/** What a report says, counted. */

import type { LayerResult, Report } from '../../api';

/** Whether a report lets its revision become current. */
export function passed(report: Report): boolean {
  return (
    report.layers.length > 0 &&
    report.layers.every(layer => layer.status !== 'failed')
  );
}

export interface ICounts {
  /** Layers that ran. */
  checks: number;
  tests: number;
  passedTests: number;
  errors: number;
  warnings: number;
}

/** How much was checked, and what came of it. */
export function counted(layers: readonly LayerResult[]): ICounts {
  const findings = layers.flatMap(layer => layer.findings);
  const tests = layers.flatMap(layer => layer.evidence);
  const errors = findings.filter(found => found.severity === 'error').length;
  return {
    checks: layers.filter(layer => layer.status !== 'skipped').length,
    tests: tests.length,
    passedTests: tests.filter(test => test.status === 'passed').length,
    errors,
    warnings: findings.length - errors
  };
}
