import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { download, requestOf, summary } from './capture.ts';

it('options are asked for by the names that the API has, and only those that are given', () => {
  expect(requestOf('vpnx-00000001', {})).toEqual({ ResourceId: 'vpnx-00000001' });
  expect(requestOf('vpnx-00000001', { protocol: 'tcp', port: '443', seconds: '30', bytesOfEach: '96' })).toEqual({
    ...{ ResourceId: 'vpnx-00000001', Protocol: 'tcp', Port: '443', MaxSeconds: '30', SnapLength: '96' },
  });
  expect(requestOf('vpnx-00000001', { keys: 'esp_sa' })).toEqual({ ResourceId: 'vpnx-00000001', IncludeKeys: true });
});

/** Gives 1 MiB at a time. */
function serving(content: Buffer) {
  const asked: number[] = [];
  const call = (_action: string, { Offset }: Readonly<Record<string, unknown>>) => {
    const at = Number(Offset);
    asked.push(at);
    const Content = content.subarray(at, at + 1_048_576).toString('base64');
    return Promise.resolve({ Content, TotalBytes: content.length, IsFinished: true });
  };
  return { call, asked };
}

it('a file comes in pieces and is put together in order', async () => {
  const content = randomBytes(2_500_000);
  const { call, asked } = serving(content);
  const written: Buffer[] = [];
  await download(call, 'pcap-00000001', {
    writeFile: (piece) => {
      written.push(piece as Buffer);
      return Promise.resolve();
    },
  });
  expect(Buffer.concat(written).equals(content)).toBe(true);
  expect(asked).toEqual([0, 1_048_576, 2_097_152]);
});

it('a service that gives nothing more is not asked for ever', async () => {
  const call = () => Promise.resolve({ Content: '', TotalBytes: 10, IsFinished: true });
  const file = { writeFile: () => Promise.resolve() };
  await expect(download(call, 'pcap-00000001', file)).rejects.toThrow('nothing comes after 0 bytes');
});

it('says how many there are, and what is missing', () => {
  const captured = { State: 'finished', EndReason: 'time', Packets: 7, Bytes: 900, Expression: 'ip and tcp' } as const;
  expect(summary({ ...captured, DroppedPackets: 0 }, 'f')).toBe('f: 7 packets (ip and tcp); its time was over');
  expect(summary({ ...captured, DroppedPackets: 3 }, 'f')).toContain('3 came too fast and are missing');
});
