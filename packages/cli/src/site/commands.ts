import type { Command } from 'commander';
import { kebabCase } from '../action/kebab-case.ts';
import type { ApplyCommandOptions } from './apply.ts';
import type { ExportCommandOptions } from './export.ts';
import { questions } from './first-tunnel-questions.ts';
import type { InitCommandOptions } from './init.ts';

/** `apply`, `export`, `init`: a network as one file. @param client adds what every command takes that calls the service. */
export function addSiteCommands(program: Command, client: (command: Command) => Command): void {
  client(program.command('apply'))
    .description('bring VPCs, gateways, tunnels and routes to what a site file says (docs/site-file.md)')
    .requiredOption('-f, --file <file>', 'the site file (YAML)')
    .option(
      '--dry-run',
      'change nothing; print what would change, what that does to each tunnel, and who then reaches whom',
    )
    .option('--prune', 'delete what was made for this site and is no longer in the file')
    .option('--timeout <seconds>', 'how long an object may take to be in force', '60')
    .action(async (options: ApplyCommandOptions) => (await import('./apply.ts')).apply(options));
  client(program.command('export'))
    .description('print what is there as a site file; keys are never in it')
    .option('--vpc <name>', 'only this VPC, with its gateways and whatever they need')
    .option('--vpn-gateway <name>', 'only this VPN gateway, with whatever it needs')
    .option('--ccn <name>', 'only this CCN, with its instances')
    .option('--site <name>', 'what the file calls the site', 'exported')
    .option('--keys <dir>', 'write the keys there, a file for each tunnel that its owner alone can read')
    .option('--region <name>', 'region of the resources')
    .action(async (options: ExportCommandOptions) => (await import('./export.ts')).exportSite(options));
  const init = program
    .command('init')
    .description('ask ten questions about your first tunnel, and write its site file and the settings of the service')
    .option('-o, --output <file>', 'the site file', 'site.yaml')
    .option('--config <file>', 'the settings, for `serve --config`', 'landbridge.json')
    .option('--force', 'write over what is there');
  for (const { name, text } of questions) {
    init.option(`--${kebabCase(name)} <answer>`, text);
  }
  init.action(async (options: InitCommandOptions) => (await import('./init.ts')).init(options));
}
