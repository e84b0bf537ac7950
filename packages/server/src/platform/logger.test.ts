import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLogger, type Logger } from './logger.ts';

function logged(write: (logger: Logger) => void): string {
  const lines: string[] = [];
  write(createLogger('debug', { write: (line) => void lines.push(line) }));
  return lines.join('');
}

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
      expect(logged((logger) => logger.info(withSecret(value) as object, 'said'))).not.toContain(secret);
    }),
  );
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
