import { expect, it } from 'vitest';
import { runCommand } from '@landbridge/testbed/run-command';

// Root, with an /etc of its own.
async function inItsOwnEtc(script: string): Promise<string> {
  const copied = 'cp -a /etc/. "$copy" && mount --bind "$copy" /etc';
  const place = `copy=$(mktemp -d) && mount -t tmpfs tmpfs "$copy" && ${copied} && umount "$copy" && rmdir "$copy"`;
  const { code, stdout, stderr } = await runCommand(['unshare', '--mount', 'bash', '-euc', `${place} && ${script}`]);
  expect(code, stderr).toBe(0);
  return stdout;
}

const ensure = `'${process.execPath}' --input-type=module -e "
  const { ensureUser } = await import('${import.meta.dirname}/service-user.ts');
  ensureUser('lb-somebody');
  ensureUser('lb-somebody');
"`;

it.each([
  { has: 'neither user nor group', before: 'true' },
  { has: 'a group of that name, left by another program', before: 'groupadd --system lb-somebody' },
])('makes the user where there is $has', async ({ before }) => {
  const line = await inItsOwnEtc(`${before} && ${ensure} && getent passwd lb-somebody && id -gn lb-somebody`);
  expect(line).toMatch(/^lb-somebody:x:\d+:\d+:made by landbridge:\/nonexistent:\/usr\/sbin\/nologin\nlb-somebody\n$/);
});

const remove = (name: string) => `'${process.execPath}' --input-type=module -e "
  const { removeUser } = await import('${import.meta.dirname}/service-user.ts');
  removeUser('${name}');
"`;

it('removes the user that it made, once or twice, and no other of the system', async () => {
  const users = await inItsOwnEtc(
    `${ensure} && ${remove('lb-somebody')} && ${remove('lb-somebody')} && ${remove('_apt')} && ${remove('nobody')} && getent passwd`,
  );
  expect(users).toMatch(/^_apt:/m);
  expect(users).toMatch(/^nobody:/m);
  expect(users).not.toContain('lb-somebody');
});
