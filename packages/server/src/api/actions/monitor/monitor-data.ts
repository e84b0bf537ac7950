import type { RequestOf } from '@landbridge/catalogue/action-definition';
import type { monitorDataActions } from '@landbridge/catalogue/monitor/monitor-data';
import type { StepSeconds } from '../../../domain/operator/history.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Services } from '../../../services/create-services.ts';
import type { ResourceHistory } from '../../../services/operator/tunnel-history.ts';
import type { Handlers } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { checkRange } from '../../wire/history-range.ts';
import { readInstant } from '../../wire/read-instant.ts';
import { wireTime } from '../../wire/wire-values.ts';
import { namespaces, type ReadMetric } from './vendor-metrics.ts';

type Request = RequestOf<typeof monitorDataActions.GetMonitorData>;

const usualPeriod = 300;
const dayMs = 86_400_000;

/** Cloud Monitor's question for the numbers of gateways and tunnels (docs/spec/actions.md section 1.7). */
export function monitorDataHandlers(
  { tunnelHistory }: Services,
  clock: Pick<Clock, 'now'>,
): Handlers<typeof monitorDataActions> {
  return {
    GetMonitorData: async (caller, parameters) => {
      const { MetricName, Period = usualPeriod, SpecifyStatistics } = parameters;
      const { read, dimension, ids } = readMetric(parameters);
      const { startTime, endTime } = readTimes(parameters, clock.now());
      const names = { from: 'StartTime', to: 'EndTime' };
      const asked = checkRange({ from: startTime, to: endTime, seconds: Period as StepSeconds, names });
      // The point of the end itself is told as well.
      const found = await tunnelHistory.inRegion(caller, ids, { ...asked, to: endTime + 1 });
      return {
        Period,
        MetricName,
        DataPoints: found.map((history, index) => ({
          Dimensions: [{ Name: dimension, Value: ids[index] ?? '' }],
          ...valuesOf(history, read, SpecifyStatistics !== undefined),
        })),
        StartTime: wireTime(startTime),
        EndTime: wireTime(endTime),
        Msg: '',
      };
    },
  };
}

function valuesOf({ points, gateway }: ResourceHistory, read: ReadMetric, withAverages: boolean) {
  const known = points.flatMap(({ at, tally }) => {
    const value = read(tally, gateway);
    return value === undefined ? [] : [{ at, value }];
  });
  const Values = known.map(({ value }) => value);
  return {
    Timestamps: known.map(({ at }) => at / 1000),
    Values,
    AvgValues: withAverages ? Values : null,
    MaxValues: null,
    MinValues: null,
  };
}

/** The vendor's own pages write names in several ways: capitals do not matter. */
function readMetric({ Namespace, MetricName, Instances }: Request) {
  const namespace = namespaces.find(({ name }) => isSameWord(name, Namespace));
  if (namespace === undefined)
    rejectUnknown(
      'Namespace',
      namespaces.map(({ name }) => name),
    );
  const { metrics, dimension, prefix } = namespace;
  const metric = Object.entries(metrics).find(([name]) => isSameWord(name, MetricName));
  if (metric === undefined) rejectUnknown('MetricName', Object.keys(metrics));
  const ids = Instances.map(({ Dimensions: [given] }, index) => {
    const path = `Instances.${index}.Dimensions.0`;
    if (given === undefined || !isSameWord(given.Name, dimension)) rejectUnknown(`${path}.Name`, [dimension]);
    if (!given.Value.startsWith(prefix)) rejectUnknown(`${path}.Value`, [`${prefix}…`]);
    return given.Value;
  });
  return { read: metric[1], dimension, ids };
}

function isSameWord(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function rejectUnknown(name: string, known: readonly string[]): never {
  const all = known.join(', ');
  reject('invalid-value', { name, rule: { en: `known are ${all}`, zh: `可用取值：${all}` } });
}

function readTimes({ StartTime, EndTime }: Request, now: number) {
  const startTime = StartTime === undefined ? now - (now % dayMs) : readTime('StartTime', StartTime);
  return { startTime, endTime: EndTime === undefined ? now : readTime('EndTime', EndTime) };
}

/** What a reply says can be given back. */
function readTime(name: string, text: string): number {
  return readInstant(name, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? `${text.replace(' ', 'T')}Z` : text);
}
