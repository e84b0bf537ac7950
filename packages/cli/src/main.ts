import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { defaultConfigFile, defaultDataDir, defaultEndpoint } from './endpoint.ts';
import { explainFailure } from './explain-failure.ts';
import { printLines } from './output/print.ts';
import { addSiteCommands } from './site/commands.ts';

/** The `landbridge` command: every subcommand is one file beside this one. */
function buildProgram(): Command {
  const program = new Command('landbridge');
  program
    .description(
      'A self-hosted VPN Connections service: gateways, tunnels, SPD policies and route tables on your hosts.',
    )
    .showHelpAfterError('(landbridge --help shows what there is)')
    .enablePositionalOptions();
  for (const add of [addServing, addClients, addHost, addKeeping, addLab, addCompletion]) add(program);
  return program;
}

function addServing(program: Command): void {
  const service = (command: Command) =>
    command
      .option('--data-dir <dir>', 'where everything is kept', defaultDataDir)
      .option('--listen <address:port>', 'where the API listens (default: 127.0.0.1:9700)')
      .option('--config <file>', 'configuration file (JSON): uplink, quotas, defaults')
      .option('--data-plane <name>', 'auto, kernel, uxfrm, or none for an API that touches nothing');
  service(program.command('serve'))
    .description('run the service: the controller and the agent')
    .option('--controller-alone', 'without the agent, which runs as a service of its own: `landbridge agent`')
    .action(later(async () => (await import('./serve.ts')).serve));
  service(program.command('controller'))
    .description('run the API and its decisions alone, as a user without privileges')
    .action(later(async () => (await import('./serve.ts')).controller));
  service(program.command('agent'))
    .description('run what makes the network alone; it hears nobody but the controller')
    .action(later(async () => (await import('./serve.ts')).agent));
}

function addClients(program: Command): void {
  const client = (command: Command) =>
    command
      .option('--endpoint <url>', 'address of the service', defaultEndpoint)
      .option('--ca-file <file>', 'trust this authority (PEM) besides those that Node knows')
      .option('--credentials <file>', 'use this key instead of the administrator’s (JSON: secretId, secretKey)')
      .option('--data-dir <dir>', 'where the service keeps admin.json, the administrator key', defaultDataDir);

  client(program.command('call <action> [parameters]'))
    .description(
      'call an Action with parameters as JSON (or @FILE, or - for standard input) and print its Response as it is',
    )
    .option('--service <name>', 'vpc, tag, sts or landbridge', 'vpc')
    .option('--region <name>', 'region of the resources (default: the first of the setting `regions`, or local)')
    .action(later(async () => (await import('./call.ts')).call));
  client(program.command('status'))
    .description('show gateways, tunnels with their state, its age and its proof, and what is wrong with them')
    .option('--json', 'print the answers as JSON')
    .option('--watch [seconds]', 'show it again and again, after so many seconds (default: 2)')
    .action(later(async () => (await import('./status.ts')).status));
  client(program.command('why <tunnel>'))
    .description('tell how a tunnel is, since when, what led to it, and what to do')
    .option('--at <time>', 'as it was then: 02:35 by the clock of this host, or ISO 8601')
    .option('--region <name>', 'where the name is looked for')
    .option('--json', 'print the story as JSON')
    .action(later(async () => (await import('./story/why.ts')).why));
  client(program.command('sas <tunnel>'))
    .description('show the IKE_SAs and CHILD_SAs of a tunnel: algorithms, SPIs, ranges, what passed, and what is due')
    .option('--region <name>', 'where the name is looked for')
    .option('--json', 'print the answer as JSON')
    .action(later(async () => (await import('./sas.ts')).sas));
  client(program.command('logs <place>'))
    .description(
      'print what happened to a tunnel, a VPN gateway and its tunnels, a VPC, CCN or Direct Connect gateway, each by name or id, or to the host',
    )
    .option('--since <time>', 'from then on: 15m, 1h, 2d ago, 02:35, or ISO 8601', '1h')
    .option('--follow', 'go on as lines come')
    .option('--kinds <list>', 'only these: ike,sa,state,finding,event,probes,traffic,plan,condition,audit')
    .option('--region <name>', 'where the name is looked for')
    .option('--json', 'print an object a line')
    .action(later(async () => (await import('./story/logs.ts')).logs));
  client(program.command('compare-peer <id> <file>'))
    .description("tell what differs between a tunnel and its device's configuration; - reads it from standard input")
    .option('--dialect <name>', 'how the file is written (default: recognized), e.g. swanctl, cisco-ios, fortigate')
    .option('--tunnel <name>', 'the tunnel of the file that is meant, as the file calls it')
    .option('--region <name>', 'region of the tunnel')
    .option('--json', 'print the answer as JSON')
    .action(later(async () => (await import('./compare-peer.ts')).comparePeer));
  client(program.command('plan [id]'))
    .description('print what the network shall look like, of one resource or all')
    .action(later(async () => (await import('./plan.ts')).plan));
  addPaths(program, client);
  addSiteCommands(program, client);
}

