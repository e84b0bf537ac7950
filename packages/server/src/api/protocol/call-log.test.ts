import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandingClock, startHarness, type ApiHarness } from '../../../testing/api-harness.ts';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly code?: string;
  readonly unlogged?: number;
}

describe('the log of calls', () => {
  const clock = new StandingClock();
  let api: ApiHarness;
  beforeEach(async () => {
    api = await startHarness({ clock, rateLimit: 3 });
    api.logLines.length = 0;
  });
  afterEach(() => api.close());

  const lines = (message: string) =>
    api.logLines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === message);
  const refuse = async (count: number) => {
    for (let call = 0; call < count; call++) await api.app.inject({ method: 'GET', url: '/?Action=DescribeVpcs' });
  };

  it('has a line for every call that ran, failed ones too', async () => {
    await api.succeed('DescribeVpcs');
    await api.fail('CreateVpc', { VpcName: '' });
    await api.fail('DescribeVpcs', {}, { region: 'a b' });
    expect(lines('call answered').map(({ code }) => code)).toEqual(['', 'MissingParameter', 'UnsupportedRegion']);
  });

  it('has few lines for calls of nobody knows whom, and says how many there were', async () => {
    await refuse(200);
    expect(lines('call refused')).toHaveLength(10);
    clock.advance(1000);
    await refuse(50);
    expect(lines('call refused')).toHaveLength(11);
    expect(lines('call refused').at(-1)).toMatchObject({ unlogged: 190, code: 'AuthFailure.InvalidAuthorization' });
    clock.advance(100_000);
    await refuse(200);
    expect(lines('call refused')).toHaveLength(21);
  });

  it('has as few for calls beyond the rate limit and for wrong signatures', async () => {
    for (let call = 0; call < 100; call++) await api.call('DescribeVpcs');
    expect(lines('call answered')).toHaveLength(3);
    expect(lines('call refused')).toHaveLength(10);
    const credential = { ...api.admin, secretKey: 'x' };
    for (let call = 0; call < 100; call++) await api.call('DescribeVpcs', {}, { credential });
    expect(lines('call refused')).toHaveLength(10);
  });

  it('has as few when strangers find the server broken', async () => {
    vi.spyOn(api.secrets, 'accessKey').mockImplementation(() => {
      throw new Error('the key file is gone');
    });
    for (let call = 0; call < 100; call++) await api.fail('DescribeVpcs');
    expect(api.logLines.length).toBeLessThanOrEqual(20);
    expect(lines('call failed').length).toBeGreaterThan(0);
  });
});
