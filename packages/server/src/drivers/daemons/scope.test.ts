import { afterEach, describe, expect, it, vi } from 'vitest';
import { inScope } from './scope.ts';

const daemon = { name: 'charon', netns: 'lb-vpngw-1' };

afterEach(() => vi.unstubAllEnvs());

describe('inScope', () => {
  it('leaves a program as it is where no unit names a slice', () => {
    vi.stubEnv('LANDBRIDGE_GATEWAY_SLICE', undefined);
    expect(inScope(['charon'], daemon)).toEqual(['charon']);
  });

  it('names each scope by its gateway and daemon, and none twice', () => {
    vi.stubEnv('LANDBRIDGE_GATEWAY_SLICE', 'landbridge.slice');
    const [one, other] = [inScope(['charon', '-x'], daemon), inScope(['charon', '-x'], daemon)];
    expect(one.slice(0, 2)).toEqual(['systemd-run', '--scope']);
    expect(one).toContain('--slice=landbridge.slice');
    expect(one.slice(-3)).toEqual(['--', 'charon', '-x']);
    const unit = one.find((argument) => argument.startsWith('--unit='));
    expect(unit).toMatch(/^--unit=landbridge-gateway-lb-vpngw-1-charon-[0-9a-f]{8}$/);
    expect(other).not.toContain(unit);
  });
});
