import * as fc from 'fast-check';
import { patience } from '@landbridge/testbed/poll';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogForm } from '../domain/operator/log-words.ts';
import { lineForm } from './line-forms.ts';
import { Log, type Logger, type LogSettings } from './logger.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A log, and what it has written. */
function bench(settings: Partial<LogSettings> = {}, form: LogForm = 'json') {
  const written: string[] = [];
  const write = lineForm(form, { isTerminal: false, isJournal: false });
  const destination = { write: (line: string) => void written.push(write(line.trimEnd())) };
  const clock = { ms: 0, elapsed: () => clock.ms };
  const log = new Log({ logLevel: 'debug', ...settings }, { process: 'agent' }, { destination, clock });
  return { log, clock, written, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

function logged(write: (logger: Logger) => void): string {
  const { log, written } = bench();
  write(log.of.service);
  return written.join('\n');
}

test('a line says when, how grave, who and about what', () => {
  vi.setSystemTime(new Date('2026-11-28T09:00:00.007Z'));
  const { log, written, lines } = bench();
  log.of.tunnels.warn({ connection: 'vpnx-00000001', reason: 'no answer' }, 'tunnel is down');
  expect(lines()).toMatchObject([
    {
      ...{ level: 'warn', time: '2026-11-28T09:00:00.007Z', process: 'agent', area: 'tunnels' },
      ...{ connection: 'vpnx-00000001', reason: 'no answer', msg: 'tunnel is down' },
    },
  ]);
  expect(written[0]).toMatch(/^\{"level":"warn","time":"/);
});

/** Whatever moves a cursor, ends a line or turns writing around. */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const letters = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\n', '\r', '\u001b[2J', '\u009b', '\u202e', '\u2028', '"', '\\', '\ud800'),
    fc.string(),
  ),
});
const anything = fc.anything({ key: letters, values: [letters, fc.anything()], withBigInt: true, withDate: true });

const slowly = { timeout: 30_000 * patience };

test.each(['json', 'text'] as const)(
  'whatever is told, it is one line, and nothing in it obeys (%s)',
  slowly,
  (form) => {
    fc.assert(
      fc.property(fc.dictionary(letters, anything), letters, (fields, message) => {
        const { log, written } = bench({}, form);
        log.of.tunnels.warn(fields, message);
        log.of.tunnels.error(Object.assign(new Error(message), fields));
        expect(written).toHaveLength(2);
        for (const line of written) expect(line).not.toMatch(unprintable);
        if (form === 'text') return;
        for (const line of written) expect(JSON.parse(line)).toMatchObject({ process: 'agent', area: 'tunnels' });
        expect(JSON.parse(written[0] ?? '')).toMatchObject({ level: 'warn', msg: message });
      }),
    );
  },
);

test('no field takes the place of what a line says itself', () => {
  const { log, lines } = bench();
  log.of.api.info({ level: 'error', time: 0, area: 'store', process: 'other', msg: 'forged' }, 'said');
  expect(lines()).toMatchObject([
    { level: 'info', area: 'api', process: 'agent', msg: 'said', level_: 'error', msg_: 'forged' },
  ]);
});

test('a line is never longer than journald takes in one piece', () => {
  const { log, written, lines } = bench();
  for (const letter of ['a', '"', '\u202e', '\u0000', '漢', '\ud800']) {
    log.of.tunnels.warn({ reason: letter.repeat(100_000), connection: 'vpnx-00000001' }, 'tunnel is down');
  }
  for (const line of written) expect(Buffer.byteLength(line)).toBeLessThan(48 * 1024);
  for (const line of lines())
    expect(line).toMatchObject({ msg: 'tunnel is down', cut: expect.stringContaining('…') as string });
});

test('of ten thousand lines that say the same at once some are written, and how many more there were', () => {
  const { log, clock, lines } = bench();
  for (let each = 0; each < 10_000; each++) log.of.tunnels.warn({ connection: `vpnx-${each}` }, 'tunnel is down');
  log.of.tunnels.warn('something else');
  expect(lines()).toHaveLength(201);
  expect(lines().at(-1)).toMatchObject({ msg: 'something else' });
  vi.advanceTimersByTime(60_000);
  expect(lines()).toHaveLength(202);
  expect(lines().at(-1)).toMatchObject({ level: 'warn', area: 'tunnels', msg: 'tunnel is down', unlogged: 9800 });
  // Once there is room again, the next line tells it.
  for (let each = 0; each < 10; each++) log.of.tunnels.warn('tunnel is down');
  clock.ms += 1000;
  log.of.tunnels.warn({ connection: 'vpnx-next' }, 'tunnel is down');
  expect(lines().at(-1)).toMatchObject({ connection: 'vpnx-next', unlogged: 10 });
  vi.advanceTimersByTime(60_000);
  expect(lines()).toHaveLength(203);
});

test('each call has its line: what bounds calls bounds them', () => {
  const { log, lines } = bench();
  for (let each = 0; each < 1000; each++) log.of.api.info({ each }, 'call answered');
  expect(lines()).toHaveLength(1000);
});

test('levels are of areas, and are changed while it runs', () => {
  const { log, lines } = bench({ logLevel: 'info', logLevels: { api: 'warn' } });
  const { tunnels } = log.of;
  const said = () => {
    const before = lines().length;
    for (const each of [tunnels, log.of.api, log.of.store]) {
      each.debug('debug');
      each.info('info');
      each.warn('warn');
    }
    return lines()
      .slice(before)
      .map(({ area, msg }) => `${String(area)} ${String(msg)}`);
  };
  const configured = ['tunnels info', 'tunnels warn', 'api warn', 'store info', 'store warn'];
  expect(said()).toEqual(configured);
  expect(log.difference).toBe('');
  log.setLevels({ tunnels: 'debug', store: 'silent', service: 'info' });
  expect(lines().at(-1)).toMatchObject({ msg: 'log levels changed', levels: { tunnels: 'debug', store: 'silent' } });
  expect(said()).toEqual(['tunnels debug', 'tunnels info', 'tunnels warn', 'api warn']);
  expect(log.difference).toBe('store silent instead of info, tunnels debug instead of info');
  log.setLevels({});
  expect(said()).toEqual(configured);
  expect(log.difference).toBe('');
});

const secret = 'correct-horse';

test.each(['PreShareKey', 'preSharedKey', 'secretKey', 'SecretKey', 'authorization', 'Authorization', 'Signature'])(
  '%s is never printed, wherever it stands',
  (name) => {
    const holder = { [name]: secret };
    const error = Object.assign(new Error('refused'), { request: holder });
    const lines = logged((logger) => {
      logger.info(holder, 'itself');
      logger.info({ body: { list: [holder, { deeper: holder }] } }, 'within');
      logger.error({ err: error }, 'of an error');
      logger.error(error, 'an error alone');
    });
    expect(lines).not.toContain(secret);
    expect(lines.match(/\[redacted\]/g)).toHaveLength(5);
  },
);

test('whatever is logged, no value of a secret field is in it', () => {
  const { log, written } = bench();
  const name = fc.constantFrom('id', 'SecretKey', 'preSharedKey', 'list');
  const leaf = fc.constantFrom(1, null, 'plain', true);
  const { fields } = fc.letrec((tie) => ({
    fields: fc.dictionary(name, fc.oneof(leaf, tie('fields'), fc.array(tie('fields'), { maxLength: 2 }))),
  }));
  const withSecret = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(withSecret);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, of]) => [key, /key/i.test(key) ? secret : withSecret(of)]);
    return Object.fromEntries(entries) as unknown;
  };
  fc.assert(
    fc.property(fields, (value) => {
      log.of.api.info(withSecret(value) as object, 'said');
      expect(written.pop()).not.toContain(secret);
    }),
  );
  expect(written).toEqual([]);
});

test('an error keeps its message, its stack and its cause; what goes in circles ends', () => {
  const error = new Error('outside', { cause: new Error('inside') });
  const line = JSON.parse(logged((logger) => logger.error({ err: error }, 'broke'))) as { err: { stack: string } };
  expect(line).toMatchObject({ msg: 'broke', err: { type: 'Error', message: 'outside: inside' } });
  expect(line.err.stack).toContain('caused by: Error: inside');
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(logged((logger) => logger.info({ circle }, 'round'))).toContain('[too deep]');
});
