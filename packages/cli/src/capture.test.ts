import type { JsonObject } from '@landbridge/client';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { captureInto, download, requestOf, summary } from './capture.ts';

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
  const call = (_action: string, { Offset }: JsonObject = {}) => {
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

describe('into files', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'landbridge-capture-'));
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(directory, { recursive: true, force: true });
  });
  const names = () => ({ write: join(directory, 'packets.pcapng'), keys: join(directory, 'esp_sa') });
  const captured = { State: 'finished', EndReason: 'time', Packets: 1, Bytes: 3, DroppedPackets: 0, Expression: 'ip' };

  /** A service that answers so, or throws what it is told to, and what it was asked for. */
  function service(failures: Readonly<Record<string, Error>> = {}) {
    const asked: string[] = [];
    const answers: Readonly<Record<string, JsonObject>> = {
      CreatePacketCapture: { PacketCaptureId: 'pcap-00000001' },
      DescribePacketCaptures: { PacketCaptureSet: [captured] },
      DescribePacketCaptureContent: { Content: Buffer.from('abc').toString('base64'), TotalBytes: 3 },
      DescribePacketCaptureKeys: { EspSaTable: 'keys' },
      DeletePacketCapture: {},
    };
    const call = (action: string) => {
      asked.push(action);
      const failure = failures[action];
      return failure === undefined ? Promise.resolve(answers[action] ?? {}) : Promise.reject(failure);
    };
    return { call, asked };
  }

  it('are their owner’s only', async () => {
    const { call, asked } = service();
    await captureInto(call, {}, names());
    for (const [name, content] of [
      [names().write, 'abc'],
      [names().keys, 'keys'],
    ] as const) {
      expect(readFileSync(name, 'utf8')).toBe(content);
      expect(statSync(name).mode & 0o777).toBe(0o600);
    }
    expect(asked.at(-1)).toBe('DeletePacketCapture');
  });

  it.each(['write', 'keys'] as const)('nothing is captured where the file of --%s is there already', async (which) => {
    writeFileSync(names()[which], 'of somebody');
    const { call, asked } = service();
    await expect(captureInto(call, {}, names())).rejects.toThrow(`${names()[which]} is there already`);
    expect(asked).toEqual([]);
    expect(readdirSync(directory)).toHaveLength(1);
    expect(readFileSync(names()[which], 'utf8')).toBe('of somebody');
  });

  it('what failed first is what is said, and no empty file is left', async () => {
    const gone = { DeletePacketCapture: new Error('it is gone') };
    const failing = service({ ...gone, DescribePacketCaptureContent: new Error('the disk is broken') });
    await expect(captureInto(failing.call, {}, names())).rejects.toThrow('the disk is broken');
    expect(failing.asked.at(-1)).toBe('DeletePacketCapture');
    expect(readdirSync(directory)).toEqual([]);
    const refused = service({ CreatePacketCapture: new Error('five run already') });
    await expect(captureInto(refused.call, {}, names())).rejects.toThrow('five run already');
    expect(readdirSync(directory)).toEqual([]);
    await expect(captureInto(service(gone).call, {}, names())).rejects.toThrow('it is gone');
  });
});
