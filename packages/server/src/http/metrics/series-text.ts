/** Metrics in the text format of Prometheus, where there are too many series to be kept as objects. */

export interface MetricFamily<Subject> {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  /** Of one subject, mostly none or one. */
  readonly series: (subject: Subject) => readonly Series[];
}

export interface Series {
  readonly labels: Labels;
  readonly value: number;
}

export type Labels = Readonly<Record<string, string>>;

/** Longer than any name that is taken. */
const mostCharacters = 200;

export function headOf({ name, help, type }: Pick<MetricFamily<never>, 'name' | 'help' | 'type'>): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

export function linesOf<Subject>({ name, series }: MetricFamily<Subject>, subject: Subject): string {
  let lines = '';
  for (const { labels, value } of series(subject)) lines += `${name}${written(labels)} ${value}\n`;
  return lines;
}

function written(labels: Labels): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escaped(labels[name] ?? '')}"`;
  return text === '' ? '' : `{${text}}`;
}

/** Whatever a tenant calls a thing, it stays one label of one line. */
function escaped(text: string): string {
  if (/^[\w.:/; -]{0,200}$/.test(text)) return text;
  return text
    .slice(0, mostCharacters)
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll(/\p{Cc}/gu, '\uFFFD');
}
