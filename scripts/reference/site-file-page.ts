import { siteSchema } from '../../packages/cli/src/site/site-schema.ts';
import { generated, row } from './area-page.ts';
import { fieldsOf } from './field-table.ts';

/** The fields of site files (docs/site-file.md). */
export function siteFilePage(): string {
  const rows = fieldsOf(siteSchema).map(({ name, type, required, words }) => {
    return row([`\`${name}\``, type, required ? 'yes' : '', words]);
  });
  const head = ['Field', 'Type', 'Needed', ''];
  const table = [row(head), row(head.map(() => '---')), ...rows].join('\n');
  return ['# Site files', generated, 'How they are used: [site files](../site-file.md).', table].join('\n\n') + '\n';
}
