import { describe, expect, it } from 'vitest';
import { matrixTable } from './matrix-table.ts';
import type { Cell } from './reachability-matrix.ts';

const cells: Cell[] = [
  { from: 'VPC-1 A', to: 'IDC-1', expected: 'yes', measured: 'yes' },
  { from: 'IDC-1', to: 'VPC-1 A', expected: 'no', measured: 'partly' },
];

describe('matrixTable', () => {
  it('draws a grid with a dash where nothing is measured and both values where they differ', () => {
    expect(matrixTable(cells, { colour: false })).toBe(
      [
        'from \\ to  VPC-1 A               IDC-1',
        'VPC-1 A    -                     yes',
        'IDC-1      partly (expected no)  -',
      ].join('\n'), // prettier-ignore
    );
  });

  it('marks a difference in red', () => {
    expect(matrixTable(cells, { colour: true })).toContain('\u001b[31mpartly (expected no)');
  });
});
