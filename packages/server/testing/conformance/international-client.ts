import { createRequire } from 'node:module';
import { problemOfReply } from '@landbridge/catalogue/reply-check';
import type { Reply } from '../api-harness.ts';
import type { SdkError, VendorClients } from './vendor-clients.ts';

/** For tests only: the vendor's international Node SDK, which has no types. It signs as its profile says by itself. */

type Callback = (error: SdkError | null, reply: object) => void;
interface Request {
  from_json_string: (json: string) => void;
}
type Constructor<Arguments extends unknown[], Made> = new (...given: Arguments) => Made;
interface Profile {
  readonly signMethod: string;
  httpProfile: { endpoint: string; protocol: string };
}
interface Sdk {
  readonly Client: Constructor<
    [object, string, Profile],
    Readonly<Record<string, (request: Request, done: Callback) => void>>
  >;
  readonly Models: Readonly<Record<string, Constructor<[], Request>>>;
}

const load = createRequire(import.meta.url);
const from = 'tencentcloud-sdk-nodejs-intl-en/tencentcloud';
const { Client, Models } = (load(`${from}/vpc/index.js`) as { readonly v20170312: Sdk }).v20170312;
const Credential = load(`${from}/common/credential.js`) as Constructor<[string, string], object>;
const ClientProfile = load(`${from}/common/profile/client_profile.js`) as Constructor<[], Profile>;

export interface InternationalClient {
  /** What the SDK signs with unless it is told. */
  readonly signMethod: string;
  call: (action: string, parameters: object) => Promise<Reply>;
}

function undocumented(action: string, { code, message, requestId }: SdkError): Error | undefined {
  const problem = problemOfReply('vpc', action, { RequestId: requestId, Error: { Code: code, Message: message } });
  return problem === undefined ? undefined : new Error(problem);
}

export function internationalClient({ api, url }: VendorClients, region: string): InternationalClient {
  const { secretId, secretKey } = api.admin;
  const profile = new ClientProfile();
  profile.httpProfile.endpoint = url.host;
  profile.httpProfile.protocol = 'http://';
  const client = new Client(new Credential(secretId, secretKey), region, profile);
  const call = async (action: string, parameters: object): Promise<Reply> => {
    const Model = Models[`${action}Request`];
    if (Model === undefined) throw new Error(`the SDK knows no ${action}`);
    const request = new Model();
    request.from_json_string(JSON.stringify(parameters));
    api.applyAll();
    return new Promise<Reply>((resolve, reject) => {
      client[action]?.(request, (error, answer) => {
        // Its models keep the fields that they know: only errors can be compared with the catalogue.
        if (error === null) resolve(JSON.parse(JSON.stringify(answer)) as Reply);
        else reject(undocumented(action, error) ?? error);
      });
    });
  };
  return { signMethod: profile.signMethod, call };
}
