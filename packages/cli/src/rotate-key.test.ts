import { expect, it } from 'vitest';
import { lostLines } from './rotate-key.ts';

it('names each tunnel that needs another key, each access key and each webhook that is gone', () => {
  const secrets = {
    preSharedKeys: { kept: ['vpnx-00000001'], lost: ['vpnx-00000002'] },
    accessKeys: { kept: ['AKIDadmin'], lost: ['AKIDtenant'] },
    webhooks: [{ id: 'hook-00000001', url: 'https://pager.example/landbridge' }],
  };
  const stays = ['  1 pre-shared keys stay, which the agent has: their tunnels are negotiated anew'];
  const administrators = "  1 access keys stay: the administrator's, from admin.json";
  const credentials = 'Temporary credentials that are out are worth nothing any more.';
  expect(lostLines(secrets, true)).toEqual([
    'There is a new secret.key. Of what the old one sealed:',
    ...stays,
    '  vpnx-00000002 has another pre-shared key now: a tunnel that is down until it has the one of its peer',
    administrators,
    '  access key AKIDtenant is gone',
    '  hook-00000001 is gone: the webhook at https://pager.example/landbridge',
    credentials,
    'Start the service, and make a backup.',
  ]);
  expect(lostLines(secrets, false)).toEqual([
    'With a new secret.key, of what the old one sealed:',
    ...stays,
    '  vpnx-00000002 would get another pre-shared key: a tunnel that is down until it has the one of its peer',
    administrators,
    '  access key AKIDtenant would be gone',
    '  hook-00000001 would be gone: the webhook at https://pager.example/landbridge',
    credentials,
    'Nothing was done. To do it: stop the controller, then the same command with --yes.',
  ]);
});
