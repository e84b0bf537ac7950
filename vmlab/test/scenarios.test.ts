import { describe, expect, it } from 'vitest';
import { patience } from '@landbridge/testbed/poll';
import { measureMatrix, mismatches } from '../../lab/src/reachability-matrix.ts';
import { scenarios } from '../../lab/src/scenarios.ts';
import { World } from '../../lab/src/world.ts';

// Every scenario of the lab on the data plane `kernel`, its tables of who reaches whom included.

describe.each(scenarios)('scenario $name', (scenario) => {
  it(`on the kernel's ESP: ${scenario.title}`, { timeout: 600_000 * patience }, async () => {
    const started = performance.now();
    const onProgress = (line: string): void => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
      process.stdout.write(`${scenario.name} ${seconds} s  ${line}\n`);
    };
    const world = await World.start({ dataPlane: 'kernel', settings: scenario.settings ?? {}, onProgress });
    try {
      await using capture = await world.lab.capture();
      const built = await scenario.build(world);
      onProgress('who reaches whom');
      const measured = scenario.measureStates?.(world, built) ?? measureMatrix(built.hosts, scenario.expected);
      expect(mismatches(await measured)).toEqual([]);
      const wire = await capture.stop();
      expect(wire).toMatchObject({ inner: [], sawCanary: false });
      expect(wire.encrypted).toBeGreaterThan(10);
    } finally {
      onProgress('taking everything down');
      await world.stop();
    }
    onProgress('done');
  });
});
