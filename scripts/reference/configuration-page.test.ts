import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configurationPage } from './configuration-page.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

describe('the page of the settings', () => {
  it('has words, values and a default for each of them, nested ones too', () => {
    const made = configurationPage(page);
    for (const line of [
      '| `listen` | host:port | `127.0.0.1:9700` | the API in plain HTTP; on loopback only. Flag `--listen` |',
      '| `tls.key` | path | needed | PEM, not readable by every user of the host; read anew as well |',
      '| `holdDown.checkedMs` | 0 to 3600000 milliseconds | `10000` | without an unanswered probe, for a tunnel with a health check |',
      '| `quotas.vpcsPerAccount` | 0 to 1000000 | as `vpcs` | VPCs of one account, in all regions |',
    ]) {
      expect(made).toContain(`${line}\n`);
    }
  });

  it('keeps what people wrote, and is refused where a table has no place or a place no table', () => {
    const prose = (text: string) => text.replaceAll(/<!-- generated: [^]*?<!-- end -->/g, '');
    expect(prose(configurationPage(page))).toBe(prose(page));
    expect(() => configurationPage(page.replace('generated: quotas', 'generated: quota'))).toThrow(
      'no place for quotas',
    );
    expect(() => configurationPage(`${page}\n<!-- generated: moons -->\n<!-- end -->\n`)).toThrow('a place for moons');
  });
});
