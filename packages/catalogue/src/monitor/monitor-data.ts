import { Type } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { fullList, idOfAny, lenientInteger, maybe, object, oneOfNumbers, text } from '../schema/request-schemas.ts';
import { anyOf, orNull, time } from '../schema/response-schemas.ts';

/** The one Action of Cloud Monitor that there is (docs/spec/actions.md section 1.7). */

const instanceId = () => idOfAny(['vpngw', 'vpnx'], 'The id of the gateway or of the tunnel.');

const dimension = object({
  Name: about(text({ maxLength: 40 }), '`vpnGwId` or `vpnConnId`.'),
  Value: instanceId(),
});
const values = (description: string) => about(orNull(anyOf(Type.Number())), description);

export const monitorDataActions = {
  GetMonitorData: reads({
    summary: {
      en: 'Shows one metric of VPN gateways or tunnels over time, in the vendor’s names and units.',
      zh: '按腾讯云的指标名与单位，查询 VPN 网关或通道的一项监控数据。',
    },
    request: object({
      Namespace: about(text({ maxLength: 40 }), '`QCE/VPNGW` or `QCE/VPNX`, in capitals or not.'),
      MetricName: about(
        text({ maxLength: 60 }),
        'Of gateways `InBandwidth`, `OutBandwidth` (Mbit/s), `Inpkg`, `Outpkg` (packets a second), `VpnBandwidthUsageRate` (per cent); of tunnels `InBandwidth`, `OutBandwidth`, `InPkg`, `OutPkg`, `PkgDrop` (per cent of probes), `Delay` (milliseconds), `Disconnected` (0 to 1). In capitals or not.',
      ),
      Instances: about(
        fullList(object({ Dimensions: about(fullList(dimension, 1), 'Which one.') }), 10),
        'Whose numbers, in the region of the call.',
      ),
      Period: maybe(about(oneOfNumbers([10, 60, 300]), 'Seconds of a point; 300 unless given.')),
      StartTime: maybe(
        about(
          text({ maxLength: 40 }),
          'Points from then on, such as `2026-11-22T20:00:00+08:00`; the UTC day’s begin unless given.',
        ),
      ),
      EndTime: maybe(about(text({ maxLength: 40 }), 'Points until then; now unless given.')),
      SpecifyStatistics: maybe(
        about(lenientInteger(1, 1), '1: averages, as `Values` are. There are no maxima (2) and minima (4).'),
      ),
    }),
    response: object({
      Period: Type.Integer(),
      MetricName: Type.String(),
      DataPoints: anyOf(
        object({
          Dimensions: anyOf(object({ Name: Type.String(), Value: Type.String() })),
          Timestamps: about(anyOf(Type.Integer()), 'Seconds since the epoch; what is not known is left out.'),
          Values: about(anyOf(Type.Number()), 'One for each timestamp.'),
          AvgValues: values('The same, if `SpecifyStatistics` asked for it.'),
          MaxValues: values('Always null.'),
          MinValues: values('Always null.'),
        }),
      ),
      StartTime: time(),
      EndTime: time(),
      Msg: Type.String(),
    }),
    errors: ['not-found', 'history-away', 'history-busy'],
  }),
};
