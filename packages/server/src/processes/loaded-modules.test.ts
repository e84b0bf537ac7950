import { execFileSync } from 'node:child_process';
import { patience } from '@landbridge/testbed/poll';
import { describe, expect, it } from 'vitest';

const script = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  await import(process.argv[1]);
  console.log(JSON.stringify(loaded));
  process.exit();
`;

/** Addresses of whatever a process loads that imports this file of this folder. */
function modulesOf(file: string): string[] {
  const argv = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script];
  const { href } = new URL(file, import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [...argv, href], { encoding: 'utf8' })) as string[];
}

const hearsTenants = /\/node_modules\/fastify\/|\/server\/src\/(http|api|services|writer)\//;

describe('a process loads', { timeout: 30_000 * patience }, () => {
  it('no code that hears tenants where it acts, and such where it decides', () => {
    expect(modulesOf('./agent.ts').filter((url) => hearsTenants.test(url))).toEqual([]);
    expect(modulesOf('./controller.ts').filter((url) => hearsTenants.test(url)).length).toBeGreaterThan(50);
  });

  it('neither of the two where it starts them, nor what they are made of', () => {
    const ofASide =
      /\/node_modules\/fastify\/|\/server\/src\/(api|services|writer|agent|gateway|drivers|planner|image)\//;
    for (const file of ['./launcher.ts', '../main.ts']) {
      expect(
        modulesOf(file).filter((url) => ofASide.test(url) || /processes\/(agent|controller)\.ts/.test(url)),
      ).toEqual([]);
    }
  });
});
