import type { Client } from '@landbridge/client/client';
import { expect, it } from 'vitest';
import { waitUntilDone } from './wait-until-done.ts';

/** Answers of a service, in turn; the last one stays. */
function clientOf(answers: Readonly<Record<string, readonly object[]>>) {
  const left = new Map(Object.entries(answers).map(([action, list]) => [action, [...list]]));
  const calls: [string, object][] = [];
  const call = (action: string, parameters: object) => {
    calls.push([action, parameters]);
    const list = left.get(action) ?? [];
    const answer = list.length > 1 ? list.shift() : list[0];
    return answer === undefined ? Promise.reject(new Error(`nobody expected ${action}`)) : Promise.resolve(answer);
  };
  return { client: { call } as unknown as Client, calls };
}

const task = (Status: string, Output = '') => ({ Status, Output, Result: [] });

it('waits for the task and the gateway, and answers the gateway as it is then', async () => {
  const gateway = { VpnGatewayId: 'vpngw-00000001', State: 'PENDING' };
  const ready = { ...gateway, State: 'AVAILABLE' };
  const { client, calls } = clientOf({
    DescribeVpcTaskResult: [task('RUNNING'), task('SUCCESS')],
    DescribeVpnGateways: [{ VpnGatewaySet: [gateway] }, { VpnGatewaySet: [ready] }],
  });
  const reply = { RequestId: 'r-1', VpnGateway: gateway };
  const options = { client, withinMs: 10_000, tell: (line: string) => expect.unreachable(line) };
  expect(await waitUntilDone(reply, {}, options)).toEqual({ RequestId: 'r-1', VpnGateway: ready });
  expect(calls.slice(0, 2)).toEqual([
    ['DescribeVpcTaskResult', { TaskId: 'r-1' }],
    ['DescribeVpcTaskResult', { TaskId: 'r-1' }],
  ]);
});

it('says how a tunnel stands, and why it is not negotiated where an event tells', async () => {
  const said: string[] = [];
  const tunnel = { VpnConnectionId: 'vpnx-00000001', NetStatus: 'UNAVAILABLE' };
  const up = { ...tunnel, NetStatus: 'AVAILABLE' };
  const parameters = { VpnGatewayId: 'vpngw-00000001', VpnConnectionId: 'vpnx-00000001' };
  const later = clientOf({
    DescribeVpcTaskResult: [task('SUCCESS')],
    DescribeVpnConnections: [{ VpnConnectionSet: [tunnel] }, { VpnConnectionSet: [up] }],
  });
  const tell = (line: string) => void said.push(line);
  const reply = { RequestId: 'r-1' };
  await waitUntilDone(reply, parameters, { client: later.client, withinMs: 10_000, tell });
  const never = clientOf({
    DescribeVpcTaskResult: [task('SUCCESS')],
    DescribeVpnConnections: [{ VpnConnectionSet: [tunnel] }],
    DescribeEvents: [{ EventSet: [{ Message: 'the peer refuses the key' }] }],
  });
  await waitUntilDone(reply, parameters, { client: never.client, withinMs: 100, tell });
  const gone = clientOf({
    DescribeVpcTaskResult: [task('SUCCESS')],
    DescribeVpnConnections: [{ VpnConnectionSet: [] }],
  });
  await waitUntilDone(reply, parameters, { client: gone.client, withinMs: 100, tell });
  expect(said).toEqual([
    'vpnx-00000001 is negotiated with its peer',
    'vpnx-00000001 is not negotiated with its peer: the peer refuses the key (landbridge status tells more)',
  ]);
});

it('what could not be made is an error, and so is the end of the time, which says what is missing', async () => {
  const tell = () => undefined;
  const failed = clientOf({ DescribeVpcTaskResult: [task('FAILED', 'charon does not answer')] });
  const waiting = clientOf({ DescribeVpcTaskResult: [task('RUNNING', 'no room in the table')] });
  const reply = { RequestId: 'r-1' };
  await expect(waitUntilDone(reply, {}, { client: failed.client, withinMs: 10_000, tell })).rejects.toThrow(
    'charon does not answer',
  );
  await expect(waitUntilDone(reply, {}, { client: waiting.client, withinMs: 100, tell })).rejects.toThrow(
    'the time to wait (--wait-seconds) is over: no room in the table',
  );
});
