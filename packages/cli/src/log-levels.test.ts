import { logAreaNames } from '@landbridge/server/domain/operator/log-words';
import { expect, it } from 'vitest';
import { logLevels, readLevels } from './log-levels.ts';

it('reads areas with their levels, and one for the rest', () => {
  expect(readLevels(['tunnels=debug', 'api=silent'])).toEqual({ tunnels: 'debug', api: 'silent' });
  const all = readLevels(['tunnels=debug', 'all=error']);
  expect(Object.keys(all).toSorted()).toEqual(logAreaNames.toSorted());
  expect(all).toMatchObject({ tunnels: 'debug', api: 'error', service: 'error' });
  expect(readLevels([])).toEqual({});
});

it.each([
  ['tunnels', /^tunnels: must be AREA=LEVEL/],
  ['=debug', /^=debug: must be AREA=LEVEL/],
  ['tunnels=loud', /^tunnels: must be one of debug, info, warn, error, silent$/],
  ['tunnels=', /^tunnels: must be one of/],
  ['tunnel=debug', /^"tunnel" is no area of the log: it has service, api, /],
  ['toString=debug', /^"toString" is no area/],
])('refuses %s', (word, message) => {
  expect(() => readLevels([word])).toThrow(message);
});

it('does one thing or the other, and says where nothing runs', () => {
  const dataDir = '/nowhere/landbridge';
  expect(() => logLevels(['api=warn'], { dataDir, asConfigured: true })).toThrow('--as-configured takes no levels');
  expect(() => logLevels(['api=warn'], { dataDir })).toThrow(
    /no agent runs for \/nowhere\/landbridge: there is no \/run/,
  );
});
