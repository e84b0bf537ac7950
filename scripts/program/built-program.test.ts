import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const built = new URL('../../packages/cli/dist/', import.meta.url);
if (!existsSync(built)) throw new Error('the program is not built: run make setup');

/** Sources (paths below the repository) in a file of the bundle whose name begins so, and in whatever it loads with itself. */
function sourcesOf(name: string): string[] {
  const first = readdirSync(built).filter((file) => file.startsWith(name));
  expect(first, `files of ${name}`).toHaveLength(1);
  const texts = new Map<string, string>();
  for (const file of withImports(first)) texts.set(file, readFileSync(new URL(file, built), 'utf8'));
  return [...texts.values()].flatMap(sourcesIn);
}

function sourcesIn(text: string): string[] {
  return [...text.matchAll(/^\/\/ ?(?:#region )?((?:packages|node_modules)\/\S+)$/gm)].map(([, path = '']) => path);
}

function withImports(files: readonly string[]): Set<string> {
  const all = new Set(files);
  for (const file of all)
    for (const [, imported = ''] of readFileSync(new URL(file, built), 'utf8').matchAll(
      /^(?:import|export) .*?"\.\/([^"]+)"/gm,
    ))
      all.add(imported);
  return all;
}

const hearsTenants = /node_modules\/fastify\/|^packages\/server\/src\/(http|api|services|writer)\//;

describe('of the built program', () => {
  it('what acts has no code that hears tenants, and what decides has', () => {
    const agent = sourcesOf('agent-');
    expect(agent).toContain('packages/server/src/processes/agent.ts');
    expect(agent.filter((path) => hearsTenants.test(path))).toEqual([]);
    expect(sourcesOf('controller-').filter((path) => hearsTenants.test(path)).length).toBeGreaterThan(50);
  });

  it('what starts both has neither, and a command that only asks has nothing of the service', () => {
    const ofASide =
      /node_modules\/fastify\/|^packages\/server\/src\/(api|services|writer|agent|gateway|drivers|planner|image)\//;
    for (const [name, source] of [
      ['launcher-', 'packages/server/src/processes/launcher.ts'],
      ['landbridge.js', 'packages/cli/src/main.ts'],
      ['status-', 'packages/cli/src/status.ts'],
    ] as const) {
      const sources = sourcesOf(name);
      expect(sources).toContain(source);
      expect(sources.filter((path) => ofASide.test(path))).toEqual([]);
    }
  });

  it('each package of npm in it has its licence named', () => {
    const licences = `\n${readFileSync(new URL('licences.txt', built), 'utf8')}`;
    const packages = new Set(
      readdirSync(built)
        .filter((file) => file.endsWith('.js'))
        .flatMap((file) => sourcesIn(readFileSync(new URL(file, built), 'utf8')))
        .flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1] ?? []),
    );
    expect(packages.size).toBeGreaterThan(40);
    expect([...packages].filter((name) => !licences.includes(`\n${name} `))).toEqual([]);
    expect(licences).toMatch(/^fastify \d\S* \(MIT\)\n-+\n\nMIT License/m);
  });
});
