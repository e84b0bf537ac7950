import { expect, it } from 'vitest';
import { lostLines } from './rotate-key.ts';

it('names each tunnel that needs another key, each access key and each webhook that is gone', () => {
  const secrets = {
    preSharedKeys: { kept: ['vpnx-00000001'], lost: ['vpnx-00000002'] },
    accessKeys: { kept: ['AKIDadmin'], lost: ['AKIDtenant'] },
    webhooks: [{ id: 'hook-00000001', url: 'https://pager.example/landbridge' }],
  };
  const middle = [
    '  1 pre-shared keys stay, which the agent has: their tunnels are negotiated anew',
    '  vpnx-00000002: tunnel has another pre-shared key now, and is down until it has the one of its peer',
    "  1 access keys stay: the administrator's, from admin.json",
    '  AKIDtenant: access key is gone',
    '  hook-00000001 is gone: the webhook at https://pager.example/landbridge',
  ];
  expect(lostLines(secrets, true)).toEqual([
    'There is a new secret.key. Of what the old one sealed:',
    ...middle,
    'Start the service, and make a backup.',
  ]);
  expect(lostLines(secrets, false)).toEqual([
    'With a new secret.key, of what the old one sealed:',
    ...middle,
    'Nothing was done. To do it: stop the controller, then the same command with --yes.',
  ]);
});
