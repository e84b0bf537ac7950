import { parseIpAddress } from '@landbridge/net';
import type {
  DrillOrder,
  DrillRefusal,
  FailoverDrill,
  FailoverDrilling,
} from '../src/domain/operator/failover-drill.ts';

export const shortDrill: FailoverDrill = {
  ...{ source: parseIpAddress('10.0.1.77'), destination: parseIpAddress('192.168.1.10') },
  ...{ sent: 650, answered: 647, longestLoss: 2, isWhole: true },
};

/** For tests only: an acting side that always has the same answer. */
export class FakeDrilling implements FailoverDrilling {
  readonly orders: DrillOrder[] = [];
  answer: FailoverDrill | DrillRefusal | Error = shortDrill;

  drill(order: DrillOrder): Promise<FailoverDrill | DrillRefusal> {
    this.orders.push(order);
    const { answer } = this;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}
