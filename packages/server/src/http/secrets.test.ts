import { inspect } from 'node:util';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tableNames } from '../image/tables.ts';
import { startHarness, type ApiHarness } from '../../testing/api-harness.ts';
import { makeGateway, makePeer, makeTunnel } from '../../testing/sample-resources.ts';

const canary = 'CanaryPreSharedKey-7f3a91';
const second = 'CanarySecondKey-55d0c2';

let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness();
});
afterEach(() => api.close());

describe('secrets', () => {
  it('are in no log, error, database file or desired state', async () => {
    const gateway = await makeGateway(api, '');
    const peer = await makePeer(api, '198.51.100.1');
    const id = await makeTunnel(api, gateway, peer, { PreShareKey: canary });
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: id, PreShareKey: second });
    const request = { VpnGatewayId: gateway, CustomerGatewayId: peer, VpnConnectionName: 't' };
    const errors = [
      await api.fail('CreateVpnConnection', { ...request, PreShareKey: canary }),
      await api.fail('CreateVpnConnection', { ...request, PreShareKey: `${canary}\n` }),
      await api.fail('CreateVpnConnection', { ...request, PreShareKey: canary.repeat(100) }),
      await api.fail('CreateVpnConnection', { ...request, PreShareKey: [canary] }),
      await api.fail('CreateVpnConnection', { ...request, PreShareKey: canary, RouteType: 'Policy' }),
      await api.fail('CreateVpnConnection', {}, { body: `{"PreShareKey":"${canary}"` }),
    ];
    const { SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
    const rows = tableNames.map((name) => api.rows[name].all());
    const exposed = [
      JSON.stringify(errors),
      JSON.stringify(rows),
      inspect(api.store, { depth: 20, showHidden: true }),
      ...api.logLines,
      ...databaseFiles(),
    ];
    for (const secret of [canary, second, String(SecretKey), api.admin.secretKey]) {
      expect(exposed.filter((text) => text.includes(secret))).toEqual([]);
    }
    expect(api.secrets.preSharedKey(id)).toBe(second);
    expect(api.secrets.preSharedKeyDigest(id)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('stay out of the log when the server fails', async () => {
    const gateway = await makeGateway(api, '');
    const peer = await makePeer(api, '198.51.100.1');
    await api.store.close();
    const request = { VpnGatewayId: gateway, CustomerGatewayId: peer, VpnConnectionName: 't', PreShareKey: canary };
    const reply = await api.call('CreateVpnConnection', request);
    expect(reply['Error']).toMatchObject({ Code: 'InternalError' });
    expect(api.logLines.at(-1)).toContain('InternalError');
    expect(api.logLines.join('')).not.toContain(canary);
    expect(api.logLines.join('')).not.toContain(api.admin.secretKey);
  });

  /** Bytes of the database and its write-ahead log, also before they are merged. */
  function databaseFiles(): string[] {
    return readdirSync(api.dataDir)
      .filter((name) => name.startsWith('landbridge.db'))
      .map((name) => readFileSync(join(api.dataDir, name), 'latin1'));
  }
});