/** What packets do, or would do. */
function addPaths(program: Command, client: (command: Command) => Command): void {
  client(program.command('trace <from> <to>'))
    .description(
      'follow a packet and its answer: what decides at each hop, what lost against it, and where it ends; ends are ADDRESS or ADDRESS@PLACE, the place a subnet, tunnel or Direct Connect gateway by id or name',
    )
    .option('--protocol <name>', 'icmp, tcp, udp or esp: tells a gateway’s own probes and IKE from other packets')
    .option('--port <number>', 'of the destination')
    .option('--region <name>', 'region of the names')
    .option('--json', 'print the answer as JSON')
    .action(later(async () => (await import('./trace.ts')).trace));
  client(program.command('prove <subnet> <to>'))
    .description(
      'send packets from a subnet, by name or id, to another subnet or an address, and tell what became of them beside what is computed',
    )
    .option('--region <name>', 'region of the names')
    .option('--json', 'print the answer as JSON')
    .action(later(async () => (await import('./prove.ts')).prove));
  client(program.command('drill <tunnel> <subnet> <address>'))
    .description(
      'drill a failover: take the routes of a tunnel out while another one serves, and count from the subnet what is lost on the way to an address behind it; the routes come back by themselves',
    )
    .option('--seconds <number>', 'how long they are out: 3 to 20 (default: 10)')
    .option('--region <name>', 'region of the names')
    .option('--json', 'print the answer as JSON')
    .action(later(async () => (await import('./drill.ts')).drill));
  client(program.command('capture <place>'))
    .description(
      'write down packets of a tunnel (in clear), a VPN gateway’s uplink (encrypted) or a subnet, each by name or id, as pcapng',
    )
    .requiredOption('--write <file>', 'where the packets go, a file that is not there yet; - for standard output')
    .option('--keys <file>', 'also write the keys of the SAs, as Wireshark’s table esp_sa; the operator must allow it')
    .option('--protocol <name>', 'tcp, udp, icmp or esp')
    .option('--source <range>', 'packets from there, such as 10.0.1.0/24')
    .option('--destination <range>', 'packets to there')
    .option('--port <number>', 'of TCP or UDP, at either end')
    .option('--bytes-of-each <number>', 'keep no more of a packet (default: all)')
    .option('--packets <number>', 'end after so many (default: 100000)')
    .option('--seconds <number>', 'end after so long (default: 60; at most 600)')
    .option('--bytes <number>', 'end when the file has so many (default: 16 MiB; at most 64 MiB)')
    .option('--region <name>', 'where the name is looked for')
    .action(later(async () => (await import('./capture.ts')).capture));
}

function addHost(program: Command): void {
  program
    .command('doctor')
    .description('check this host: programs, kernel features, data planes, and what an installation here holds')
    .option('--data-dir <dir>', 'where the service keeps everything', defaultDataDir)
    .option('--json', 'print the findings as JSON')
    .option('--config <file>', 'configuration file of the service: its uplink is checked as well')
    .action(later(async () => (await import('./doctor.ts')).doctor));
  program
    .command('log-levels [words...]')
    .description(
      'what the log of the running service tells, as AREA=LEVEL, until it is started again; all=LEVEL for the rest',
    )
    .option('--as-configured', 'as the configuration has it')
    .option('--data-dir <dir>', 'where the service keeps everything', defaultDataDir)
    .action(later(async () => (await import('./log-levels.ts')).logLevels));
  program
    .command('adopt')
    .description('go on with the database that is there, although the network was made from another one')
    .option('--data-dir <dir>', 'where the service keeps everything', defaultDataDir)
    .option('--yes', 'do it; without this it only says what would be removed')
    .action(later(async () => (await import('./adopt.ts')).adopt));
  program
    .command('remove-network')
    .description('take down every gateway of an installation whose service is stopped; its database stays')
    .option('--data-dir <dir>', `where the service keeps everything (default: ${defaultDataDir})`)
    .option('--config <file>', 'configuration file of the service, which may name that directory')
    .option('--yes', 'do it; without this it only says what would be removed')
    .action(later(async () => (await import('./remove-network.ts')).removeNetwork));
  program
    .command('drain')
    .description('take every tunnel of this host down, telling the peers, and keep them down until it is undone')
    .option('--data-dir <dir>', 'where the service keeps everything', defaultDataDir)
    .option('--yes', 'do it; without this it only says which tunnels are up')
    .option('--undo', 'let them come up again')
    .action(later(async () => (await import('./drain.ts')).drain));
  program
    .command('uninstall')
    .description('take the service off this host, where no package has it: network, services, program')
    .option('--config <file>', 'configuration file of the service', defaultConfigFile)
    .option('--data-dir <dir>', 'where the service keeps everything (default: as the configuration says)')
    .option('--data', 'also database, keys, recordings, configuration and the service’s user; no backup')
    .option('--yes', 'do it; without this it only says what would be removed')
    .action(later(async () => (await import('./uninstall.ts')).uninstall));
}

