import { describe, expect, it } from 'vitest';
import { gatewayPaths } from './gateway-paths.ts';
import { renderStrongswanConf } from './strongswan-conf.ts';

const id = 'vpngw-00000001';

describe('gatewayPaths', () => {
  it('keeps all files of a gateway in one directory', () => {
    const { runDirectory, ...files } = gatewayPaths('/var/lib/landbridge', id);
    expect(runDirectory).toBe('/var/lib/landbridge/run/vpngw-00000001');
    for (const file of Object.values(files)) expect(file.startsWith(`${runDirectory}/`)).toBe(true);
  });

  it('says by how much a path is too long for a unix socket', () => {
    const room = 107 - '/run/vpngw-00000001/uxfrm.sock'.length;
    expect(() => gatewayPaths(`/${'x'.repeat(room - 1)}`, id)).not.toThrow();
    expect(() => gatewayPaths(`/${'x'.repeat(room + 2)}`, id)).toThrow(/3 bytes too long for unix sockets/);
  });

  it('refuses places that charon would not see or could not be told of', () => {
    expect(() => gatewayPaths('/run/landbridge', id)).toThrow(/must not lie under \/run/);
    expect(() => gatewayPaths('/usr/local/landbridge', id)).toThrow(/must not lie under \/usr/);
    expect(() => gatewayPaths('relative', id)).toThrow(/absolute/);
    expect(() => gatewayPaths('/srv/with blank', id)).toThrow(/without blanks/);
  });
});

describe('renderStrongswanConf', () => {
  it('keeps charon away from routes and rules, and keys out of its log', () => {
    const text = renderStrongswanConf(gatewayPaths('/var/lib/landbridge', id));
    expect(text).toContain('install_routes = no');
    expect(text).toContain('routing_table = 0');
    expect(text).toContain('socket = unix:///var/lib/landbridge/run/vpngw-00000001/ike/vici');
    expect([...text.matchAll(/default = (\d)/g)].map(([, level]) => level)).toEqual(['1']);
  });
});
