import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { tag } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag/index.js';
import { vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/index.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../testing/api-harness.ts';
import { makeCertificate } from '../../testing/sample-certificate.ts';
import { systemClock } from '../platform/clock.ts';
import { readCertificateFiles } from './certificate-files.ts';
import { Door } from './doors.ts';
import { TlsListener } from './tls-listener.ts';

/** Endpoints as operators publish the service (docs/spec/protocol.md section 7), each called by the vendor's own client. */
let directory: string;
let api: ApiHarness;
let tls: TlsListener;
let ca: Buffer;
let port: number;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'landbridge-endpoints-'));
  api = await startHarness({ clock: systemClock });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = api.app.server.address() as AddressInfo);
  const files = await makeCertificate(directory, 'endpoint');
  ca = readFileSync(files.certificate);
  tls = await TlsListener.start(api.app.server, {
    door: new Door({ host: '127.0.0.1', port: 0 }),
    readFiles: () => readCertificateFiles(files),
    ...{ clock: systemClock, logger: pino({}, { write: () => undefined }) },
  });
});
afterAll(async () => {
  tls.close();
  await api.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Every name is this machine. */
const lookup: LookupFunction = (_name, options, done) => {
  if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};

function settings(endpoint: string, protocol: 'http://' | 'https://', agent: HttpAgent | HttpsAgent) {
  const { secretId, secretKey } = api.admin;
  const httpProfile = { endpoint, protocol, agent, reqTimeout: 10 };
  return { credential: { secretId, secretKey }, region: 'sdk-1', profile: { language: 'en-US', httpProfile } } as const;
}

async function callsThrough(ofVpc: ReturnType<typeof settings>, ofTag: ReturnType<typeof settings>): Promise<void> {
  const { Vpc } = await new vpc.v20170312.Client(ofVpc).CreateVpc({ VpcName: 'a', CidrBlock: '10.0.0.0/16' });
  const id = Vpc?.VpcId ?? '';
  const tags = new tag.v20180813.Client(ofTag);
  await tags.ModifyResourceTags({
    Resource: `qcs::vpc:sdk-1:uin/:vpc/${id}`,
    ReplaceTags: [{ TagKey: 'team', TagValue: 'net' }],
  });
  const { VpcSet } = await new vpc.v20170312.Client(ofVpc).DescribeVpcs({ VpcIds: [id] });
  expect(VpcSet).toMatchObject([{ VpcId: id, TagSet: [{ Key: 'team', Value: 'net' }] }]);
  const wrong = { ...ofVpc, credential: { ...ofVpc.credential, secretKey: 'x'.repeat(32) } };
  await expect(new vpc.v20170312.Client(wrong).DescribeVpcs({})).rejects.toMatchObject({
    code: 'AuthFailure.SignatureFailure',
  });
}

it('is called through an endpoint with a path', async () => {
  const at = settings(`127.0.0.1:${port}/cloud/api`, 'http://', new HttpAgent());
  await callsThrough(at, at);
});

it('is called by HTTPS on its own listener', async () => {
  const at = settings(new URL(tls.url).host, 'https://', new HttpsAgent({ ca }));
  await callsThrough(at, at);
  const unknown = settings(new URL(tls.url).host, 'https://', new HttpsAgent());
  await expect(new vpc.v20170312.Client(unknown).DescribeVpcs({})).rejects.toThrow(/self.signed/);
});

it('is called by two DNS names, which are told apart by what is called', async () => {
  const agent = new HttpAgent({ lookup });
  const at = (service: string) => settings(`${service}.landbridge.test:${port}`, 'http://', agent);
  await callsThrough(at('vpc'), at('tag'));
});
