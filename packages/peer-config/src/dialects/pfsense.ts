import { sheet } from '../sheet.ts';
import { bsdFirewall } from './opnsense.ts';

/** pfSense documentation, "IPsec site-to-site", "Routed IPsec (VTI)". */
export const pfsense = sheet({
  ...bsdFirewall,
  vendorName: 'netgate',
  platform: 'pfsense',
  softwareVersion: 'V2.7',
  title: 'pfSense',
  places: {
    ike: 'VPN > IPsec > Tunnels, phase 1',
    esp: 'VPN > IPsec > Tunnels, phase 2',
    routes: 'System > Routing, VPN > IPsec > Advanced Settings (MSS clamping)',
  },
  notes: ['By route, phase 2 has the mode "Routed (VTI)" and the health check addresses as its networks.'],
});
