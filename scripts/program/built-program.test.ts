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
  return [...texts.values()].flatMap((text) =>
    [...text.matchAll(/^\/\/ ?(?:#region )?((?:packages|node_modules)\/\S+)$/gm)].map(([, path = '']) => path),
  );
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
    for (const name of ['launcher-', 'landbridge.js', 'status-'])
      expect(
        sourcesOf(name).filter((path) => ofASide.test(path)),
        name,
      ).toEqual([]);
  });

  it('each package of npm in it has its licence named', () => {
    const licences = readFileSync(new URL('licences.txt', built), 'utf8');
    for (const name of ['fastify', 'kysely', 'typebox', 'commander', 'yaml', 'pino'])
      expect(licences).toMatch(new RegExp(`^${name} \\d\\S* \\(\\S+\\)\\n-+\\n\\n[^]`, 'm'));
  });
});
