import { expect, it } from 'vitest';
import type { Credentials } from '../domain/operator/principal.ts';
import { StandingClock } from '@landbridge/server/testing/api-harness';
import { randomIds } from '../platform/ids.ts';
import { sessionBounds, Sessions, type EndedBy } from './sessions.ts';

function credentialsOf(secretId: string): Credentials {
  const account = { accountId: '100000000001', isAdministrator: false };
  return {
    principal: { ...account, secretId, keyId: secretId, policies: [], callsPerSecond: null },
    secretKey: 'secret',
  };
}

function setUp() {
  const clock = new StandingClock();
  const keys = new Set(['AKIDone', 'AKIDtwo']);
  const credentials = { accessKey: (id: string) => (keys.has(id) ? credentialsOf(id) : undefined) };
  const sessions = new Sessions({ credentials, clock, ids: randomIds });
  const ended: [string, EndedBy][] = [];
  sessions.onEnd(({ keyId }, by) => ended.push([keyId, by]));
  return { clock, keys, sessions, ended };
}

it('knows a session by its token alone, and keeps no token', () => {
  const { sessions } = setUp();
  const token = sessions.begin('AKIDone');
  expect(token).toMatch(/^[0-9a-f]{64}$/);
  const found = sessions.find(token, true);
  expect(found?.principal.secretId).toBe('AKIDone');
  expect(JSON.stringify(found?.session)).not.toContain(token);
  expect(
    sessions.find(
      token.replace(/./, (digit) => (digit === '0' ? '1' : '0')),
      true,
    ),
  ).toBeUndefined();
  expect(sessions.find(found?.session.digest ?? '', true)).toBeUndefined();
  expect(sessions.find('', true)).toBeUndefined();
});

it('ends what was not used for half an hour, and what only looked', () => {
  const { clock, sessions, ended } = setUp();
  const [used, watched] = [sessions.begin('AKIDone'), sessions.begin('AKIDtwo')];
  clock.advance(sessionBounds.idleMs - 1);
  expect(sessions.find(used, true)).toBeDefined();
  expect(sessions.find(watched, false)).toBeDefined();
  clock.advance(1);
  expect(sessions.find(watched, false)).toBeUndefined();
  expect(sessions.find(used, false)).toBeDefined();
  expect(ended).toEqual([['AKIDtwo', 'expired']]);
});

it('ends everything after twelve hours, however much it is used', () => {
  const { clock, sessions } = setUp();
  const token = sessions.begin('AKIDone');
  const usedAlways = () => {
    for (let left = sessionBounds.wholeMs; left > sessionBounds.idleMs / 2; left -= sessionBounds.idleMs / 2) {
      clock.advance(sessionBounds.idleMs / 2);
      if (sessions.find(token, true) === undefined) return false;
    }
    return true;
  };
  expect(usedAlways()).toBe(true);
  clock.advance(sessionBounds.idleMs / 2);
  expect(sessions.find(token, true)).toBeUndefined();
});

it('ends with its key, and when it is told to', () => {
  const { keys, sessions, ended } = setUp();
  const [one, two] = [sessions.begin('AKIDone'), sessions.begin('AKIDtwo')];
  keys.delete('AKIDone');
  expect(sessions.find(one, true)).toBeUndefined();
  const session = sessions.find(two, true)?.session;
  if (session !== undefined) sessions.end(session);
  expect(sessions.find(two, true)).toBeUndefined();
  keys.add('AKIDone');
  expect(sessions.find(one, true)).toBeUndefined();
  expect(ended).toEqual([
    ['AKIDone', 'key-gone'],
    ['AKIDtwo', 'signed-out'],
  ]);
});

it('keeps ten of a key: the one that was not used for the longest time goes', () => {
  const { clock, sessions, ended } = setUp();
  const other = sessions.begin('AKIDtwo');
  const tokens = Array.from({ length: sessionBounds.perKey }, () => {
    clock.advance(1);
    return sessions.begin('AKIDone');
  });
  clock.advance(1);
  sessions.find(tokens[0] ?? '', true);
  sessions.begin('AKIDone');
  expect(tokens.map((token) => sessions.find(token, false) !== undefined)).toEqual(
    tokens.map((_, index) => index !== 1),
  );
  expect(sessions.find(other, false)).toBeDefined();
  expect(ended).toEqual([['AKIDone', 'too-many']]);
});
