import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import type { Principal } from '../domain/operator/principal.ts';
import { EventStreams, streamBounds } from './event-streams.ts';
import type { Session, Sessions } from './sessions.ts';

class FakeResponse extends EventEmitter {
  isCut = false;
  readonly writableLength = 0;
  writeHead = () => this;
  write = () => true;
  destroy = () => {
    this.isCut = true;
  };
}

function setUp() {
  const watch = { note: () => undefined, take: () => null, [Symbol.dispose]: () => undefined };
  const streams = new EventStreams({
    news: { watch: () => watch as never },
    sessions: { onEnd: () => undefined } as unknown as Sessions,
    isAgentHeard: () => true,
    clock: new FakeClock(),
  });
  /** One more, of a session of its own. */
  const open = (accountId: string): FakeResponse => {
    const session: Session = { digest: '', keyId: '', begunAt: 0, usedAt: 0 };
    const principal = { accountId, isAdministrator: false, policies: [] } as unknown as Principal;
    const response = new FakeResponse();
    streams.expectRoom(session, principal);
    streams.open(session, principal, response as unknown as ServerResponse);
    return response;
  };
  return { streams, open };
}

it('an account that watches from too many windows loses its own oldest, and nobody else does', () => {
  const { streams, open } = setUp();
  const other = open('other');
  const own = Array.from({ length: streamBounds.perAccount }, () => open('greedy'));
  expect(own.some(({ isCut }) => isCut)).toBe(false);
  open('greedy');
  expect(own.map(({ isCut }) => isCut)).toEqual(own.map((_, index) => index === 0));
  expect(other.isCut).toBe(false);
  expect(streams.count).toBe(streamBounds.perAccount + 1);
});

it('of all of them the oldest makes room', () => {
  const { streams, open } = setUp();
  const first = Array.from({ length: streamBounds.all }, (_, index) => open(`account ${index % 10}`));
  open('one more');
  expect(first.map(({ isCut }) => isCut)).toEqual(first.map((_, index) => index === 0));
  expect(streams.count).toBe(streamBounds.all);
});
