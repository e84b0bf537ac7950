import { expect, it } from 'vitest';
import { fileName } from './file-name.ts';

it('a file can be named after what people call things', () => {
  expect(fileName(['Berlin office', 'cisco ios'], 'txt')).toBe('Berlin-office-cisco-ios.txt');
  expect(fileName(['北京'], 'txt')).toBe('北京.txt');
  expect(fileName(['../../etc/passwd'], 'txt')).toBe('etc-passwd.txt');
  expect(fileName(['..', '/'], 'pcapng')).toBe('file.pcapng');
  expect(fileName(['x'.repeat(300)], 'txt')).toHaveLength(104);
});
