import { expect, it } from 'vitest';
import { bandsOf, type Line } from './bands.ts';

const at = (time: number) => new Date(time).toISOString();
const line = (time: number, State: string, Kind: Line['Kind'] = 'state'): Line => ({
  ...{ LineId: `${time}`, Time: at(time), ResourceId: 'vpnx-00000001', Kind, Text: '', State },
  ...{ Finding: null, IsFirst: false, IsOver: false },
});

const window = { from: 1000, to: 2000 };

it('states follow each other, and the one of before lasts into the window', () => {
  const lines = [line(1600, 'refused'), line(500, 'up'), line(400, 'negotiating'), line(1700, '', 'ike')];
  expect(bandsOf(lines, window, 5000)).toEqual([
    { state: 'up', from: 1000, to: 1600, isWhole: false },
    { state: 'refused', from: 1600, to: 2000, isWhole: false },
  ]);
});

it('nothing is said of before the first line, of after now, nor of after the window', () => {
  expect(bandsOf([line(1200, 'up'), line(2500, 'refused')], window, 1800)).toEqual([
    { state: 'up', from: 1200, to: 1800, isWhole: false },
  ]);
  expect(bandsOf([], window, 1800)).toEqual([]);
});

it('a state that is told again is the same band', () => {
  expect(bandsOf([line(1200, 'up'), line(1500, 'up'), line(1800, 'refused')], window, 5000)).toMatchObject([
    { state: 'up', from: 1200, to: 1800, isWhole: true },
    { state: 'refused', isWhole: false },
  ]);
});
