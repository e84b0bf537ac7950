import { expect, it } from 'vitest';
import { childSa, ikeSa } from '../../testing/sample-sas.ts';
import { saBounds } from '../domain/operator/tunnel-sas.ts';
import { toldSas } from './told-sas.ts';

it('tells what charon lists of them, the newest first', () => {
  const old = ikeSa({ uniqueId: 1, state: 'REKEYED', childSas: [] });
  const installed = childSa({ uniqueId: 7, spiIn: 0xa, spiOut: 0xc4f1a2b3 });
  const half = { ...childSa({ uniqueId: 8, state: 'INSTALLING' }), installed: undefined, mode: undefined };
  const { ikeSas, counts, askedAt } = toldSas([old, ikeSa({ uniqueId: 2, childSas: [installed, half] })], 5000);
  expect([askedAt, counts]).toEqual([5000, { ikeSas: 2, childSas: 2 }]);
  expect(ikeSas.map(({ uniqueId, state }) => [uniqueId, state])).toEqual([
    [2, 'ESTABLISHED'],
    [1, 'REKEYED'],
  ]);
  expect(ikeSas[0]).toMatchObject({
    ...{ version: 2, role: 'initiator', establishedSeconds: 100, rekeySeconds: 2000, reauthSeconds: null },
    local: { address: '203.0.113.1', port: 4500, identity: '203.0.113.1' },
    algorithms: {
      ...{ encryption: 'AES_CBC_128', integrity: 'HMAC_SHA2_256_128', prf: 'PRF_HMAC_SHA2_256', group: 'ECP_256' },
    },
  });
  expect(ikeSas[0]?.childSas.map(({ uniqueId }) => uniqueId)).toEqual([8, 7]);
  expect(ikeSas[0]?.childSas[0]).toMatchObject({ state: 'INSTALLING', mode: null, installed: null });
  expect(ikeSas[0]?.childSas[1]?.installed).toMatchObject({
    ...{ spiIn: '0000000a', spiOut: 'c4f1a2b3', installedSeconds: 100, rekeySeconds: 1000, lifeSeconds: 2000 },
    algorithms: { encryption: 'AES_GCM_16_128', integrity: null, group: null },
    in: { bytes: 0, packets: 0, quietSeconds: null },
  });
});

it('is bounded, however many a peer opens and whatever it calls itself, and says how many there are', () => {
  const many = Array.from({ length: 300 }, (_, index) => childSa({ uniqueId: index }));
  const ikeSas = Array.from({ length: 20 }, (_, index) =>
    ikeSa({ uniqueId: index, remoteId: 'x'.repeat(10_000), childSas: index === 19 ? many : [childSa()] }),
  );
  const wide = childSa({ uniqueId: 1000, localTs: Array.from({ length: 500 }, () => '10.0.0.0/8') });
  ikeSas[19] = { ...ikeSas[19]!, childSas: [...many, wide] };
  const told = toldSas(ikeSas, 0);
  expect(told.counts).toEqual({ ikeSas: 20, childSas: 320 });
  expect(told.ikeSas).toHaveLength(saBounds.ikeSas);
  const children = told.ikeSas.flatMap(({ childSas }) => childSas);
  expect(children).toHaveLength(saBounds.childSas);
  expect(children[0]?.uniqueId).toBe(1000);
  expect(children[0]?.localSelectors).toHaveLength(saBounds.selectors);
  expect(told.ikeSas[0]?.remote.identity).toHaveLength(saBounds.text);
  expect(JSON.stringify(told).length).toBeLessThan(300_000);
});
