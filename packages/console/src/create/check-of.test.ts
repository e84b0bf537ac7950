import { describe, expect, it } from 'vitest';
import { answersFor, type Answers, type Scenario } from './answers.ts';
import { wrongsOfNetwork, wrongsOfSites, type Wrongs } from './check-of.ts';

/** What is wrong, without the numbers of the parts. */
function brief(wrongs: Wrongs): readonly string[] {
  return [...wrongs].map(([field, { word }]) => `${field.replaceAll(/\.\d+/g, '')}: ${word.split('.').at(-1) ?? ''}`);
}

function withVpc(range: string, subnetRange = '10.0.1.0/24'): Answers {
  const answers = answersFor('1', 'local');
  return {
    ...answers,
    vpcs: answers.vpcs.map((vpc) => ({
      ...{ ...vpc, range },
      subnets: vpc.subnets.map((subnet) => ({ ...subnet, range: subnetRange })),
    })),
  };
}

function withSites(scenario: Scenario, networks: readonly string[], addresses: readonly string[] = []): Answers {
  const answers = answersFor(scenario, 'local');
  return {
    ...answers,
    sites: answers.sites.map((site, index) => ({
      ...site,
      networks: networks[index] ?? '',
      devices: site.devices.map((device) => ({ ...device, address: addresses[index] ?? `203.0.113.${index + 1}` })),
    })),
  };
}

describe('the network', () => {
  it('is right as a scenario begins with it', () => {
    for (const scenario of ['1', '2', '3', '4', '5', '6', 'scratch'] as const)
      expect(brief(wrongsOfNetwork(answersFor(scenario, 'local')))).toEqual([]);
  });

  it.each([
    ['10.0.0.0', 'vpc.range: range'],
    ['10.0.0.1/16', 'vpc.range: hostBits'],
    ['10.0.0.0/8', 'vpc.range: vpcRange'],
    ['100.64.0.0/16', 'vpc.range: vpcRange'],
  ])('has no VPC of %s', (range, wrong) => {
    expect(brief(wrongsOfNetwork(withVpc(range)))).toContain(wrong);
  });

  it.each([
    ['10.1.1.0/24', 'subnet.range: subnetOutside'],
    ['10.0.1.0/29', 'subnet.range: subnetSize'],
    ['', 'subnet.range: range'],
  ])('has no subnet of %s', (range, wrong) => {
    expect(brief(wrongsOfNetwork(withVpc('10.0.0.0/16', range)))).toEqual([wrong]);
  });

  it('tells which range was meant', () => {
    const [wrong] = wrongsOfNetwork(withVpc('10.0.3.4/16')).values();
    expect(wrong?.values).toEqual({ text: '10.0.3.4/16', hint: '10.0.0.0/16' });
  });

  it('has names that the service takes', () => {
    const answers = answersFor('4', 'local');
    const nameless = {
      ...answers,
      gateway: { ...answers.gateway, name: ' ' },
      ccn: { ...answers.ccn, name: '网'.repeat(21) },
    };
    expect(brief(wrongsOfNetwork(nameless))).toEqual(['gateway.name: name', 'ccn.name: name']);
  });
});

describe('sites', () => {
  it('need networks and an address', () => {
    expect(brief(wrongsOfSites(answersFor('1', 'local')))).toEqual([
      'site.networks: networksMissing',
      'device.address: address',
    ]);
    expect(brief(wrongsOfSites(withSites('1', ['192.168.1.0/24, 192.168.2.0/24'])))).toEqual([]);
  });

  it.each([
    ['10.0.7.0/24', 'networkInVpc'],
    ['192.168.1.0/24 192.168.1.0/24', 'networkTwice'],
    ['192.168.1.1/24', 'hostBits'],
    ['fd00::/64', 'range'],
  ])('have no network %s', (networks, wrong) => {
    expect(brief(wrongsOfSites(withSites('1', [networks])))).toEqual([`site.networks: ${wrong}`]);
  });

  it('may be everything else than the VPC by routes, but not by policies', () => {
    const everything = withSites('1', ['0.0.0.0/0']);
    expect(brief(wrongsOfSites(everything))).toEqual([]);
    expect(brief(wrongsOfSites({ ...everything, routing: 'policies' }))).toEqual(['site.networks: networkInVpc']);
  });

  it('have networks and addresses of their own', () => {
    expect(brief(wrongsOfSites(withSites('2', ['192.168.1.0/24', '192.168.1.0/24'])))).toHaveLength(2);
    expect(brief(wrongsOfSites(withSites('2', ['192.168.0.0/16', '192.168.1.0/24'])))).toEqual([]);
    expect(brief(wrongsOfSites(withSites('6', ['192.168.0.0/16', '192.168.1.0/24'])))).toHaveLength(2);
    const sameAddress = withSites('2', ['192.168.1.0/24', '192.168.2.0/24'], ['203.0.113.9', '203.0.113.9']);
    expect(brief(wrongsOfSites(sameAddress))).toEqual(['device.address: addressTwice', 'device.address: addressTwice']);
  });

  it('have no key that is only stars', () => {
    const answers = withSites('1', ['192.168.1.0/24']);
    const key = (text: string): Answers => ({
      ...answers,
      sites: answers.sites.map((site) => ({
        ...site,
        devices: site.devices.map((device) => ({ ...device, key: text })),
      })),
    });
    expect(brief(wrongsOfSites(key('******')))).toEqual(['device.key: keyMasked']);
    expect(brief(wrongsOfSites(key('a\nb')))).toEqual(['device.key: key']);
    expect(brief(wrongsOfSites(key('correct horse')))).toEqual([]);
  });
});
