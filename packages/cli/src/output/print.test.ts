import { expect, it } from 'vitest';
import { jsonText, linesText } from './print.ts';

const hostile = 'a\u001b[2J\rb\u202ec\u009b\u2066\n! forged';

it('what a name holds moves no cursor, turns no writing around and makes no line of its own', () => {
  expect(linesText([hostile, '北京 👩‍💻'])).toBe('a\\u001b[2J\\u000db\\u202ec\\u009b\\u2066\\u000a! forged\n北京 👩‍💻\n');
});

it('JSON is as visible, and means the same', () => {
  const text = jsonText({ Name: hostile });
  expect(text).toMatch(/^[\x20-\x7e\n]+$/);
  expect(JSON.parse(text)).toEqual({ Name: hostile });
});
