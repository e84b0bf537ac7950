import { parseCidr } from '@landbridge/net';
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleConnection, sampleUplink } from '../../testing/sample-network.ts';
import { ccnScenario } from '../../testing/simulation/ccn-worlds.ts';
import { byRoute, route } from '../../testing/simulation/scenario-worlds.ts';
import { ccnRoutesOf } from '../derive/ccn-routes.ts';
import { toldByRows } from '../derive/tunnel-findings.ts';
import { defaultRouteTableId } from '../domain/ccn/ccn.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import { Draft, type DraftRows } from '../image/draft.ts';
import { Image } from '../image/image.ts';
import { PlanBook } from './plan-book.ts';

/** What answers are derived from is kept until something changes that it looked up. */
let image: Image;
let book: PlanBook;
let observed: ObservedState;
beforeEach(() => {
  const tunnels = [byRoute(1), byRoute(2)];
  const { desired } = ccnScenario({ tunnels, routes: [route(1), route(2)] });
  image = new Image(0, { ...desired, vpnConnections: [...desired.vpnConnections, elsewhere] });
  observed = new ObservedState();
  book = new PlanBook({
    image,
    uplink: sampleUplink,
    facts: { isUsable: observed.isUsable, forwarding: () => 'ours' },
  });
  observed.onUsability((id) => book.usabilityChanged(id));
  book.refresh();
});

/** Of no gateway that there is. */
const elsewhere = sampleConnection(9, [], { vpnGatewayId: 'vpngw-gateway9' });
const table = { ccnId: 'ccn-network1', routeTableId: defaultRouteTableId('ccn-network1') } as const;
const routesNow = () => ccnRoutesOf(table, image.rows, observed.isUsable);
const unusable = () => routesNow().filter(({ obstacle }) => obstacle?.kind === 'unusable').length;

function change(decide: (rows: DraftRows) => void): void {
  const draft = new Draft(image);
  draft.attempt(decide);
  const { changes } = draft;
  image.patch(changes, image.generation + 1);
  book.committed(changes);
}

const fail = (number: number) =>
  observed.recordUsability(`vpnx-tunnel0${number}`, { fault: 'probe', healthCheck: null });

describe('the routes of a CCN with the tunnels that work now', () => {
  it('stay what they are when something else changes, or another tunnel fails', () => {
    const before = routesNow();
    change(({ vpnConnections }) => vpnConnections.update({ ...byRoute(1), name: 'renamed' }));
    expect(routesNow()).toBe(before);
    fail(9);
    expect(routesNow()).toBe(before);
    expect(unusable()).toBe(0);
  });

  it('follow a tunnel that fails or returns, and a route that changes', () => {
    fail(1);
    expect(unusable()).toBe(1);
    observed.recordUsability('vpnx-tunnel01', null);
    expect(unusable()).toBe(0);
    const count = routesNow().length;
    change(({ vpnGatewayRoutes }) => vpnGatewayRoutes.insert(route(2, { to: '192.168.77.0/24' })));
    expect(routesNow()).toHaveLength(count + 1);
    fail(2);
    expect(unusable()).toBe(2);
  });
});

describe('what rows alone tell of a tunnel', () => {
  it('stays what it is when something else changes', () => {
    const [first, second] = [book.toldByRows('vpnx-tunnel01'), book.toldByRows('vpnx-tunnel02')];
    expect([first, second]).toEqual([[], []]);
    change(({ vpnConnections }) => {
      const { ike } = byRoute(1);
      vpnConnections.update({ ...byRoute(1), ike: { ...ike, integrity: 'md5', encryption: 'aes128' } });
    });
    expect(book.toldByRows('vpnx-tunnel01').map(({ code }) => code)).toEqual(['weak-ike-integrity']);
    expect(book.toldByRows('vpnx-tunnel02')).toBe(second);
  });

  it('follows what it looked up, and ends with the tunnel', () => {
    change(({ ccnRouteChoices }) => {
      const choice = { routeTableId: table.routeTableId, instanceId: 'vpngw-gateway1', enabled: false, updatedAt: 0 };
      ccnRouteChoices.put({ ...choice, destination: parseCidr('192.168.1.0/24') } as never);
    });
    const told = book.toldByRows('vpnx-tunnel01');
    expect(told.map(({ code }) => code)).toEqual(['no-ccn-route']);
    expect(told).toEqual(toldByRows('vpnx-tunnel01', image.rows));
    change(({ vpnConnections }) => vpnConnections.remove('vpnx-tunnel01'));
    expect(book.toldByRows('vpnx-tunnel01')).toEqual([]);
    change(({ vpnConnections }) => vpnConnections.insert(byRoute(1)));
    expect(book.toldByRows('vpnx-tunnel01')).toEqual(told);
  });
});