function addKeeping(program: Command): void {
  const stored = (command: Command) =>
    command.option('--data-dir <dir>', 'where the service keeps everything', defaultDataDir);
  const sealed = (command: Command) =>
    stored(command).option('--passphrase <source>', '@FILE, or - for standard input or to be asked', '-');
  sealed(program.command('backup <file>'))
    .description('write database, key file and administrator key into a new file, sealed; the service may run')
    .action(later(async () => (await import('./backup.ts')).backup));
  sealed(program.command('restore <file>'))
    .description('say what is in a backup and what it would replace, here or on another host')
    .option('--yes', 'put it there; the service has to be stopped')
    .action(later(async () => (await import('./restore.ts')).restore));
  stored(program.command('readdress <moves...>'))
    .description(
      'give VPN gateways other public addresses, each as OLD=NEW: say which, and whose peers have to be told',
    )
    .option('--yes', 'do it; the service has to be stopped')
    .action(later(async () => (await import('./readdress.ts')).readdress));
  stored(program.command('rotate-key'))
    .description(
      'seal everything that is stored with a new secret.key; the controller has to be stopped, gateways go on',
    )
    .option('--lost', 'secret.key is lost and no backup has it: say what can be kept, and with --yes make a new one')
    .option('--yes', 'with --lost: do it')
    .action(later(async () => (await import('./rotate-key.ts')).rotateKey));
}

/** Not part of a package: it is for developers. */
function addLab(program: Command): void {
  if (!existsSync(new URL('../../../lab', import.meta.url))) return;
  const lab = program.command('lab').description('the scenarios, with real packets between network namespaces');
  lab
    .command('list')
    .description('what can be run')
    .option('--names', 'print the names only')
    .action(later(async () => (await import('./lab.ts')).labList));
  lab
    .command('run <name>')
    .description('build a scenario, measure who reaches whom, tear it down')
    .option('--json', 'print one JSON object as the last line')
    .option('--keep', 'leave it running for a look')
    .option('--data-plane <name>', 'auto, kernel or uxfrm', 'auto')
    .action(later(async () => (await import('./lab.ts')).labRun));
  lab
    .command('down')
    .description('remove a kept lab, or what is left of one')
    .action(later(async () => (await import('./lab.ts')).labDown));
}

function addCompletion(program: Command): void {
  program
    .command('completion <shell>')
    .description('print what bash or zsh must read to complete commands: source <(landbridge completion bash)')
    .action(async (shell: string) => {
      const { completionScript } = await import('./completion/completion-script.ts');
      process.stdout.write(completionScript(shell));
    });
  program.command('complete [words...]', { hidden: true }).action(async (words: readonly string[]) => {
    const { completeWords } = await import('./completion/complete-words.ts');
    process.stdout.write(
      completeWords(program, words)
        .map((word) => `${word}\n`)
        .join(''),
    );
  });
}

/** A subcommand whose file is loaded when it is called: `status` need not wait for the server's code. */
function later<Arguments extends unknown[]>(load: () => Promise<(...args: Arguments) => Promise<void> | void>) {
  return async (...args: Arguments): Promise<void> => (await load())(...args);
}

/** Areas are made of the catalogue, which what is not an area need not wait for. */
async function withAreas(program: Command, [name = '--help']: readonly string[]): Promise<Command> {
  if (program.commands.some((command) => command.name() === name)) return program;
  const { addAreaCommands, refuseActionWithoutArea } = await import('./action/area-commands.ts');
  refuseActionWithoutArea(name);
  addAreaCommands(program);
  return program;
}

/** Who reads only the first lines (`landbridge logs NAME | head`) has seen enough. */
function endQuietly(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  process.exit();
}

process.stdout.on('error', endQuietly);
try {
  const program = await withAreas(buildProgram(), process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  if ((error as NodeJS.ErrnoException | null)?.code === 'EPIPE') process.exit();
  printLines(`landbridge: ${explainFailure(error)}`.split('\n'), process.stderr);
  // What a service that failed has open would keep it.
  process.exit(1);
}
