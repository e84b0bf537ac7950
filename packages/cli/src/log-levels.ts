import { canonicalPath } from '@landbridge/server/canonical-path';
import {
  checkLogLevels,
  logAreaNames,
  logAreas,
  logLevels as levelWords,
  type LogLevels,
} from '@landbridge/server/domain/operator/log-words';
import { writeLogLevels } from '@landbridge/server/log-level-file';
import { printLines } from './output/print.ts';

export interface LogLevelsOptions {
  readonly dataDir: string;
  readonly asConfigured?: boolean;
}

/** `landbridge log-levels`: what controller and agent tell from now on, or which areas there are. */
export function logLevels(words: readonly string[], { dataDir, asConfigured = false }: LogLevelsOptions): void {
  if (asConfigured && words.length > 0) throw new Error('--as-configured takes no levels beside it');
  if (!asConfigured && words.length === 0) {
    printLines(areaLines());
    return;
  }
  const levels = readLevels(words);
  writeLogLevels(canonicalPath(dataDir), levels);
  const told = Object.entries(levels).map(([area, level]) => `${area} ${level}`);
  printLines([
    `From now on: ${[...told, told.length === 0 ? 'as configured' : 'the rest as configured'].join(', ')}.`,
    'Controller and agent take it within two seconds: `landbridge status` shows what is not as configured.',
  ]);
}

/** `tunnels=debug`; `all=warn` is for every area that has no word of its own. */
export function readLevels(words: readonly string[]): LogLevels {
  const entries = words.map((word) => {
    const [, area = '', level = ''] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    if (area === '') throw new Error(`${word}: must be AREA=LEVEL, such as tunnels=debug`);
    return [area, level] as const;
  });
  const { all, ...named } = Object.fromEntries(entries);
  return checkLogLevels(all === undefined ? named : { ...allAt(all), ...named });
}

function allAt(level: string): Record<string, string> {
  return Object.fromEntries(logAreaNames.map((area) => [area, level]));
}

function areaLines(): string[] {
  return [
    'landbridge log-levels AREA=LEVEL … sets levels until the service is started again, --as-configured takes that back.',
    `Levels: ${levelWords.join(', ')}. Areas, and all:`,
    ...Object.entries(logAreas).map(([area, meaning]) => `  ${area.padEnd(9)} ${meaning}`),
  ];
}
