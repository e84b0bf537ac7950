import { expect, it } from 'vitest';
import type { call } from '../calls/call.ts';
import { NameBook } from './name-book.ts';

const options = { region: 'test-1', isBackground: true } as const;

/** A service that has the VPCs and customer gateways that it is asked for, but for those that end in zeros. */
function service() {
  const asked: unknown[] = [];
  const ask = ((action: string, parameters: Readonly<Record<string, readonly string[]>>, where: unknown) => {
    asked.push([action, parameters, where]);
    if (action === 'DescribeSubnets') return Promise.reject(new Error('no'));
    const ids = (Object.values(parameters)[0] ?? []).filter((id) => !id.endsWith('0'));
    return Promise.resolve({
      VpcSet: ids.map((VpcId) => ({ VpcId, VpcName: `name of ${VpcId}` })),
      CustomerGatewaySet: ids.map((CustomerGatewayId) => ({ CustomerGatewayId, CustomerGatewayName: '' })),
    });
  }) as unknown as typeof call;
  return { asked, ask };
}

it('asks once a kind for what no other book knows, and of no kind that has no names', async () => {
  const { asked, ask } = service();
  const book = new NameBook(ask, (id) => (id === 'vpc-99999999' ? 'Berlin' : undefined));
  const vpcs = ['vpc-11111111', 'vpc-22222222', 'vpc-00000000'];
  await book.ask([...vpcs, 'cgw-11111111', 'vpc-99999999', 'vpnx-11111111', 'constructor-11111111'], options);
  expect(asked).toEqual([
    ['DescribeVpcs', { VpcIds: vpcs, Limit: 3 }, options],
    ['DescribeCustomerGateways', { CustomerGatewayIds: ['cgw-11111111'], Limit: 1 }, options],
  ]);
  expect([...vpcs, 'cgw-11111111', 'vpc-99999999'].map((id) => book.nameOf(id))).toEqual([
    ...['name of vpc-11111111', 'name of vpc-22222222', undefined],
    ...['', 'Berlin'],
  ]);
});

it('asks for no more than the service takes at once', async () => {
  const { asked, ask } = service();
  const ids = Array.from({ length: 101 }, (_, index) => `vpc-${String(index).padStart(7, '0')}1`);
  await new NameBook(ask, () => undefined).ask(ids, options);
  expect(asked).toEqual([['DescribeVpcs', { VpcIds: ids.slice(0, 100), Limit: 100 }, options]]);
});

it('learns the others where one question fails', async () => {
  const book = new NameBook(service().ask, () => undefined);
  await book.ask(['subnet-11111111', 'vpc-11111111'], options);
  expect([book.nameOf('subnet-11111111'), book.nameOf('vpc-11111111')]).toEqual([undefined, 'name of vpc-11111111']);
});
