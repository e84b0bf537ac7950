/** Services of API 3.0 by the name that signatures give them (docs/spec/protocol.md section 3). */
export const serviceVersions = {
  vpc: '2017-03-12',
  tag: '2018-08-13',
  sts: '2018-08-13',
  monitor: '2018-07-24',
  landbridge: '2026-11-01',
} as const;

export type ServiceName = keyof typeof serviceVersions;
