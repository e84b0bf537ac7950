import { ValueSyntaxError, parseCidr, parseIpAddress, type Cidr, type IpAddress } from '@landbridge/net';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { captureProtocols, type CaptureFilter } from '../domain/operator/packet-capture.ts';
import { fitsNothing } from './capture-process.ts';
import { captureExpression } from './capture-expression.ts';

const none: CaptureFilter = { protocol: null, source: null, destination: null, port: null };

describe('an expression', () => {
  it('is of IPv4 alone where nothing is asked for, and of one address on an uplink', () => {
    expect(captureExpression(none, null)).toBe('ip');
    expect(captureExpression(none, parseIpAddress('203.0.113.1'))).toBe('ip and host 203.0.113.1');
  });

  it('has all of what is asked for', () => {
    const filter: CaptureFilter = {
      ...{ protocol: 'tcp', source: parseCidr('10.0.1.0/24'), destination: parseCidr('0.0.0.0/0'), port: 443 },
    };
    expect(captureExpression(filter, null)).toBe(
      'ip and tcp and src net 10.0.1.0/24 and dst net 0.0.0.0/0 and port 443',
    );
    expect(captureExpression({ ...none, protocol: 'esp' }, parseIpAddress('203.0.113.1'))).toBe(
      'ip and host 203.0.113.1 and (ip proto 50 or udp port 4500)',
    );
  });

  it('takes no text of anybody’s, whatever a caller got past the contract', () => {
    for (const text of ['10.0.0.0/8 or ip', '10.0.0.0', 'net 10', '1.1.1.1/33', '$(id)/8']) {
      expect(() => captureExpression({ ...none, source: text as Cidr }, null)).toThrow(ValueSyntaxError);
    }
  });

  it('is one that libpcap compiles, unless it says that nothing can fit', { timeout: 60_000 }, () => {
    const range = fc.constantFrom(null, parseCidr('10.0.0.0/8'), parseCidr('192.0.2.7/32'), parseCidr('0.0.0.0/0'));
    const filter = fc.record({
      ...{ protocol: fc.constantFrom(null, ...captureProtocols), source: range, destination: range },
      port: fc.constantFrom(null, 1, 65_535),
    });
    const address = fc.constantFrom(null, parseIpAddress('203.0.113.1'));
    const compile = (linkType: string, given: CaptureFilter, own: IpAddress | null) =>
      spawnSync('tcpdump', ['-d', '-y', linkType, captureExpression(given, own)], { encoding: 'utf8' });
    fc.assert(
      fc.property(filter, address, (given, own) => {
        for (const linkType of ['EN10MB', 'RAW']) {
          const { status, stderr } = compile(linkType, given, own);
          expect([status, stderr]).toEqual(status === 0 ? [0, ''] : [1, expect.stringContaining(fitsNothing)]);
        }
      }),
      { numRuns: 30 },
    );
  });
});
