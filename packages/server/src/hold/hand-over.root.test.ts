import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handOver } from './hand-over.ts';

const user = { name: 'somebody', userId: 61_234, groupId: 61_235 };

/* Root only: owners of files. */
describe.runIf(process.getuid?.() === 0)('a data directory is handed over', () => {
  let root: string;
  let dataDir: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'landbridge-hand-over-'));
    chmodSync(root, 0o711);
    dataDir = join(root, 'data');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const ownerOf = (name: string) => statSync(join(dataDir, name)).uid;

  it('that there was not, as one in which the user has files of his own and touches no other', () => {
    handOver(dataDir, user);
    const { uid, gid, mode } = statSync(dataDir);
    expect([uid, gid, mode & 0o7777]).toEqual([0, user.groupId, 0o1770]);
  });

  it('with the store that root made there, and nothing else', () => {
    mkdirSync(join(dataDir, 'run'), { recursive: true, mode: 0o700 });
    for (const name of ['landbridge.db', 'secret.key', 'others'])
      writeFileSync(join(dataDir, name), '', { mode: 0o600 });
    handOver(dataDir, user);
    expect(['landbridge.db', 'secret.key', 'others', 'run'].map(ownerOf)).toEqual([user.userId, user.userId, 0, 0]);
  });

  it('and what could be a file of others in disguise is left alone', () => {
    handOver(dataDir, user);
    const elsewhere = join(root, 'elsewhere');
    writeFileSync(elsewhere, '');
    symlinkSync(elsewhere, join(dataDir, 'landbridge.db'));
    linkSync(elsewhere, join(dataDir, 'secret.key'));
    mkdirSync(join(dataDir, 'admin.json'));
    writeFileSync(join(dataDir, 'landbridge.lock'), '');
    chownSync(join(dataDir, 'landbridge.lock'), 61_000, 61_000);
    handOver(dataDir, user);
    expect([statSync(elsewhere).uid, ownerOf('admin.json'), ownerOf('landbridge.lock')]).toEqual([0, 0, 61_000]);
  });

  it('unless the user cannot get there, or it is not root’s', () => {
    chmodSync(root, 0o700);
    expect(() => handOver(dataDir, user)).toThrow(`chmod o+x ${root}`);
    chmodSync(root, 0o711);
    chownSync(dataDir, user.userId, user.groupId);
    expect(() => handOver(dataDir, user)).toThrow(`has to be root's`);
  });
});
